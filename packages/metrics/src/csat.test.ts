import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csat } from './csat.ts'

const five = { min: 1, max: 5, positive: [4, 5] }
const rows = (each: readonly number[]): { score: number; count: number }[] =>
  each.map((count, index) => ({ score: index + 1, count }))

describe('csat', () => {
  // AskNicely help 13809857710228 prints 17 answers, mean 4.12 and 76.5 %; its own counts give this instead.
  it('recomputes a published example', () => {
    const got = csat(rows([1, 2, 3, 4, 9]), five)
    expect(got.positiveCount).toBe(13)
    expect(got.percent.n).toBe(19)
    expect(got.percent.value).toBeCloseTo(68.421052631, 8)
    expect(got.mean.value).toBeCloseTo(3.947368421, 8)
    expect(got.median).toBe(4)
    expect(got.rescaled).toBeCloseTo((100 * (3.947368421 - 1)) / 4, 6)
    expect(got.scale).toBe(five)
  })
  // QuestionPro CX help prints 137 / 20 = 6.7.
  it('gives 6.85 where a vendor prints 6.7', () => {
    const ten = { min: 1, max: 10, positive: [9, 10] }
    expect(
      csat(
        [
          { score: 6, count: 3 },
          { score: 7, count: 17 },
        ],
        ten,
      ).mean.value,
    ).toBe(6.85)
  })
  it('has nothing without answers, and says why', () => {
    expect(csat([], five)).toMatchObject({
      percent: { value: null, interval: null, n: 0, method: 'wilson', reason: 'There is no answer.' },
      mean: { value: null, interval: null, n: 0, method: 't', reason: 'There is no answer.' },
      median: null,
      rescaled: null,
      positiveCount: 0,
    })
  })
  it('has a mean without interval for one answer', () => {
    const got = csat([{ score: 4, count: 1 }], five)
    expect(got.mean).toMatchObject({ value: 4, interval: null, n: 1, reason: expect.any(String) })
    expect(got.percent.value).toBe(100)
    expect(got.percent.interval).not.toBeNull()
  })
  it('counts a score that the set names twice once', () => {
    expect(csat(rows([0, 0, 0, 1, 1]), { ...five, positive: [5, 5] }).positiveCount).toBe(1)
  })
  it('agrees with the individual scores on any scale, in any order of rows, at any level', () => {
    const scale = fc.record({ min: fc.integer({ min: 0, max: 1 }), max: fc.integer({ min: 2, max: 10 }) })
    fc.assert(
      fc.property(
        scale,
        fc.infiniteStream(fc.nat(9)),
        fc.nat(9),
        fc.constantFrom(0.8, 0.99),
        (ends, stream, top, level) => {
          const all = Array.from({ length: ends.max - ends.min + 1 }, (_, index) => ends.min + index)
          const positive = all.slice(-(1 + (top % all.length)))
          const bars = all.map((score) => ({ score, count: stream.next().value }))
          const scores = bars.flatMap(({ score, count }) => Array<number>(count).fill(score))
          fc.pre(scores.length > 0)
          const got = csat(bars.toReversed(), { ...ends, positive }, { level })
          const mean = scores.reduce((sum, score) => sum + score) / scores.length
          const satisfied = scores.filter((score) => positive.includes(score)).length
          expect(got.positiveCount).toBe(satisfied)
          expect(got.percent.value).toBeCloseTo((100 * satisfied) / scores.length, 9)
          expect(got.percent.level).toBe(level)
          expect(got.mean.level).toBe(level)
          expect(got.mean.value).toBeCloseTo(mean, 9)
          expect(got.rescaled).toBeCloseTo((100 * (mean - ends.min)) / (ends.max - ends.min), 9)
          expect(got.rescaled!).toBeGreaterThanOrEqual(0)
          expect(got.rescaled!).toBeLessThanOrEqual(100)
          expect(got.median! >= ends.min && got.median! <= ends.max).toBe(true)
          expect(csat(bars, { ...ends, positive }, { level })).toStrictEqual(got)
        },
      ),
      { numRuns: 500 },
    )
  })
  it.each([
    [[{ score: 6, count: 1 }], five, {}, /6, which is not on the scale 1 to 5/],
    [[{ score: 5, count: 1.5 }], five, {}, /1\.5/],
    [
      [
        { score: 5, count: 1 },
        { score: 5, count: 1 },
      ],
      five,
      {},
      /two rows for score 5/,
    ],
    [[], { ...five, positive: [] }, {}, /positive is empty/],
    [[], { ...five, positive: [6] }, {}, /scale\.positive has 6/],
    [[], { ...five, max: 1 }, {}, /min below max/],
    [[], five, { level: 2 }, /options\.level/],
  ])('refuses %o on %o with %o', (bars, scale, options, message) => {
    expect(() => csat(bars, scale, options)).toThrow(RangeError)
    expect(() => csat(bars, scale, options)).toThrow(message)
  })
})
