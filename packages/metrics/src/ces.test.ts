import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ces, type CesScale } from './ces.ts'
import { nps } from './nps.ts'

const one: CesScale = { version: 1, min: 1, max: 5, positive: [1, 2], negative: [4, 5] }
const two: CesScale = { version: 2, min: 1, max: 7, positive: [5, 6, 7], negative: [1, 2, 3] }
const rows = (each: readonly number[]): { score: number; count: number }[] =>
  each.map((count, index) => ({ score: index + 1, count }))
const seven = fc.array(fc.nat(50), { minLength: 7, maxLength: 7 })

describe('ces', () => {
  it('reads 1.0 with low as easy and 2.0 with high as easy', () => {
    const first = ces(rows([6, 2, 1, 1, 0]), one)
    expect(first).toMatchObject({ version: 1, direction: 'lower-is-better', median: 1 })
    expect([first.percentEasy.value, first.percentHard.value, first.netEasy.value]).toStrictEqual([
      80, 10, 70,
    ])
    expect(first.mean.value).toBe(1.7)
    const second = ces(rows([1, 0, 1, 1, 2, 2, 3]), two)
    expect(second).toMatchObject({ version: 2, direction: 'higher-is-better', median: 5.5 })
    expect([second.percentEasy.value, second.percentHard.value, second.netEasy.value]).toStrictEqual([
      70, 20, 50,
    ])
    expect(second.scale).toBe(two)
  })
  it('has nothing without answers, and says why', () => {
    const empty = { value: null, interval: null, n: 0, reason: 'There is no answer.' }
    expect(ces([], two)).toMatchObject({
      percentEasy: { ...empty, method: 'wilson' },
      percentHard: { ...empty, method: 'wilson' },
      netEasy: { ...empty, method: 'adjusted-wald' },
      mean: { ...empty, method: 't' },
      median: null,
    })
  })
  it('has a mean without interval for one answer', () => {
    expect(ces([{ score: 7, count: 1 }], two).mean).toMatchObject({ value: 7, interval: null, n: 1 })
  })
  it('computes net easy as NPS computes its difference', () => {
    fc.assert(
      fc.property(seven, fc.constantFrom(0.8, 0.95), (each, level) => {
        const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0] = each
        const counts = { detractors: a + b + c, passives: d, promoters: e + f + g }
        expect(ces(rows(each), two, { level }).netEasy).toStrictEqual(nps(counts, { level }).nps)
      }),
      { numRuns: 500 },
    )
  })
  it('agrees with the individual scores', () => {
    fc.assert(
      fc.property(seven, (each) => {
        const scores = each.flatMap((count, index) => Array<number>(count).fill(index + 1))
        fc.pre(scores.length > 0)
        const n = scores.length
        const got = ces(rows(each), two)
        const easy = scores.filter((score) => score >= 5).length
        const hard = scores.filter((score) => score <= 3).length
        expect(got.percentEasy).toMatchObject({ n, value: (100 * easy) / n })
        expect(got.percentHard).toMatchObject({ n, value: (100 * hard) / n })
        expect(got.netEasy.value).toBeCloseTo((100 * easy) / n - (100 * hard) / n, 9)
        expect(got.mean.value).toBeCloseTo(scores.reduce((sum, score) => sum + score) / n, 9)
        expect(got.mean.interval === null || got.mean.interval[0] >= 1).toBe(true)
      }),
      { numRuns: 500 },
    )
  })
  it('mirrors: the same opinions on a turned scale give the same shares', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { minLength: 5, maxLength: 5 }), (each) => {
        const effort = ces(rows(each), one)
        const ease = ces(rows(each.toReversed()), { ...one, version: 2, positive: [4, 5], negative: [1, 2] })
        expect(ease.netEasy).toStrictEqual(effort.netEasy)
        expect(ease.percentEasy).toStrictEqual(effort.percentEasy)
        if (effort.mean.value !== null) expect(ease.mean.value).toBeCloseTo(6 - effort.mean.value, 9)
      }),
      { numRuns: 500 },
    )
  })
  it.each([
    [[{ score: 0, count: 1 }], two, /0, which is not on the scale 1 to 7/],
    [[{ score: 1, count: -2 }], two, /-2/],
    [[], { ...two, version: 3 as 2 }, /version is 3.*low is good/],
    [[], { ...two, positive: [] }, /positive is empty/],
    [[], { ...two, negative: [8] }, /scale\.negative has 8/],
    [[], { ...two, positive: [3, 4] }, /score 3 is in scale\.positive and in scale\.negative/],
  ])('refuses %o on %o', (bars, scale, message) => {
    expect(() => ces(bars, scale)).toThrow(RangeError)
    expect(() => ces(bars, scale)).toThrow(message)
  })
})
