import { render } from "lib/markdown"
import { keepPinned } from "lib/pinned"
import { keepSource } from "lib/text"

export function connect(element) {
  const source = element.textContent
  keepSource(element, source)
  keepPinned(() => element.replaceChildren(render(source)))
  element.classList.add("is-drawn")
}
