/** How closely two measures go together: Pearson's correlation with its interval and p. */
import { type Estimate, withInterval, withoutValue } from './estimate.ts'
import { normalQuantile } from './quantile.ts'
import { studentTail } from './tail.ts'

/**
 * Pearson's r of pairs, -1 to 1, or null where one side does not vary.
 *
 * @example
 * pearson([[1, 2], [2, 4], [3, 5]]) // 0.98198…
 */
export function pearson(pairs: readonly (readonly [number, number])[]): number | null {
  const n = pairs.length
  const meanOf = (side: 0 | 1): number => pairs.reduce((sum, pair) => sum + pair[side], 0) / n
  if (n === 0 || ([0, 1] as const).some((side) => pairs.every((pair) => pair[side] === pairs[0]?.[side])))
    return null
  const [x, y] = [meanOf(0), meanOf(1)]
  const sum = (of: (dx: number, dy: number) => number): number =>
    pairs.reduce((all, [one, other]) => all + of(one - x, other - y), 0)
  const r = sum((dx, dy) => dx * dy) / Math.sqrt(sum((dx) => dx * dx) * sum((_, dy) => dy * dy))
  return Math.max(-1, Math.min(1, r))
}

/**
 * Pearson's r with the interval of Fisher 1921 (Metron 1, 3–32): tanh(artanh r ± z / √(n - 3)), and the p of the t test of no
 * correlation. An interval takes four pairs and an r inside of ±1; p takes three pairs.
 *
 * @example
 * correlation([[1, 2], [2, 4], [3, 5], [4, 4]], 0.95).estimate.value // 0.71818…
 */
export function correlation(
  pairs: readonly (readonly [number, number])[],
  level: number,
): { estimate: Estimate; p: number | null } {
  const n = pairs.length
  const base = { n, level, method: 'fisher-z' }
  const value = pearson(pairs)
  if (value === null)
    return {
      estimate: withoutValue(base, n === 0 ? 'There is no pair.' : 'One side does not vary.'),
      p: null,
    }
  const p = n < 3 ? null : studentTail(value * Math.sqrt((n - 2) / (1 - value * value)), n - 2)
  if (n < 4 || Math.abs(value) === 1)
    return {
      estimate: {
        ...base,
        value,
        interval: null,
        reason: n < 4 ? 'An interval takes four pairs.' : 'A perfect correlation has no interval.',
      },
      p,
    }
  const reach = normalQuantile(level) / Math.sqrt(n - 3)
  const centre = Math.atanh(value)
  return {
    estimate: withInterval(
      { ...base, value },
      [Math.tanh(centre - reach), Math.tanh(centre + reach)],
      [-1, 1],
    ),
    p,
  }
}
