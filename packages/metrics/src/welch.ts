/** Welch's comparison of two means from their sums. */
import type { Comparison } from './compare.ts'
import { withInterval, withoutValue } from './estimate.ts'
import { studentQuantile, studentTail } from './tail.ts'

/** Size, sum, and sum of squared distances from the mean. */
interface Sums {
  n: number
  sum: number
  squares: number
}

/**
 * First mean minus second, with the t interval and p of Welch 1947, Biometrika 34, 28–35, and Satterthwaite's degrees of
 * freedom.
 *
 * @param range - Lowest and highest difference that there can be.
 * @example
 * welch({ n: 2, sum: 2, squares: 2 }, { n: 2, sum: 6, squares: 2 }, 0.95, [-9, 9]).difference.value // -2
 */
export function welch(one: Sums, other: Sums, level: number, range: readonly [number, number]): Comparison {
  const base = { n: one.n + other.n, level, method: 'welch' }
  const rest = { test: 'welch', sizes: [one.n, other.n] as const }
  if (one.n === 0 || other.n === 0)
    return { difference: withoutValue(base, 'One of the groups is empty.'), p: null, ...rest }
  const value = (one.sum * other.n - other.sum * one.n) / (one.n * other.n)
  const without = (reason: string): Comparison => ({
    difference: { ...base, value, interval: null, reason },
    p: null,
    ...rest,
  })
  if (one.n === 1 || other.n === 1) return without('A group of one has no spread; an interval takes two.')
  const first = one.squares / (one.n - 1) / one.n
  const second = other.squares / (other.n - 1) / other.n
  const variance = first + second
  if (variance === 0) return without('All values of each group are alike, so their spread cannot be judged.')
  const degrees = variance ** 2 / (first ** 2 / (one.n - 1) + second ** 2 / (other.n - 1))
  const error = Math.sqrt(variance)
  const reach = studentQuantile(level, degrees) * error
  return {
    difference: withInterval({ ...base, value }, [value - reach, value + reach], range),
    p: studentTail(value / error, degrees),
    ...rest,
  }
}
