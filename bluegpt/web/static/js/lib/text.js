// The text of a turn as it was written, before it was made into a page.
const sources = new WeakMap()

export function keepSource(element, source) {
  sources.set(element, source)
}

export function sourceOf(element) {
  return sources.get(element) ?? element.textContent
}

export function turns() {
  const elements = document.querySelectorAll("[data-turn]")
  return [...elements].map((element) => ({ role: element.dataset.turn, text: sourceOf(element) }))
}

export async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text)
  // Without TLS a browser has no clipboard interface; the old way still works.
  const area = document.createElement("textarea")
  area.value = text
  area.className = "visually-hidden"
  document.body.append(area)
  area.select()
  document.execCommand("copy")
  area.remove()
}

// Characters as the server counts them: code points, apart by whether they are ASCII.
export function sizes(text) {
  let ascii = 0
  let other = 0
  for (const sign of text) sign < "\u0080" ? ascii++ : other++
  return { ascii, other }
}
