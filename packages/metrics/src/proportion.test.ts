import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { percentOf } from './proportion.ts'
import { normalQuantile } from './quantile.ts'

const of = (count: number, n: number, level = 0.95): readonly [number, number, number] => {
  const { value, interval } = percentOf(count, n, level, 'none')
  return [value!, interval![0], interval![1]]
}
const sample = fc.integer({ min: 1, max: 1_000_000 }).chain((n) => fc.tuple(fc.nat(n), fc.constant(n)))
const level = fc.double({ min: 0.5, max: 0.999, noNaN: true })

describe('percentOf', () => {
  // Newcombe 1998, Statistics in Medicine 17, 857–872, table I, method 3; R's binom.confint(method = "wilson") agrees.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %i in %i has the published Wilson interval', (count, n, lower, upper) => {
    const [, low, high] = of(count, n)
    expect(Math.abs(low / 100 - lower)).toBeLessThanOrEqual(0.00005)
    expect(Math.abs(high / 100 - upper)).toBeLessThanOrEqual(0.00005)
  })
  it('has no value without a base, and says why', () => {
    expect(percentOf(0, 0, 0.9, 'Nobody came.')).toStrictEqual({
      value: null,
      interval: null,
      n: 0,
      level: 0.9,
      method: 'wilson',
      reason: 'Nobody came.',
    })
  })
  it('divides once', () => {
    expect(of(1, 8)[0]).toBe(12.5)
    expect(of(29, 100)[0]).toBe(29)
  })
  it('touches 0 and 100 exactly when nobody or everybody is counted', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), (n) => {
        expect(of(0, n)[1]).toBe(0)
        expect(of(n, n)[2]).toBe(100)
        // Closed form at the edge: z² / (n + z²).
        const square = normalQuantile(0.95) ** 2
        expect(of(0, n)[2]).toBeCloseTo((100 * square) / (n + square), 9)
      }),
      { numRuns: 500 },
    )
  })
  it('has ends that solve the equation of the score test', () => {
    fc.assert(
      fc.property(sample, level, ([count, n], confidence) => {
        const [, low, high] = of(count, n, confidence)
        for (const end of [low / 100, high / 100]) {
          const distance = Math.abs(count / n - end)
          const reach = normalQuantile(confidence) * Math.sqrt((end * (1 - end)) / n)
          expect(Math.abs(distance - reach)).toBeLessThan(1e-9)
        }
      }),
      { numRuns: 500 },
    )
  })
  it('contains its value, stays in 0 to 100, and mirrors when counted from the other side', () => {
    fc.assert(
      fc.property(sample, level, ([count, n], confidence) => {
        const [value, low, high] = of(count, n, confidence)
        expect(low).toBeGreaterThanOrEqual(0)
        expect(low).toBeLessThanOrEqual(value)
        expect(high).toBeGreaterThanOrEqual(value)
        expect(high).toBeLessThanOrEqual(100)
        const [rest, restLow, restHigh] = of(n - count, n, confidence)
        expect(rest).toBeCloseTo(100 - value, 9)
        expect(restLow).toBeCloseTo(100 - high, 9)
        expect(restHigh).toBeCloseTo(100 - low, 9)
      }),
      { numRuns: 500 },
    )
  })
  it('rises with the count, widens with the level, narrows with the sample', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5000 }).chain((n) => fc.tuple(fc.nat(n - 1), fc.constant(n))),
        ([count, n]) => {
          const [value, low, high] = of(count, n)
          const more = of(count + 1, n)
          expect(more[0]).toBeGreaterThan(value)
          expect(more[1]).toBeGreaterThan(low)
          expect(more[2]).toBeGreaterThan(high)
          const surer = of(count, n, 0.99)
          expect(surer[2] - surer[1]).toBeGreaterThan(high - low)
          const larger = of(4 * count, 4 * n)
          expect(larger[0]).toBeCloseTo(value, 9)
          expect(larger[2] - larger[1]).toBeLessThan(high - low)
        },
      ),
      { numRuns: 500 },
    )
  })
})
