// Files dropped anywhere on the page go to one form, which shows that it would take them.
export function acceptDrops(form, take) {
  const hasFiles = (event) => event.dataTransfer?.types.includes("Files")
  document.addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return
    event.preventDefault()
    form.dataset.drop = "here"
  })
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) delete form.dataset.drop
  })
  document.addEventListener("drop", (event) => {
    delete form.dataset.drop
    if (!hasFiles(event)) return
    event.preventDefault()
    take([...event.dataTransfer.files])
  })
}
