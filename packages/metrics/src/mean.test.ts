import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { meanOf, standardDeviation } from './mean.ts'
import { tQuantile } from './quantile.ts'

const scale = { min: 1, max: 7 }
const counts = fc.array(fc.nat(6), { minLength: 7, maxLength: 7 })
const bars = (each: readonly number[]): { score: number; count: number }[] =>
  each.map((count, index) => ({ score: index + 1, count }))
const expand = (each: readonly number[]): number[] =>
  each.flatMap((count, index) => Array(count).fill(index + 1))

describe('meanOf', () => {
  it('gives the t interval of R: t.test(c(1,2,3,4,5)) is 1.036757 to 4.963243', () => {
    const { value, interval } = meanOf(bars([1, 1, 1, 1, 1]), scale, 0.95)
    expect(value).toBe(3)
    expect(interval![0]).toBeCloseTo(1.036757, 6)
    expect(interval![1]).toBeCloseTo(4.963243, 6)
  })
  it('has no value without answers, and no interval for one answer or for answers all alike; it says why', () => {
    expect(meanOf([], scale, 0.95)).toMatchObject({
      value: null,
      interval: null,
      n: 0,
      reason: expect.stringMatching(/no answer/),
    })
    expect(meanOf(bars([0, 0, 1]), scale, 0.95)).toMatchObject({
      value: 3,
      interval: null,
      n: 1,
      reason: expect.stringMatching(/takes two/),
    })
    expect(meanOf(bars([0, 0, 9]), scale, 0.95)).toMatchObject({
      value: 3,
      interval: null,
      n: 9,
      reason: expect.stringMatching(/alike/),
    })
  })
  it('agrees with the individual scores', () => {
    fc.assert(
      fc.property(counts, fc.constantFrom(0.8, 0.95, 0.99), (each, level) => {
        const scores = expand(each)
        fc.pre(new Set(scores).size > 1)
        const n = scores.length
        const mean = scores.reduce((sum, score) => sum + score) / n
        const squares = scores.reduce((sum, score) => sum + score * score, 0)
        const deviation = Math.sqrt((squares - n * mean * mean) / (n - 1))
        expect(standardDeviation(bars(each))).toBeCloseTo(deviation, 9)
        const got = meanOf(bars(each), scale, level)
        expect(got).toMatchObject({ n, level, method: 't' })
        expect(got).not.toHaveProperty('reason')
        expect(got.value).toBeCloseTo(mean, 12)
        const reach = (tQuantile(level, n - 1) * deviation) / Math.sqrt(n)
        expect(got.interval![0]).toBeCloseTo(Math.max(1, mean - reach), 9)
        expect(got.interval![1]).toBeCloseTo(Math.min(7, mean + reach), 9)
      }),
      { numRuns: 500 },
    )
  })
  it('mirrors with the scale, and pools by counts', () => {
    fc.assert(
      fc.property(counts, counts, (one, other) => {
        const all = one.map((count, index) => count + other[index]!)
        const [first, second, both] = [one, other, all].map((each) => meanOf(bars(each), scale, 0.95))
        fc.pre(first!.n > 0 && second!.n > 0)
        const weighted = (first!.value! * first!.n + second!.value! * second!.n) / both!.n
        expect(both!.value).toBeCloseTo(weighted, 9)
        const mirrored = meanOf(bars(all.toReversed()), scale, 0.95)
        expect(mirrored.value).toBeCloseTo(8 - both!.value!, 9)
        if (both!.interval) expect(mirrored.interval![0]).toBeCloseTo(8 - both!.interval[1], 9)
      }),
      { numRuns: 500 },
    )
  })
})
