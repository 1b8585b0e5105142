import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareShares } from './compare.ts'
import type { Estimate } from './estimate.ts'
import { compareEstimates } from './independent.ts'
import { percentOf } from './proportion.ts'

const share = (count: number, n: number, level = 0.95): Estimate => percentOf(count, n, level, 'Nobody.')
const part = fc
  .integer({ min: 1, max: 5000 })
  .chain((n) => fc.record({ n: fc.constant(n), count: fc.integer({ min: 0, max: n }) }))
const level = fc.constantFrom(0.8, 0.95, 0.995)

describe('two estimates', () => {
  it('of shares differ as Newcombe published it for his examples, and as compareShares has it', () => {
    // Newcombe 1998, table II, method 10: 56/70 − 48/80, 9/10 − 3/10.
    const [first, second] = [
      compareEstimates(share(56, 70), share(48, 80)).difference.interval,
      compareEstimates(share(9, 10), share(3, 10)).difference.interval,
    ]
    expect(first?.map((end) => end / 100)).toEqual([expect.closeTo(0.0524, 4), expect.closeTo(0.3339, 4)])
    expect(second?.map((end) => end / 100)).toEqual([expect.closeTo(0.1705, 4), expect.closeTo(0.809, 4)])
    fc.assert(
      fc.property(part, part, level, (a, b, at) => {
        const { difference } = compareEstimates(share(a.count, a.n, at), share(b.count, b.n, at))
        const known = compareShares(a, b, { level: at }).difference
        expect(difference.value).toBeCloseTo(known.value ?? NaN, 8)
        expect(difference.interval?.[0]).toBeCloseTo(known.interval?.[0] ?? NaN, 8)
        expect(difference.interval?.[1]).toBeCloseTo(known.interval?.[1] ?? NaN, 8)
      }),
    )
  })
  it('mirror, hold their difference, and are no narrower than either interval', () => {
    fc.assert(
      fc.property(part, part, (a, b) => {
        const [one, other] = [share(a.count, a.n), share(b.count, b.n)]
        const there = compareEstimates(one, other)
        const back = compareEstimates(other, one)
        const [low = NaN, high = NaN] = there.difference.interval ?? []
        expect(back.difference.interval?.map((end) => -end)).toEqual([high, low])
        expect(there.sizes).toEqual([a.n, b.n])
        expect(low).toBeLessThanOrEqual(there.difference.value ?? NaN)
        expect(high).toBeGreaterThanOrEqual(there.difference.value ?? NaN)
        for (const { interval } of [one, other])
          if (interval)
            expect(high - low).toBeGreaterThanOrEqual((interval[1] - interval[0]) / Math.SQRT2 - 1e-9)
      }),
    )
  })
  it('say why there is no difference, or no interval, and take one level alone', () => {
    const known = share(5, 10)
    expect(compareEstimates(known, share(0, 0)).difference).toMatchObject({ value: null, n: 10 })
    const bare = { ...known, interval: null, reason: 'Too few.' }
    expect(compareEstimates(bare, known).difference).toMatchObject({ value: 0, interval: null })
    expect(compareEstimates(bare, known).difference.reason).toMatch(/no interval/)
    expect(() => compareEstimates(known, share(5, 10, 0.9))).toThrow(RangeError)
  })
})
