/** The wall clock and timers of the browser. */
import type { Instant } from '../core/time.ts'
import type { Clock } from '../ports.ts'

/** Longest span a browser timer takes; a longer one would fire at once. */
const longestTimer = 2 ** 31 - 1

export function createClock(): Clock {
  return {
    now: () => Date.now() as Instant,
    wait(milliseconds, callback) {
      const timer = setTimeout(callback, Math.min(milliseconds, longestTimer))
      return () => clearTimeout(timer)
    },
  }
}
