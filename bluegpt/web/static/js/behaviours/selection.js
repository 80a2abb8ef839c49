// Counts what is chosen in the gallery, and lets a shift-click choose all in between.
export function connect(form) {
  const count = form.querySelector(".selection-count")
  const boxes = () => [...document.querySelectorAll(".tile-choice input")]
  let last = null

  function tell() {
    const chosen = boxes().filter((box) => box.checked).length
    count.textContent = count.dataset.words.replace("{count}", chosen.toLocaleString())
  }

  document.addEventListener("click", (event) => {
    const box = event.target.closest(".tile-choice input")
    if (!box) return
    const all = boxes()
    if (event.shiftKey && last?.isConnected) {
      const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b)
      for (const each of all.slice(from, to + 1)) each.checked = box.checked
    }
    last = box
    tell()
  })
  form.addEventListener("reset", () => {
    for (const box of boxes()) box.checked = false
    tell()
  })
  new MutationObserver(tell).observe(document.getElementById("tiles"), { childList: true })
  tell()
}
