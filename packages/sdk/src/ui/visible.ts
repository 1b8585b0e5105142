/** Whether the card was really seen: at least half of it, for one second, on a visible page. */

const share = 0.5
const duration = 1000

/** Calls back once; the result stops the watch. */
export function watchVisible(target: Element, callback: () => void): () => void {
  let timer = 0
  let inView = false
  const check = (): void => {
    clearTimeout(timer)
    if (inView && document.visibilityState === 'visible') timer = window.setTimeout(seen, duration)
  }
  const observer = new IntersectionObserver(
    (entries) => {
      inView = entries.some((entry) => entry.intersectionRatio >= share)
      check()
    },
    { threshold: share },
  )
  const stop = (): void => {
    clearTimeout(timer)
    observer.disconnect()
    document.removeEventListener('visibilitychange', check)
  }
  const seen = (): void => {
    stop()
    callback()
  }
  observer.observe(target)
  document.addEventListener('visibilitychange', check)
  return stop
}
