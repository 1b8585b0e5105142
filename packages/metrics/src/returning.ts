/** Retention by day of activity: who comes back on, around, or any time after the Nth day. */
import type { Estimate, LevelOptions } from './estimate.ts'
import { levelOf, reject } from './input.ts'
import { percentOf } from './proportion.ts'

/** On which days one person was there; days are whole numbers, see `dayOf`. */
export interface PersonDays {
  /** Day 0 of this person. */
  first: number
  /** Days with activity, in any order, repeated or not; those before `first` do not count. */
  active: readonly number[]
}

/** Which days after the first count as coming back. */
export type ReturnRule =
  /** The Nth day itself, "day N retention". */
  | { on: number }
  /** The Nth day or any later one, "rolling" or "unbounded". */
  | { onOrAfter: number }
  /** Any day from the first to the second, both included. */
  | { from: number; to: number }

/** What `returning` gives back. */
export interface ReturningResult {
  /** Returned / mature, in percent, with Wilson's interval. */
  returned: Estimate
  /** Left out, because their days are not over yet. */
  immature: number
}

/**
 * The share of people who came back by a rule, of those for whom it can be told.
 *
 * Day N, rolling and bracket retention as in Amplitude's documentation ("How the Retention Analysis chart calculates
 * retention"), over calendar days in one zone instead of its windows of 24 hours. Who has not reached the last day of the
 * rule by `through` is left out of the base, came they back or not. Interval: Wilson 1927. Rolling retention grows afterwards,
 * since anybody may still come back, so say through which day it was taken.
 *
 * Nobody mature: null with a reason. Days that are not whole, or a rule that ends before it begins: a RangeError.
 *
 * @param people - Everybody of the cohort, each once.
 * @param rule - Days that count.
 * @param through - Last day that is over.
 * @param options - Confidence level (0.95).
 * @example
 * returning([{ first: 0, active: [0, 7] }, { first: 0, active: [0, 9] }, { first: 5, active: [5] }], { on: 7 }, 10).returned.value // 50
 */
export function returning(
  people: readonly PersonDays[],
  rule: ReturnRule,
  through: number,
  options: LevelOptions = {},
): ReturningResult {
  const level = levelOf('returning()', options)
  const [from, to, matures] = spanOf(rule)
  if (!Number.isSafeInteger(from) || from < 0 || !(to >= from) || !Number.isSafeInteger(matures))
    reject('returning()', `rule is ${JSON.stringify(rule)}`, 'Pass whole days from 0, the first one first.')
  checkDays('returning()', { through })
  let mature = 0
  let returned = 0
  for (const [index, { first, active }] of people.entries()) {
    checkDays('returning()', { [`people[${index}].first`]: first })
    for (const day of active) checkDays('returning()', { [`a day of people[${index}]`]: day })
    if (first + matures > through) continue
    mature += 1
    if (active.some((day) => day >= first + from && day <= first + to && day <= through)) returned += 1
  }
  return {
    returned: percentOf(returned, mature, level, 'Nobody has been here long enough.'),
    immature: people.length - mature,
  }
}

/** First and last day that count, and the day by which it can be told. */
function spanOf(rule: ReturnRule): readonly [number, number, number] {
  if ('on' in rule) return [rule.on, rule.on, rule.on]
  if ('onOrAfter' in rule) return [rule.onOrAfter, Infinity, rule.onOrAfter]
  return [rule.from, rule.to, rule.to]
}

/**
 * Throws a RangeError for a day that is not a whole number.
 *
 * @example
 * checkDays('active()', { on: 20_000 })
 */
export function checkDays(where: string, days: Readonly<Record<string, number>>): void {
  for (const [name, day] of Object.entries(days))
    if (!Number.isSafeInteger(day))
      reject(
        where,
        `${name} is ${String(day)}`,
        'Pass the whole number of a day; dayOf() makes one of a time.',
      )
}
