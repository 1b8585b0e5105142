/** Keeps a card usable on a page that opens dialogs over it, or redraws all of itself. */
import type { Place } from '../place.ts'
import { covers } from './covers.ts'
import { giveBack } from './giveBack.ts'

const modal = 'dialog:modal'
/** A page that comes back may still have its own lock for a moment: an engine puts it away faster than it takes the lock. */
const waiting = 1000

/**
 * From now on: in front of what is in front on the page, but never of what has its focus.
 *
 * @param cause what made it necessary; nothing when the page took the card away
 */
export function keep(place: Place, cause?: Partial<Event>): void {
  const { host, root, signal } = place
  // The card may have gone while this was fetched, or have had this fetched because it goes.
  if (signal.aborted) return giveBack(place)
  const page = document.documentElement
  const hasPopover = !!host.popover
  /** The dialog that opened last. Everything outside of it is inert, the top layer too. */
  let front: Element | undefined
  let removals = 0

  const settle = (): void => {
    const home = front?.matches(modal) ? front : ([...document.querySelectorAll(modal)].pop() ?? page)
    if (host.isConnected && (!hasPopover || host.parentNode === home)) return
    try {
      if (!hasPopover || home === page) return place.attach()
      home.append(host)
      host.showPopover()
    } catch {
      // Its place on the page is gone.
      place.close()
    }
  }

  /** A page that removes it once may have done so by redrawing all of itself; twice it means it. */
  const look = (): void => {
    if (host.isConnected) return
    // With a parent it went away together with that.
    if (!host.parentNode && removals++) return place.close()
    settle()
    // Whoever was on the card when it was taken away goes on where they were.
    if (document.activeElement === document.body) place.last?.focus({ preventScroll: true })
  }

  /** A keyboard on the screen takes away from below. Who magnifies moves the view themselves. */
  const lift = (): void => {
    if (!visualViewport) return
    const { height, offsetTop, scale } = visualViewport
    // In quirks mode <html> is as high as its content, and the body has the height of the view.
    const whole = document.scrollingElement?.clientHeight ?? 0
    const hidden = scale > 1.01 ? 0 : whole - height - offsetTop
    host.style.setProperty('--earshot-lift', `${Math.max(0, hidden)}px`)
  }

  const makeRoom = (): void => {
    const { activeElement } = document
    const card = root.querySelector('.card:not(.mini)')
    if (place.stays || !card || !activeElement || activeElement === host) return
    // That is where the focus is when it is nowhere.
    if (activeElement === document.body || activeElement === page) return
    if (!covers(card.getBoundingClientRect(), activeElement.getBoundingClientRect())) return
    // Thanks have nothing to come back to.
    if (card.querySelector('form')) place.fold(true)
    else place.close()
  }

  const onToggle = ({ target }: Partial<Event>): void => {
    if (target instanceof Element && target.matches(modal)) front = target
    settle()
  }
  /** While the page was away another tab may have gone on with the survey. */
  const onReturn = ({ persisted }: Partial<PageTransitionEvent>): void => {
    if (!persisted) return
    const late = new AbortController()
    const give = (): void => late.abort()
    setTimeout(give, waiting)
    signal.addEventListener('abort', give)
    place.hold({ signal: late.signal })
  }

  const observer = new MutationObserver(look)
  observer.observe(page, { childList: true, subtree: true })
  signal.addEventListener('abort', () => {
    observer.disconnect()
    // After the card itself has tried to.
    if (root.activeElement) queueMicrotask(() => giveBack(place))
  })
  const options = { signal, capture: true }
  document.addEventListener('toggle', onToggle, options)
  document.addEventListener('focusin', makeRoom, options)
  window.addEventListener('pageshow', onReturn, options)
  for (const type of ['resize', 'scroll']) visualViewport?.addEventListener(type, lift, options)
  look()
  lift()
  makeRoom()
  onToggle(cause ?? {})
  if (cause?.type === 'pageshow') onReturn(cause)
}
