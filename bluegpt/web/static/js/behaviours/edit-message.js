import { sourceOf } from "lib/text"

export function connect(link) {
  link.addEventListener("click", (event) => {
    event.preventDefault()
    const message = link.closest(".message")
    const shown = message.querySelector("[data-turn]")
    const tools = message.querySelector(".message-tools")
    const form = document.getElementById("piece-edition").content.firstElementChild.cloneNode(true)
    form.action = link.dataset.url
    form.append(document.querySelector("input[name=csrfmiddlewaretoken]").cloneNode())
    form.elements.text.value = sourceOf(shown)
    form.querySelector("[data-closes]").addEventListener("click", () => {
      form.replaceWith(shown)
      tools.hidden = false
      link.focus()
    })
    tools.hidden = true
    shown.replaceWith(form)
    form.elements.text.focus()
  })
}
