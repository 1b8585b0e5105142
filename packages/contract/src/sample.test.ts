import { beforeAll, describe, expect, it } from 'vitest'
import { chanceOf, isHeldOut, isSampled, shuffled, variantOf } from './sample.ts'

/** Visitors of a few weeks: UUIDv7, whose first half is the time and therefore almost alike. */
const visitors: string[] = []
beforeAll(() => {
  let seed = 20_261_121
  const random = (): number => {
    seed = (seed + 0x6d2b79f5) | 0
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  const hex = (value: number, digits: number): string =>
    value.toString(16).padStart(digits, '0').slice(-digits)
  for (let index = 0, time = 1_795_200_000_000; index < 100_000; index++, time += random() % 50_000) {
    const moment = hex(time, 12)
    const variant = (8 + (random() % 4)).toString(16)
    visitors.push(
      `${moment.slice(0, 8)}-${moment.slice(8)}-7${hex(random(), 3)}-${variant}${hex(random(), 3)}-${hex(random(), 4)}${hex(random(), 8)}`,
    )
  }
})

/** Share of visitors, and how far off it may be. */
const shareOf = (test: (visitor: string) => boolean): number => visitors.filter(test).length / visitors.length
const tolerance = 0.005

describe('isSampled', () => {
  it.each([0.01, 0.1, 0.25, 0.5, 0.9])('takes a share of %s', (share) => {
    expect(Math.abs(shareOf((each) => isSampled(each, 'nps-q4', share)) - share)).toBeLessThan(tolerance)
    expect(Math.abs(shareOf((each) => isHeldOut(each, share)) - share)).toBeLessThan(tolerance)
  })
  it('takes everybody for 1 and nobody for 0', () => {
    expect(shareOf((each) => isSampled(each, 'nps-q4', 1))).toBe(1)
    expect(shareOf((each) => isSampled(each, 'nps-q4', 0))).toBe(0)
  })
  it('keeps everybody when the share is raised', () => {
    expect(visitors.every((each) => !isSampled(each, 'a', 0.1) || isSampled(each, 'a', 0.3))).toBe(true)
  })
  it('decides about surveys and holdout independently', () => {
    const arms = [{ weight: 1 }, { weight: 1 }]
    const pairs: [(visitor: string) => boolean, (visitor: string) => boolean][] = [
      [(each) => isSampled(each, 'nps-q4', 0.5), (each) => isSampled(each, 'nps-q5', 0.5)],
      [(each) => isSampled(each, 'nps-q4', 0.5), (each) => isHeldOut(each, 0.5)],
      [(each) => isSampled(each, 'nps-q4', 0.5), (each) => variantOf(each, 'nps-q4', arms) === arms[0]],
    ]
    for (const [a, b] of pairs)
      expect(Math.abs(shareOf((each) => a(each) && b(each)) - 0.25)).toBeLessThan(tolerance)
  })
})

describe('variantOf', () => {
  it.each([[[1, 1]], [[1, 3]], [[0.01, 0.1, 0.25, 0.5, 0.14]], [[10, 20, 30]]])(
    'deals by weight %j',
    (weights) => {
      const arms = weights.map((weight, id) => ({ id, weight }))
      const sum = weights.reduce((total, each) => total + each, 0)
      for (const { id, weight } of arms)
        expect(
          Math.abs(shareOf((each) => variantOf(each, 'nps-q4', arms)?.id === id) - weight / sum),
        ).toBeLessThan(tolerance)
    },
  )
  it('gives none where there is none', () => {
    expect(variantOf('v', 's', [])).toBeUndefined()
  })
})

describe('chanceOf', () => {
  // Whoever was asked must stay so: these digits never change.
  it.each([
    ['0192f000-0000-7000-8000-000000000001', 'sampling/nps-q4', 0.23767960164695978],
    ['0192f000-0000-7000-8000-000000000002', 'sampling/nps-q4', 0.8353024057578295],
    ['0192f000-0000-7000-8000-000000000001', 'holdout', 0.31562215834856033],
    ['visitor', 'variant/größe', 0.21811133227311075],
    ['', '', 0.1435040095821023],
  ])('of %s for %s never changes', (visitor, purpose, wanted) => {
    expect(chanceOf(visitor, purpose)).toBe(wanted)
  })
})

describe('shuffled', () => {
  const items = ['a', 'b', 'c', 'd'].map((id) => ({ id }))
  it('always gives one visitor the same order, wherever the items stood', () => {
    const order = shuffled(items, 'visitor', 'q')
    expect(shuffled(items.toReversed(), 'visitor', 'q')).toEqual(order)
    expect(order.map(({ id }) => id).toSorted()).toEqual(['a', 'b', 'c', 'd'])
  })
  it('puts each item first for a quarter of the visitors', () => {
    for (const { id } of items)
      expect(Math.abs(shareOf((each) => shuffled(items, each, 'q')[0]?.id === id) - 0.25)).toBeLessThan(
        tolerance,
      )
  })
})
