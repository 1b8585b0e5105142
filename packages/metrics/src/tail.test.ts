import { describe, expect, it } from 'vitest'
import { normalQuantile, tQuantile } from './quantile.ts'
import { normalTail, studentQuantile, studentTail } from './tail.ts'

/** Relative difference. */
const off = (got: number, wanted: number): number => Math.abs(got / wanted - 1)

describe('tail probabilities', () => {
  // mpmath, 30 digits.
  it.each([
    [0.1, 0.92034432544594203],
    [1, 0.3173105078629141],
    [-2, 0.045500263896358414],
    [2.9, 0.003731626600768077],
    [4, 6.3342483666239843e-5],
    [4.4, 1.082508781540772e-5],
    [20, 5.5072482372124674e-89],
  ])('of the normal distribution at %f: %f', (z, wanted) => {
    expect(off(normalTail(z), wanted)).toBeLessThan(1e-12)
  })
  it.each([
    [1, 1, 0.5],
    [0.5, 2.5, 0.65769791986971469],
    [2.5, 7.3, 0.039650234665600472],
    [-1.8608, 17.776, 0.079396578139779811],
    [10, 30, 4.5752514082296132e-11],
    [3, 1000, 0.0027667090442381925],
    [2, 250_000.5, 0.045501343715580663],
    [0.001, 4, 0.99925000015624996],
  ])('of t %f with %f degrees: %f', (t, degrees, wanted) => {
    expect(off(studentTail(t, degrees), wanted)).toBeLessThan(1e-9)
  })
  it('are 1 at 0 and 0 without end', () => {
    expect(normalTail(0)).toBe(1)
    expect(studentTail(0, 5)).toBe(1)
    expect(normalTail(Infinity)).toBe(0)
    expect(studentTail(Infinity, 5)).toBe(0)
  })
  it('invert the quantiles', () => {
    for (const level of [0.5, 0.8, 0.95, 0.99, 0.999]) {
      expect(off(normalTail(normalQuantile(level)), 1 - level)).toBeLessThan(1e-11)
      for (const degrees of [1, 2, 3, 9, 30, 399, 400, 1000]) {
        expect(off(studentTail(tQuantile(level, degrees), degrees), 1 - level)).toBeLessThan(1e-9)
        expect(off(studentQuantile(level, degrees), tQuantile(level, degrees))).toBeLessThan(1e-9)
      }
    }
  })
  // scipy.stats.t.ppf
  it.each([
    [0.95, 17.776473516178, 2.1028172415698063],
    [0.99, 2.5, 7.163728138948783],
    [0.8, 300.25, 1.2843775073299477],
  ])('quantile for level %f and %f degrees: %f', (level, degrees, wanted) => {
    expect(off(studentQuantile(level, degrees), wanted)).toBeLessThan(1e-9)
  })
})
