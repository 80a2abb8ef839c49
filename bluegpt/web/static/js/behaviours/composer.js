import { toBottom } from "lib/pinned"
import { post } from "lib/talk"
import { turns } from "lib/text"

const sendsOnEnter = matchMedia("(hover: hover) and (pointer: fine)")

export function connect(form) {
  const text = form.elements.text

  text.addEventListener("keydown", (event) => {
    const isPlain = event.key === "Enter" && !event.shiftKey && !event.isComposing
    if (!isPlain || !(sendsOnEnter.matches || event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    if (canSend(form)) form.requestSubmit()
  })

  form.addEventListener("submit", async (event) => {
    event.preventDefault()
    if (!canSend(form)) return
    form.dataset.state = "busy"
    const { history } = form.elements
    if (history) history.value = JSON.stringify(turns())
    const response = await post(form)
    delete form.dataset.state
    text.focus()
    if (!response?.ok) return
    text.value = ""
    form.dispatchEvent(new CustomEvent("sent"))
    text.dispatchEvent(new Event("input", { bubbles: true }))
    toBottom()
  })

  text.setSelectionRange(text.value.length, text.value.length)
}

function canSend(form) {
  const isAnswering = form.querySelector("#composer-action [form=stop]")
  const hasSomething = form.elements.text.value.trim() || form.elements.files?.files.length
  return form.dataset.state !== "busy" && !isAnswering && hasSomething
}
