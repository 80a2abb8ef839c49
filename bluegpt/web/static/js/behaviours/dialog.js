export function connect(dialog) {
  dialog.addEventListener("click", (event) => {
    const isBackdrop = event.target === dialog
    const closer = event.target.closest("button[value=close], [data-closes]")
    if (!isBackdrop && !closer) return
    event.preventDefault()
    dialog.close()
  })
}
