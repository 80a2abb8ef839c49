import { acceptDrops } from "lib/drops"
import { ask, say } from "lib/talk"

export function connect(form) {
  const input = form.elements.files
  if (!input) return
  const chips = form.querySelector("#chips")
  let files = []

  function show() {
    const held = new DataTransfer()
    files.forEach(({ file }) => held.items.add(file))
    input.files = held.files
    chips.replaceChildren(...files.map(({ chip }) => chip))
    form.dataset.fileTokens = files.reduce((sum, { tokens }) => sum + tokens, 0)
    form.dispatchEvent(new Event("input"))
  }

  async function measure(entry) {
    const body = new FormData()
    body.set("files", entry.file)
    body.set("model", form.elements.model.value)
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value)
    entry.chip.dataset.state = "busy"
    const response = await ask(form.dataset.sizeUrl, { method: "POST", body })
    entry.chip.dataset.state = response?.ok ? "read" : "refused"
    entry.tokens = response?.ok ? Number(await response.text()) : 0
    show()
  }

  function remove(entry) {
    files = files.filter((other) => other !== entry)
    document.getElementById("notices").replaceChildren()
    show()
    form.elements.text.focus()
  }

  function add(list) {
    for (const file of list) {
      const isOver = file.size > form.dataset.bytesMax || files.length >= form.dataset.filesMax
      if (isOver) {
        say("too-large")
        continue
      }
      const entry = { file, tokens: 0, chip: chipOf(file) }
      entry.chip.querySelector("button").addEventListener("click", () => remove(entry))
      files.push(entry)
      measure(entry)
    }
    show()
  }

  input.addEventListener("change", () => add([...input.files]))
  form.elements.text.addEventListener("paste", (event) => {
    if (!event.clipboardData.files.length) return
    event.preventDefault()
    add([...event.clipboardData.files])
  })
  form.elements.model.addEventListener("change", () => files.forEach(measure))
  form.addEventListener("sent", () => {
    files = []
    show()
  })
  acceptDrops(form, add)
  // Chosen before this script had come.
  if (input.files.length) add([...input.files])
}

function chipOf(file) {
  const chip = document.getElementById("piece-chip").content.firstElementChild.cloneNode(true)
  chip.querySelector(".truncate").textContent = file.name
  if (file.type.startsWith("image/")) {
    const picture = chip.querySelector("img")
    picture.src = URL.createObjectURL(file)
    picture.hidden = false
    picture.addEventListener("load", () => URL.revokeObjectURL(picture.src), { once: true })
    chip.querySelector(":scope > .icon").remove()
  }
  return chip
}
