import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkedBars, countIn, medianOf, totalOf } from './distribution.ts'

const scale = { min: 0, max: 10 }
const counts = fc.array(fc.nat(6), { minLength: 11, maxLength: 11 })
const bars = (each: readonly number[]): { score: number; count: number }[] =>
  each.map((count, score) => ({ score, count }))
const expand = (each: readonly number[]): number[] => each.flatMap((count, score) => Array(count).fill(score))

describe('distribution', () => {
  it('agrees with the individual scores', () => {
    fc.assert(
      fc.property(counts, fc.subarray([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), (each, set) => {
        const scores = expand(each)
        expect(totalOf(bars(each))).toBe(scores.length)
        expect(countIn(bars(each), set)).toBe(scores.filter((score) => set.includes(score)).length)
        const half = scores.length / 2
        const middle =
          scores.length === 0 ? null : (scores[Math.ceil(half) - 1]! + scores[Math.floor(half)]!) / 2
        expect(medianOf(bars(each))).toBe(middle)
      }),
      { numRuns: 500 },
    )
  })
  it('puts rows in order, whatever order they came in, and leaves the argument as it was', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), (scores) => {
        const rows = scores.map((score) => ({ score, count: score + 1 }))
        const copy = structuredClone(rows)
        const ordered = checkedBars('test()', rows, scale).map((bar) => bar.score)
        expect(ordered).toStrictEqual(scores.toSorted((one, other) => one - other))
        expect(rows).toStrictEqual(copy)
      }),
      { numRuns: 500 },
    )
  })
  it.each([
    ['a score above the scale', [{ score: 11, count: 1 }], /distribution\[0\]\.score.*11.*0 to 10/],
    ['a score below the scale', [{ score: -1, count: 1 }], /not on the scale/],
    ['a score between two', [{ score: 6.5, count: 1 }], /6\.5/],
    ['a negative count', [{ score: 1, count: -1 }], /distribution\[0\]\.count is -1/],
    ['half an answer', [{ score: 1, count: 0.5 }], /0\.5/],
    ['no number', [{ score: 1, count: NaN }], /NaN/],
    ['endless answers', [{ score: 1, count: Infinity }], /Infinity/],
    [
      'two rows for a score',
      [
        { score: 1, count: 1 },
        { score: 1, count: 2 },
      ],
      /two rows for score 1/,
    ],
    [
      'a sum too large to be exact',
      [
        { score: 1, count: 2 ** 53 - 1 },
        { score: 2, count: 1 },
      ],
      /sum of all/,
    ],
  ])('refuses %s', (_what, rows, message) => {
    expect(() => checkedBars('test()', rows, scale)).toThrow(RangeError)
    expect(() => checkedBars('test()', rows, scale)).toThrow(message)
  })
  it.each([
    [5, 5],
    [5, 1],
    [0.5, 5],
    [1, NaN],
    [1, Infinity],
  ])('refuses a scale from %f to %f', (min, max) => {
    expect(() => checkedBars('test()', [], { min, max })).toThrow(RangeError)
  })
})
