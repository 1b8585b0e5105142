/** What clock and calendar on the wall say at an instant, in any time zone. */
import type { Instant } from '../time.ts'

type CalendarParts = Readonly<Partial<Record<Intl.DateTimeFormatPartTypes, string>>>

/** Making a formatter takes longer than all the rest of a rule. */
const formatters = new Map<string, Intl.DateTimeFormat>()

/** Null where there is no such zone. */
export function calendarOf(at: Instant, zone: string): CalendarParts | null {
  try {
    let formatter = formatters.get(zone)
    if (!formatter) {
      const two = '2-digit'
      formatter = new Intl.DateTimeFormat('en', {
        timeZone: zone,
        hourCycle: 'h23',
        weekday: 'short',
        year: 'numeric',
        month: two,
        day: two,
        hour: two,
      })
      formatters.set(zone, formatter)
    }
    return Object.fromEntries(formatter.formatToParts(at).map(({ type, value }) => [type, value]))
  } catch {
    return null
  }
}
