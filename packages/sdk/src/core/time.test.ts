import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Instant, isoOf } from './time.ts'

const first = Date.parse('0000-01-01T00:00:00Z')
const last = Date.parse('9999-12-31T23:59:59.999Z')

describe('isoOf', () => {
  it.each([
    '0000-01-01T00:00:00.000Z',
    '0000-02-29T23:59:59.999Z',
    '1600-12-31T23:59:59.999Z',
    '1900-02-28T23:59:59.999Z',
    '1900-03-01T00:00:00.000Z',
    '1969-12-31T23:59:59.999Z',
    '1970-01-01T00:00:00.000Z',
    '2000-02-29T12:00:00.001Z',
    '2026-11-21T10:09:08.070Z',
    '2100-02-28T23:59:59.999Z',
    '2400-12-31T00:00:00.000Z',
    '9999-12-31T23:59:59.999Z',
  ])('%s', (text) => {
    expect(isoOf(Date.parse(text) as Instant)).toBe(text)
  })
  it('is what Date makes of any moment, whole or not', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: first, max: last }),
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        (at, part) => {
          expect(isoOf(at as Instant)).toBe(new Date(at).toISOString())
          // A fraction is lost on moments that are too large to have one.
          const broken = Math.floor(at / 1e6) + part
          expect(isoOf(broken as Instant)).toBe(new Date(Math.floor(broken)).toISOString())
        },
      ),
      { numRuns: Number(process.env['EARSHOT_RUNS'] ?? 500) },
    )
  })
  it('is right on every day of 800 years', () => {
    for (let at = first; at < first + 800 * 366 * 86_400_000; at += 86_400_000)
      if (isoOf(at as Instant) !== new Date(at).toISOString())
        expect(isoOf(at as Instant)).toBe(new Date(at).toISOString())
  })
  it('ends where the format does', () => {
    expect(isoOf((last + 1) as Instant)).toBe('9999-12-31T23:59:59.999Z')
    expect(isoOf((first - 1) as Instant)).toBe('0000-01-01T00:00:00.000Z')
  })
})
