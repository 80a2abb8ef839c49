// Follows pictures that are being made: the time since they began, and each unfinished one. The
// browser comes back by itself after a cut; what is finished comes in any case.
import { apply } from "lib/swap"
import { announce, say } from "lib/talk"

const SECOND_MS = 1_000

export function connect(card) {
  const begun = new Date(card.dataset.begun).getTime()
  const elapsed = card.querySelector("[data-elapsed]")
  const events = new EventSource(card.dataset.eventsUrl)
  const clock = setInterval(tick, SECOND_MS)

  function tick() {
    if (!card.isConnected) return end()
    const seconds = Math.max(0, Math.floor((Date.now() - begun) / SECOND_MS))
    elapsed.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`
  }

  function end() {
    clearInterval(clock)
    events.close()
  }

  events.addEventListener("partial", ({ data }) => {
    const { place, src } = JSON.parse(data)
    const tile = card.querySelector(`[data-place="${place}"]`)
    if (!tile) return
    const picture = tile.querySelector("img") ?? document.createElement("img")
    picture.src = src
    picture.alt = ""
    if (!picture.isConnected) tile.replaceChildren(picture)
  })

  events.addEventListener("end", ({ data }) => {
    end()
    apply(JSON.parse(data).html)
    announce("made")
  })

  events.addEventListener("error", () => {
    // CLOSED means that the server refused; after a mere cut the browser is already trying again.
    if (events.readyState === EventSource.CLOSED) say("lost")
  })

  tick()
}
