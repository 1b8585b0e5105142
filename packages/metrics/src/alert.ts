/** When a change is worth waking somebody. */
import type { Comparison } from './compare.ts'
import { checkCounts, reject } from './input.ts'
import { defaultMinimum } from './minimum.ts'

/** Settings of `alert`. */
export interface AlertOptions {
  /** Smallest size of either group. Default 10. */
  minimum?: number
  /** Which way a change has to go. Default `either`. */
  direction?: 'either' | 'fall' | 'rise'
}

/** What `alert` gives back. */
export interface AlertResult {
  fires: boolean
  /** Why it fires or does not. */
  reason: 'no-interval' | 'too-few' | 'not-significant' | 'other-direction' | 'fall' | 'rise'
}

const directions: readonly string[] = ['either', 'fall', 'rise'] satisfies AlertOptions['direction'][]

/**
 * Whether a difference is an alert: its interval leaves out 0, and both groups have at least `minimum` answers.
 *
 * At a level of 0.95, one of twenty comparisons of what has not changed fires all the same. Who looks at many segments should
 * ask for a higher level, e.g. 1 - 0.05 / segments (Bonferroni; Dunn 1961, JASA 56, 52–64).
 *
 * @param comparison - The new group first, the old one second.
 * @param options - Minimum, direction.
 * @example
 * alert(compareShares({ count: 48, n: 80 }, { count: 56, n: 70 })).reason // 'fall'
 */
export function alert(comparison: Comparison, options: AlertOptions = {}): AlertResult {
  const { minimum = defaultMinimum, direction = 'either' } = options
  checkCounts('alert()', { 'options.minimum': minimum })
  if (!directions.includes(direction))
    reject('alert()', `options.direction is ${direction}`, `Pass one of ${directions.join(', ')}.`)
  const { interval } = comparison.difference
  if (comparison.sizes.some((size) => size < minimum)) return { fires: false, reason: 'too-few' }
  if (!interval) return { fires: false, reason: 'no-interval' }
  if (interval[0] <= 0 && interval[1] >= 0) return { fires: false, reason: 'not-significant' }
  const found = interval[1] < 0 ? 'fall' : 'rise'
  return direction === 'either' || direction === found
    ? { fires: true, reason: found }
    : { fires: false, reason: 'other-direction' }
}
