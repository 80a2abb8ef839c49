// Shows the page behind a link in a dialog, unless it is wanted in a tab of its own.
import { ask } from "lib/talk"

export function connect(link) {
  link.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    const back = encodeURIComponent(location.pathname + location.search)
    const href = link.getAttribute("href")
    const response = await ask(`${href}${href.includes("?") ? "&" : "?"}back=${back}`)
    const sheet = document.getElementById("sheet")
    if (response?.ok && !sheet.open) sheet.showModal()
  })
}
