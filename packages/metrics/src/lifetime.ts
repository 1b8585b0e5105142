/** Customer lifetime value by group, with customers in a group from the moment that they entered it. */
import { type Estimate, type LevelOptions, withInterval, withoutValue } from './estimate.ts'
import type { Comparison } from './compare.ts'
import { levelOf, reject } from './input.ts'
import { normalQuantile } from './quantile.ts'
import { type RatioPart, ratioEstimate, ratioOf } from './ratio.ts'
import { checkValues, sampleMean } from './sample.ts'
import { normalTail } from './tail.ts'

/** Time that one customer spent in a group. */
export interface Spell {
  /** How long, in periods such as months; from 0. */
  periods: number
  /** Margin that came of it: revenue less what it cost. May be negative. */
  margin: number
  /** Whether the customer left at its end. Who is still there, or went to another group, was not lost here. */
  lost: boolean
}

/** Settings of `lifetimeValue`. */
export interface LifetimeOptions extends LevelOptions {
  /** What a later margin is worth less per period, e.g. 0.01; from 0. Default 0. */
  discount?: number
}

/** What `lifetimeValue` gives back. */
export interface LifetimeResult {
  /** Margin per period / (churn per period + discount), in the unit of the margin. */
  lifetimeValue: Estimate
  /** Mean margin so far, per spell. It grows with time, so compare groups of the same age only. */
  realised: Estimate
  /** Lost / periods: churn per period, from 0; null without a period. */
  churnPerPeriod: number | null
  /** Margin / periods; null without a period. */
  marginPerPeriod: number | null
}

/**
 * Customer lifetime value of one group: margin per period / churn per period, estimated over all spells.
 *
 * Gupta & Lehmann 2003, Journal of Interactive Marketing 17, 9–24, with margin and churn constant over time; customers who
 * are still there count with the time they have had, so that nobody has to wait for the last one to leave. It is a ratio of
 * totals: Σ margin / Σ (lost + discount · periods); interval by linearization, Cochran 1977, section 6.4, with Student's t.
 *
 * Nobody lost and no discount: null with a reason, for nothing tells how long they stay. One spell: no interval. Numbers that
 * are not finite, negative periods or discount: a RangeError.
 *
 * @param spells - Of one group; `splitAtContact` makes them.
 * @param options - Confidence level (0.95), discount (0).
 * @example
 * lifetimeValue([{ periods: 10, margin: 200, lost: true }, { periods: 30, margin: 600, lost: false }]).lifetimeValue.value // 800
 */
export function lifetimeValue(spells: readonly Spell[], options: LifetimeOptions = {}): LifetimeResult {
  const level = levelOf('lifetimeValue()', options)
  const parts = partsOf('lifetimeValue()', 'spells', spells, options.discount ?? 0)
  const total = (of: (spell: Spell) => number): number => spells.reduce((sum, spell) => sum + of(spell), 0)
  const periods = total((spell) => spell.periods)
  return {
    lifetimeValue: ratioEstimate(parts, 1, level, [-Infinity, Infinity], emptyReason(spells)),
    realised: sampleMean(
      spells.map(({ margin }) => margin),
      level,
      [-Infinity, Infinity],
      emptyReason(spells),
    ),
    churnPerPeriod: periods === 0 ? null : total(({ lost }) => Number(lost)) / periods,
    marginPerPeriod: periods === 0 ? null : total(({ margin }) => margin) / periods,
  }
}

function emptyReason(spells: readonly Spell[]): string {
  return spells.length === 0
    ? 'There is no customer.'
    : 'Nobody was lost, so nothing tells how long they stay.'
}

/** What each spell adds to both totals, after a check. */
function partsOf(where: string, name: string, spells: readonly Spell[], discount: number): RatioPart[] {
  checkValues(where, { 'options.discount': discount }, 0)
  return spells.map(({ periods, margin, lost }, index) => {
    checkValues(where, { [`${name}[${index}].periods`]: periods }, 0)
    checkValues(where, { [`${name}[${index}].margin`]: margin })
    return { over: margin, under: Number(lost) + discount * periods }
  })
}

/**
 * Lifetime values of two groups: first minus second, in the unit of the margin, with z interval and p from both errors.
 *
 * It shows an association: customers who asked for help may have been others before. A group without a value or with one
 * spell: null with a reason, or no interval.
 *
 * @param one - Spells of the first group.
 * @param other - Spells of the second group.
 * @param options - Confidence level (0.95), discount (0).
 * @example
 * compareLifetimes([{ periods: 5, margin: 50, lost: true }], [{ periods: 5, margin: 20, lost: true }]).difference.value // 30
 */
export function compareLifetimes(
  one: readonly Spell[],
  other: readonly Spell[],
  options: LifetimeOptions = {},
): Comparison {
  const level = levelOf('compareLifetimes()', options)
  const groups = [
    partsOf('compareLifetimes()', 'one', one, options.discount ?? 0),
    partsOf('compareLifetimes()', 'other', other, options.discount ?? 0),
  ] as const
  const base = { n: one.length + other.length, level, method: 'ratio-z' }
  const rest = { test: 'ratio-z', sizes: [one.length, other.length] as const }
  const without = [one, other].find((_, index) => !groups[index]?.some(({ under }) => under > 0))
  if (without) return { difference: withoutValue(base, emptyReason(without)), p: null, ...rest }
  const [first, second] = [ratioOf(groups[0]), ratioOf(groups[1])]
  const value = first.value - second.value
  const error = first.error === null || second.error === null ? null : Math.hypot(first.error, second.error)
  if (!error)
    return {
      difference: {
        ...base,
        value,
        interval: null,
        reason: 'A group is too small, or too much alike, to judge its spread.',
      },
      p: null,
      ...rest,
    }
  const reach = normalQuantile(level) * error
  return {
    difference: withInterval({ ...base, value }, [value - reach, value + reach], [-Infinity, Infinity]),
    p: normalTail(value / error),
    ...rest,
  }
}

/** One customer, with times in periods from any origin. */
export interface CustomerHistory {
  from: number
  /** When the customer left, or the time of the report. */
  to: number
  /** Whether the customer left then. */
  lost: boolean
  /** First contact with support; null for none, or none until `to`. */
  contactAt: number | null
  /** Margins with their times. */
  payments: readonly { at: number; margin: number }[]
}

/**
 * Spells before and after the first contact with support. Who has had one was without it until then: to count that time, which
 * they had to live through to get there, for the group with contact would make that group look loyal ("immortal time bias",
 * Suissa 2008, American Journal of Epidemiology 167, 492–499).
 *
 * @param customers - Each once. A payment at the moment of the contact belongs to the time after it. What happened outside of
 *   `from` to `to`: a RangeError.
 * @example
 * splitAtContact([{ from: 0, to: 12, lost: true, contactAt: 4, payments: [{ at: 1, margin: 9 }] }]).before // [{ periods: 4, margin: 9, lost: false }]
 */
export function splitAtContact(customers: readonly CustomerHistory[]): { before: Spell[]; after: Spell[] } {
  const before: Spell[] = []
  const after: Spell[] = []
  for (const [index, { from, to, lost, contactAt, payments }] of customers.entries()) {
    const where = `customers[${index}]`
    checkValues('splitAtContact()', { [`${where}.from`]: from })
    checkValues('splitAtContact()', { [`${where}.to`]: to }, from)
    const outside = [...payments.map(({ at }) => at), contactAt ?? from].find(
      (at) => !(at >= from && at <= to),
    )
    if (outside !== undefined)
      reject(
        'splitAtContact()',
        `${where} has the time ${outside}`,
        `Pass what happened from ${from} to ${to}.`,
      )
    const marginOf = (isIn: (at: number) => boolean): number =>
      payments.reduce((sum, { at, margin }) => (isIn(at) ? sum + margin : sum), 0)
    const change = contactAt ?? Infinity
    if (change > from)
      before.push({
        periods: Math.min(change, to) - from,
        margin: marginOf((at) => at < change),
        lost: contactAt === null && lost,
      })
    if (contactAt !== null)
      after.push({ periods: to - contactAt, margin: marginOf((at) => at >= change), lost })
  }
  return { before, after }
}
