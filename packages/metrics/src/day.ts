/** The calendar day of a moment in a time zone, as a number that can be counted with. */
import { checkValues } from './sample.ts'

/**
 * Days from 1970-01-01 to the calendar day that it is at a moment in a zone: the days of `returning`, `cohorts` and `active`.
 *
 * A day is a calendar day in one fixed zone, so that it has 23 or 25 hours twice a year, and each moment lies in one day only.
 * The zones are those of the runtime (IANA time zone database). Days to date: Hinnant, "chrono-Compatible Low-Level Date
 * Algorithms", `days_from_civil`.
 *
 * @param instant - Milliseconds from 1970-01-01T00:00Z, as `Date.now()` has them. Not finite: a RangeError.
 * @param zone - IANA name, e.g. 'Europe/Berlin'. Not known to the runtime: a RangeError.
 * @example
 * dayOf(0, 'America/New_York') // -1
 */
export function dayOf(instant: number, zone: string): number {
  checkValues('dayOf()', { instant })
  let format = formats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-u-ca-iso8601-nu-latn', {
      timeZone: zone,
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
    })
    formats.set(zone, format)
  }
  const part: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {}
  for (const { type, value } of format.formatToParts(instant)) part[type] = Number(value)
  const { year = NaN, month = NaN, day = NaN } = part
  // Years begin in March, so that a leap day is the last of its year.
  const shifted = month > 2 ? year : year - 1
  const ofYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1
  const leaps = Math.floor(shifted / 4) - Math.floor(shifted / 100) + Math.floor(shifted / 400)
  return 365 * shifted + leaps + ofYear - 719_468
}

/** A formatter takes long to make and gives the same for the same input always, so each is made once. */
const formats = new Map<string, Intl.DateTimeFormat>()
