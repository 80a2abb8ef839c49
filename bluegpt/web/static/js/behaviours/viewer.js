// One picture on the whole screen: the arrows go to its neighbours on the page, Escape leads back.
// <a data-views="id of the asset" href="its page">
import { ask } from "lib/talk"

const FIELDS = "input, select, textarea, video"

export function connect(viewer) {
  const body = document.getElementById("viewer-body")
  const links = () => [...document.querySelectorAll("a[data-views]")]
  const place = () => links().findIndex((link) => link.dataset.views === shown)
  let shown = ""

  async function show(link) {
    shown = link.dataset.views
    const response = await ask(link.getAttribute("href"))
    if (!response?.ok) return
    if (!viewer.open) viewer.showModal()
    mark()
  }

  function mark() {
    const [at, last] = [place(), links().length - 1]
    viewer.querySelector("[data-step='-1']").disabled = at <= 0
    viewer.querySelector("[data-step='1']").disabled = at < 0 || at >= last
    // The next page of the gallery comes before its first picture is asked for.
    if (at > last - 3) document.getElementById("more-tiles")?.click()
  }

  function step(by) {
    const at = place()
    const link = at < 0 ? null : links()[at + by]
    if (link) show(link)
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-views]")
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    show(link)
  })
  viewer.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step], [data-closes]")
    if (button?.dataset.step) step(Number(button.dataset.step))
    else if (button) viewer.close()
  })
  // A button that is replaced leaves the focus to nobody: the keys are the whole page's.
  document.addEventListener("keydown", (event) => {
    if (!viewer.open || document.querySelector("#sheet[open]")) return
    if (event.target.closest(FIELDS)) return
    if (event.key === "ArrowLeft") step(-1)
    else if (event.key === "ArrowRight") step(1)
    else return
    event.preventDefault()
  })
  viewer.addEventListener("close", () => {
    body.replaceChildren()
    links()[place()]?.focus()
  })
}
