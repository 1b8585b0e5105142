/** The ratio of two totals over the same people, such as revenue after to revenue before, with its interval. */
import { type Estimate, withInterval, withoutValue } from './estimate.ts'
import { tQuantile } from './quantile.ts'

/** What one person adds to the numerator and to the denominator. */
export interface RatioPart {
  over: number
  under: number
}

/**
 * Value and standard error of Σ over / Σ under, by linearization: the error of the mean of over - ratio · under, divided
 * by the mean of under. Cochran 1977, Sampling Techniques, 3rd edition, section 6.4. The error is null below two people.
 *
 * @param parts - With a sum of `under` above 0; not checked here.
 * @example
 * ratioOf([{ over: 1, under: 1 }, { over: 3, under: 1 }]) // { value: 2, error: 1 }
 */
export function ratioOf(parts: readonly RatioPart[]): { value: number; error: number | null } {
  const n = parts.length
  const total = (of: (part: RatioPart) => number): number => parts.reduce((sum, part) => sum + of(part), 0)
  const under = total((part) => part.under)
  const value = total((part) => part.over) / under
  if (n < 2) return { value, error: null }
  const squares = total((part) => (part.over - value * part.under) ** 2)
  return { value, error: Math.sqrt((n * squares) / (n - 1)) / under }
}

/**
 * The ratio times `unit`, with the t interval of n - 1 degrees of freedom, cut off at the ends of `range`.
 *
 * @param unit - 100 for percent, 1 for a plain ratio.
 * @param empty - Why there is nothing when the denominators sum to 0, in words.
 * @example
 * ratioEstimate([{ over: 1, under: 2 }, { over: 1, under: 1 }], 100, 0.95, [0, Infinity], 'Nothing.').value // 66.666…
 */
export function ratioEstimate(
  parts: readonly RatioPart[],
  unit: number,
  level: number,
  range: readonly [number, number],
  empty: string,
): Estimate {
  const n = parts.length
  const base = { n, level, method: 'ratio-t' }
  if (!(parts.reduce((sum, part) => sum + part.under, 0) > 0)) return withoutValue(base, empty)
  const { value: ratio, error } = ratioOf(parts)
  const value =
    (unit * parts.reduce((sum, part) => sum + part.over, 0)) /
    parts.reduce((sum, part) => sum + part.under, 0)
  if (error === null)
    return { ...base, value, interval: null, reason: 'One customer has no spread; an interval takes two.' }
  if (error === 0)
    return {
      ...base,
      value,
      interval: null,
      reason: `All ${n} have the same ratio, so their spread cannot be judged.`,
    }
  const reach = tQuantile(level, n - 1) * error
  return withInterval({ ...base, value }, [unit * (ratio - reach), unit * (ratio + reach)], range)
}
