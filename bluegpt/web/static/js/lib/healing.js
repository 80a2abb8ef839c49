// The end of a text that is still arriving, as if its author had already closed what is open there:
// so that no lone asterisk or half a link flickers past.
const UNFINISHED = /(?:[*_~`]+|!?\[[^\]\n]*|!?\[[^\]\n]*\]\([^)\n]*|<\/?[a-z]*)$/i

const count = (text, mark) => text.split(mark).length - 1

export function healed(text) {
  const blank = text.lastIndexOf("\n\n")
  const [head, end] = blank < 0 ? ["", text] : [text.slice(0, blank), text.slice(blank)]
  let kept = end.replace(linkWords, "$1").replace(UNFINISHED, "")
  const closing = []
  if (count(kept, "`") % 2) closing.push("`")
  else if (count(kept, "**") % 2) closing.push("**")
  if (closing.length) kept = kept.trimEnd() + closing.join("")
  return head + kept
}

// Of a link whose address is not complete yet, the words.
const linkWords = /(?<!!)\[([^\]\n]+)\]\([^)\n]*$/
