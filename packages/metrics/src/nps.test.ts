import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nps, type NpsCounts, type NpsMethod } from './nps.ts'

const methods = ['adjusted-wald', 'score', 'wald'] as const satisfies NpsMethod[]
const size = fc.nat(100_000)
const sample: fc.Arbitrary<NpsCounts> = fc
  .record({ detractors: size, passives: size, promoters: size })
  .filter((counts) => counts.detractors + counts.passives + counts.promoters > 0)
const small: fc.Arbitrary<NpsCounts> = fc
  .record({ detractors: fc.nat(20), passives: fc.nat(20), promoters: fc.nat(20) })
  .filter((counts) => counts.detractors + counts.passives + counts.promoters > 0)
const method = fc.constantFrom(...methods)
const width = (counts: NpsCounts, by: NpsMethod, level = 0.95): number => {
  const [low, high] = nps(counts, { method: by, level }).nps.interval!
  return high - low
}

describe('nps against published numbers', () => {
  it('holds the reference of 13,612 real answers (shared/data, CC0) to 1e-9', () => {
    const { nps: estimate, ...rest } = nps({ detractors: 1194, passives: 3953, promoters: 8465 })
    expect(estimate).toMatchObject({ n: 13_612, level: 0.95, method: 'adjusted-wald' })
    expect(Math.abs(estimate.value! - 53.41610343814281516)).toBeLessThan(1e-9)
    expect(Math.abs(estimate.interval![0] - 52.31012685770337402)).toBeLessThan(1e-9)
    expect(Math.abs(estimate.interval![1] - 54.4985400538013009711)).toBeLessThan(1e-9)
    expect(estimate).not.toHaveProperty('reason')
    expect(rest).toMatchObject({ detractors: 1194, passives: 3953, promoters: 8465 })
    expect(rest.promoterMinusDetractorCount).toBe(7271)
  })
  // Variance 5/9 and 2/3, standard error .304 and .471: the tests of brendan-r/NPS (R), recomputed in our research.
  it.each([
    [{ detractors: 1, passives: 2, promoters: 3 }, 5 / 9, 0.304],
    [{ detractors: 1, passives: 1, promoters: 1 }, 2 / 3, 0.471],
  ])('divides the variance of %o by n', (counts, variance, error) => {
    const reach = width(counts, 'wald') / 2 / 100 / 1.959963984540054
    const n = counts.detractors + counts.passives + counts.promoters
    expect(reach ** 2 * n).toBeCloseTo(variance, 12)
    expect(reach).toBeCloseTo(error, 3)
  })
  it('gives 14.1 to 20.9 for 250, 675 and 75, where treating the shares as independent gives 14.3 to 20.5', () => {
    const { interval, value } = nps({ detractors: 75, passives: 675, promoters: 250 }, { method: 'wald' }).nps
    expect(value).toBe(17.5)
    expect(interval![0]).toBeCloseTo(14.1, 1)
    expect(interval![1]).toBeCloseTo(20.9, 1)
  })
  // MeasuringU: ±5 points take 1,537 answers at worst and 854 at variance 5/9; the nearest samples on either side.
  it('reaches ±5 points at the published sample sizes', () => {
    const half = (side: number): number =>
      width({ detractors: side, passives: 0, promoters: side }, 'wald') / 2
    expect(half(768)).toBeGreaterThan(5)
    expect(half(769)).toBeLessThan(5)
    const typical = (sixth: number): number =>
      width({ detractors: sixth, passives: 2 * sixth, promoters: 3 * sixth }, 'wald') / 2
    expect(typical(142)).toBeGreaterThan(5)
    expect(typical(143)).toBeLessThan(5)
  })
})

describe('nps at the edges', () => {
  it('has no value without answers, and says why', () => {
    for (const by of methods) {
      const empty = nps({ detractors: 0, passives: 0, promoters: 0 }, { method: by })
      expect(empty.nps).toStrictEqual({
        value: null,
        interval: null,
        n: 0,
        level: 0.95,
        method: by,
        reason: 'There is no answer.',
      })
      expect(empty.shares).toStrictEqual({ detractors: null, passives: null, promoters: null })
    }
  })
  it('has a value for one answer, and an interval except by plain Wald, which says why', () => {
    const counts = { detractors: 0, passives: 0, promoters: 1 }
    const { value, interval } = nps(counts).nps
    expect(value).toBe(100)
    expect(interval![0]).toBeCloseTo(-48.498649, 6)
    expect(interval![1]).toBeCloseTo(98.498649, 6)
    expect(nps(counts, { method: 'score' }).nps.interval![1]).toBe(100)
    expect(nps(counts, { method: 'wald' }).nps).toMatchObject({
      value: 100,
      interval: null,
      reason: expect.stringMatching(/no width/),
    })
  })
  it('divides once: 1 of 8 is exactly 12.5', () => {
    expect(nps({ detractors: 3, passives: 1, promoters: 4 }).nps.value).toBe(12.5)
    // (7/40 - 2/40) * 100 would give 12.499999999999996.
    expect(nps({ detractors: 2, passives: 31, promoters: 7 }).nps.value).toBe(12.5)
  })
  it.each([
    [{ detractors: -1, passives: 0, promoters: 1 }, {}, /nps\(\): counts\.detractors is -1\. Pass/],
    [{ detractors: 0, passives: 0.5, promoters: 1 }, {}, /counts\.passives is 0\.5/],
    [{ detractors: 0, passives: 0, promoters: NaN }, {}, /counts\.promoters is NaN/],
    [{ detractors: 0, passives: 0, promoters: Infinity }, {}, /Infinity/],
    [{ detractors: 2 ** 53 - 1, passives: 0, promoters: 1 }, {}, /sum of all counts/],
    [{ detractors: 0, passives: 0, promoters: 1 }, { level: 95 }, /options\.level is 95.*0\.95 for 95/],
    [{ detractors: 0, passives: 0, promoters: 1 }, { level: 1 }, /level/],
    [{ detractors: 0, passives: 0, promoters: 1 }, { level: 0 }, /level/],
    [{ detractors: 0, passives: 0, promoters: 1 }, { level: NaN }, /level/],
    [{ detractors: 0, passives: 0, promoters: 1 }, { method: 'bootstrap' as NpsMethod }, /bootstrap.*score/],
  ])('refuses %o with %o', (counts, options, message) => {
    expect(() => nps(counts, options)).toThrow(RangeError)
    expect(() => nps(counts, options)).toThrow(message)
  })
})

describe('nps in general', () => {
  it('agrees with the individual answers, coded 100, 0 and -100', () => {
    fc.assert(
      fc.property(small, (counts) => {
        const codes = [
          ...Array<number>(counts.promoters).fill(100),
          ...Array<number>(counts.passives).fill(0),
          ...Array<number>(counts.detractors).fill(-100),
        ]
        const n = codes.length
        const mean = codes.reduce((sum, code) => sum + code, 0) / n
        const variance = codes.reduce((sum, code) => sum + (code - mean) ** 2, 0) / n
        const got = nps(counts, { method: 'wald' })
        expect(got.nps.n).toBe(n)
        expect(got.nps.value).toBeCloseTo(mean, 9)
        expect(got.shares.promoters).toBeCloseTo((100 * codes.filter((code) => code > 0).length) / n, 9)
        expect(got.shares.promoters! + got.shares.passives! + got.shares.detractors!).toBeCloseTo(100, 9)
        const reach = 1.959963984540054 * Math.sqrt(variance / n)
        if (!got.nps.interval) {
          expect(variance).toBe(0)
          return
        }
        expect(got.nps.interval[0]).toBeCloseTo(Math.max(-100, mean - reach), 9)
        expect(got.nps.interval[1]).toBeCloseTo(Math.min(100, mean + reach), 9)
      }),
      { numRuns: 500 },
    )
  })
  it('computes adjusted Wald as plain Wald on the counts with 3/4, 3/2 and 3/4 added', () => {
    fc.assert(
      fc.property(sample, ({ detractors, passives, promoters }) => {
        const n = detractors + passives + promoters + 3
        const [for_, against] = [(promoters + 0.75) / n, (detractors + 0.75) / n]
        const middle = 100 * (for_ - against)
        const reach = 195.9963984540054 * Math.sqrt((for_ + against - (for_ - against) ** 2) / n)
        const { interval } = nps({ detractors, passives, promoters }).nps
        expect(interval![0]).toBeCloseTo(Math.max(-100, middle - reach), 9)
        expect(interval![1]).toBeCloseTo(Math.min(100, middle + reach), 9)
      }),
      { numRuns: 500 },
    )
  })
  it('stays within -100 to 100, ends in order', () => {
    fc.assert(
      fc.property(fc.oneof(sample, small), method, (counts, by) => {
        const { value, interval } = nps(counts, { method: by }).nps
        expect(Math.abs(value!)).toBeLessThanOrEqual(100)
        if (!interval) {
          expect(by).toBe('wald')
          return
        }
        expect(interval[0]).toBeGreaterThanOrEqual(-100)
        expect(interval[1]).toBeGreaterThan(interval[0])
        expect(interval[1]).toBeLessThanOrEqual(100)
      }),
      { numRuns: 1000 },
    )
  })
  it('is negated, and its interval mirrored, when promoters and detractors are swapped', () => {
    fc.assert(
      fc.property(sample, method, (counts, by) => {
        const one = nps(counts, { method: by }).nps
        const swapped = { ...counts, promoters: counts.detractors, detractors: counts.promoters }
        const other = nps(swapped, { method: by }).nps
        expect(other.value! + one.value!).toBe(0)
        if (!one.interval) return
        expect(other.interval![0] + one.interval[1]).toBe(0)
        expect(other.interval![1] + one.interval[0]).toBe(0)
      }),
      { numRuns: 500 },
    )
  })
  it('pools by adding counts: the whole is the mean of the parts, weighted by their size', () => {
    fc.assert(
      fc.property(sample, sample, method, (one, other, by) => {
        const both = {
          detractors: one.detractors + other.detractors,
          passives: one.passives + other.passives,
          promoters: one.promoters + other.promoters,
        }
        const [first, second, whole] = [one, other, both].map((counts) => nps(counts, { method: by }).nps)
        expect(whole!.n).toBe(first!.n + second!.n)
        const weighted = (first!.value! * first!.n + second!.value! * second!.n) / whole!.n
        expect(whole!.value).toBeCloseTo(weighted, 9)
      }),
      { numRuns: 500 },
    )
  })
  it('rises when one answer moves up a group', () => {
    fc.assert(
      fc.property(small, (counts) => {
        const before = nps(counts).nps.value!
        const { detractors, passives, promoters } = counts
        if (detractors > 0)
          expect(
            nps({ ...counts, detractors: detractors - 1, passives: passives + 1 }).nps.value,
          ).toBeGreaterThan(before)
        if (passives > 0)
          expect(
            nps({ ...counts, passives: passives - 1, promoters: promoters + 1 }).nps.value,
          ).toBeGreaterThan(before)
      }),
      { numRuns: 500 },
    )
  })
  it('narrows with four times the answers, and widens with the level', () => {
    fc.assert(
      fc.property(small, fc.constantFrom('adjusted-wald', 'score'), (counts, by: NpsMethod) => {
        const more = {
          detractors: 4 * counts.detractors,
          passives: 4 * counts.passives,
          promoters: 4 * counts.promoters,
        }
        expect(width(more, by)).toBeLessThan(width(counts, by))
        expect(width(counts, by, 0.99)).toBeGreaterThanOrEqual(width(counts, by))
        expect(width(counts, by, 0.8)).toBeLessThan(width(counts, by))
      }),
      { numRuns: 500 },
    )
  })
})
