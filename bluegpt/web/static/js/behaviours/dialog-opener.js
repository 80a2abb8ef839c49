export function connect(button) {
  button.addEventListener("click", () => {
    document.getElementById(button.dataset.dialog).showModal()
  })
}
