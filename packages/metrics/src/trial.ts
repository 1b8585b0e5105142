/** Trial to paid: how many trials become paid, of those whose window is over. */
import type { Estimate, LevelOptions } from './estimate.ts'
import { levelOf, reject } from './input.ts'
import { percentOf } from './proportion.ts'
import { checkValues } from './sample.ts'

/** One trial; times in one unit from one origin, e.g. milliseconds. */
export interface Trial {
  startedAt: number
  /** When it became paid, null if it has not. */
  paidAt: number | null
}

/** What `trial` gives back. */
export interface TrialResult {
  /** Paid within the window / trials whose window is over, in percent, with Wilson's interval. */
  conversion: Estimate
  /** Trials whose window is not over: in no base, paid or not. */
  pending: number
  /** Of the base, paid after the window: not converted. */
  late: number
}

/**
 * Trial-to-paid conversion of matured trials: paid within `window` / trials that began at least `window` before `now`.
 *
 * A trial that still runs is no failure, and one that was paid early is no success yet: to count either would bend the rate.
 * Interval: Wilson 1927, JASA 22, 209–212. Paid just at the end of the window counts.
 *
 * No mature trial: null with a reason. A time that is not finite, paid before begun, or a window that is not above 0: a
 * RangeError.
 *
 * @param trials - One for each trial that began.
 * @param window - How long a trial has to become paid, in the unit of the times.
 * @param now - The time of the report. What was paid later does not count.
 * @param options - Confidence level (0.95).
 * @example
 * trial([{ startedAt: 0, paidAt: 10 }, { startedAt: 1, paidAt: null }, { startedAt: 20, paidAt: 21 }], 14, 30).conversion.value // 50
 */
export function trial(
  trials: readonly Trial[],
  window: number,
  now: number,
  options: LevelOptions = {},
): TrialResult {
  const level = levelOf('trial()', options)
  checkValues('trial()', { now })
  if (!(Number.isFinite(window) && window > 0))
    reject('trial()', `window is ${String(window)}`, 'Pass a time above 0.')
  let mature = 0
  let paid = 0
  let late = 0
  for (const [index, { startedAt, paidAt }] of trials.entries()) {
    checkValues('trial()', { [`trials[${index}].startedAt`]: startedAt })
    if (paidAt !== null) checkValues('trial()', { [`trials[${index}].paidAt`]: paidAt }, startedAt)
    if (startedAt + window > now) continue
    mature += 1
    if (paidAt === null || paidAt > now) continue
    if (paidAt <= startedAt + window) paid += 1
    else late += 1
  }
  return {
    conversion: percentOf(paid, mature, level, 'No trial has come to its end.'),
    pending: trials.length - mature,
    late,
  }
}
