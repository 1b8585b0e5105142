import { describe, expect, it } from 'vitest'
import { bandOf, followUpId, isAsked, isOnScale } from './rules.ts'

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
