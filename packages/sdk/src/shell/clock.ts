/** The wall clock and timers of the browser. */
import type { Instant } from '../core/time.ts'
import type { Clock } from '../ports/world.ts'

/** A browser takes a longer span for none. */
const longest = 2 ** 31 - 1

export function createClock(): Clock {
  return {
    now: () => Date.now() as Instant,
    wait(milliseconds, callback) {
      const timer = setTimeout(callback, Math.min(milliseconds, longest))
      return () => clearTimeout(timer)
    },
  }
}
