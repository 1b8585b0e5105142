/** Sensors of time: how long the page was visible, and how long nobody touched it. */
import { listen, type Sensor, wait, whileVisible } from './sensor.ts'

const input = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchmove']

/** So many seconds of this page view were really visible. */
export const senseTime: Sensor = (over, { value = 0 }, found, visit) =>
  whileVisible(over, (stretch) => wait(stretch, value * 1000 - visit.visible(), found))

/** No input for so many seconds in which the page was visible all the time: to come back to it is an input as well. */
export const senseIdle: Sensor = (over, { value = 0 }, found) =>
  whileVisible(over, (stretch) => {
    const span = value * 1000
    let last = performance.now()
    // It looks again instead of being set again: a pointer moves more often than a timer should be set.
    const look = (): void => {
      const rest = last + span - performance.now()
      if (rest > 0) timer = setTimeout(look, rest)
      else found()
    }
    let timer = setTimeout(look, span)
    stretch.addEventListener('abort', () => clearTimeout(timer))
    const hear = ({ isTrusted }: Event): void => {
      if (isTrusted) last = performance.now()
    }
    listen(stretch, window, input, hear)
    // That of the document alone: a carousel that turns by itself is nobody's input.
    listen(stretch, document, ['scroll'], hear, false)
  })
