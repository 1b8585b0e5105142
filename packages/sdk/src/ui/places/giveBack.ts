/** Gives the focus to a neighbour of what had it before the card, where that is gone. */
import type { Place } from '../place.ts'

/** What may take it; whether it does is seen when it is asked to. */
const focusable = 'a[href],button,input,select,textarea,summary,[tabindex]'

/** Nobody who was on the card begins at the top of the page again: the next one after that place takes it, else the last before it. */
export function giveBack({ from, host }: Place): void {
  const { activeElement, body } = document
  // It may be somewhere by now.
  if (!from || (activeElement && activeElement !== body && activeElement !== host)) return
  const all = [...document.querySelectorAll<HTMLElement>(focusable)]
  const next = all.findIndex((each) => from.comparePoint(each, 0) > 0)
  // Where none comes after, -1 is the last of all.
  for (const each of [...all.slice(next), ...all.slice(0, next).reverse()]) {
    if (each.tabIndex >= 0) each.focus({ preventScroll: true })
    if (each.matches(':focus')) return
  }
}
