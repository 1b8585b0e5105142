/** The difference of two shares of one sample (%plus - %minus), in points, with its interval by one of three methods. */
import { type Estimate, withInterval, withoutValue } from './estimate.ts'
import { normalQuantile } from './quantile.ts'

/**
 * How the interval of a difference of shares is computed.
 *
 * - `adjusted-wald`: Wald after adding 3/4, 3/2 and 3/4 answers; the published recommendation.
 * - `score`: inversion of the score test; the best coverage with few answers.
 * - `wald`: the plain textbook interval; too narrow below some 50 answers.
 */
export type DifferenceMethod = 'adjusted-wald' | 'score' | 'wald'

/** Answers that count for, against, and for neither. */
interface Trinomial {
  plus: number
  minus: number
  neither: number
}

/**
 * 100 · (plus - minus) / n in points, -100 to 100, with one division, so that exact halves stay exact.
 *
 * With p and m the shares for and against, the variance of an answer coded +1, 0 or -1 is p + m - (p - m)², divided by n
 * (not n - 1), and z is the unrounded normal quantile.
 * - `wald`: p - m ± z √(variance / n).
 * - `adjusted-wald`: the same with 3/4 more for and against and 3/2 more for neither, also in the centre. Rocks 2016,
 *   "Interval estimation for the net promoter score", arXiv 1601.07235.
 * - `score`: all differences that the score test with the restricted maximum-likelihood variance does not reject. Tango
 *   1998, Statistics in Medicine 17, 891–908; Rocks calls it the iterative score interval.
 *
 * @param counts - Checked counts.
 * @param method - See `DifferenceMethod`.
 * @param level - Confidence level.
 * @param empty - Why there is nothing when there is no answer, in words.
 * @example
 * shareDifference({ plus: 675, neither: 75, minus: 250 }, 'wald', 0.95, 'Nobody answered.').value // 42.5
 */
export function shareDifference(
  counts: Trinomial,
  method: DifferenceMethod,
  level: number,
  empty: string,
): Estimate {
  const n = counts.plus + counts.minus + counts.neither
  const base = { n, level, method }
  if (n === 0) return withoutValue(base, empty)
  const value = (100 * (counts.plus - counts.minus)) / n
  const z = normalQuantile(level)
  if (method === 'score')
    return withInterval(
      { ...base, value },
      [
        -100 * scoreUpper({ ...counts, plus: counts.minus, minus: counts.plus }, n, z),
        100 * scoreUpper(counts, n, z),
      ],
      [-100, 100],
    )
  if (method === 'wald' && [counts.plus, counts.minus, counts.neither].includes(n))
    return {
      ...base,
      value,
      interval: null,
      reason:
        'All answers are in one group, so the Wald interval would have no width; use adjusted-wald or score.',
    }
  const added = method === 'wald' ? 0 : 0.75
  const size = n + 4 * added
  const centre = (counts.plus - counts.minus) / size
  const variance = (counts.plus + counts.minus + 2 * added) / size - centre * centre
  const reach = z * Math.sqrt(variance / size)
  return withInterval({ ...base, value }, [100 * (centre - reach), 100 * (centre + reach)], [-100, 100])
}

/**
 * Upper end, -1 to 1, of the score interval. By bisection between the observed difference, which the test accepts, and
 * 1: the statistic falls all the way. It ends when no double lies between the two bounds.
 */
function scoreUpper(counts: Trinomial, n: number, z: number): number {
  let accepted = (counts.plus - counts.minus) / n
  let refused = 1
  for (;;) {
    const middle = (accepted + refused) / 2
    if (middle <= accepted || middle >= refused) return accepted
    if (scoreStatistic(counts, n, middle) >= -z) accepted = middle
    else refused = middle
  }
}

/** Tango's statistic (p̂ - m̂ - δ) / √(ṽ / n), with the variance ṽ at the most likely p and m that differ by δ. */
function scoreStatistic({ plus, minus }: Trinomial, n: number, delta: number): number {
  const restricted = restrictedMinus(plus, minus, n, delta)
  const variance = 2 * restricted + delta * (1 - delta)
  return (plus - minus - n * delta) / Math.sqrt(n * variance)
}

/** The most likely share against, given that the share for is larger by `delta`: root of 2n x² + b x + c = 0. */
function restrictedMinus(plus: number, minus: number, n: number, delta: number): number {
  const b = (2 * n - plus + minus) * delta - plus - minus
  const c = -minus * delta * (1 - delta)
  const root = Math.sqrt(Math.max(0, b * b - 8 * n * c))
  // Two forms of one root: each subtracts nothing of equal sign where it is used.
  return b > 0 ? (-2 * c) / (b + root) : (root - b) / (4 * n)
}
