// Asks our server for pieces of the page and puts them in place.
import { apply } from "lib/swap"

const WANTS_PIECES = { "X-Fragment": "1" }

export function say(words) {
  const notices = document.getElementById("notices")
  const said = document.getElementById(`words-${words}`)
  notices?.replaceChildren(said.content.cloneNode(true))
}

export function announce(words) {
  const said = document.getElementById(`words-${words}`).content.textContent
  document.getElementById("announcer").textContent = said
}

// Resolves to the response when the pieces are in place, to null when that was not possible.
// `settle` is given what puts them there, and calls it.
export async function ask(url, options = {}, settle = (put) => put()) {
  let response
  let pieces = ""
  try {
    response = await fetch(url, { ...options, headers: WANTS_PIECES })
    const isHtml = response.headers.get("Content-Type")?.startsWith("text/html")
    // A request may still be given up while its body is on the way.
    if (isHtml && !response.redirected) pieces = await response.text()
  } catch (error) {
    if (error.name !== "AbortError") say("offline")
    return null
  }
  if (response.redirected) {
    if (new URL(response.url).pathname.startsWith("/account/")) say("signed-out")
    else location.assign(response.url)
    return null
  }
  if (pieces) settle(() => apply(pieces))
  return response
}

export function post(form, submitter) {
  const body = new FormData(form, submitter)
  return ask(form.getAttribute("action"), { method: "POST", body })
}
