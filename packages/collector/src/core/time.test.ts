import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatMoment, occurredAt, parseMoment } from './time.ts'
import { readBound } from './zone.ts'

const moments = fc.date({
  min: new Date('0000-01-01T00:00:00.000Z'),
  max: new Date('9999-12-31T23:59:59.999Z'),
  noInvalidDate: true,
})

describe('parseMoment and formatMoment', () => {
  it('agree with the language, for every moment of ten thousand years', () => {
    fc.assert(
      fc.property(moments, (date) => {
        expect(parseMoment(date.toISOString())).toBe(date.getTime())
        expect(formatMoment(date.getTime())).toBe(date.toISOString())
      }),
      { numRuns: 2000 },
    )
  })
  it.each([
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
    ['2024-02-29T00:00Z', Date.UTC(2024, 1, 29)],
    ['2024-02-29T00:00:00.5Z', Date.UTC(2024, 1, 29, 0, 0, 0, 500)],
    ['2024-02-29T00:00:00.123999Z', Date.UTC(2024, 1, 29, 0, 0, 0, 123)],
    ['2023-02-29T00:00:00Z', null],
    ['2024-13-01T00:00:00Z', null],
    ['2024-00-01T00:00:00Z', null],
    ['2024-01-01T24:00:00Z', null],
    ['2024-01-01T00:00:00+01:00', null],
    ['2024-01-01', null],
    ['', null],
  ])('reads %s as %s', (text, moment) => expect(parseMoment(text)).toBe(moment))
})

describe('readBound in UTC', () => {
  it.each([
    ['2026-11-21', 'from', Date.UTC(2026, 10, 21)],
    ['2026-11-21', 'to', Date.UTC(2026, 10, 22)],
    ['2026-12-31', 'to', Date.UTC(2027, 0, 1)],
    ['2026-11-21T10:00:00Z', 'to', Date.UTC(2026, 10, 21, 10)],
    ['2026-02-30', 'from', null],
    ['yesterday', 'from', null],
  ] as const)('reads %s as the bound "%s"', (text, side, moment) =>
    expect(readBound(text, side, 'UTC')).toBe(moment),
  )
})

describe('occurredAt', () => {
  const minute = 60_000
  const received = Date.UTC(2026, 10, 21, 12)
  it.each([
    ['a clock that is right', -5, 0, -5],
    ['an event that waited offline for two days', -2880, 0, -2880],
    ['a clock 9 minutes behind, left alone', -14, -9, -14],
    ['a clock 9 minutes ahead, cut at the receipt', 4, 9, 0],
    ['a clock exactly 10 minutes behind, left alone', -15, -10, -15],
    ['a clock one hour ahead', 55, 60, -5],
    ['a clock one year behind', -525_605, -525_600, -5],
    ['an event later than its own request', 5, 0, 0],
  ])('corrects %s', (_, at, sent, expected) =>
    expect(occurredAt(received + at * minute, received + sent * minute, received)).toBe(
      received + expected * minute,
    ),
  )
  it('is never after the receipt and always a moment that can be written', () => {
    fc.assert(
      fc.property(moments, moments, moments, (at, sent, receipt) => {
        const moment = occurredAt(at.getTime(), sent.getTime(), receipt.getTime())
        expect(moment).toBeLessThanOrEqual(receipt.getTime())
        expect(parseMoment(formatMoment(moment))).toBe(moment)
      }),
      { numRuns: 500 },
    )
  })
})
