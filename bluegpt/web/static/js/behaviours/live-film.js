// Asks how far a film is until it has ended. The work is the server's: whoever closes the page
// misses nothing.
import { ask, announce } from "lib/talk"

const PAUSE_MS = 3_000

export function connect(card) {
  const { id } = card

  async function look() {
    if (!card.isConnected) return
    const response = await ask(card.dataset.stateUrl)
    if (response && !response.ok) return
    if (card.isConnected) setTimeout(look, PAUSE_MS)
    else tell()
  }

  // The card that took its place says how it went.
  function tell() {
    const isMade = document.getElementById(id)?.closest(".film")?.querySelector("video")
    const words = isMade ? "film-made" : "film-ended"
    announce(words)
    if (!document.hidden || globalThis.Notification?.permission !== "granted") return
    const title = document.getElementById(`words-${words}`).content.textContent
    const notice = new Notification(title, { tag: id }) // no content: it is shown on locked screens
    notice.addEventListener("click", () => {
      focus()
      notice.close()
    })
  }

  setTimeout(look, PAUSE_MS)
}
