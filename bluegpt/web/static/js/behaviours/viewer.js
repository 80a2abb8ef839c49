// One picture on the whole screen: the arrows go to its neighbours on the page, Escape leads back.
import { ask } from "lib/talk"

export function connect(viewer) {
  const body = document.getElementById("viewer-body")
  const links = () => [...document.querySelectorAll(".tile-link")]
  let shown = null

  async function show(link) {
    shown = link.closest(".tile").id
    const response = await ask(link.getAttribute("href"))
    if (!response?.ok) return
    if (!viewer.open) viewer.showModal()
    mark()
  }

  function place() {
    return links().findIndex((link) => link.closest(".tile").id === shown)
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
    const link = event.target.closest(".tile-link")
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
    if (event.target.closest("input, select, textarea, video")) return
    if (event.key === "ArrowLeft") step(-1)
    else if (event.key === "ArrowRight") step(1)
    else return
    event.preventDefault()
  })
  viewer.addEventListener("close", () => {
    body.replaceChildren()
    document.getElementById(shown)?.querySelector(".tile-link").focus()
  })
}
