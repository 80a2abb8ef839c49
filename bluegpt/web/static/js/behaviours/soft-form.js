// Sends a form without leaving the page; the answer says what changes on it.
import { post } from "lib/talk"

export function connect(form) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault()
    if (form.dataset.state === "busy") return
    form.dataset.state = "busy"
    await post(form, event.submitter)
    delete form.dataset.state
  })
}
