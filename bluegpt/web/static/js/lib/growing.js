// Markdown that arrives piece by piece: blocks that are complete are drawn once and left alone,
// only the last one is drawn again, at most once per animation frame.
import { healed } from "lib/healing"
import { lex, nodesOf, normal, render } from "lib/markdown"
import { keepPinned } from "lib/pinned"

// Space other than the kinds that Markdown itself knows.
const UNDECIDED = /[^\S \t\n]*$/

export class Growing {
  #text = ""
  #held = ""
  #settledChars = 0
  #tail = []
  #code = null
  #frame = 0
  #hasReferences = false

  constructor(element) {
    this.element = element
    element.replaceChildren()
    element.classList.add("is-drawn")
  }

  get text() {
    return this.#text
  }

  add(piece) {
    const arrived = this.#held + piece
    // A carriage return may be half of a line end; a no-break space would be taken for a new block.
    this.#held = arrived.match(UNDECIDED)[0]
    this.#text += normal(arrived.slice(0, arrived.length - this.#held.length))
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0
      keepPinned(() => this.#draw())
    })
  }

  finish() {
    cancelAnimationFrame(this.#frame)
    keepPinned(() => {
      const rest = this.#read()
      // A reference may be defined after its first use; then only the whole text is right.
      if (this.#hasReferences) this.element.replaceChildren(render(this.#text))
      else this.#settle(rest)
    })
  }

  #read() {
    const tokens = lex(this.#text.slice(this.#settledChars))
    this.#hasReferences ||= tokens.some((token) => token.type === "def")
    return tokens
  }

  #draw() {
    const tokens = this.#read()
    const last = tokens.findLastIndex((token) => token.type !== "space")
    if (last < 0) return
    if (last > 0) this.#settle(tokens.slice(0, last))
    this.#showTail(tokens[last])
  }

  #settle(tokens) {
    this.#dropTail()
    this.element.append(nodesOf(tokens))
    this.#settledChars += tokens.reduce((chars, token) => chars + token.raw.length, 0)
  }

  #showTail(token) {
    if (token.type === "code" && this.#code?.language === token.lang) {
      this.#code.element.textContent = `${token.text}\n`
      return
    }
    this.#dropTail()
    const shown = token.type === "code" ? [token] : lex(healed(token.raw))
    const nodes = nodesOf(shown, { settled: false })
    this.#tail = [...nodes.childNodes]
    this.element.append(nodes)
    const code = token.type === "code" ? this.element.lastElementChild.querySelector("code") : null
    this.#code = code && { element: code, language: token.lang }
  }

  #dropTail() {
    this.#tail.forEach((node) => node.remove())
    this.#tail = []
    this.#code = null
  }
}
