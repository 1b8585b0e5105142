/** Moments as milliseconds since 1970 in UTC: reading, writing, whole days, and the correction of a wrong client clock. */

/** Milliseconds since 1970-01-01T00:00:00.000Z. */
export type Millis = number

const minute = 60_000
/** A day of 24 hours. */
export const day: Millis = 86_400_000
/** A client clock that is off by no more than this is left alone: queueing and transfer look like a small skew too. */
const toleratedSkew: Millis = 10 * minute
/** 0000-01-01T00:00:00.000Z, the earliest moment that ISO 8601 writes with four digits. */
const earliest: Millis = -62_167_219_200_000

const momentPattern = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?Z$/
const dayPattern = /^(\d{4})-(\d\d)-(\d\d)$/

/**
 * Days since 1970-01-01 of a date of the proleptic Gregorian calendar, counted in eras of 400 years that start on 1 March, so
 * that the leap day is the last day of a year (https://howardhinnant.github.io/date_algorithms.html).
 *
 * @example
 * daysFromCivil(1970, 1, 2) // 1
 */
export function daysFromCivil(year: number, month: number, dayOfMonth: number): number {
  const shifted = month <= 2 ? year - 1 : year
  const era = Math.floor(shifted / 400)
  const yearOfEra = shifted - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + dayOfMonth - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}

/** The date of a day since 1970-01-01; the inverse of `daysFromCivil`. */
export function civilFromDays(days: number): [year: number, month: number, dayOfMonth: number] {
  const shifted = days + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const part = Math.floor((5 * dayOfYear + 2) / 153)
  const month = part < 10 ? part + 3 : part - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  return [year, month, dayOfYear - Math.floor((153 * part + 2) / 5) + 1]
}

const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** Days since 1970-01-01 of a day as it is written (`2026-11-21`), or null for what is none. */
export function readDay(text: string): number | null {
  const found = dayPattern.exec(text)
  const start = found && startOfDay(Number(found[1]), Number(found[2]), Number(found[3]))
  return start === null ? null : start / day
}

function startOfDay(year: number, month: number, dayOfMonth: number): Millis | null {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const last = month === 2 && isLeap ? 29 : (monthDays[month - 1] ?? 0)
  return dayOfMonth >= 1 && dayOfMonth <= last ? daysFromCivil(year, month, dayOfMonth) * day : null
}

/**
 * Reads an ISO 8601 moment in UTC (`2026-11-21T10:00:00.000Z`; seconds and fraction may be missing, digits after
 * the millisecond are cut). Gives null for anything else, also for a day that the month does not have.
 *
 * @example
 * parseMoment('1970-01-01T00:00:01Z') // 1000
 */
export function parseMoment(text: string): Millis | null {
  const written = parseWritten(text)
  if (!Number.isNaN(written)) return written
  const found = momentPattern.exec(text)
  if (!found) return null
  const hour = Number(found[4])
  const minutes = Number(found[5])
  const seconds = Number(found[6] ?? 0)
  const start = startOfDay(Number(found[1]), Number(found[2]), Number(found[3]))
  if (start === null || hour > 23 || minutes > 59 || seconds > 59) return null
  const fraction = Number((found[7] ?? '').slice(0, 3).padEnd(3, '0'))
  return start + hour * 60 * minute + minutes * minute + seconds * 1000 + fraction
}

/** The value of two digits, or NaN. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 0x30
  const ones = text.charCodeAt(at + 1) - 0x30
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NaN
}

/**
 * Reads what `formatMoment` writes, which is what nearly all moments look like, and is done several times for each event.
 *
 * @returns NaN for anything else
 */
export function parseWritten(text: string): Millis {
  if (text.length !== 24) return NaN
  // T, Z, -, -, :, : and the point.
  if (text.charCodeAt(10) !== 0x54 || text.charCodeAt(23) !== 0x5a || text.charCodeAt(19) !== 0x2e) return NaN
  if (text.charCodeAt(4) !== 0x2d || text.charCodeAt(7) !== 0x2d) return NaN
  if (text.charCodeAt(13) !== 0x3a || text.charCodeAt(16) !== 0x3a) return NaN
  const hours = twoDigits(text, 11)
  const minutes = twoDigits(text, 14)
  const seconds = twoDigits(text, 17)
  const tenths = text.charCodeAt(20) - 0x30
  if (!(hours <= 23 && minutes <= 59 && seconds <= 59 && tenths >= 0 && tenths <= 9)) return NaN
  const start = startOfWritten(text)
  if (Number.isNaN(start)) return NaN
  return start + hours * 3_600_000 + minutes * minute + seconds * 1000 + tenths * 100 + twoDigits(text, 21)
}

// Nearly all moments that are read one after another are of one day.
let readDate = ''
let readStart: Millis = NaN

/** The start of the day that a moment begins with, or NaN. */
function startOfWritten(text: string): Millis {
  if (readDate !== '' && text.startsWith(readDate)) return readStart
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2)
  const start = startOfDay(year, twoDigits(text, 5), twoDigits(text, 8))
  if (start === null) return NaN
  readDate = text.slice(0, 10)
  readStart = start
  return start
}

const twoFigures: readonly string[] = Array.from({ length: 100 }, (_, each) => String(each).padStart(2, '0'))

/**
 * Writes a moment as ISO 8601 in UTC with milliseconds.
 *
 * @example
 * formatMoment(1000) // '1970-01-01T00:00:01.000Z'
 */
export function formatMoment(moment: Millis): string {
  const days = Math.floor(moment / day)
  const rest = moment - days * day
  if (days !== writtenDays) {
    writtenDate = dateOf(days)
    writtenDays = days
  }
  const two = (value: number): string => twoFigures[value] ?? ''
  const clock = `${two(Math.floor(rest / 3_600_000))}:${two(Math.floor(rest / minute) % 60)}:${two(Math.floor(rest / 1000) % 60)}`
  const thousandths = rest % 1000
  return `${writtenDate}T${clock}.${Math.floor(thousandths / 100)}${two(thousandths % 100)}Z`
}

// The same holds for those that are written.
let writtenDays = NaN
let writtenDate = ''

function dateOf(days: number): string {
  const [year, month, dayOfMonth] = civilFromDays(days)
  const two = (value: number): string => twoFigures[value] ?? ''
  const fourFigures = year > 9999 ? String(year) : two(Math.floor(year / 100)) + two(year % 100)
  return `${fourFigures}-${two(month)}-${two(dayOfMonth)}`
}

/**
 * When an event really happened. The client's clock is believed unless the request shows that it is off by more than
 * 10 minutes; then the difference between receipt and `sentAt` is added. The result is never after the receipt.
 *
 * It depends on the request that brought the event first: the same event in another request may be corrected otherwise.
 * The store keeps the first result, and a repetition changes nothing.
 *
 * All parameters and the result are milliseconds.
 *
 * @example
 * occurredAt(at, sentAt, receivedAt) // a client that is 1 h ahead: at − 1 h
 */
export function occurredAt(at: Millis, sentAt: Millis, receivedAt: Millis): Millis {
  const skew = receivedAt - sentAt
  const corrected = Math.abs(skew) > toleratedSkew ? at + skew : at
  return Math.max(earliest, Math.min(corrected, receivedAt))
}
