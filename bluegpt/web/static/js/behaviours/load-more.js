import { keepPlace } from "lib/pinned"
import { ask } from "lib/talk"

export function connect(link) {
  async function load() {
    if (link.dataset.state === "busy") return
    link.dataset.state = "busy"
    const fetchMore = () => ask(link.getAttribute("href"))
    await (link.dataset.keeps ? keepPlace(fetchMore) : fetchMore())
    delete link.dataset.state
  }

  link.addEventListener("click", (event) => {
    event.preventDefault()
    load()
  })
}
