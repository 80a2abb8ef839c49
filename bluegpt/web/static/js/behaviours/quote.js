// Says what the message can cost while it is written. Only its size leaves the page.
import { ask } from "lib/talk"
import { sizes } from "lib/text"

const PAUSE_MS = 250

export function connect(form) {
  let timer = 0
  let request = null

  async function refresh() {
    request?.abort()
    const counts = sizes(form.elements.text.value)
    const files = Number(form.dataset.fileTokens ?? 0)
    const shown = document.getElementById("composer-quote")
    if (!counts.ascii && !counts.other && !files) {
      shown.replaceChildren()
      return
    }
    request = new AbortController()
    const query = new URLSearchParams({
      ...counts,
      file_tokens: files,
      model: form.elements.model.value,
    })
    const conversation = form.elements.conversation?.value
    if (conversation) query.set("conversation", conversation)
    await ask(`${form.dataset.quoteUrl}?${query}`, { signal: request.signal })
  }

  function soon() {
    clearTimeout(timer)
    timer = setTimeout(refresh, PAUSE_MS)
  }

  form.addEventListener("input", soon)
  form.addEventListener("change", soon)
  if (form.elements.text.value) soon()
}
