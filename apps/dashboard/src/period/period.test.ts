import { describe, expect, it } from 'vitest'
import { formatPart, periodOf, periodText, usualInterval } from './period.ts'
import { addDays, dayIn, daysBetween, isZone, startOfDay } from './zone.ts'

const now = new Date('2026-11-21T23:30:00Z')
const period = (query: string): ReturnType<typeof periodOf> => periodOf(new URLSearchParams(query), now)

describe('a zone', () => {
  it('is a place, which the collector takes, and no offset', () => {
    expect(['Europe/Berlin', 'UTC', '+02:00', 'Nowhere/Land', ''].map(isZone)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ])
  })
})

describe('a day in a zone', () => {
  it('begins when the clocks there say midnight, also where a day has 23 or 25 hours, or no midnight', () => {
    const begins = (day: string, zone: string): string => startOfDay(day, zone).toISOString()
    expect(begins('2026-11-21', 'UTC')).toBe('2026-11-21T00:00:00.000Z')
    expect(begins('2026-03-29', 'Europe/Berlin')).toBe('2026-03-28T23:00:00.000Z')
    expect(begins('2026-03-30', 'Europe/Berlin')).toBe('2026-03-29T22:00:00.000Z')
    expect(begins('2026-10-26', 'Europe/Berlin')).toBe('2026-10-25T23:00:00.000Z')
    expect(begins('2026-01-01', 'Pacific/Kiritimati')).toBe('2025-12-31T10:00:00.000Z')
    // In Beirut the clocks are put forward at midnight.
    expect(begins('2026-03-29', 'Asia/Beirut')).toBe('2026-03-28T22:00:00.000Z')
  })
  it('is the day of each of its moments, and of none before', () => {
    for (const zone of ['UTC', 'Europe/Berlin', 'America/St_Johns', 'Asia/Beirut', 'Pacific/Chatham'])
      for (let day = '2026-01-01'; day <= '2026-12-31'; day = addDays(day, 1)) {
        const start = startOfDay(day, zone).getTime()
        expect([zone, dayIn(zone, new Date(start)), dayIn(zone, new Date(start - 1))]).toEqual([
          zone,
          day,
          addDays(day, -1),
        ])
      }
  })
  it('is counted', () => {
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29')
    expect(daysBetween('2026-03-01', '2026-03-31')).toBe(30)
  })
})

describe('a period of an address', () => {
  it('is whole days of its zone, the last of them today', () => {
    expect(period('period=7d&tz=UTC').days).toEqual({ first: '2026-11-15', last: '2026-11-21', count: 7 })
    // It is tomorrow there.
    expect(period('period=7d&tz=Asia/Tokyo').days?.last).toBe('2026-11-22')
    expect(period('period=7d&tz=UTC').bounds).toEqual({
      from: '2026-11-15T00:00:00.000Z',
      to: '2026-11-22T00:00:00.000Z',
    })
  })
  it('may be any days, and everything', () => {
    const own = period('period=2026-01-01..2026-01-31&tz=Europe/Berlin')
    expect(own.bounds).toEqual({ from: '2025-12-31T23:00:00.000Z', to: '2026-01-31T23:00:00.000Z' })
    expect(periodText(own)).toBe('1 Jan 2026 to 31 Jan 2026')
    expect(period('period=all').bounds).toEqual({ from: null, to: null })
  })
  it('is the usual one where it cannot be read', () => {
    for (const wrong of [
      '',
      '9d',
      '2026-02-30..2026-03-01',
      '2026-03-02..2026-03-01',
      '0001-01-01..9999-01-01',
      '<b>',
    ])
      expect(period(`period=${wrong}&tz=UTC`).days?.count).toBe(28)
    expect(isNaN(Date.parse(period('tz=Mars/Base').bounds.from ?? ''))).toBe(false)
  })
  it('is cut for a trend into parts that can be told apart', () => {
    expect(
      ['7d', '28d', '90d', '365d', 'all'].map((name) => usualInterval(period(`period=${name}`))),
    ).toEqual(['day', 'day', 'week', 'month', 'month'])
    expect(['2026-11-21', '2026-11', '2026', 'odd'].map(formatPart)).toEqual([
      '21 Nov 2026',
      'Nov 2026',
      '2026',
      'odd',
    ])
  })
})
