// Offers a notice of the browser, where it has any and was not asked before.
export function connect(button) {
  const show = () => {
    button.hidden = globalThis.Notification?.permission !== "default"
  }
  button.addEventListener("click", async () => {
    await Notification.requestPermission()
    show()
  })
  show()
}
