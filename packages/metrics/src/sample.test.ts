import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sampleMean, sampleQuantile } from './sample.ts'

const upTo = (n: number): number[] => Array.from({ length: n }, (_, index) => index + 1)
const values = fc.array(fc.integer({ min: -500, max: 500 }), { minLength: 1, maxLength: 60 })

describe('sampleQuantile', () => {
  // R: quantile(c(1, 2, 3, 4, 10), c(.1, .25, .5, .9)), type 7.
  it.each([
    [0.1, 1.4],
    [0.25, 2],
    [0.5, 3],
    [0.9, 7.6],
  ])('interpolates as type 7: %f of 1, 2, 3, 4, 10 is %f', (share, wanted) => {
    expect(sampleQuantile([10, 1, 4, 2, 3], share, 0.95, '').value).toBeCloseTo(wanted, 12)
  })
  // Ranks for the median: Conover 1999, table A3, as in every printed table (n = 6: 1 and 6, n = 10: 2 and 9, n = 20: 6 and
  // 15, n = 50: 18 and 33). For the 90th percentile: scipy.stats.binom.
  it.each([
    [6, 0.5, 1, 6],
    [10, 0.5, 2, 9],
    [20, 0.5, 6, 15],
    [50, 0.5, 18, 33],
    [36, 0.9, 29, 36],
    [100, 0.9, 84, 96],
  ])('of %i values at %f has the ranks %i and %i', (n, share, low, high) => {
    expect(sampleQuantile(upTo(n), share, 0.95, '').interval).toStrictEqual([low, high])
  })
  it.each([
    [5, 0.5],
    [35, 0.9],
    [1, 0.5],
  ])('of %i values at %f has no interval, and says why', (n, share) => {
    const { value, interval, reason } = sampleQuantile(upTo(n), share, 0.95, '')
    expect(value).not.toBeNull()
    expect(interval).toBeNull()
    expect(reason).toMatch(/too few/)
  })
  it('covers the quantile at least as often as it says, by exact enumeration', () => {
    const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k)
    for (const [n, share, level] of [
      [9, 0.5, 0.9],
      [25, 0.5, 0.95],
      [60, 0.9, 0.95],
    ] as const) {
      const [low, high] = sampleQuantile(upTo(n), share, level, '').interval!
      let covered = 0
      for (let below = low; below < high; below += 1)
        covered += choose(n, below) * share ** below * (1 - share) ** (n - below)
      expect(covered).toBeGreaterThanOrEqual(level)
      expect(covered).toBeLessThan(1)
    }
  })
  it('lies between its neighbours, moves with the values, and ignores their order', () => {
    fc.assert(
      fc.property(values, fc.constantFrom(0.1, 0.5, 0.9), (some, share) => {
        const got = sampleQuantile(some, share, 0.9, '')
        const sorted = some.toSorted((one, other) => one - other)
        expect(got).toStrictEqual(sampleQuantile(sorted, share, 0.9, ''))
        const atMost = some.filter((each) => each <= got.value! + 1e-9).length
        expect(atMost).toBeGreaterThanOrEqual(Math.floor((some.length - 1) * share) + 1)
        expect(
          sampleQuantile(
            some.map((each) => each + 7),
            share,
            0.9,
            '',
          ).value,
        ).toBeCloseTo(got.value! + 7, 9)
        if (got.interval) {
          expect(got.interval[0]).toBeLessThanOrEqual(got.value!)
          expect(got.interval[1]).toBeGreaterThanOrEqual(got.value!)
          expect(some).toContain(got.interval[0])
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('sampleMean', () => {
  it('gives the t interval of R: t.test(1:5) is 1.036757 to 4.963243', () => {
    const { value, interval } = sampleMean([1, 2, 3, 4, 5], 0.95, [-Infinity, Infinity], '')
    expect(value).toBe(3)
    expect(interval![0]).toBeCloseTo(1.036757, 6)
    expect(interval![1]).toBeCloseTo(4.963243, 6)
    expect(sampleMean([1, 2, 3, 4, 5], 0.95, [2, 4], '').interval).toStrictEqual([2, 4])
  })
  it('has no interval without spread, and nothing without values', () => {
    expect(sampleMean([], 0.95, [0, 1], 'None.')).toMatchObject({
      value: null,
      interval: null,
      n: 0,
      reason: 'None.',
    })
    expect(sampleMean([0.1], 0.95, [0, 1], '')).toMatchObject({ value: 0.1, interval: null, n: 1 })
    const alike = sampleMean([0.1, 0.1, 0.1], 0.95, [0, 1], '')
    expect(alike.interval).toBeNull()
    expect(alike.reason).toMatch(/alike/)
  })
})
