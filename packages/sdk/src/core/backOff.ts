/** How long to wait after an attempt failed, and how much of a wait is left. */

const second = 1000
const minute = 60 * second
const longest = 5 * minute
const latest = 24 * 60 * minute

/** Attempts that failed, as every tab must know them. */
export interface Wait {
  /** Failed attempts in a row. */
  failures: number
  /** No attempt before, milliseconds since 1970. */
  notBefore: number
  /** When that was written, by the clock that wrote it: a clock that shows much less was set back since. */
  at: number
}

/**
 * Milliseconds to wait: three times as long each time, to five minutes, and what the collector asked for besides, up to a day. Half of it is
 * certain, so that an outage of an hour costs about two dozen attempts; the rest is chance, so that not all come at once.
 *
 * @param failures how many attempts in a row failed
 * @param chance a random number in 0…1
 * @param asked milliseconds that the collector asked for, or null
 */
export function backOff(failures: number, chance: number, asked: number | null | undefined): number {
  const jitter = ((1 + chance) / 2) * Math.min(longest, second * 3 ** failures)
  return Math.min(Math.max(second, (asked ?? 0) + jitter), latest)
}

/**
 * Milliseconds until the next attempt is allowed. No wait is longer than a day; one that seems so was made by another clock,
 * as was one that seems to be ordered in the future.
 */
export function waitOf({ notBefore, at }: Omit<Wait, 'failures'>, now: number): number {
  const span = notBefore - now
  return span > latest || now < at - minute ? 0 : Math.max(span, 0)
}
