/** Mean and quantiles of measured values, such as times and amounts, with their intervals. */
import { type Estimate, withInterval, withoutValue } from './estimate.ts'
import { reject } from './input.ts'
import { tQuantile } from './quantile.ts'

/** Size, mean and sum of squared distances from the mean. */
export interface Summary {
  n: number
  mean: number
  squares: number
}

/**
 * Throws a RangeError for a value that is not a finite number from `lowest`.
 *
 * @example
 * checkValues('resolution()', { createdAt: 5 })
 */
export function checkValues(
  where: string,
  values: Readonly<Record<string, number>>,
  lowest: number = -Infinity,
): void {
  for (const [name, value] of Object.entries(values))
    if (!(Number.isFinite(value) && value >= lowest))
      reject(
        where,
        `${name} is ${String(value)}`,
        lowest === -Infinity ? 'Pass a finite number.' : `Pass a finite number from ${lowest}.`,
      )
}

/**
 * Size, mean and squares of some values, in two passes, as Chan, Golub & LeVeque 1983 advise.
 *
 * @example
 * summaryOf([1, 3]) // { n: 2, mean: 2, squares: 2 }
 */
export function summaryOf(values: readonly number[]): Summary {
  const n = values.length
  const first = values[0]
  // A mean of equal fractions may miss them by a digit, which would be taken for spread.
  if (first !== undefined && values.every((value) => value === first)) return { n, mean: first, squares: 0 }
  const mean = values.reduce((sum, value) => sum + value, 0) / n
  return { n, mean, squares: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) }
}

/**
 * A mean with the t interval mean ± reach, cut off at the ends of `range`; no interval for one value, or for values that are
 * all alike, because the formula would give one of no width (R's `t.test` refuses such data too).
 *
 * @param each - What the values are called.
 * @param reach - How far it reaches to either side, for a quantile of t; 0 where all values are alike.
 */
export function meanWithInterval(
  base: Pick<Estimate, 'n' | 'level' | 'method'> & { value: number },
  each: 'answer' | 'value',
  range: readonly [number, number],
  reach: (t: number) => number,
): Estimate {
  const { n, value, level } = base
  if (n === 1) return { ...base, interval: null, reason: `One ${each} has no spread; an interval takes two.` }
  const side = reach(tQuantile(level, n - 1))
  if (side === 0)
    return {
      ...base,
      interval: null,
      reason: `All ${n} ${each}s are alike, so their spread cannot be judged.`,
    }
  return withInterval(base, [value - side, value + side], range)
}

/**
 * Mean with the t interval, cut off at the ends of `range`. None without values; no interval for one value, or for values
 * that are all alike.
 *
 * @example
 * sampleMean([1, 2, 3, 4, 5], 0.95, [0, Infinity], 'Nothing.').interval // [1.0367…, 4.9632…]
 */
export function sampleMean(
  values: readonly number[],
  level: number,
  range: readonly [number, number],
  empty: string,
): Estimate {
  const base = { n: values.length, level, method: 't' }
  if (values.length === 0) return withoutValue(base, empty)
  const { n, mean: value, squares } = summaryOf(values)
  return meanWithInterval({ ...base, value }, 'value', range, (t) => t * Math.sqrt(squares / (n - 1) / n))
}

/**
 * Quantile by linear interpolation between order statistics: type 7 of Hyndman & Fan 1996, The American Statistician 50,
 * 361–365, the default of R and NumPy. With its distribution-free interval between two order statistics (Conover 1999,
 * Practical Nonparametric Statistics, section 3.2): the ranks outside of which the binomial distribution leaves at most
 * (1 - level) / 2 on either side. Where there is no such rank the interval is null with a reason: at 95 percent the median
 * takes 6 values and the 90th percentile 36.
 *
 * @param values - In any order.
 * @param share - 0.5 for the median, 0.9 for the 90th percentile; above 0 and below 1.
 * @example
 * sampleQuantile([1, 2, 3, 4], 0.5, 0.95, 'Nothing.').value // 2.5
 */
export function sampleQuantile(
  values: readonly number[],
  share: number,
  level: number,
  empty: string,
): Estimate {
  const n = values.length
  const base = { n, level, method: 'order-statistics' }
  if (n === 0) return withoutValue(base, empty)
  const sorted = values.toSorted((one, other) => one - other)
  const place = (n - 1) * share
  const below = sorted[Math.floor(place)] ?? NaN
  const above = sorted[Math.ceil(place)] ?? NaN
  const value = below + (place - Math.floor(place)) * (above - below)
  const [low, high] = ranksOf(n, share, level)
  const lower = sorted[low - 1]
  const upper = sorted[high - 1]
  if (lower === undefined || upper === undefined)
    return { ...base, value, interval: null, reason: `${n} values are too few for an interval here.` }
  return { ...base, value, interval: [lower, upper] }
}

/**
 * Ranks, from 1, of the two values between which the quantile lies; 0 or n + 1 where there is none. The binomial
 * probabilities are built up from the most likely count outwards, so none of their factorials is needed.
 */
function ranksOf(n: number, share: number, level: number): readonly [number, number] {
  const mode = Math.min(n, Math.floor((n + 1) * share))
  const odds = share / (1 - share)
  const weights = Array<number>(n + 1).fill(1)
  for (let count = mode + 1; count <= n; count += 1)
    weights[count] = (weights[count - 1] ?? 0) * ((n - count + 1) / count) * odds
  for (let count = mode - 1; count >= 0; count -= 1)
    weights[count] = ((weights[count + 1] ?? 0) * ((count + 1) / (n - count))) / odds
  const allowed = ((1 - level) / 2) * weights.reduce((sum, weight) => sum + weight, 0)
  let low = 0
  for (let passed = weights[0] ?? 0; passed <= allowed; passed += weights[low] ?? 0) low += 1
  let high = n + 1
  for (let passed = weights[n] ?? 0; passed <= allowed; passed += weights[high - 1] ?? 0) high -= 1
  return [low, high]
}
