/** How each number of customers is made of what happened to them: for a whole report and for one group of it alike. */
import {
  active,
  churn,
  dayOf,
  expansion,
  fcrFromContacts,
  lifetimeValue,
  referral,
  resolution,
  retention,
  trial,
  type ActiveResult,
  type Activity,
  type ChurnResult,
  type Estimate,
  type ExpansionResult,
  type FcrAnswers,
  type FcrResult,
  type LevelOptions,
  type LifetimeResult,
  type ReferralCounts,
  type ReferralResult,
  type ResolutionResult,
  type RetentionResult,
  type TrialResult,
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
import type { Moment } from './moments.ts'
import { day, type Millis } from './time.ts'

/** The reports there are. */
export type CustomerMetric =
  | 'retention'
  | 'churn'
  | 'expansion'
  | 'fcr'
  | 'resolution'
  | 'referral'
  | 'active'
  | 'trial'
  | 'lifetime'

/** All of them. */
export const customerMetrics: readonly CustomerMetric[] = [
  'retention',
  'churn',
  'expansion',
  'fcr',
  'resolution',
  'referral',
  'active',
  'trial',
  'lifetime',
]

/** What a report is asked for. */
export interface CustomerQuestion {
  metric: CustomerMetric
  from: Millis
  to: Millis
  now: Millis
  timezone: string
  /** In days: how long an enquiry must stay solved, or a trial has to be paid. */
  window: number
  /** Answers to "was it solved at the first contact?" of the period. */
  answers: FcrAnswers
  /** Only some customers were chosen. */
  isNarrowed?: boolean
}

/** A number of customers. */
export interface CustomerNumber<Result> {
  /**
   * All that is counted for it.
   *
   * @param moments all of the vocabulary that happened before `to`
   */
  of(question: CustomerQuestion, moments: readonly Moment[], options?: LevelOptions): Result
  /** What of it the report is about. */
  main(result: Result): Estimate
}

const hour: Millis = 3_600_000

/** The number of each report. */
export const customerNumbers: {
  readonly retention: CustomerNumber<RetentionResult>
  readonly churn: CustomerNumber<ChurnResult>
  readonly expansion: CustomerNumber<ExpansionResult>
  readonly fcr: CustomerNumber<FcrResult>
  readonly resolution: CustomerNumber<ResolutionResult>
  readonly referral: CustomerNumber<ReferralResult & { counts: ReferralCounts }>
  readonly active: CustomerNumber<ActiveResult & { activity: readonly Activity[] }>
  readonly trial: CustomerNumber<TrialResult>
  readonly lifetime: CustomerNumber<LifetimeResult>
} = {
  retention: {
    of: ({ from, to }, moments, options) =>
      retention(periodOf([...customersOf(moments).values()], from, to), options),
    main: (result) => result.retention,
  },
  churn: {
    of: ({ from, to }, moments, options) =>
      churn(periodOf([...customersOf(moments).values()], from, to), options),
    main: (result) => result.churn,
  },
  expansion: {
    of: ({ from, to }, moments, options) =>
      expansion(revenuesOf(customersOf(moments).values(), from, to), options),
    main: (result) => result.netRevenueRetention,
  },
  fcr: {
    of: ({ from, to, now, window }, moments, options) =>
      fcrFromContacts(issuesOf(enquiriesOf(moments, from, to)), window * day, Math.min(now, to), options),
    main: (result) => result.fcr,
  },
  resolution: {
    of: ({ from, to }, moments, options) =>
      resolution(ticketsOf(enquiriesOf(moments, from, to), hour), options),
    main: (result) => result.resolution.median,
  },
  referral: {
    of({ from, to }, moments, options) {
      const counts = referralsOf(customersOf(moments).values(), from, to)
      return { ...referral(counts, options), counts }
    },
    main: (result) => result.ofPurchases,
  },
  active: {
    of({ to, timezone }, moments, options) {
      const activity = [...customersOf(moments)].flatMap(([person, each]) =>
        each.active.map((at) => ({ person, day: dayOf(at, timezone) })),
      )
      const since = activity.reduce((first, each) => Math.min(first, each.day), Infinity)
      const begun = Number.isFinite(since) ? { since } : {}
      return { ...active(activity, dayOf(to - 1, timezone), { ...options, ...begun }), activity }
    },
    main: (result) => result.stickiness,
  },
  trial: {
    of: ({ from, to, now, window }, moments, options) =>
      trial(trialsOf(customersOf(moments).values(), from, to), window * day, Math.min(now, to), options),
    main: (result) => result.conversion,
  },
  lifetime: {
    of: ({ to, now }, moments, options) =>
      lifetimeValue(spellsOf(customersOf(moments).values(), Math.min(now, to)), options),
    main: (result) => result.lifetimeValue,
  },
}

/**
 * The number that a report is about, of some customers' moments.
 *
 * @example
 * mainNumber({ metric: 'churn', from, to, … }, moments, { level: 0.99 }).value // 4.2
 */
export function mainNumber(
  question: CustomerQuestion,
  moments: readonly Moment[],
  options: LevelOptions,
): Estimate {
  const { of, main } = customerNumbers[question.metric] as CustomerNumber<unknown>
  return main(of(question, moments, options))
}
