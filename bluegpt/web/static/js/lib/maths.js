// Formulas between $…$, $$…$$, \(…\) and \[…\]. A lone dollar is money: an opening one has no space
// after it, a closing one none before it and no letter or digit behind it.
const BLOCK = /^[ \t]{0,3}(?:\$\$([\s\S]+?)\$\$|\\\[([\s\S]+?)\\\])[ \t]*(?:\n+|$)/
const INLINE = [
  { pattern: /^\$\$([^$]+?)\$\$/, display: true },
  { pattern: /^\\\[([\s\S]+?)\\\]/, display: true },
  { pattern: /^\\\(([\s\S]+?)\\\)/, display: false },
  { pattern: /^\$(?![\s$])((?:\\.|[^\\$\n])+?)(?<!\s)\$(?![\p{L}\p{N}])/u, display: false },
]

const escapes = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" }
export const escaped = (text) => text.replace(/[&<>"]/g, (sign) => escapes[sign])

export const block = {
  name: "mathBlock",
  level: "block",
  start: (source) => source.match(/\$\$|\\\[/)?.index,
  tokenizer(source) {
    const match = BLOCK.exec(source)
    if (match) return { type: "mathBlock", raw: match[0], tex: (match[1] ?? match[2]).trim() }
  },
  renderer: ({ tex }) => `<div class="math math-display">${escaped(tex)}</div>`,
}

export const inline = {
  name: "mathInline",
  level: "inline",
  start: (source) => source.match(/\$|\\[([]/)?.index,
  tokenizer(source) {
    for (const { pattern, display } of INLINE) {
      const match = pattern.exec(source)
      if (match) return { type: "mathInline", raw: match[0], tex: match[1].trim(), display }
    }
  },
  renderer: ({ tex, display }) =>
    `<span class="math${display ? " math-display" : ""}">${escaped(tex)}</span>`,
}

let loading = null

function load() {
  const styles = document.createElement("link")
  styles.rel = "stylesheet"
  styles.href = document.querySelector("meta[name=katex-styles]").content
  document.head.append(styles)
  return import("katex").then(() => globalThis.katex)
}

export async function draw(elements) {
  if (!elements.length) return
  loading ??= load()
  const katex = await loading
  for (const element of elements) {
    const tex = element.textContent
    katex.render(tex, element, {
      displayMode: element.classList.contains("math-display"),
      throwOnError: false,
      trust: false,
      strict: "ignore",
      maxSize: 40,
      maxExpand: 300,
    })
  }
}
