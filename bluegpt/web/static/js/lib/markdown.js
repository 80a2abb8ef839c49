// From a model's Markdown to nodes. A model's words are hostile: HTML in them is shown as text, all
// that marked makes goes through DOMPurify, and nothing is loaded from another site.
import { Marked } from "marked"
import "dompurify"
import { finish } from "lib/finishing"
import * as maths from "lib/maths"

const purify = globalThis.DOMPurify

// The few tags that say something Markdown cannot; they may carry no attribute.
const HARMLESS = /^<\/?(?:br|sub|sup|kbd|mark|u|ins|del|s)\s*\/?>$/i

const RULES = {
  RETURN_DOM_FRAGMENT: true,
  ALLOWED_TAGS: [
    "a", "b", "blockquote", "br", "code", "del", "div", "em", "h3", "h4", "h5", "h6", "hr",
    "i", "ins", "kbd", "li", "mark", "ol", "p", "pre", "s", "span", "strong", "sub", "sup",
    "table", "tbody", "td", "th", "thead", "tr", "u", "ul",
  ],
  ALLOWED_ATTR: ["href", "title", "class", "start", "align"],
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:)/i,
  // Without this their values would have to look like addresses.
  ADD_URI_SAFE_ATTR: ["align", "start"],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  FORBID_ATTR: ["style"],
}
const CLASSES = /^(?:language-[\w+#.-]{1,30}|math|math math-display|picture)$/

purify.addHook("uponSanitizeAttribute", (_node, attribute) => {
  if (attribute.attrName === "class" && !CLASSES.test(attribute.attrValue)) {
    attribute.keepAttr = false
  }
})

const marked = new Marked({
  gfm: true,
  extensions: [maths.block, maths.inline],
  renderer: {
    html: ({ text, block }) => {
      const shown = HARMLESS.test(text.trim()) ? text : maths.escaped(text)
      return block ? `<p>${shown}</p>` : shown
    },
    image: ({ href, text }) =>
      `<a class="picture" href="${maths.escaped(href)}">${maths.escaped(text || href)}</a>`,
    // Above a message stand the page's own two levels.
    heading({ tokens, depth }) {
      const level = Math.min(depth + 2, 6)
      return `<h${level}>${this.parser.parseInline(tokens)}</h${level}>`
    },
    checkbox: ({ checked }) => (checked ? "☑ " : "☐ "),
  },
})

export const lex = (source) => marked.lexer(source)

export const normal = (source) => source.replace(/\r\n?/g, "\n")

export function nodesOf(tokens, { settled = true } = {}) {
  const nodes = purify.sanitize(marked.parser(tokens), RULES)
  finish(nodes, { settled })
  return nodes
}

export function render(source) {
  return nodesOf(lex(normal(source)))
}
