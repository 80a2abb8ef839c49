// Changes the colours at once and tells the server, which remembers them.
export function connect(form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault()
    const { value } = event.submitter
    if (value) document.documentElement.dataset.theme = value
    else delete document.documentElement.dataset.theme
    for (const button of form.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button.value === value))
    }
    const body = new FormData(form, event.submitter)
    fetch(form.getAttribute("action"), { method: "POST", body, redirect: "manual" })
  })
}
