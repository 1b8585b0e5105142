/** Splits reports on customers by what was known of them when the period began: each group with its own base and interval. */
import {
  active,
  churn,
  compareEstimates,
  dayOf,
  expansion,
  fcrFromContacts,
  lifetimeValue,
  referral,
  resolution,
  retention,
  trial,
  type Comparison,
  type Estimate,
  type LevelOptions,
} from '@earshot/metrics'
import {
  customersOf,
  enquiriesOf,
  issuesOf,
  periodOf,
  referralsOf,
  revenuesOf,
  spellsOf,
  ticketsOf,
  trialsOf,
} from './customers.ts'
import type { CustomerMetric, CustomerQuestion } from './customerReport.ts'
import type { Moment } from './moments.ts'
import type { Millis } from './time.ts'

/** One group. */
export interface CustomerSegment {
  /** Null: it is not known of them. */
  value: string | null
  /** Without value and interval where it is hidden. */
  estimate: Estimate
  /** It stands on fewer than the minimum. */
  isHidden: boolean
  /** This group minus all others together, at the level 1 − 0.05 / groups (Bonferroni); null where one side is too small. */
  rest: Comparison | null
}

/** The groups of a report. */
export interface CustomerSegments {
  by: string
  /** The largest first. */
  rows: CustomerSegment[]
  /** How many groups there are beyond these rows. */
  more: number
}

/** What is said beside the groups. */
export const splitNote =
  'Groups are of what was known of customers when the period began. Differences are associations, at the level 1 − 0.05 / groups.'

/** Most groups that are shown. */
const mostSegments = 20
const day: Millis = 86_400_000
const hour: Millis = 3_600_000

/** The number of each report, of some customers' moments. */
const estimators: Readonly<
  Record<
    CustomerMetric,
    (question: CustomerQuestion, moments: readonly Moment[], options: LevelOptions) => Estimate
  >
> = {
  retention: ({ from, to }, moments, options) =>
    retention(periodOf([...customersOf(moments).values()], from, to), options).retention,
  churn: ({ from, to }, moments, options) =>
    churn(periodOf([...customersOf(moments).values()], from, to), options).churn,
  expansion: ({ from, to }, moments, options) =>
    expansion(revenuesOf(customersOf(moments).values(), from, to), options).netRevenueRetention,
  fcr: ({ from, to, now, window }, moments, options) =>
    fcrFromContacts(issuesOf(enquiriesOf(moments, from, to)), window * day, Math.min(now, to), options).fcr,
  resolution: ({ from, to }, moments, options) =>
    resolution(ticketsOf(enquiriesOf(moments, from, to), hour), options).resolution.median,
  referral: ({ from, to }, moments, options) =>
    referral(referralsOf(customersOf(moments).values(), from, to), options).ofPurchases,
  active({ to, timezone }, moments, options) {
    const activity = [...customersOf(moments)].flatMap(([person, each]) =>
      each.active.map((at) => ({ person, day: dayOf(at, timezone) })),
    )
    const since = activity.reduce((first, each) => Math.min(first, each.day), Infinity)
    const from = Number.isFinite(since) ? { since } : {}
    return active(activity, dayOf(to - 1, timezone), { ...options, ...from }).stickiness
  },
  trial: ({ from, to, now, window }, moments, options) =>
    trial(trialsOf(customersOf(moments).values(), from, to), window * day, Math.min(now, to), options)
      .conversion,
  lifetime: ({ to, now }, moments, options) =>
    lifetimeValue(spellsOf(customersOf(moments).values(), Math.min(now, to)), options).lifetimeValue,
}

/**
 * The groups, each as if nobody else were there, and against all others.
 *
 * @param groups moments of the vocabulary by the value of their customers
 * @param minimum groups of a smaller n are hidden
 */
export function segmentCustomers(
  question: CustomerQuestion,
  by: string,
  groups: ReadonlyMap<string | null, readonly Moment[]>,
  minimum: number,
): CustomerSegments {
  const estimate = estimators[question.metric]
  const all = [...groups]
    .map(([value, moments]) => ({ value, moments, known: estimate(question, moments, {}) }))
    .filter(({ known }) => known.n > 0)
    .toSorted((a, b) => b.known.n - a.known.n || (String(a.value) < String(b.value) ? -1 : 1))
  const level = 1 - 0.05 / Math.max(1, all.length)
  const rows = all.slice(0, mostSegments).map(({ value, moments, known }): CustomerSegment => {
    const isHidden = known.n < minimum
    const { n, level: usual, method } = known
    return {
      value,
      estimate: isHidden
        ? { value: null, interval: null, n, level: usual, method, reason: `Fewer than ${minimum}.` }
        : known,
      isHidden,
      rest: isHidden ? null : restOf(value, moments),
    }
  })
  return { by, rows, more: all.length - rows.length }

  function restOf(value: string | null, moments: readonly Moment[]): Comparison | null {
    const others = all.filter((each) => each.value !== value).flatMap((each) => [...each.moments])
    const rest = estimate(question, others, { level })
    return rest.n < minimum ? null : compareEstimates(estimate(question, moments, { level }), rest)
  }
}
