/** Withholds estimates of groups that are too small to show. */
import type { Estimate } from './estimate.ts'
import { checkCounts } from './input.ts'

/** Smallest group that is shown when none is given. */
export const defaultMinimum = 10

/**
 * The estimate, or in its place one without value and interval where it stands on fewer than `minimum` answers: a small
 * group tells little, and it may tell who said it.
 *
 * @param estimate - Of one segment.
 * @param minimum - Smallest `n` that is shown, a whole number from 0. Default 10.
 * @example
 * withhold({ value: 50, interval: [9.45, 90.55], n: 2, level: 0.95, method: 'wilson' }).value // null
 */
export function withhold(estimate: Estimate, minimum: number = defaultMinimum): Estimate {
  checkCounts('withhold()', { minimum })
  if (estimate.n >= minimum || estimate.n === 0) return estimate
  return {
    ...estimate,
    value: null,
    interval: null,
    reason: `Fewer than ${minimum} answers; a group this small is not shown.`,
  }
}
