// Opens the picker on behalf of a form: the composer's, or one that asks again with another model.
export function connect(button) {
  button.addEventListener("click", () => {
    const picker = document.getElementById("models")
    picker.dispatchEvent(new CustomEvent("choose", { detail: button.form }))
  })
}
