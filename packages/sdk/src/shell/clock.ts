/** The wall clock and timers of the browser. */
import type { Instant } from '../core/time.ts'
import type { Clock } from '../ports.ts'

export function createClock(): Clock {
  return {
    now: () => Date.now() as Instant,
    wait(milliseconds, callback) {
      const timer = setTimeout(callback, milliseconds)
      return () => clearTimeout(timer)
    },
  }
}
