// Pictures to work from: chosen, pasted or dropped; each is taken in at once and comes back as one
// of the gallery, so that the form carries names and no files.
import "behaviours/mask-editor" // so that it is there when a picture's brush is pressed
import { acceptDrops } from "lib/drops"
import { ask, say } from "lib/talk"

export function connect(form) {
  const input = form.elements.files
  const list = document.getElementById("references")
  const most = () => Number(form.querySelector("[data-references-max]").dataset.referencesMax)

  // Whoever sends the form waits for what was given before.
  function take(files) {
    form.inputsTaken = Promise.all([form.inputsTaken, takeEach(files)])
  }

  async function takeEach(files) {
    const pictures = [...files].filter((file) => file.type.startsWith("image/"))
    for (const file of pictures) {
      if (file.size > form.dataset.bytesMax || list.childElementCount >= most()) {
        say("too-large")
        continue
      }
      const body = new FormData()
      body.set("files", file)
      body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value)
      list.dataset.state = "busy"
      await ask(form.dataset.inputsUrl, { method: "POST", body })
      delete list.dataset.state
    }
    changed()
  }

  function changed() {
    form.dispatchEvent(new Event("input"))
  }

  function takeChosen() {
    const files = [...input.files]
    input.value = "" // they come back as pictures of the gallery
    take(files)
  }

  input.addEventListener("change", takeChosen)
  form.elements.text.addEventListener("paste", (event) => {
    if (!event.clipboardData.files.length) return
    event.preventDefault()
    take(event.clipboardData.files)
  })
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-act]")
    if (!button) return
    const reference = button.closest(".reference")
    if (button.dataset.act === "mask") {
      document.getElementById("mask-editor").dispatchEvent(
        new CustomEvent("draw", { detail: { form, reference } }),
      )
      return
    }
    if (form.elements.mask && reference === list.firstElementChild) form.elements.mask.value = ""
    reference.remove()
    changed()
    form.elements.text.focus()
  })
  acceptDrops(form, take)
  // Chosen before this script had come.
  if (input.files.length) takeChosen()
}
