// What is marked on a picture, as a list of acts: undoing one means doing the others again.
// Marks are opaque red on nothing; the mask that is sent is white with holes where they are.
const MARK = "oklch(60% 0.24 25)"
const HALF = 128
const OPAQUE = 255

export class Marks {
  constructor(canvas) {
    this.canvas = canvas
    this.context = canvas.getContext("2d", { willReadFrequently: true })
    this.acts = []
  }

  resize(width, height) {
    Object.assign(this.canvas, { width, height })
    this.acts = []
  }

  add(act) {
    this.acts.push(act)
    this.#do(act)
  }

  // A stroke that grows: only its last piece is drawn.
  extend(point) {
    const stroke = this.acts.at(-1)
    const from = stroke.points.at(-1)
    stroke.points.push(point)
    this.#line(stroke, [from, point])
  }

  undo() {
    this.acts.pop()
    this.#erase()
    this.acts.forEach((act) => this.#do(act))
  }

  // The part of the picture that is marked, from 0 to 1.
  share() {
    const { data } = this.#pixels()
    let marked = 0
    for (let at = 3; at < data.length; at += 4) if (data[at] >= HALF) marked++
    return (marked * 4) / data.length
  }

  // A PNG as large as the picture: fully transparent where it is to change, opaque elsewhere.
  toFile(name) {
    const { width, height } = this.canvas
    const pixels = this.#pixels()
    for (let at = 0; at < pixels.data.length; at += 4) {
      const isKept = pixels.data[at + 3] < HALF
      pixels.data.fill(isKept ? OPAQUE : 0, at, at + 4)
    }
    const canvas = Object.assign(document.createElement("canvas"), { width, height })
    canvas.getContext("2d").putImageData(pixels, 0, 0)
    return new Promise((resolve) => {
      canvas.toBlob((blob) => resolve(new File([blob], name, { type: "image/png" })), "image/png")
    })
  }

  #pixels() {
    return this.context.getImageData(0, 0, this.canvas.width, this.canvas.height)
  }

  #erase() {
    this.context.clearRect(0, 0, this.canvas.width, this.canvas.height)
  }

  #do(act) {
    const { context, canvas } = this
    context.globalCompositeOperation = "source-over"
    context.fillStyle = MARK
    if (act.kind === "stroke") this.#line(act, act.points)
    else if (act.kind === "clear") this.#erase()
    else if (act.kind === "rectangle") {
      const { left, top, width, height } = act
      const [x, y] = [left * canvas.width, top * canvas.height]
      context.fillRect(x, y, width * canvas.width, height * canvas.height)
    } else if (act.kind === "invert") {
      context.globalCompositeOperation = "xor"
      context.fillRect(0, 0, canvas.width, canvas.height)
    }
  }

  #line(stroke, points) {
    const { context } = this
    context.globalCompositeOperation = stroke.erases ? "destination-out" : "source-over"
    Object.assign(context, { lineCap: "round", lineJoin: "round", lineWidth: stroke.width })
    context.strokeStyle = MARK
    context.beginPath()
    context.moveTo(...points[0])
    // A line of no length is a dot.
    for (const point of points) context.lineTo(...point)
    context.stroke()
  }
}
