/** A share of a whole in percent, with Wilson's interval. */
import { type Estimate, type LevelOptions, withInterval, withoutValue } from './estimate.ts'
import { checkCounts, checkPart, levelOf } from './input.ts'
import { normalQuantile } from './quantile.ts'

/** Some of a whole. */
export interface Part {
  /** How many of `n`. */
  count: number
  /** Size of the base. */
  n: number
}

/**
 * Any share in percent, 0 to 100, with the Wilson interval: for what has no metric of its own here, such as "was this page
 * helpful?".
 *
 * Wilson 1927, JASA 22, 209–212. A base of 0: null with a reason. Counts that are not whole numbers from 0, or `count`
 * above `n`: a RangeError. Groups are pooled by adding their counts.
 *
 * @param part - How many of how many.
 * @param options - Confidence level (0.95).
 * @example
 * proportion({ count: 81, n: 263 }).interval // [25.53…, 36.62…]
 */
export function proportion(part: Part, options: LevelOptions = {}): Estimate {
  const { count, n } = part
  checkCounts('proportion()', { 'part.count': count, 'part.n': n })
  checkPart('proportion()', 'part.count', count, 'part.n', n)
  return percentOf(count, n, levelOf('proportion()', options), 'The base is empty.')
}

/**
 * Percentage of `n` that `count` is, 0 to 100, with the Wilson score interval (no continuity correction).
 *
 * Wilson 1927, JASA 22, 209–212; method 3 of Newcombe 1998, Statistics in Medicine 17, 857–872. The ends solve
 * |p̂ - p| = z √(p (1 - p) / n): (k + z²/2 ± z √(k (n - k) / n + z²/4)) / (n + z²). It never leaves 0 to 100, and it has
 * a width also when nobody or everybody is counted.
 *
 * @param count - How many of `n`: a whole number from 0 to `n`; not checked here.
 * @param n - Size of the base. 0 gives no value, with `empty` as the reason.
 * @param level - Confidence level.
 * @param empty - Why there is nothing when `n` is 0, in words.
 * @example
 * percentOf(81, 263, 0.95, 'Nobody answered.').interval // [25.53…, 36.62…]
 */
export function percentOf(count: number, n: number, level: number, empty: string): Estimate {
  const method = 'wilson'
  if (n === 0) return withoutValue({ n, level, method }, empty)
  const z = normalQuantile(level)
  const middle = count + (z * z) / 2
  const reach = z * Math.sqrt((count * (n - count)) / n + (z * z) / 4)
  const end = (sum: number): number => (100 * sum) / (n + z * z)
  return withInterval(
    { value: (100 * count) / n, n, level, method },
    [end(middle - reach), count === n ? 100 : end(middle + reach)],
    [0, 100],
  )
}
