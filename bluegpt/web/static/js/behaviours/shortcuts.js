const press = (name) => document.querySelector(`[data-shortcut=${name}]`)?.click()

// What the escape key closes comes before what it stops.
const OPEN = "dialog[open], details.menu[open], :popover-open"

const keys = {
  "mod+shift+o": () => press("new"),
  "mod+k": () => press("search"),
  "mod+/": () => document.querySelector(".composer .model-button")?.click(),
  "shift+escape": () => document.getElementById("composer-text")?.focus(),
  escape: () => press("stop"),
}

export function connect() {
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || document.querySelector(OPEN)) return
    const parts = [
      (event.ctrlKey || event.metaKey) && "mod",
      event.shiftKey && event.key !== "/" && "shift",
      event.key.toLowerCase(),
    ]
    const act = keys[parts.filter(Boolean).join("+")]
    if (!act) return
    event.preventDefault()
    act()
  })
}
