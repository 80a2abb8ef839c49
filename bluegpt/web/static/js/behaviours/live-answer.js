// Follows an answer that is being made. The browser comes back by itself after a cut and says how
// far it had got; the server sends the rest.
import { Growing } from "lib/growing"
import { keepPinned } from "lib/pinned"
import { apply } from "lib/swap"
import { announce, say } from "lib/talk"
import { keepSource } from "lib/text"

export function connect(answer) {
  const element = answer.querySelector(".markdown")
  const reasoning = answer.querySelector(".reasoning")
  const thoughts = reasoning.querySelector(".reasoning-text")
  const label = reasoning.querySelector(".reasoning-label")
  const text = new Growing(element)
  thoughts.textContent = ""
  label.textContent = label.dataset.live

  const waiting = answer.dataset.shows === "pictures" ? countSeconds(answer) : 0

  const events = new EventSource(answer.dataset.eventsUrl)

  events.addEventListener("delta", ({ data }) => {
    const delta = JSON.parse(data)
    if (delta.reasoning) {
      reasoning.hidden = false
      keepPinned(() => thoughts.append(delta.reasoning))
    }
    if (delta.text) {
      label.textContent = label.dataset.done
      text.add(delta.text)
    }
  })

  events.addEventListener("partial", ({ data }) => {
    const picture = answer.querySelector(".picture-unfinished")
    if (!picture) return
    keepPinned(() => {
      picture.src = JSON.parse(data).src
      picture.hidden = false
    })
  })

  events.addEventListener("usage", ({ data }) => {
    if (waiting) return
    const count = answer.querySelector(".working-count")
    const { output } = JSON.parse(data)
    if (count) count.textContent = count.dataset.words.replace("{count}", output.toLocaleString())
  })

  events.addEventListener("end", ({ data }) => {
    events.close()
    clearInterval(waiting)
    text.finish()
    keepSource(element, text.text)
    label.textContent = label.dataset.done
    answer.removeAttribute("aria-busy")
    keepPinned(() => apply(JSON.parse(data).html))
    announce("done")
  })

  events.addEventListener("error", () => {
    // CLOSED means that the server refused; after a mere cut the browser is already trying again.
    if (events.readyState === EventSource.CLOSED) say("lost")
  })
}

// A picture says nothing of how far it is: how long it has taken is all that can be told.
function countSeconds(answer) {
  const began = Date.now()
  return setInterval(() => {
    const count = answer.querySelector(".working-count")
    const seconds = Math.round((Date.now() - began) / 1000)
    if (count) count.textContent = count.dataset.words.replace("{count}", seconds)
  }, 1000)
}
