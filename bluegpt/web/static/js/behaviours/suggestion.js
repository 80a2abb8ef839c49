export function connect(button) {
  button.addEventListener("click", () => {
    const { text } = document.getElementById("composer").elements
    text.value = button.dataset.text
    text.focus()
    text.setSelectionRange(text.value.length, text.value.length)
    text.dispatchEvent(new Event("input", { bubbles: true }))
  })
}
