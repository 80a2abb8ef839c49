import { ask } from "lib/talk"

// Shows the company of the chosen model, while the person has still to be told about it.
export function connect(holder) {
  const composer = document.getElementById("composer")
  const model = document.getElementById("composer-model")

  model.addEventListener("change", () => {
    const { recipient } = model.selectedOptions[0].dataset
    for (const each of holder.children) {
      each.hidden = each.dataset.recipient !== recipient
      each.querySelector("[name=told]").disabled = each.hidden
    }
  })

  composer.addEventListener("sent", () => {
    holder.querySelector("section:not([hidden])")?.remove()
  })

  // Only the button is posted: the message stays in its field.
  holder.addEventListener("click", async (event) => {
    const button = event.target.closest("[name=understood]")
    if (!button) return
    event.preventDefault()
    const body = new FormData()
    body.set("csrfmiddlewaretoken", composer.elements.csrfmiddlewaretoken.value)
    body.set(button.name, button.value)
    const response = await ask(button.getAttribute("formaction"), { method: "POST", body })
    if (!response?.ok) return
    button.closest("section").remove()
    composer.elements.text.focus()
  })
}
