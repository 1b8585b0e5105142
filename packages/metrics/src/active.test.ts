import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { active, type Activity } from './active.ts'
import { dayOf } from './day.ts'

const activity: fc.Arbitrary<Activity[]> = fc.array(
  fc.record({
    person: fc.constantFrom('a', 'b', 'c', 'd', 'e', '__proto__'),
    day: fc.integer({ min: -5, max: 45 }),
  }),
  { maxLength: 80 },
)

describe('active', () => {
  it('counts distinct people in windows of 1, 7 and 30 days that end on the day', () => {
    const got = active(
      [
        { person: 'a', day: 30 },
        { person: 'a', day: 30 },
        { person: 'a', day: 24 },
        { person: 'b', day: 24 },
        { person: 'c', day: 23 },
        { person: 'd', day: 1 },
        { person: 'e', day: 0 },
        { person: 'f', day: 31 },
      ],
      30,
    )
    expect(got).toMatchObject({ daily: 1, weekly: 2, monthly: 4 })
    // Five days of people in 30 days of four.
    expect(got.stickiness.value).toBe((100 * 5) / 120)
    expect(got.stickiness).toMatchObject({ n: 4, method: 't' })
    expect(got.dailyOfMonthly.value).toBe(25)
  })
  it('agrees with brute force: the mean of the thirty daily counts over the monthly one', () => {
    fc.assert(
      fc.property(activity, fc.integer({ min: 0, max: 40 }), (all, on) => {
        const distinct = (from: number, to: number): number =>
          new Set(all.filter(({ day }) => day >= from && day <= to).map(({ person }) => person)).size
        const got = active(all, on)
        expect(got).toMatchObject({
          daily: distinct(on, on),
          weekly: distinct(on - 6, on),
          monthly: distinct(on - 29, on),
        })
        expect(active(all.toReversed().concat(all), on)).toStrictEqual(got)
        if (got.monthly === 0) {
          expect(got.stickiness).toMatchObject({ value: null, reason: 'Nobody was there in the month.' })
          expect(got.dailyOfMonthly.value).toBeNull()
          return
        }
        let sum = 0
        for (let day = on - 29; day <= on; day += 1) sum += distinct(day, day)
        expect(got.stickiness.value).toBeCloseTo((100 * sum) / 30 / got.monthly, 9)
        expect(got.daily).toBeLessThanOrEqual(got.weekly)
        expect(got.weekly).toBeLessThanOrEqual(got.monthly)
        if (!got.stickiness.interval) return
        expect(got.stickiness.interval[0]).toBeGreaterThanOrEqual(100 / 30)
        expect(got.stickiness.interval[0]).toBeLessThanOrEqual(got.stickiness.value! + 1e-9)
        expect(got.stickiness.interval[1]).toBeLessThanOrEqual(100)
      }),
      { numRuns: 500 },
    )
  })
  it('has no stickiness while the window begins before the first known day', () => {
    const some = [{ person: 'a', day: 29 }]
    expect(active(some, 29, { since: 0 }).stickiness.value).toBe(100 / 30)
    expect(active(some, 29, { since: 1 }).stickiness).toMatchObject({
      value: null,
      n: 1,
      reason: expect.stringMatching(/first day/),
    })
  })
  it('refuses parts of days', () => {
    expect(() => active([{ person: 'a', day: 1.5 }], 3)).toThrow(/activity\[0\]\.day is 1\.5/)
    expect(() => active([], NaN)).toThrow(RangeError)
    expect(() => active([], 3, { since: 0.5 })).toThrow(/since/)
  })
})

describe('dayOf', () => {
  const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Pacific/Auckland'] as const
  const hour = 3_600_000
  it('is 0 on 1970-01-01 and a whole number of 24 hours later in UTC', () => {
    fc.assert(
      fc.property(fc.integer({ min: -60_000_000, max: 60_000_000 }), (minutes) => {
        expect(dayOf(minutes * 60_000, 'UTC')).toBe(Math.floor(minutes / 1440))
      }),
      { numRuns: 1000 },
    )
  })
  // Hours of the local day on which clocks change, 2026.
  it.each([
    ['UTC', '2026-03-29', 24],
    ['Europe/Berlin', '2026-03-29', 23],
    ['Europe/Berlin', '2026-10-25', 25],
    ['America/New_York', '2026-03-08', 23],
    ['America/New_York', '2026-11-01', 25],
    ['Asia/Kolkata', '2026-03-29', 24],
    ['Pacific/Auckland', '2026-09-27', 23],
    ['Pacific/Auckland', '2026-04-05', 25],
  ])('in %s on %s lasts %i hours', (zone, date, hours) => {
    const noon = Date.parse(`${date}T12:00:00Z`)
    const wanted = Math.floor(noon / (24 * hour))
    let halves = 0
    for (let at = noon - 40 * hour; at < noon + 40 * hour; at += hour / 2)
      if (dayOf(at, zone) === wanted) halves += 1
    expect(halves / 2).toBe(hours)
  })
  it('agrees with the date that the zone shows', () => {
    const time = fc.integer({ min: Date.UTC(1950, 0, 1), max: Date.UTC(2090, 0, 1) })
    fc.assert(
      fc.property(time, fc.constantFrom(...zones), (at, zone) => {
        const shown = new Intl.DateTimeFormat('sv-SE', { timeZone: zone }).format(at)
        expect(new Date(dayOf(at, zone) * 24 * hour).toISOString().slice(0, 10)).toBe(shown)
      }),
      { numRuns: 300 },
    )
  })
  it('refuses what is no time or no zone', () => {
    expect(() => dayOf(NaN, 'UTC')).toThrow(/instant is NaN/)
    expect(() => dayOf(0, 'Nowhere/Town')).toThrow(RangeError)
  })
})
