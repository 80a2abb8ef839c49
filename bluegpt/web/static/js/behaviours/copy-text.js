import { copy } from "lib/text"

const SHOWN_MS = 1_600

// <button data-behaviour="copy-text" data-text="…"><span data-copied="Copied">Copy</span></button>
export function connect(button) {
  const label = button.querySelector("[data-copied]")
  const words = label.textContent
  button.addEventListener("click", async () => {
    await copy(button.dataset.text)
    label.textContent = label.dataset.copied
    setTimeout(() => (label.textContent = words), SHOWN_MS)
  })
}
