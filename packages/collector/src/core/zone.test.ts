import { describe, expect, it } from 'vitest'
import { cutPeriod, isZone, periodBefore, readBound, startOfDay } from './zone.ts'

const at = (text: string): number => Date.parse(text)

describe('a day in a zone', () => {
  it('begins at midnight there, also with 23 and 25 hours, and off the whole hour', () => {
    const starts = (text: string, zone: string): string => new Date(at(text)).toISOString() + zone
    const of = (day: string, zone: string): string =>
      new Date(startOfDay(at(`${day}T00:00:00Z`) / 86_400_000, zone)).toISOString() + zone
    expect(of('2026-03-29', 'Europe/Berlin')).toBe(starts('2026-03-28T23:00:00Z', 'Europe/Berlin'))
    expect(of('2026-03-30', 'Europe/Berlin')).toBe(starts('2026-03-29T22:00:00Z', 'Europe/Berlin'))
    expect(of('2026-10-26', 'Europe/Berlin')).toBe(starts('2026-10-25T23:00:00Z', 'Europe/Berlin'))
    expect(of('2026-11-21', 'Asia/Kathmandu')).toBe(starts('2026-11-20T18:15:00Z', 'Asia/Kathmandu'))
    expect(of('2026-11-21', 'America/New_York')).toBe(starts('2026-11-21T05:00:00Z', 'America/New_York'))
    expect(of('2026-11-21', 'Pacific/Kiritimati')).toBe(starts('2026-11-20T10:00:00Z', 'Pacific/Kiritimati'))
    // Samoa had no 30 December 2011.
    expect(of('2011-12-30', 'Pacific/Apia')).toBe(of('2011-12-31', 'Pacific/Apia'))
  })
  it('is a bound that includes it', () => {
    expect(readBound('2026-11-21', 'from', 'Asia/Tokyo')).toBe(at('2026-11-20T15:00:00Z'))
    expect(readBound('2026-11-21', 'to', 'Asia/Tokyo')).toBe(at('2026-11-21T15:00:00Z'))
    expect(readBound('2026-11-21T10:00:00Z', 'to', 'Asia/Tokyo')).toBe(at('2026-11-21T10:00:00Z'))
    expect(readBound('2026-02-30', 'to', 'UTC')).toBeNull()
  })
  it('takes names of places, no offsets', () => {
    expect(['Europe/Berlin', 'UTC', '+02:00', 'Mars/Olympus', ''].map(isZone)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ])
  })
})

describe('a period', () => {
  it('is cut into days, weeks, months, quarters and years of the zone, and leaves nothing out', () => {
    const from = at('2025-11-05T10:00:00Z')
    const to = at('2026-11-21T00:00:00Z')
    for (const interval of ['day', 'week', 'month', 'quarter', 'year'] as const) {
      const spans = cutPeriod(from, to, interval, 'Europe/Berlin', 1000) ?? []
      expect(spans[0]?.from).toBe(from)
      expect(spans.at(-1)?.to).toBe(to)
      for (const [index, each] of spans.entries()) if (index > 0) expect(each.from).toBe(spans[index - 1]?.to)
    }
    const names = (interval: 'week' | 'quarter' | 'year' | 'month'): string[] =>
      (cutPeriod(from, to, interval, 'UTC', 1000) ?? []).map((each) => each.name)
    expect(names('year')).toEqual(['2025', '2026'])
    expect(names('quarter')).toEqual(['2025-10', '2026-01', '2026-04', '2026-07', '2026-10'])
    expect(names('month').slice(0, 3)).toEqual(['2025-11', '2025-12', '2026-01'])
    expect(names('week').slice(0, 2)).toEqual(['2025-11-03', '2025-11-10'])
    expect(cutPeriod(from, to, 'day', 'UTC', 10)).toBeNull()
  })
  it('follows one of as many days', () => {
    const zone = 'Europe/Berlin'
    const [from, to] = [readBound('2026-10-25', 'from', zone) ?? 0, readBound('2026-10-31', 'to', zone) ?? 0]
    expect(periodBefore(from, to, zone)).toEqual([readBound('2026-10-18', 'from', zone), from])
    expect(periodBefore(1000, 3500, 'UTC')).toEqual([-1500, 1000])
  })
})
