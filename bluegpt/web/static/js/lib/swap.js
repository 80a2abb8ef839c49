// Puts the pieces of a fragment where they belong. Only our own server's templates come here:
// what people and models wrote is text inside them.
const ways = {
  append: (target, piece) => target.append(piece),
  prepend: (target, piece) => target.prepend(piece),
  fill: (target, piece) => target.replaceChildren(piece),
  replace: (target, piece) => target.replaceWith(piece),
  remove: (target) => target.remove(),
  open: (target) => target.open || target.showModal(),
  close: (target) => target.close(),
}

export function apply(html) {
  const holder = document.createElement("template")
  holder.innerHTML = html
  for (const piece of holder.content.querySelectorAll("template[data-swap]")) {
    const { swap, target } = piece.dataset
    if (swap === "visit") visit(piece.dataset)
    else if (swap === "begin") begin()
    else if (swap === "token") renewTokens(piece.dataset.token)
    else {
      const element = document.getElementById(target)
      if (element) ways[swap](element, document.importNode(piece.content, true))
    }
  }
}

function visit({ url, title }) {
  history.replaceState(null, "", url)
  document.title = title
}

function begin() {
  document.querySelector(".conversation-new")?.classList.remove("conversation-new")
}

function renewTokens(token) {
  for (const input of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) {
    input.value = token
  }
}
