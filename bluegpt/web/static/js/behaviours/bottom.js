// Opens a conversation at its end, and offers the way back there.
import { isAtBottom, toBottom } from "lib/pinned"

export function connect() {
  const button = document.getElementById("to-bottom")
  if (!location.hash) toBottom()
  const look = () => (button.hidden = isAtBottom())
  document.addEventListener("scroll", look, { passive: true })
  button.addEventListener("click", toBottom)
}
