// Keeps a reader who follows the end of a page there while it grows; leaves others in peace.
// Who scrolls up stops following; who comes back to the end, or is brought there, follows again.
const NEAR_PX = 96
// Less than this is rounding, not a reader who moved.
const STILL_PX = 4

const page = () => document.scrollingElement

let isFollowing = false
let lastTop = 0

function toGo() {
  const { scrollHeight, scrollTop, clientHeight } = page()
  return scrollHeight - scrollTop - clientHeight
}

export const isAtBottom = () => toGo() < NEAR_PX

export function toBottom() {
  isFollowing = true
  page().scrollTo({ top: page().scrollHeight, behavior: "instant" })
  lastTop = page().scrollTop
}

export function keepPinned(change) {
  change()
  if (isFollowing) toBottom()
}

// Changes the page above what is being read, and leaves that where it is.
export function keepPlace(change) {
  const fromBottom = page().scrollHeight - page().scrollTop
  change()
  page().scrollTo({ top: page().scrollHeight - fromBottom, behavior: "instant" })
}

document.addEventListener(
  "scroll",
  () => {
    const top = page().scrollTop
    if (top < lastTop && toGo() > STILL_PX) isFollowing = false
    else if (isAtBottom()) isFollowing = true
    lastTop = top
  },
  { passive: true },
)
