import { keepPlace } from "lib/pinned"
import { ask } from "lib/talk"

// How far outside the window the end of a list may be when its next page is fetched.
const AHEAD = "400px 0px"

// Fetches the next page of a list when it is asked for, or as soon as a reader comes near the end.
export function connect(link) {
  let isBusy = false

  async function load() {
    if (isBusy) return
    isBusy = true
    const response = await ask(link.getAttribute("href"), {}, link.dataset.keeps && keepPlace)
    isBusy = false
    if (!response) watch.disconnect() // the reader may still ask again
  }

  const watch = new IntersectionObserver(
    (entries) => entries.some((entry) => entry.isIntersecting) && load(),
    { rootMargin: AHEAD },
  )
  // Not before somebody scrolls: a page is first brought to its newest message.
  document.addEventListener("scroll", () => watch.observe(link), { capture: true, once: true })
  link.addEventListener("click", (event) => {
    event.preventDefault()
    load()
  })
}
