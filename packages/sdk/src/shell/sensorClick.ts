/** Sensors of clicks: one at a place, and three of somebody for whom nothing happens. */
import { matches } from './matches.ts'
import { listen, type Sensor } from './sensor.ts'

/** Milliseconds and CSS pixels that three clicks may be apart. */
const span = 1000
const reach = 30
/** No hand is so fast: the second of two is the click that a label gives to its field. */
const echo = 20

/** Hears what a person clicked, inside open shadow roots too, but not in a survey of ours. */
function onClick(
  over: AbortSignal,
  selector: string | undefined,
  clicked: (event: PointerEvent) => void,
): void {
  listen(over, document, ['click'], (event: PointerEvent) => {
    const path = event.composedPath()
    if (!event.isTrusted || path.some((each) => matches(each, '[data-earshot]'))) return
    if (selector === undefined || path.some((each) => matches(each, selector))) clicked(event)
  })
}

/** An element was clicked, by pointer or key. */
export const senseClick: Sensor = (over, { selector }, found) => onClick(over, selector, found)

/** Three clicks within a second at one place. */
export const senseRage: Sensor = (over, { selector }, found) => {
  let clicks: { at: number; x: number; y: number }[] = []
  onClick(over, selector, ({ timeStamp: at, clientX: x, clientY: y, detail }) => {
    // A key that is held down clicks again and again, with a count of 0.
    if (!detail || at - (clicks.at(-1)?.at ?? 0) < echo) return
    clicks = [...clicks, { at, x, y }].filter(
      (each) => at - each.at <= span && Math.hypot(each.x - x, each.y - y) <= reach,
    )
    if (clicks.length > 2) found()
  })
}
