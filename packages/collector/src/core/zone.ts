/** Calendar days, weeks, months and years in a time zone: where they begin, and a period cut into them. */
import { dayOf } from '@earshot/metrics'
import { day, civilFromDays, daysFromCivil, parseMoment, readDay, type Millis } from './time.ts'

/** How a period is cut. Weeks begin on Monday. */
export type Interval = 'day' | 'week' | 'month' | 'quarter' | 'year'

/** A part of a period. The first and the last may be cut off by its ends. */
export interface Span {
  /** Date of its first day in the zone, `2026-11-21`; of months and years as far as it says something, `2026-11`. */
  name: string
  from: Millis
  /** First moment after it. */
  to: Millis
}

const utc: ReadonlySet<string> = new Set(['UTC', 'Etc/UTC', 'GMT', 'Etc/GMT'])

/** Whether the runtime knows a zone by this name of the IANA database. */
export function isZone(name: string): boolean {
  try {
    // An offset such as +02:00 is no place: it has no summer time.
    return /^[A-Za-z]/.test(name) && dayOf(0, name) <= 0
  } catch {
    return false
  }
}

/**
 * The first moment of a day in a zone. A day that the zone left out has none of its own, and gives that of the next one.
 *
 * @param days since 1970-01-01
 * @example
 * startOfDay(0, 'Europe/Berlin') // -3600000
 */
export function startOfDay(days: number, zone: string): Millis {
  const guess = days * day
  if (utc.has(zone)) return guess
  // Clocks are between 12 hours behind and 14 ahead; offsets of old times have seconds.
  let before = Math.floor((guess - 15 * 3_600_000) / 1000)
  let after = Math.ceil((guess + 13 * 3_600_000) / 1000)
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (dayOf(middle * 1000, zone) >= days) after = middle
    else before = middle
  }
  return after * 1000
}

/**
 * Reads one bound of a period: a day in the zone, or a moment. A day as the upper bound includes the whole day.
 *
 * @returns the bound (lower bounds include, upper ones exclude), or null if it cannot be read
 * @example
 * readBound('2026-11-21', 'to', 'UTC') // start of 2026-11-22
 */
export function readBound(text: string, side: 'from' | 'to', zone: string): Millis | null {
  const days = readDay(text)
  return days === null ? parseMoment(text) : startOfDay(side === 'from' ? days : days + 1, zone)
}

/**
 * Cuts a period into calendar intervals of a zone.
 *
 * @param most gives null where there would be more than these
 * @example
 * cutPeriod(0, 172_800_000, 'day', 'UTC', 400)?.map((each) => each.name) // ['1970-01-01', '1970-01-02']
 */
export function cutPeriod(
  from: Millis,
  to: Millis,
  interval: Interval,
  zone: string,
  most: number,
): Span[] | null {
  const spans: Span[] = []
  let first = firstDayOf(dayOf(from, zone), interval)
  let start = from
  while (start < to) {
    const next = nextOf(first, interval)
    const end = Math.min(to, startOfDay(next, zone))
    if (end > start) {
      if (spans.length === most) return null
      spans.push({ name: nameOf(first, interval), from: start, to: end })
      start = end
    }
    first = next
  }
  return spans
}

/**
 * The period of the same length that ends where this one begins; of whole days in the zone, it has as many of them.
 *
 * @example
 * periodBefore(86_400_000, 172_800_000, 'UTC') // [0, 86400000]
 */
export function periodBefore(from: Millis, to: Millis, zone: string): [Millis, Millis] {
  const [first, last] = [dayOf(from, zone), dayOf(to, zone)]
  const isWhole = startOfDay(first, zone) === from && startOfDay(last, zone) === to
  return [isWhole ? startOfDay(2 * first - last, zone) : 2 * from - to, from]
}

const months: Readonly<Partial<Record<Interval, number>>> = { month: 1, quarter: 3, year: 12 }

function firstDayOf(days: number, interval: Interval): number {
  // 1970-01-01 was a Thursday.
  if (interval === 'week') return days - ((((days + 3) % 7) + 7) % 7)
  const length = months[interval]
  if (length === undefined) return days
  const [year, month] = civilFromDays(days)
  return daysFromCivil(year, month - ((month - 1) % length), 1)
}

function nextOf(first: number, interval: Interval): number {
  const length = months[interval]
  if (length === undefined) return first + (interval === 'week' ? 7 : 1)
  const [year, month] = civilFromDays(first)
  const after = month + length
  return after > 12 ? daysFromCivil(year + 1, after - 12, 1) : daysFromCivil(year, after, 1)
}

function nameOf(days: number, interval: Interval): string {
  const [year, month, dayOfMonth] = civilFromDays(days)
  const two = (value: number): string => String(value).padStart(2, '0')
  const ofYear = String(year).padStart(4, '0')
  if (interval === 'year') return ofYear
  const ofMonth = `${ofYear}-${two(month)}`
  return interval === 'month' || interval === 'quarter' ? ofMonth : `${ofMonth}-${two(dayOfMonth)}`
}
