import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatRounded } from './rounding.ts'

describe('formatRounded', () => {
  it.each([
    [12.5, 0, 13],
    [-12.5, 0, -13],
    [0.5, 0, 1],
    [-0.5, 0, -1],
    [2.5, 0, 3],
    [12.499999999999996, 0, 12],
    [0.49999999999999994, 0, 0],
    [1.005, 2, 1.01],
    [-1.005, 2, -1.01],
    [8.345, 2, 8.35],
    [53.4161034381, 1, 53.4],
    [99.96, 1, 100],
    [1e-7, 3, 0],
    [5e-7, 6, 0.000001],
    [1.5e21, 2, 1.5e21],
    [45_035_996_273.49499, 2, 45_035_996_273.49],
    [7, 3, 7],
  ])('rounds %f to %i digits: %f', (value, digits, wanted) => {
    expect(formatRounded(value, digits)).toBe(wanted)
  })
  it('gives 0, never -0', () => {
    for (const value of [-0, -0.4, -1e-300]) expect(Object.is(formatRounded(value), 0)).toBe(true)
  })
  it('is odd, never farther than half a unit, and leaves what is already rounded', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.nat(6), (value, digits) => {
        const rounded = formatRounded(value, digits)
        expect(formatRounded(-value, digits) + rounded).toBe(0)
        expect(Math.abs(rounded - value)).toBeLessThanOrEqual(0.5 * 10 ** -digits * (1 + 1e-9))
        expect(formatRounded(rounded, digits)).toBe(rounded)
      }),
      { numRuns: 500 },
    )
  })
  it('rounds every tie that can be written away from zero', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.integer({ min: 0, max: 6 }), (whole, digits) => {
        const tie = Number(`${whole}5e-${digits + 1}`)
        expect(formatRounded(tie, digits)).toBe(Number(`${whole + 1}e-${digits}`))
        expect(formatRounded(-tie, digits)).toBe(-Number(`${whole + 1}e-${digits}`))
      }),
      { numRuns: 500 },
    )
  })
  it.each([
    [NaN, 0],
    [Infinity, 0],
    [1, -1],
    [1, 0.5],
    [1, 21],
  ])('refuses value %f with %f digits', (value, digits) => {
    expect(() => formatRounded(value, digits)).toThrow(RangeError)
  })
})
