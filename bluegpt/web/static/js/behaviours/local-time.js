const format = new Intl.DateTimeFormat(document.documentElement.lang, {
  dateStyle: "medium",
  timeStyle: "short",
})

export function connect(element) {
  element.textContent = format.format(new Date(element.dateTime))
}
