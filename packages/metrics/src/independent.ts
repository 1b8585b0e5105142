/** The difference of any two estimates of groups that have nobody in common, made of their intervals. */
import type { Comparison } from './compare.ts'
import { type Estimate, withoutValue } from './estimate.ts'
import { reject } from './input.ts'

/**
 * The first estimate minus the second, with an interval that is made of theirs: for metrics that have an interval and no
 * test of their own for two groups, such as medians and ratios of sums.
 *
 * Zou and Donner 2008, Statistics in Medicine 27, 1693–1702 (method of variance estimates recovery): the distance from the
 * difference to its lower end is the root of the squares of the distances of the first estimate to its lower and of the second
 * to its upper end, and the other way round. Of two shares with Wilson intervals it is Newcombe's, which `compareShares`
 * gives. It keeps the level of the two only where nobody is in both. There is no p: decide by whether 0 is inside.
 *
 * One without value or interval: null with a reason. Different levels: a RangeError.
 *
 * @param one - The first group's.
 * @param other - The second group's, at the same level.
 * @example
 * compareEstimates(
 *   { value: 80, interval: [70, 87], n: 70, level: 0.95, method: 'wilson' },
 *   { value: 60, interval: [49, 70], n: 80, level: 0.95, method: 'wilson' },
 * ).difference.interval // [5.8…, 33.0…]
 */
export function compareEstimates(one: Estimate, other: Estimate): Comparison {
  if (one.level !== other.level)
    reject(
      'compareEstimates()',
      `the levels are ${one.level} and ${other.level}`,
      'Compute both estimates at one level.',
    )
  const base = { n: one.n + other.n, level: one.level, method: 'mover' }
  const sizes = [one.n, other.n] as const
  const without = (reason: string): Comparison => ({
    difference: withoutValue(base, reason),
    p: null,
    test: 'none',
    sizes,
  })
  if (one.value === null || other.value === null) return without('One of the groups has no value.')
  const value = one.value - other.value
  if (!one.interval || !other.interval)
    return {
      difference: { value, interval: null, ...base, reason: 'One of the groups has no interval.' },
      p: null,
      test: 'none',
      sizes,
    }
  const [oneLow, oneHigh] = one.interval
  const [otherLow, otherHigh] = other.interval
  return {
    difference: {
      value,
      interval: [
        value - Math.hypot(one.value - oneLow, otherHigh - other.value),
        value + Math.hypot(oneHigh - one.value, other.value - otherLow),
      ],
      ...base,
    },
    p: null,
    test: 'none',
    sizes,
  }
}
