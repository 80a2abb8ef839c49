// The composer of pictures and of films: sends without leaving the page, keeps what was written for
// the next try, and fetches what can be chosen when another model is.
import { ask, post } from "lib/talk"

const CHOSEN = new Set([
  ...["model", "size", "quality", "number", "input"],
  ...["background", "format", "style", "seed"],
  ...["seconds", "sound", "act", "source"],
])
const sendsOnEnter = matchMedia("(hover: hover) and (pointer: fine)")

export function connect(form) {
  const { text, model } = form.elements

  text.addEventListener("keydown", (event) => {
    const isPlain = event.key === "Enter" && !event.shiftKey && !event.isComposing
    if (!isPlain || !(sendsOnEnter.matches || event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    form.requestSubmit()
  })

  form.addEventListener("submit", async (event) => {
    event.preventDefault()
    if (form.dataset.state === "busy" || !text.value.trim()) return
    form.dataset.state = "busy"
    await form.inputsTaken
    const response = await post(form)
    delete form.dataset.state
    if (!response?.ok) return
    document.getElementById("notices").replaceChildren()
    form.dispatchEvent(new CustomEvent("sent"))
    document.getElementById("creations").firstElementChild?.scrollIntoView({ block: "nearest" })
  })

  model.addEventListener("change", async () => {
    const wasOpen = form.querySelector(".draw-more")?.open
    await ask(`${form.dataset.settingsUrl}?${chosen(form)}`)
    const more = form.querySelector(".draw-more")
    if (more && wasOpen) more.open = true
    form.dispatchEvent(new Event("input"))
  })
}

// What is chosen, without the words and the files.
export function chosen(form) {
  const query = new URLSearchParams()
  for (const [name, value] of new FormData(form)) {
    if (CHOSEN.has(name)) query.append(name, value)
  }
  return query
}
