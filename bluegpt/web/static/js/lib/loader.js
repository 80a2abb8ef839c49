// Connects each element that names a behaviour, now and when it is put on the page later.
const connected = new WeakMap()

async function connect(element) {
  const known = connected.get(element) ?? new Set()
  connected.set(element, known)
  for (const name of element.dataset.behaviour.split(" ")) {
    if (known.has(name)) continue
    known.add(name)
    const behaviour = await import(`behaviours/${name}`)
    if (element.isConnected) behaviour.connect(element)
  }
}

function connectWithin(root) {
  if (root.dataset?.behaviour) connect(root)
  // The last first: on a long page the reader is at its end.
  const elements = [...root.querySelectorAll("[data-behaviour]")]
  elements.reverse().forEach(connect)
}

export function start() {
  connectWithin(document)
  new MutationObserver((records) => {
    for (const { addedNodes } of records) {
      for (const node of addedNodes) {
        if (node.nodeType === Node.ELEMENT_NODE) connectWithin(node)
      }
    }
  }).observe(document.body, { childList: true, subtree: true })
}
