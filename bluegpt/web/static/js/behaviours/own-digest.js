// Computes the SHA-256 of the chosen file here: the form then sends that alone, never the file.
export function connect(form) {
  const { file: input, digest } = form.elements
  const tooLarge = form.querySelector("[data-too-large]")
  // Browsers compute it only on safe connections; on others the form sends the file, and says so.
  if (!globalThis.crypto?.subtle) return
  for (const words of document.querySelectorAll("[data-sends]")) {
    words.hidden = words.dataset.sends !== "digest"
  }

  async function send(file) {
    try {
      digest.value = hex(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()))
    } catch {
      tooLarge.hidden = false
      return
    } finally {
      delete form.dataset.state
    }
    input.value = ""
    form.submit()
  }

  form.addEventListener("submit", (event) => {
    const [file] = input.files
    if (!file) return
    event.preventDefault()
    if (form.dataset.state === "busy") return
    form.dataset.state = "busy"
    tooLarge.hidden = true
    send(file)
  })
}

function hex(digest) {
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("")
}
