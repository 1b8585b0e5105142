/** Active users by day, week and month, and stickiness. */
import { type Estimate, type LevelOptions, withoutValue } from './estimate.ts'
import { levelOf } from './input.ts'
import { percentOf } from './proportion.ts'
import { checkDays } from './returning.ts'
import { sampleMean } from './sample.ts'

/** Somebody was there on a day. */
export interface Activity {
  person: string
  /** A whole number, see `dayOf`. */
  day: number
}

/** Settings of `active`. */
export interface ActiveOptions extends LevelOptions {
  /** First day of which activity is known; a window that begins before it has no stickiness. Default: long ago. */
  since?: number
}

/** What `active` gives back. People are counted, not estimated, so counts have no interval. */
export interface ActiveResult {
  /** Distinct people on the day. */
  daily: number
  /** Distinct people on the day and the 6 before. */
  weekly: number
  /** Distinct people on the day and the 29 before. */
  monthly: number
  /** Mean daily count of the 30 days / monthly count, in percent. n is the monthly count. */
  stickiness: Estimate
  /** This day's count / monthly count, in percent: what some call stickiness. It swings with the weekday. */
  dailyOfMonthly: Estimate
}

/** Days in the windows. */
const week = 7
const month = 30

/**
 * DAU, WAU, MAU and stickiness on a day, over calendar days in one zone, with rolling windows of 7 and 30 days.
 *
 * Whoever does anything on a day counts once. Stickiness: the mean daily count over the window / the monthly count. That is
 * the mean, over the people of the month, of the share of the 30 days on which they were there; hence its interval is the t
 * interval (Student 1908) of these shares, cut off at 100 / 30 and 100, with people as what is sampled. `dailyOfMonthly` has
 * Wilson's interval.
 *
 * Nobody in the month: null with a reason. Days that are not whole: a RangeError.
 *
 * @param activity - In any order, repeated or not.
 * @param on - The day that is asked for.
 * @param options - Confidence level (0.95); first day that is known.
 * @example
 * active([{ person: 'a', day: 30 }, { person: 'a', day: 29 }, { person: 'b', day: 10 }], 30).stickiness.value // 5
 */
export function active(activity: readonly Activity[], on: number, options: ActiveOptions = {}): ActiveResult {
  const level = levelOf('active()', options)
  checkDays('active()', options.since === undefined ? { on } : { on, 'options.since': options.since })
  const days = new Map<string, Set<number>>()
  for (const [index, { person, day }] of activity.entries()) {
    checkDays('active()', { [`activity[${index}].day`]: day })
    if (day > on || day <= on - month) continue
    const known = days.get(person)
    if (known) known.add(day)
    else days.set(person, new Set([day]))
  }
  const people = [...days.values()]
  const within = (window: number): number =>
    people.filter((each) => [...each].some((day) => day > on - window)).length
  const daily = within(1)
  const monthly = people.length
  const empty = 'Nobody was there in the month.'
  // In order, so that the last digit does not hang on the order of what came in.
  const shares = people.map((each) => (100 * each.size) / month).toSorted((one, other) => one - other)
  const isKnown = options.since === undefined || options.since <= on - month + 1
  return {
    daily,
    weekly: within(week),
    monthly,
    stickiness: isKnown
      ? exactMean(sampleMean(shares, level, [100 / month, 100], empty), people, month)
      : withoutValue(
          { n: monthly, level, method: 't' },
          'The window begins before the first day that is known.',
        ),
    dailyOfMonthly: percentOf(daily, monthly, level, empty),
  }
}

/** The value again with one division, so that exact values stay exact. */
function exactMean(estimate: Estimate, people: readonly ReadonlySet<number>[], window: number): Estimate {
  if (estimate.value === null) return estimate
  const total = people.reduce((sum, each) => sum + each.size, 0)
  return { ...estimate, value: (100 * total) / (window * people.length) }
}
