/** Whether the card was really seen: at least half of it, for one second, on a visible page. */

const share = 0.5
/** Looked at so often, so many times in a row, it was seen for a second. */
const interval = 100
const times = 10

/** Calls back once; the result stops the watch. */
export function watchVisible(target: Element, callback: () => void): () => void {
  let seen = 0
  let inView = false
  const observer = new IntersectionObserver(
    (entries) => {
      inView = entries.pop()!.intersectionRatio >= share
    },
    { threshold: share },
  )
  const stop = (): void => {
    clearInterval(timer)
    observer.disconnect()
  }
  const timer = setInterval(() => {
    seen = inView && !document.hidden && !target.matches('.mini') ? seen + 1 : 0
    if (seen < times) return
    stop()
    callback()
  }, interval)
  observer.observe(target)
  return stop
}
