import { ask } from "lib/talk"

export function connect(dialog) {
  const search = dialog.querySelector("#models-search")
  const groups = dialog.querySelector("#model-groups")
  let form = null

  dialog.addEventListener("choose", async ({ detail }) => {
    form = detail
    dialog.showModal()
    search.value = ""
    if (!groups.childElementCount) {
      await ask(dialog.dataset.url)
      leaveOut()
    }
    filter()
    mark(document.getElementById("composer-model").value)
    search.focus({ preventScroll: true })
  })

  // A model that this page's composer does not offer: one that draws, where nothing is kept.
  function leaveOut() {
    const offered = [...document.getElementById("composer-model").options]
    const keys = new Set(offered.map((option) => option.value))
    for (const row of groups.querySelectorAll(".model-row:not(:disabled)")) {
      if (!keys.has(row.dataset.model)) row.closest("li").remove()
    }
  }

  function rows() {
    return [...groups.querySelectorAll(".model-row:not(:disabled)")].filter(
      (row) => !row.closest("[hidden]"),
    )
  }

  function mark(key) {
    for (const row of groups.querySelectorAll(".model-row")) {
      if (row.dataset.model === key) row.setAttribute("aria-current", "true")
      else row.removeAttribute("aria-current")
    }
    groups.querySelector("[aria-current]")?.scrollIntoView({ block: "center" })
  }

  function filter() {
    const words = search.value.toLowerCase().split(/\s+/)
    for (const item of groups.querySelectorAll("[data-words]")) {
      item.hidden = !words.every((word) => item.dataset.words.includes(word))
    }
    for (const group of groups.querySelectorAll(".model-group")) {
      group.hidden = !group.querySelector("[data-words]:not([hidden])")
    }
    dialog.querySelector("#models-none").hidden = rows().length > 0
  }

  function choose(row) {
    dialog.close()
    const field = form.elements.model
    field.value = row.dataset.model
    if (field.type === "hidden") form.requestSubmit()
    else field.dispatchEvent(new Event("change", { bubbles: true }))
  }

  search.addEventListener("input", filter)
  groups.addEventListener("click", (event) => {
    const row = event.target.closest(".model-row")
    if (row) choose(row)
  })
  dialog.addEventListener("keydown", (event) => {
    const shown = rows()
    const place = shown.indexOf(document.activeElement)
    if (event.key === "Enter" && document.activeElement === search && shown.length) {
      event.preventDefault()
      choose(shown[0])
    } else if (event.key === "ArrowDown") shown[Math.min(place + 1, shown.length - 1)]?.focus()
    else if (event.key === "ArrowUp") (shown[place - 1] ?? search).focus()
    else return
    event.preventDefault()
  })

  document.getElementById("composer-model").addEventListener("change", ({ target }) => {
    const { name, goes } = target.selectedOptions[0].dataset
    document.getElementById("model-name").textContent = name
    document.querySelector("#destination span").textContent = goes
  })
}
