export function connect(menu) {
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false
  })
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return
    event.stopPropagation()
    menu.open = false
    menu.querySelector("summary").focus()
  })
}
