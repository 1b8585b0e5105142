/** Points in time and spans, branded so that one is never taken for the other. */

declare const unit: unique symbol

/** Milliseconds since 1970 by the wall clock. */
export type Instant = number & { [unit]: 'instant' }

/** A span in milliseconds. */
export type Duration = number & { [unit]: 'duration' }

/** Days of 24 elapsed hours; a change of the clock for summer time makes no difference. */
export const days = (count: number): Duration => (count * 86_400_000) as Duration

export const seconds = (count: number): Duration => (count * 1000) as Duration

export const after = (start: Instant, span: Duration): Instant => (start + span) as Instant

/**
 * End of a waiting period that began at `start`. A start in the future, from a clock that was set back since, counts
 * as now until the clock has passed it.
 */
export const endOf = (start: Instant, span: Duration, now: Instant): Instant =>
  after(Math.min(start, now) as Instant, span)

/** ISO 8601 in UTC as the wire has it: what `Date` makes of it, which the core does not have. Ends with the year 9999. */
export function isoOf(at: Instant): string {
  const moment = Math.floor(Math.min(Math.max(at, -62_167_219_200_000), 253_402_300_799_999))
  const day = Math.floor(moment / 86_400_000)
  const rest = moment - day * 86_400_000
  // By https://howardhinnant.github.io/date_algorithms.html: a year begins in March, so that a leap day is its last.
  const since = day + 719_468
  const era = Math.floor(since / 146_097)
  const dayOfEra = since - era * 146_097
  const leaps = Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096)
  const yearOfEra = Math.floor((dayOfEra - leaps) / 365)
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const month = Math.floor((5 * dayOfYear + 2) / 153)
  const year = era * 400 + yearOfEra + (month < 10 ? 0 : 1)
  const text = (value: number, width = 2): string => String(Math.floor(value)).padStart(width, '0')
  const date = [
    text(year, 4),
    text(month < 10 ? month + 3 : month - 9),
    text(dayOfYear - Math.floor((153 * month + 2) / 5) + 1),
  ]
  const clock = [text(rest / 3_600_000), text((rest / 60_000) % 60), text((rest / 1000) % 60)]
  return `${date.join('-')}T${clock.join(':')}.${text(rest % 1000, 3)}Z`
}
