/** Days of a time zone as moments. */

/** A day, `2026-11-21`. */
export type Day = string

/** The zone of this device. */
export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'

/** Whether a text names a zone, as the collector takes it: an offset such as +02:00 is none, for it knows no summer. */
export function isZone(text: string): boolean {
  try {
    return /^[A-Za-z]/.test(text) && Boolean(Intl.DateTimeFormat('en', { timeZone: text }))
  } catch {
    return false
  }
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** What clocks and calendars of a zone say at a moment. */
function wallOf(zone: string, at: Date): (part: Intl.DateTimeFormatPartTypes) => number {
  // Making one costs a hundred times as much as using it.
  let format = formats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    })
    formats.set(zone, format)
  }
  const parts = format.formatToParts(at)
  return (type) => Number(parts.find((each) => each.type === type)?.value)
}

/** The day of a moment in a zone. */
export function dayIn(zone: string, at: Date): Day {
  const part = wallOf(zone, at)
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${String(part('year')).padStart(4, '0')}-${two(part('month'))}-${two(part('day'))}`
}

/**
 * A day so many days later.
 *
 * @example
 * addDays('2026-02-28', 1) // '2026-03-01'
 */
export function addDays(day: Day, count: number): Day {
  const date = new Date(`${day}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() + count)
  return date.toISOString().slice(0, 10)
}

/** Days from one to another. */
export const daysBetween = (from: Day, to: Day): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000)

/** Milliseconds by which clocks in a zone are ahead of UTC at a moment. */
function offsetAt(zone: string, at: number): number {
  const part = wallOf(zone, new Date(at))
  const wall = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  )
  return wall - Math.floor(at / 1000) * 1000
}

/**
 * The first moment of a day in a zone, also of days that have 23 or 25 hours.
 *
 * @example
 * startOfDay('2026-11-21', 'Europe/Berlin').toISOString() // '2026-11-20T23:00:00.000Z'
 */
export function startOfDay(day: Day, zone: string): Date {
  const wall = Date.parse(`${day}T00:00:00Z`)
  let at = wall - offsetAt(zone, wall)
  at = wall - offsetAt(zone, at)
  // Where midnight is left out, the day begins when the clocks have been put forward.
  while (dayIn(zone, new Date(at)) < day) at += 15 * 60_000
  while (dayIn(zone, new Date(at - 15 * 60_000)) === day) at -= 15 * 60_000
  return new Date(at)
}
