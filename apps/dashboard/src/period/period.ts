/** The period that is looked at, as it stands in the address. */
import { addDays, dayIn, daysBetween, type Day, isZone, ownZone, startOfDay } from './zone.ts'

/** Bounds as the collector takes them; null for open ends. */
export interface Bounds {
  /** First moment, ISO 8601 in UTC. */
  from: string | null
  /** First moment after it. */
  to: string | null
}

/** A period of whole days in a time zone. */
export interface Period {
  /** As it stands in the address. */
  name: string
  zone: string
  /** First and last day; null for everything. */
  days: { first: Day; last: Day; count: number } | null
  bounds: Bounds
}

/** Periods that have a name, the newest day being today. */
export const presets = [
  ['7d', 'Last 7 days', 7],
  ['28d', 'Last 28 days', 28],
  ['90d', 'Last 90 days', 90],
  ['365d', 'Last 365 days', 365],
] as const

const everything = 'all'
const usual = '28d'
const between = /^(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)$/

const isDay = (text: string): boolean =>
  !Number.isNaN(Date.parse(`${text}T00:00:00Z`)) && addDays(text, 0) === text

/** The zone of an address; the device's own where it names none. */
export function zoneOf(query: URLSearchParams): string {
  const wanted = query.get('tz') ?? ''
  return wanted !== '' && isZone(wanted) ? wanted : ownZone()
}

/**
 * Reads the period of an address. What cannot be read is the usual one: addresses come from anybody.
 *
 * @example
 * periodOf(new URLSearchParams('period=7d&tz=UTC'), new Date('2026-11-21T10:00:00Z')).days // { first: '2026-11-15', last: '2026-11-21', count: 7 }
 */
export function periodOf(query: URLSearchParams, now: Date): Period {
  const zone = zoneOf(query)
  const name = query.get('period') ?? usual
  if (name === everything) return { name, zone, days: null, bounds: { from: null, to: null } }
  const today = dayIn(zone, now)
  const [, first = '', last = ''] = between.exec(name) ?? []
  if (isDay(first) && isDay(last) && first <= last && daysBetween(first, last) < 4000)
    return make(name, zone, first, last)
  const [kept, , count] = presets.find(([each]) => each === name) ?? presets[1]
  return make(kept, zone, addDays(today, 1 - count), today)
}

function make(name: string, zone: string, first: Day, last: Day): Period {
  const count = daysBetween(first, last) + 1
  const at = (day: Day): string => startOfDay(day, zone).toISOString()
  return {
    name,
    zone,
    days: { first, last, count },
    bounds: { from: at(first), to: at(addDays(last, 1)) },
  }
}

/** The period in words. */
export function periodText({ name, days }: Period): string {
  const preset = presets.find(([each]) => each === name)
  if (!days) return 'Since the beginning'
  if (preset) return preset[1]
  return days.count === 1 ? formatDay(days.first) : `${formatDay(days.first)} to ${formatDay(days.last)}`
}

/**
 * The period for paper, which is read on other days.
 *
 * @example
 * paperText({ days: { first: '2026-11-01', last: '2026-11-07', count: 7 }, zone: 'UTC' }) // '1 Nov 2026 to 7 Nov 2026, UTC'
 */
export function paperText({ days, zone }: Pick<Period, 'days' | 'zone'>): string {
  if (!days) return zone
  const last = days.count === 1 ? '' : ` to ${formatDay(days.last)}`
  return `${formatDay(days.first)}${last}, ${zone}`
}

/** How the period before it is called. */
export function beforeText({ days }: Period): string {
  if (!days) return 'before'
  return days.count === 1 ? 'the day before' : `the ${days.count} days before`
}

const dayFormat = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
})

/** A day in words: 21 Nov 2026. */
const formatDay = (day: Day): string => dayFormat.format(new Date(`${day}T00:00:00Z`))

const monthFormat = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', month: 'short', year: 'numeric' })

/**
 * A part of a trend in words, by its name.
 *
 * @example
 * formatPart('2026-11') // 'Nov 2026'
 */
export function formatPart(name: string): string {
  if (name.length === 4) return name
  const isOfDay = name.length > 7
  const date = new Date(isOfDay ? `${name}T00:00:00Z` : `${name}-01T00:00:00Z`)
  if (Number.isNaN(date.getTime())) return name
  return (isOfDay ? dayFormat : monthFormat).format(date)
}

/** How a period is cut for a trend. */
export const intervals = ['day', 'week', 'month', 'quarter', 'year'] as const
export type Interval = (typeof intervals)[number]

/** The interval that a trend of a period has where none is chosen: about ten to thirty parts. */
export function usualInterval({ days }: Period): Interval {
  if (!days) return 'month'
  return days.count <= 31 ? 'day' : days.count <= 190 ? 'week' : 'month'
}

const momentFormats = new Map<string, Intl.DateTimeFormat>()

/** A moment in words, in a zone: 21 Nov 2026, 10:30. */
export function formatMoment(at: string, zone: string): string {
  let format = momentFormats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      day: 'numeric',
      month: 'short',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
    })
    momentFormats.set(zone, format)
  }
  return format.format(new Date(at))
}
