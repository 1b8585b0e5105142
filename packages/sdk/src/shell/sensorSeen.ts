/** The sensor of sight: half of an element, or so much of a tall one that it fills half of the window, was on the screen for a second. */
import { matches } from './matches.ts'
import { native, type Sensor, wait, whileVisible } from './sensor.ts'

const duration = 1000
/** Milliseconds in which changes of the page are gathered before it is searched again. */
const pause = 200
/** Most elements that are watched for one selector. */
const most = 100
/** From half down in steps of a twentieth, since half of a window is a small part of an element of fifty windows. */
const threshold = Array.from({ length: 80 }, (_, index) => 0.5 * 0.95 ** index)

/**
 * One for all selectors, so that a page is searched once. Any element that a selector means counts: a page often holds
 * one for narrow and one for wide windows. Elements that come later are found when nodes are added; that a class or an
 * attribute changed is not told by the page, and found with the next node.
 */
export function createSeenSensor(): Sensor {
  const wanted = new Map<string, () => void>()
  /** Elements in view, with what ends their second. */
  const inView = new Map<Element, AbortController>()
  let timer: ReturnType<typeof setTimeout> | undefined

  const enter = (element: Element): void => {
    const stay = new AbortController()
    inView.set(element, stay)
    whileVisible(stay.signal, (over) =>
      wait(over, duration, () => {
        for (const [selector, found] of wanted) if (matches(element, selector)) found()
      }),
    )
  }
  const leave = (element: Element): void => {
    inView.get(element)?.abort()
    inView.delete(element)
  }
  const sight = new (native(window, 'IntersectionObserver'))(
    (entries) => {
      for (const { target, intersectionRatio, intersectionRect } of entries) {
        if (intersectionRatio < 0.5 && intersectionRect.height <= innerHeight / 2) leave(target)
        else if (!inView.has(target)) enter(target)
      }
    },
    { threshold },
  )
  // Ten thousand nodes in one go are one call.
  const changes = new (native(window, 'MutationObserver'))(() => (timer ??= setTimeout(search, pause)))

  const search = (): void => {
    timer = undefined
    changes.disconnect()
    let isMissing = false
    const parents = new Set<Node>()
    for (const selector of wanted.keys()) {
      const found = [...document.querySelectorAll(selector)].slice(0, most)
      isMissing ||= !found.length
      for (const element of found) {
        sight.observe(element)
        for (let each = element.parentNode; each && !parents.has(each); each = each.parentNode)
          parents.add(each)
      }
    }
    // Where all are found it is enough to learn that one was taken away, and that happens at one of its parents.
    if (isMissing) changes.observe(document, { childList: true, subtree: true })
    else for (const each of parents) changes.observe(each, { childList: true })
  }
  const stop = (): void => {
    clearTimeout(timer)
    changes.disconnect()
    sight.disconnect()
    sight.takeRecords()
    for (const element of inView.keys()) leave(element)
  }

  return (over, { selector = '' }, found) => {
    wanted.set(selector, found)
    // Everything is looked at again, also what is in view already; once for all that are wanted in one go.
    stop()
    timer = setTimeout(search)
    over.addEventListener('abort', () => {
      wanted.delete(selector)
      if (!wanted.size) stop()
    })
  }
}
