import { describe, expect, it } from 'vitest'
import { bandNames, bandOf, followUpId, isAsked, isOnScale } from './rules.ts'
import type { Band, Metric } from './question.ts'

const nps = { metric: 'nps', positive: [9, 10], negative: [0, 1, 2, 3, 4, 5, 6] } as const

describe('bandOf', () => {
  it.each([
    [0, 'detractor'],
    [6, 'detractor'],
    [7, 'passive'],
    [8, 'passive'],
    [9, 'promoter'],
    [10, 'promoter'],
  ])('puts NPS %i with the %ss', (score, band) => {
    expect(bandOf({ ...nps, positive: [...nps.positive], negative: [...nps.negative] }, score)).toBe(band)
  })
  it('reads CES 1.0 with low as easy, because the stored set says so', () => {
    expect(bandOf({ metric: 'ces1', positive: [1, 2], negative: [4, 5] }, 1)).toBe('easy')
  })
})

describe('isOnScale', () => {
  it.each([
    [0, true],
    [10, true],
    [-1, false],
    [11, false],
    [6.5, false],
    ['6', false],
    [NaN, false],
    [null, false],
  ])('judges %s', (value, wanted) => {
    expect(isOnScale({ min: 0, max: 10 }, value)).toBe(wanted)
  })
})

describe('isAsked', () => {
  const score = {
    kind: 'scale' as const,
    id: 'score',
    metric: 'nps' as const,
    min: 0,
    max: 10,
    positive: [9, 10],
    negative: [0, 1, 2, 3, 4, 5, 6],
    title: 'How likely?',
    low: 'Not at all',
    high: 'Extremely',
  }
  const text = { kind: 'text' as const, id: 'why', title: 'Why?', maxLength: 500 }
  const why = { ...text, when: { question: 'score', bands: ['detractor' as const] } }
  const survey = { questions: [score, why] }
  it.each([
    ['a detractor', { score: 3 }, true],
    ['a promoter', { score: 9 }, false],
    ['nobody yet', {}, false],
    ['a text where a score should be', { score: '3' }, false],
  ])('asks the follow-up question of %s', (_whom, answers, wanted) => {
    expect(isAsked(survey, why, answers)).toBe(wanted)
  })
  it('is what the bands of each metric say', () => {
    const sets = { positive: [4, 5], negative: [1, 2] }
    for (const [metric, names] of Object.entries(bandNames) as [Metric, readonly Band[]][])
      for (const value of [1, 3, 5])
        for (const bands of [[names[0]!], [names[1]!], [names[2]!], [names[0]!, names[2]!]]) {
          const source = { ...score, ...sets, metric }
          const then = { ...text, when: { question: 'score', bands } }
          const asked = isAsked({ questions: [source, then] }, then, { score: value })
          expect([metric, value, bands, asked]).toEqual([
            metric,
            value,
            bands,
            bands.includes(bandOf(source, value)),
          ])
        }
  })
  it('always asks a question without a condition', () => {
    expect(isAsked(survey, text, {})).toBe(true)
  })
  it('reads own answers only, not what every object inherits', () => {
    const inherited = { ...why, when: { question: 'constructor', bands: ['detractor' as const] } }
    expect(isAsked({ questions: [{ ...score, id: 'constructor' }, inherited] }, inherited, {})).toBe(false)
  })
})

describe('followUpId', () => {
  it('joins its parts so that no two of them can be mistaken', () => {
    expect(followUpId('nps-q4', 'ask-why', '018f')).toBe('nps-q4/ask-why/018f')
    expect(followUpId('a/b', 'c', 'd')).not.toBe(followUpId('a', 'b/c', 'd'))
  })
  it.each([
    ['a\ud800', 'a\ufffd'],
    ['\udc00b', '\ufffdb'],
    ['\ud83d\ude00\ud800', '😀\ufffd'],
  ])('takes halves of characters: %j', (cause, whole) => {
    const id = followUpId('nps', 'why', cause)
    // What the collector puts for them, so that both ends have the same identity.
    expect(id).toBe(followUpId('nps', 'why', whole))
    expect(decodeURIComponent(id)).toBe(`nps/why/${whole}`)
  })
  it('leaves whole characters as they are', () => {
    expect(decodeURIComponent(followUpId('nps', 'why', 'é😀'))).toBe('nps/why/é😀')
  })
})
