// A text field as tall as its text, where the browser cannot do it by itself (`field-sizing`).
const LINES_MAX = 14

export function connect(field) {
  if (CSS.supports("field-sizing", "content")) return
  const least = field.rows
  const grow = () => {
    const lines = field.value.split("\n").length
    field.rows = Math.max(least, Math.min(lines, LINES_MAX))
  }
  field.addEventListener("input", grow)
  grow()
}
