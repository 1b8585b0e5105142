import { describe, expect, it } from 'vitest'
import type { Instant } from '../core/time.ts'
import { createRandom } from './random.ts'

const at = (now: number) => createRandom({ now: () => now as Instant, wait: () => () => {} })

describe('an id', () => {
  it('is a UUIDv7: time, version, variant', () => {
    const id = at(0x0198_1234_abcd).id()
    expect(id).toMatch(/^01981234-abcd-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
    expect(at(5).id()).toMatch(/^00000000-0005-7/)
  })
  it('sorts by time', () => {
    const ids = [1, 15, 16, 65_535, 65_536, 1_760_000_000_000, 1_760_000_000_001].map((now) => at(now).id())
    expect(ids.toSorted()).toEqual(ids)
  })
  it('has every digit in every place that is random, and is never the same', () => {
    const random = at(1)
    const ids = Array.from({ length: 3000 }, () => random.id())
    expect(new Set(ids).size).toBe(ids.length)
    const digits = (place: number): number => new Set(ids.map((id) => id[place])).size
    const places = Array.from({ length: 36 }, (_, place) => digits(place))
    expect(places.slice(0, 15)).toEqual(Array(15).fill(1))
    expect(places.slice(15)).toEqual([16, 16, 16, 1, 4, 16, 16, 16, 1, ...Array<number>(12).fill(16)])
  })
})
