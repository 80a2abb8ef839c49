// Says what the pictures can cost while they are described. Only the size of the words is sent.
import { chosen } from "behaviours/draw-composer"
import { ask } from "lib/talk"
import { sizes } from "lib/text"

const PAUSE_MS = 250

export function connect(form) {
  let timer = 0
  let request = null
  let isRefused = false

  async function refresh() {
    request?.abort()
    request = new AbortController()
    const query = chosen(form)
    for (const [name, count] of Object.entries(sizes(form.elements.text.value))) {
      query.set(name, count)
    }
    const response = await ask(`${form.dataset.quoteUrl}?${query}`, { signal: request.signal })
    if (!response) return
    // What was refused is possible again: its notice goes.
    if (response.ok && isRefused) document.getElementById("notices").replaceChildren()
    isRefused = !response.ok
  }

  function soon() {
    clearTimeout(timer)
    timer = setTimeout(refresh, PAUSE_MS)
  }

  form.addEventListener("input", soon)
  form.addEventListener("change", soon)
  soon()
}
