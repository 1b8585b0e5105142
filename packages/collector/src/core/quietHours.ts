/** Hours of the day in which nobody is to be disturbed, in the time zone of the person. */
import type { Millis } from './time.ts'

/** From one time of the day to another, `21:00` to `08:00`; over midnight where it ends earlier than it begins. */
export interface QuietHours {
  /** Included. */
  from: string
  /** Excluded. The same as `from` is no quiet time at all. */
  to: string
}

const day = 1440
const minute = 60_000
const formats = new Map<string, Intl.DateTimeFormat>()

/** Minutes since midnight that a clock on the wall shows. */
function minutesAt(at: Millis, zone: string): number {
  let format = formats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-u-nu-latn', {
      timeZone: zone,
      hourCycle: 'h23',
      hour: 'numeric',
      minute: 'numeric',
    })
    formats.set(zone, format)
  }
  const part: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {}
  for (const { type, value } of format.formatToParts(at)) part[type] = Number(value)
  return (part.hour ?? 0) * 60 + (part.minute ?? 0)
}

function minutesOf(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number)
  return hours * 60 + minutes
}

/** Whether a moment is in the quiet hours of a zone. */
export function isQuiet(quiet: QuietHours, at: Millis, zone: string): boolean {
  const [from, to, shown] = [minutesOf(quiet.from), minutesOf(quiet.to), minutesAt(at, zone)]
  return from <= to ? shown >= from && shown < to : shown >= from || shown < to
}

/**
 * The first moment that is not quiet; the moment itself where it is not. Where clocks are put forward or back meanwhile, it is
 * never in the quiet hours, and may be an hour late.
 *
 * @param zone name of the IANA database that the runtime knows
 * @example
 * endOfQuiet({ from: '21:00', to: '08:00' }, Date.UTC(2026, 10, 21, 23), 'UTC') // 8 o'clock on the 22nd
 */
export function endOfQuiet(quiet: QuietHours, at: Millis, zone: string): Millis {
  let end = at
  while (isQuiet(quiet, end, zone)) {
    const left = (minutesOf(quiet.to) - minutesAt(end, zone) + day) % day
    end = Math.floor(end / minute) * minute + left * minute
  }
  return end
}
