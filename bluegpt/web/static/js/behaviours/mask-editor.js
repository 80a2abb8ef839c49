// Marks a part of the first reference picture, by pointer or by numbers.
import { Marks } from "lib/mask"

export function connect(editor) {
  const picture = editor.querySelector(".mask-picture")
  const canvas = editor.querySelector(".mask-canvas")
  const said = editor.querySelector(".mask-said")
  const number = (id) => Number(document.getElementById(id).value)
  const marks = new Marks(canvas)
  let task = null
  let isErasing = false

  editor.addEventListener("draw", async ({ detail }) => {
    const isSame = task?.reference === detail.reference
    task = detail
    editor.showModal()
    if (!isSame) {
      picture.src = task.reference.dataset.url
      await picture.decode()
      marks.resize(picture.naturalWidth, picture.naturalHeight)
    }
    tell()
  })

  // From the window to the picture, which stands in the middle of its box, as large as it fits.
  function pointOf(event) {
    const box = canvas.getBoundingClientRect()
    const scale = Math.min(box.width / canvas.width, box.height / canvas.height)
    return [
      (event.clientX - box.left - box.width / 2) / scale + canvas.width / 2,
      (event.clientY - box.top - box.height / 2) / scale + canvas.height / 2,
    ]
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return
    canvas.setPointerCapture(event.pointerId)
    const width = (number("mask-size") / 100) * Math.max(canvas.width, canvas.height)
    marks.add({ kind: "stroke", erases: isErasing, width, points: [pointOf(event)] })
  })
  canvas.addEventListener("pointermove", (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return
    for (const each of event.getCoalescedEvents?.() ?? [event]) marks.extend(pointOf(each))
  })
  canvas.addEventListener("lostpointercapture", tell)

  const acts = {
    undo: () => marks.undo(),
    clear: () => marks.add({ kind: "clear" }),
    invert: () => marks.add({ kind: "invert" }),
    everything: () => marks.add({ kind: "rectangle", left: 0, top: 0, width: 1, height: 1 }),
    rectangle: () => {
      const names = ["left", "top", "width", "height"]
      const parts = names.map((name) => [name, number(`mask-${name}`) / 100])
      marks.add({ kind: "rectangle", ...Object.fromEntries(parts) })
    },
    done: keep,
  }

  editor.addEventListener("click", (event) => {
    const button = event.target.closest("button")
    if (!button) return
    if (button.dataset.mode) choose(button)
    else if (button.dataset.act) acts[button.dataset.act]()
    else return editor.close()
    tell()
  })

  function choose(button) {
    isErasing = button.dataset.mode === "eraser"
    for (const each of editor.querySelectorAll("[data-mode]")) {
      each.setAttribute("aria-pressed", String(each === button))
    }
  }

  function tell() {
    const share = marks.share()
    const options = { style: "percent", maximumFractionDigits: 1 }
    const words = share.toLocaleString(document.documentElement.lang, options)
    said.textContent = share ? said.dataset.some.replace("{share}", words) : said.dataset.none
  }

  async function keep() {
    const { form, reference } = task
    const shown = reference.querySelector(".reference-mask")
    const held = new DataTransfer()
    const isMarked = marks.share() > 0
    if (isMarked) held.items.add(await marks.toFile("mask.png"))
    form.elements.mask.files = held.files
    shown.hidden = !isMarked
    if (isMarked) shown.src = canvas.toDataURL()
    editor.close()
    form.dispatchEvent(new Event("input"))
  }
}
