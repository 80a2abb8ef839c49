import { copy } from "lib/text"

const SHOWN_MS = 1_600

export function connect(button) {
  const label = button.querySelector("[data-copied]")
  const { textContent: words, dataset } = label
  button.addEventListener("click", async () => {
    await copy(button.closest(".code-block").querySelector("code").textContent)
    label.textContent = dataset.copied
    setTimeout(() => (label.textContent = words), SHOWN_MS)
  })
}
