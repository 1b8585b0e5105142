/** Sensors of scrolling and leaving: how far down somebody came, and who is about to go. */
import { isVisible, listen, type Sensor, type Visit, wait } from './sensor.ts'

/** A page that was entered so recently cannot be left yet: the mouse is still on its way from the address bar. */
const settled = 2000
/** A quick scroll back: a window's height in so many milliseconds. */
const quick = 500

/**
 * Calls with the position of what scrolls the page, and with how much of it in per cent was above the lower edge of
 * the window: 0 as long as nobody went down. So a page that opens with half of it in view tells nothing by that, and
 * one that fits in the window never tells anything.
 *
 * The page is scrolled by the document, or by an element of at least half the window's width and height that has
 * further to go than the document. (One inside a shadow root is not heard.)
 *
 * Scroll events come once in a frame, after layout, so reading there costs no layout of its own.
 */
function watchScroll(
  over: AbortSignal,
  { first, starts }: Visit,
  moved: (percent: number, top: number) => void,
): void {
  const rootOf = (): Element => document.scrollingElement ?? document.documentElement
  const range = (scroller: Element): number => scroller.scrollHeight - scroller.clientHeight
  const read = (scroller = rootOf()): void => {
    const root = rootOf()
    const { scrollTop: top, clientHeight, clientWidth, scrollHeight } = scroller
    const isRoot = scroller === root
    const isLarge = clientHeight >= innerHeight / 2 && clientWidth >= innerWidth / 2
    if (!isRoot && !(isLarge && range(scroller) > range(root))) return
    const start = Math.min(top, starts.get(scroller) ?? (first ? 0 : top))
    starts.set(scroller, start)
    // The window grows when a phone hides its bars. One pixel, since positions have fractions and heights have not.
    const height = isRoot ? Math.max(clientHeight, innerHeight) : clientHeight
    moved(top > start ? ((top + height + 1) / scrollHeight) * 100 : 0, top)
  }
  // What was scrolled before the sensor came; after a navigation this is where it begins.
  wait(over, 0, read)
  listen(over, document, ['scroll'], ({ isTrusted, target }: Event) => {
    if (isTrusted) read(target instanceof Element ? target : undefined)
  })
}

/** So many per cent of the page were scrolled into view. */
export const senseScroll: Sensor = (over, { value = 0 }, found, visit) =>
  watchScroll(over, visit, (percent) => {
    if (percent >= value) found()
  })

/** About to leave, on a page that was visible for two seconds: see the contract's trigger. */
export const senseExit: Sensor = (over, _signal, found, visit) => {
  const leave = (): void => {
    if (visit.visible() >= settled) found()
  }
  listen(
    over,
    document.documentElement,
    ['pointerleave'],
    ({ isTrusted, pointerType, relatedTarget, buttons, clientY }: PointerEvent) => {
      // Not with a button down: that is a selection or a scroll bar that is being drawn.
      if (isTrusted && pointerType === 'mouse' && !relatedTarget && !buttons && clientY <= 0) leave()
    },
    false,
  )
  if (!matchMedia('(pointer: coarse)').matches) return
  listen(over, document, ['visibilitychange'], () => {
    if (isVisible()) leave()
  })
  let deep = false
  let last = 0
  /** Where and when the way up began. */
  let from = 0
  let since = 0
  watchScroll(over, visit, (percent, top) => {
    const now = performance.now()
    deep ||= percent >= 50
    // A jump by half a window in one frame is a link or a router, and no finger.
    if (top > last || last - top > innerHeight / 2 || now - since > quick) {
      from = top
      since = now
    }
    last = top
    if (deep && from - top >= innerHeight) leave()
  })
}
