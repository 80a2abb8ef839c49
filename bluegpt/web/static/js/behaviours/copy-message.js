import { copy, sourceOf } from "lib/text"

const SHOWN_MS = 1_600

export function connect(button) {
  button.addEventListener("click", async () => {
    await copy(sourceOf(button.closest(".message").querySelector("[data-turn]")))
    button.dataset.state = "copied"
    setTimeout(() => delete button.dataset.state, SHOWN_MS)
  })
}
