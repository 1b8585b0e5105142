import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareMeans, compareNps, compareShares, compareValues } from './compare.ts'
import { nps } from './nps.ts'

const part = fc
  .integer({ min: 1, max: 2000 })
  .chain((n) => fc.record({ count: fc.nat(n), n: fc.constant(n) }))
const group = fc
  .record({ detractors: fc.nat(60), passives: fc.nat(60), promoters: fc.nat(60) })
  .filter((counts) => counts.detractors + counts.passives + counts.promoters > 0)
const numbers = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 2, maxLength: 30 })

describe('compareShares', () => {
  // Newcombe 1998, Statistics in Medicine 17, 873–890, table II, method 10.
  it.each([
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [6, 7, 2, 7, 0.0582, 0.8062],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [0, 10, 0, 20, -0.1611, 0.2775],
    [0, 10, 0, 10, -0.2775, 0.2775],
    [10, 10, 0, 20, 0.6791, 1],
    [10, 10, 0, 10, 0.6075, 1],
  ])('of %i in %i and %i in %i has the published interval', (a, n, b, m, lower, upper) => {
    const [low, high] = compareShares({ count: a, n }, { count: b, n: m }).difference.interval!
    expect(Math.abs(low / 100 - lower)).toBeLessThanOrEqual(0.00005)
    expect(Math.abs(high / 100 - upper)).toBeLessThanOrEqual(0.00005)
  })
  // Physicians' Health Study 1989, as in Agresti, Categorical Data Analysis, 3.1.2: relative risk 1.82 (1.43 to 2.30).
  it('has the published relative risk of 189 in 11,034 and 104 in 11,037', () => {
    const { ratio, p } = compareShares({ count: 189, n: 11_034 }, { count: 104, n: 11_037 })
    expect(ratio.value).toBeCloseTo(1.82, 2)
    expect(ratio.interval![0]).toBeCloseTo(1.43, 2)
    expect(ratio.interval![1]).toBeCloseTo(2.31, 2)
    // scipy.stats.chi2_contingency(correction=False)
    expect(p! / 5.691896973740789e-7).toBeCloseTo(1, 9)
  })
  it('has the p of the chi-squared test: 56 in 70 and 48 in 80 is 0.008045', () => {
    const got = compareShares({ count: 56, n: 70 }, { count: 48, n: 80 })
    expect(got.p).toBeCloseTo(0.008045081368196585, 12)
    expect(got).toMatchObject({
      sizes: [70, 80],
      test: 'pooled-z',
      difference: { n: 150, method: 'newcombe', value: 20 },
    })
  })
  it('has no ratio where it cannot be, and says why', () => {
    expect(compareShares({ count: 1, n: 2 }, { count: 0, n: 2 }).ratio).toMatchObject({
      value: null,
      reason: expect.stringMatching(/divided/),
    })
    expect(compareShares({ count: 0, n: 2 }, { count: 1, n: 2 }).ratio).toMatchObject({
      value: 0,
      interval: null,
      reason: expect.any(String),
    })
    expect(compareShares({ count: 2, n: 2 }, { count: 3, n: 3 })).toMatchObject({
      p: 1,
      ratio: { value: 1, interval: null, reason: expect.stringMatching(/width/) },
    })
  })
  it('has nothing for an empty group', () => {
    for (const [one, other] of [
      [
        { count: 0, n: 0 },
        { count: 1, n: 2 },
      ],
      [
        { count: 1, n: 2 },
        { count: 0, n: 0 },
      ],
    ] as const)
      expect(compareShares(one, other)).toMatchObject({
        p: null,
        difference: { value: null, interval: null, reason: expect.any(String) },
        ratio: { value: null, interval: null, reason: expect.any(String) },
      })
  })
  it('mirrors when the groups are swapped or counted from the other side, and stays in range', () => {
    fc.assert(
      fc.property(part, part, (one, other) => {
        const got = compareShares(one, other)
        const { value, interval } = got.difference
        expect(value).toBeCloseTo(100 * (one.count / one.n - other.count / other.n), 9)
        expect(interval![0]).toBeLessThanOrEqual(value! + 1e-9)
        expect(interval![1]).toBeGreaterThanOrEqual(value! - 1e-9)
        expect(interval![0]).toBeGreaterThanOrEqual(-100)
        expect(interval![1]).toBeLessThanOrEqual(100)
        const swapped = compareShares(other, one)
        expect(swapped.p).toBeCloseTo(got.p!, 12)
        expect(swapped.difference.interval![0]).toBeCloseTo(-interval![1], 9)
        const rest = compareShares(
          { count: one.n - one.count, n: one.n },
          { count: other.n - other.count, n: other.n },
        )
        expect(rest.difference.interval![0]).toBeCloseTo(-interval![1], 9)
        if (got.ratio.interval && swapped.ratio.interval)
          expect(swapped.ratio.interval[0] * got.ratio.interval[1]).toBeCloseTo(1, 9)
      }),
      { numRuns: 500 },
    )
  })
  it.each([
    [{ count: 3, n: 2 }, /one\.count \(3\) is above one\.n/],
    [{ count: -1, n: 2 }, /one\.count is -1/],
    [{ count: 0.5, n: 2 }, /0\.5/],
  ])('refuses %o', (one, message) => {
    expect(() => compareShares(one, { count: 1, n: 2 })).toThrow(RangeError)
    expect(() => compareShares(one, { count: 1, n: 2 })).toThrow(message)
  })
})

describe('compareNps', () => {
  it('agrees with the answers coded 100, 0 and -100, three more in each group', () => {
    fc.assert(
      fc.property(group, group, fc.constantFrom('adjusted-wald', 'wald'), (one, other, method) => {
        const of = ({ detractors, passives, promoters }: typeof one): { mean: number; variance: number } => {
          const added = method === 'wald' ? 0 : 0.75
          const weights = [
            [100, promoters + added],
            [0, passives + 2 * added],
            [-100, detractors + added],
          ] as const
          const size = weights.reduce((sum, [, weight]) => sum + weight, 0)
          const mean = weights.reduce((sum, [code, weight]) => sum + code * weight, 0) / size
          const squares = weights.reduce((sum, [code, weight]) => sum + weight * (code - mean) ** 2, 0)
          return { mean, variance: squares / size / size }
        }
        const [first, second] = [of(one), of(other)]
        const { difference, p } = compareNps(one, other, { method })
        expect(difference.value).toBeCloseTo(nps(one).nps.value! - nps(other).nps.value!, 9)
        const reach = 1.959963984540054 * Math.sqrt(first.variance + second.variance)
        if (!difference.interval) {
          expect(reach).toBeCloseTo(0, 6)
          expect(p).toBeNull()
          return
        }
        expect(difference.interval[0]).toBeCloseTo(Math.max(-200, first.mean - second.mean - reach), 8)
        expect(difference.interval[1]).toBeCloseTo(Math.min(200, first.mean - second.mean + reach), 8)
        // Below 0.05 just where the interval leaves out 0.
        const [low, high] = difference.interval
        expect(p! < 0.05).toBe(low > 0 || high < 0)
        expect(compareNps(other, one, { method }).difference.interval![0]).toBeCloseTo(-high, 9)
        expect(compareNps(other, one, { method }).p).toBeCloseTo(p!, 12)
      }),
      { numRuns: 500 },
    )
  })
  it('divides once: 12.5 minus 12.5 is 0, and 12.5 minus 0 is 12.5', () => {
    const eighth = { detractors: 2, passives: 31, promoters: 7 }
    expect(compareNps(eighth, { detractors: 3, passives: 1, promoters: 4 }).difference.value).toBe(0)
    expect(compareNps(eighth, { detractors: 1, passives: 1, promoters: 1 }).difference.value).toBe(12.5)
  })
  it('has nothing for an empty group, and no plain interval without spread', () => {
    const none = { detractors: 0, passives: 0, promoters: 0 }
    const all = { detractors: 0, passives: 0, promoters: 3 }
    expect(compareNps(none, all)).toMatchObject({
      p: null,
      difference: { value: null, interval: null, n: 3, reason: expect.any(String) },
    })
    expect(compareNps(all, all, { method: 'wald' })).toMatchObject({
      p: null,
      difference: { value: 0, interval: null, reason: expect.stringMatching(/width/) },
    })
    expect(compareNps(all, all).difference.interval).not.toBeNull()
  })
  it('refuses what is no count and no method', () => {
    const all = { detractors: 0, passives: 0, promoters: 3 }
    expect(() => compareNps({ ...all, passives: -1 }, all)).toThrow(/one\.passives is -1/)
    expect(() => compareNps(all, { ...all, passives: NaN })).toThrow(/other\.passives/)
    expect(() => compareNps(all, all, { method: 'score' as 'wald' })).toThrow(RangeError)
    expect(() => compareNps(all, all, { level: 1 })).toThrow(/level/)
  })
})

describe('compareValues', () => {
  // R: t.test(extra ~ group, data = sleep) prints t = -1.8608, df = 17.776, p = 0.07939, -3.3654832 to 0.2054832.
  it('gives the published test of the sleep data (Student 1908)', () => {
    const one = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2]
    const other = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    const { difference, p } = compareValues(one, other)
    expect(difference.value).toBeCloseTo(-1.58, 9)
    expect(difference.interval![0]).toBeCloseTo(-3.3654832, 7)
    expect(difference.interval![1]).toBeCloseTo(0.2054832, 7)
    expect(p).toBeCloseTo(0.0793941401873583, 10)
  })
  it('mirrors, ignores a common shift, and p tells what the interval does', () => {
    fc.assert(
      fc.property(numbers, numbers, (one, other) => {
        const got = compareValues(one, other)
        fc.pre(got.difference.interval !== null)
        const [low, high] = got.difference.interval
        expect(got.p! < 0.05).toBe(low > 0 || high < 0)
        const moved = compareValues(
          other.map((each) => each + 9),
          one.map((each) => each + 9),
        )
        expect(moved.difference.interval![0]).toBeCloseTo(-high, 7)
        expect(moved.p).toBeCloseTo(got.p!, 7)
      }),
      { numRuns: 300 },
    )
  })
  it.each([
    [[], [1, 2], /empty/],
    [[1], [1, 2], /group of one/],
    [[1, 1], [2, 2], /alike/],
    [[0.1, 0.1, 0.1], [0.7, 0.7, 0.7], /alike/],
  ])('has no interval for %o and %o, and says why', (one, other, reason) => {
    const got = compareValues(one, other)
    expect(got.difference.interval).toBeNull()
    expect(got.difference.reason).toMatch(reason)
    expect(got.p).toBeNull()
  })
  it('refuses what is no number', () => {
    expect(() => compareValues([1, NaN], [1, 2])).toThrow(/one\[1\] is NaN/)
  })
})

describe('compareMeans', () => {
  it('agrees with the single scores, cut off at the length of the scale', () => {
    const scores = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 2, maxLength: 20 })
    const bars = (all: readonly number[]): { score: number; count: number }[] =>
      [5, 4, 3, 2, 1].map((score) => ({ score, count: all.filter((each) => each === score).length }))
    fc.assert(
      fc.property(scores, scores, (one, other) => {
        const wanted = compareValues(one, other)
        const got = compareMeans(bars(one), bars(other), { min: 1, max: 5 })
        expect(got.difference.value).toBeCloseTo(wanted.difference.value!, 9)
        expect(got.sizes).toStrictEqual([one.length, other.length])
        if (!wanted.difference.interval) {
          expect(got.difference.interval).toBeNull()
          return
        }
        expect(got.p).toBeCloseTo(wanted.p!, 9)
        expect(got.difference.interval![0]).toBeCloseTo(Math.max(-4, wanted.difference.interval[0]), 7)
        expect(got.difference.interval![1]).toBeCloseTo(Math.min(4, wanted.difference.interval[1]), 7)
      }),
      { numRuns: 300 },
    )
  })
  it('has nothing for an empty group', () => {
    expect(compareMeans([], [{ score: 1, count: 3 }], { min: 1, max: 5 }).difference.value).toBeNull()
  })
})
