// What sanitised nodes get from us: marked links, framed code, scrolling tables, drawn formulas.
import "dompurify"
import { draw } from "lib/maths"

// An instance of its own: the rules for a model's words would take the colours' classes away.
const purify = globalThis.DOMPurify(window)
const CODE_CHARS_MAX = 60_000
let highlighter = null

export function finish(nodes, { settled }) {
  nodes.querySelectorAll("a").forEach(finishLink)
  nodes.querySelectorAll("pre > code").forEach((code) => frame(code, settled))
  nodes.querySelectorAll("table").forEach(finishTable)
  if (settled) draw([...nodes.querySelectorAll(".math")])
}

function piece(name) {
  return document.getElementById(`piece-${name}`).content.cloneNode(true)
}

function finishLink(link) {
  if (!link.href) {
    // An address that we do not open: its words stay.
    link.replaceWith(...link.childNodes)
    return
  }
  link.target = "_blank"
  link.rel = "noopener noreferrer"
  link.title = link.href
  if (link.classList.contains("picture")) {
    const notice = piece("picture")
    const holder = notice.firstElementChild
    link.replaceWith(notice)
    holder.append(link)
  }
  link.classList.add("outbound")
  link.append(piece("outbound"))
}

function frame(code, settled) {
  const language = [...code.classList].find((name) => name.startsWith("language-"))?.slice(9) ?? ""
  const block = piece("code").firstElementChild
  block.querySelector(".code-block-language").textContent = language
  const pre = code.parentElement
  pre.replaceWith(block)
  pre.tabIndex = 0
  block.append(pre)
  if (settled) highlight(code, language)
}

async function highlight(code, language) {
  const text = code.textContent
  if (!language || text.length > CODE_CHARS_MAX) return
  highlighter ??= import("highlight").then((module) => module.default)
  const hljs = await highlighter
  if (!hljs.getLanguage(language)) return
  const { value } = hljs.highlight(text, { language, ignoreIllegals: true })
  const coloured = purify.sanitize(value, {
    RETURN_DOM_FRAGMENT: true,
    ALLOWED_TAGS: ["span"],
    ALLOWED_ATTR: ["class"],
  })
  if (code.textContent === text) code.replaceChildren(coloured)
}

function finishTable(table) {
  const scroller = document.createElement("div")
  scroller.className = "table-scroll"
  scroller.tabIndex = 0
  table.replaceWith(scroller)
  table.classList.add("table")
  scroller.append(table)
}
