/** Shares of choices, against the plain share and against what must hold for any answers. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { choice, type ChoiceCount } from './choice.ts'
import { proportion } from './proportion.ts'

const all = ['yes', 'partly', 'no'] as const
const positive = ['yes']

const answers: fc.Arbitrary<ChoiceCount[]> = fc.array(
  fc.record({ chosen: fc.subarray([...all]), count: fc.nat(5000) }),
  { maxLength: 12 },
)

describe('the share of choices', () => {
  it('is that of the example', () => {
    const counts = [
      { chosen: ['yes'], count: 13 },
      { chosen: ['partly'], count: 4 },
      { chosen: ['no'], count: 2 },
    ]
    const { percent, positiveCount, choices } = choice(counts, { all, positive })
    expect(percent).toEqual(proportion({ count: 13, n: 19 }))
    expect(percent.value).toBeCloseTo(68.421, 3)
    expect(positiveCount).toBe(13)
    expect(choices.map(({ id, count, share }) => [id, count, share])).toEqual([
      ['yes', 13, proportion({ count: 13, n: 19 })],
      ['partly', 4, proportion({ count: 4, n: 19 })],
      ['no', 2, proportion({ count: 2, n: 19 })],
    ])
  })

  it('counts who chose several of the positive ones once, and is of those who answered', () => {
    const counts = [
      { chosen: ['yes', 'partly'], count: 3 },
      { chosen: [], count: 1 },
    ]
    const { percent, choices } = choice(counts, { all, positive: ['yes', 'partly'] })
    expect(percent).toMatchObject({ value: 75, n: 4 })
    expect(choices.map((each) => each.share.value)).toEqual([75, 75, 0])
  })

  it('is null with a reason where nobody answered', () => {
    const { percent, choices } = choice([], { all, positive })
    expect(percent).toMatchObject({ value: null, interval: null, n: 0, reason: 'There is no answer.' })
    expect(choices.every((each) => each.share.value === null)).toBe(true)
  })

  it('is the plain share of any answers, in any order and however they are grouped', () => {
    fc.assert(
      fc.property(answers, fc.subarray([...all], { minLength: 1 }), (counts, good) => {
        const result = choice(counts, { all, positive: good })
        const n = counts.reduce((sum, each) => sum + each.count, 0)
        const chose = counts
          .filter(({ chosen }) => chosen.some((each) => good.some((one) => one === each)))
          .reduce((sum, each) => sum + each.count, 0)
        expect({ ...result.percent, reason: '' }).toEqual({
          ...proportion({ count: chose, n }),
          reason: '',
        })
        expect(choice(counts.toReversed(), { all, positive: good })).toEqual(result)
        const halves = counts.flatMap(({ chosen, count }) => [
          { chosen, count: Math.floor(count / 2) },
          { chosen, count: Math.ceil(count / 2) },
        ])
        expect(choice(halves, { all, positive: good })).toEqual(result)
        if (good.length === 1)
          expect(result.choices.find((each) => each.id === good[0])?.share).toEqual(result.percent)
      }),
    )
  })

  it.each([
    ['no positive choice', [], { all, positive: [] }, 'choices.positive is empty'],
    ['a positive one that there is not', [], { all, positive: ['maybe'] }, '"maybe"'],
    ['an answer that there is not', [{ chosen: ['maybe'], count: 1 }], { all, positive }, '"maybe"'],
    ['half an answer', [{ chosen: ['yes'], count: 0.5 }], { all, positive }, 'counts[0].count is 0.5'],
  ] as const)('refuses %s', (_, counts, choices, message) => {
    expect(() => choice(counts, choices)).toThrow(RangeError)
    expect(() => choice(counts, choices)).toThrow(message)
  })
})
