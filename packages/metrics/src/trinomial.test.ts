import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalQuantile } from './quantile.ts'
import { shareDifference } from './trinomial.ts'

const score = (plus: number, minus: number, neither: number, level = 0.95): readonly [number, number] => {
  const { interval } = shareDifference({ plus, minus, neither }, 'score', level, 'none')
  return [interval![0] / 100, interval![1] / 100]
}
const small = fc.tuple(fc.nat(12), fc.nat(12), fc.nat(12)).filter(([a, b, c]) => a + b + c > 0)

/** The score statistic with the nuisance share found by search over the likelihood, not by a formula. */
function searchedStatistic(plus: number, minus: number, neither: number, delta: number): number {
  const n = plus + minus + neither
  const term = (count: number, share: number): number => (count === 0 ? 0 : count * Math.log(share))
  const likelihood = (against: number): number =>
    term(plus, against + delta) + term(minus, against) + term(neither, 1 - delta - 2 * against)
  let low = Math.max(0, -delta)
  let high = (1 - delta) / 2
  for (let round = 0; round < 60; round += 1) {
    const [left, right] = [high - (high - low) * 0.618, low + (high - low) * 0.618]
    if (likelihood(left) < likelihood(right)) low = left
    else high = right
  }
  const against = (low + high) / 2
  const variance = 2 * against + delta - delta * delta
  return (plus - minus - n * delta) / Math.sqrt(n * variance)
}

describe('score interval', () => {
  // Bentur et al. 2009 as in Fagerland, Lydersen & Laake 2014, Statistics in Medicine 33, 2850–2875: 1 and 7 of 21.
  it('gives -0.517 to -0.026 for the published paired example', () => {
    const [low, high] = score(1, 7, 13)
    expect(low).toBeCloseTo(-0.517, 3)
    expect(high).toBeCloseTo(-0.026, 3)
  })
  it('has the closed forms at the edges', () => {
    const square = normalQuantile(0.95) ** 2
    for (const n of [1, 2, 10, 1000]) {
      // All for: (n - z²) / (n + z²) to 1. All neutral: ± z² / (n + z²).
      expect(score(n, 0, 0)[0]).toBeCloseTo((n - square) / (n + square), 9)
      expect(score(n, 0, 0)[1]).toBe(1)
      expect(score(0, 0, n)[0]).toBeCloseTo(-square / (n + square), 9)
      expect(score(0, 0, n)[1]).toBeCloseTo(square / (n + square), 9)
    }
  })
  it('agrees with brute-force inversion of the test on a fine grid', () => {
    const step = 0.004
    fc.assert(
      fc.property(small, fc.constantFrom(0.8, 0.95, 0.99), ([plus, minus, neither], level) => {
        const z = normalQuantile(level)
        const accepted: number[] = []
        for (let delta = -1 + step; delta < 1 - step / 2; delta += step)
          if (Math.abs(searchedStatistic(plus, minus, neither, delta)) <= z) accepted.push(delta)
        const [low, high] = score(plus, minus, neither, level)
        const reached = Math.max(...accepted) - Math.min(...accepted)
        expect(accepted.length).toBe(Math.round(reached / step) + 1)
        expect(Math.abs(accepted[0]! - low)).toBeLessThanOrEqual(step * 1.001)
        expect(Math.abs(accepted.at(-1)! - high)).toBeLessThanOrEqual(step * 1.001)
      }),
      { numRuns: 500 },
    )
  })
  // Yang, Sun & Hardin 2013, Statistics in Medicine 32, 1336–1342: both ends are roots of this quartic.
  it('has ends at which the published quartic changes its sign', () => {
    fc.assert(
      fc.property(
        fc.tuple(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 90 }), fc.nat(90)),
        ([plus, minus, neither]) => {
          const n = plus + minus + neither
          const g = normalQuantile(0.95) ** 2
          const d = plus - minus
          const discordant = plus + minus
          const coefficients = [
            n ** 2 * (n / g + 1) ** 2,
            -n * d * (n / g + 1) * ((4 * n) / g + 1),
            (2 * n * d ** 2 * ((3 * n) / g + 2)) / g - n ** 2 * (discordant / g + 1),
            n * d * ((2 * discordant) / g + 1) - (d ** 3 * ((4 * n) / g + 1)) / g,
            (d ** 2 * (d ** 2 / g - discordant)) / g,
          ]
          const quartic = (x: number): number => coefficients.reduce((sum, each) => sum * x + each, 0)
          for (const end of score(plus, minus, neither))
            expect(Math.sign(quartic(end - 1e-8))).toBe(-Math.sign(quartic(end + 1e-8)))
        },
      ),
      { numRuns: 500 },
    )
  })
  it('contains the difference and stays within -1 to 1', () => {
    fc.assert(
      fc.property(
        fc.nat(100_000),
        fc.nat(100_000),
        fc.integer({ min: 1, max: 100_000 }),
        (plus, minus, neither) => {
          const [low, high] = score(plus, minus, neither)
          const difference = (plus - minus) / (plus + minus + neither)
          expect(low).toBeGreaterThanOrEqual(-1)
          expect(low).toBeLessThan(difference)
          expect(high).toBeGreaterThan(difference)
          expect(high).toBeLessThanOrEqual(1)
        },
      ),
      { numRuns: 500 },
    )
  })
  it('rises at both ends when one answer moves up', () => {
    fc.assert(
      fc.property(small, ([plus, minus, neither]) => {
        fc.pre(neither > 0)
        const [low, high] = score(plus, minus, neither)
        const [lowAfter, highAfter] = score(plus + 1, minus, neither - 1)
        expect(lowAfter).toBeGreaterThanOrEqual(low - 1e-12)
        expect(highAfter).toBeGreaterThanOrEqual(high - 1e-12)
      }),
      { numRuns: 500 },
    )
  })
})
