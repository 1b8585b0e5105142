/** Mean and standard deviation of scores, with Student's t interval for the mean. */
import { checkedBars, type ScoreCount, type Scale, totalOf } from './distribution.ts'
import { type Estimate, type LevelOptions, withoutValue } from './estimate.ts'
import { levelOf } from './input.ts'
import { meanWithInterval } from './sample.ts'

/**
 * Mean of the scores of any scale, in scale points, with Student's t interval, cut off at the ends of the scale.
 *
 * Student 1908, Biometrika 6, 1–25. No answers: null with a reason. One answer, or all alike: a value without an interval,
 * with a reason. A row off the scale, two rows for a score, a count that is not a whole number from 0: a RangeError.
 *
 * @param distribution - Answers by score, in any order; a score without a row counts 0.
 * @param scale - Lowest and highest possible score.
 * @param options - Confidence level (0.95).
 * @example
 * mean([{ score: 4, count: 5 }, { score: 5, count: 5 }], { min: 1, max: 5 }).value // 4.5
 */
export function mean(
  distribution: readonly ScoreCount[],
  scale: Scale,
  options: LevelOptions = {},
): Estimate {
  return meanOf(checkedBars('mean()', distribution, scale), scale, levelOf('mean()', options))
}

/**
 * Sum of all scores.
 *
 * @example
 * sumOf([{ score: 4, count: 1 }, { score: 5, count: 2 }]) // 14
 */
export function sumOf(bars: readonly ScoreCount[]): number {
  return bars.reduce((sum, { score, count }) => sum + score * count, 0)
}

/**
 * Sample standard deviation of the scores, in scale points, with n - 1 in the denominator. Null below two answers.
 *
 * Two passes, as Chan, Golub & LeVeque 1983 (The American Statistician 37, 242–247) advise: no cancellation.
 *
 * @example
 * standardDeviation([{ score: 1, count: 1 }, { score: 3, count: 1 }]) // 1.4142…
 */
export function standardDeviation(bars: readonly ScoreCount[]): number | null {
  const n = totalOf(bars)
  if (n < 2) return null
  const middle = sumOf(bars) / n
  return Math.sqrt(bars.reduce((sum, { score, count }) => sum + count * (score - middle) ** 2, 0) / (n - 1))
}

/**
 * Mean score in scale points, with the t interval mean ± t(n - 1) · s / √n, cut off at the ends of the scale.
 *
 * Student 1908, Biometrika 6, 1–25. No answers: no value. One answer: a value without an interval. All answers alike:
 * likewise, because the formula would give an interval of no width (R's `t.test` refuses such data too).
 *
 * @param bars - Checked bars.
 * @param scale - Lowest and highest possible score.
 * @param level - Confidence level.
 * @example
 * meanOf([{ score: 4, count: 5 }, { score: 5, count: 5 }], { min: 1, max: 5 }, 0.95).value // 4.5
 */
export function meanOf(bars: readonly ScoreCount[], scale: Scale, level: number): Estimate {
  const n = totalOf(bars)
  const base = { n, level, method: 't' }
  if (n === 0) return withoutValue(base, 'There is no answer.')
  const value = sumOf(bars) / n
  const deviation = standardDeviation(bars) ?? 0
  const range = [scale.min, scale.max] as const
  return meanWithInterval({ ...base, value }, 'answer', range, (t) => (t * deviation) / Math.sqrt(n))
}
