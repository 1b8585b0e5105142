/** Judges whether a number of a survey is an alert: it has changed, or is beyond a bound, by more than chance explains. */
import { alert, formatRounded } from '@earshot/metrics'
import { followUpId } from '@earshot/contract'
import type { CountedQuestion } from './countedQuestion.ts'
import type { FollowUpPlan, PlanCause, PlanRule } from './followUpPlan.ts'
import type { Planned } from './followUps.ts'
import { compareSamples, measureSample, type Measured } from './measure.ts'
import type { NewJob } from './jobs.ts'
import type { ReportMetric } from './reportPlan.ts'
import type { Sample } from './tally.ts'
import { formatMoment, type Millis } from './time.ts'

/** The cause of a rule that watches a number. */
export type AlertCause = Extract<PlanCause, { on: 'alert' }>

/** What has happened to the number. */
export type AlertSide = 'fall' | 'rise' | 'below' | 'above'

/** A window as it is told: [from, to) in ISO 8601, and the number in it. */
export interface AlertWindow {
  from: string
  to: string
  /** In the unit of the metric; null where nobody answered. */
  value: number | null
  interval: readonly [number, number] | null
  /** Answers; showings in `response`. */
  n: number
}

/** What an alert stands on. Holds no personal data. */
export interface AlertFacts {
  survey: string
  metric: ReportMetric
  /** Null for `response`. */
  question: string | null
  /** Names the definition, as in a report. */
  definitionId: Measured['definitionId']
  unit: Measured['unit']
  side: AlertSide
  /** Null for a change. */
  bound: number | null
  /** Length of each window. */
  days: number
  /** Confidence of all intervals here. */
  level: number
  window: AlertWindow
  /** As long, and just before. */
  before: AlertWindow
  /** The window minus the one before; null where one of them is empty. */
  change: { value: number; interval: readonly [number, number] | null; p: number | null } | null
}

/** What a look has found. */
export interface Finding {
  facts: Omit<AlertFacts, 'side' | 'bound'>
  /** What is an alert; null while nothing is. */
  side: AlertSide | null
  /** Whether the number still is where an alert of this side has seen it, for certain or not. */
  lasts(side: AlertSide): boolean
}

/** What is known of an alert between two looks. */
export interface AlertWatch {
  /** The cause as it was; where it is another one now, everything begins anew. */
  of: string
  /** The alert that lasts; null while there is none. */
  lasting: { side: AlertSide; since: Millis } | null
}

/** Samples of both windows, as they are counted. */
export interface AlertSamples {
  question: CountedQuestion | null
  window: Sample
  before: Sample
}

const hour: Millis = 3_600_000
const day: Millis = 24 * hour
/** A number is looked at again and again, so the usual 10 and 0.95 would wake somebody for nothing every few weeks. */
const alertDefaults = { minimum: 30, level: 0.99, every: 1 } as const

/**
 * When a number is looked at: at whole hours since 1970, so that all collectors look at the same windows.
 *
 * @example
 * lastLook({ every: 24 }, Date.UTC(2026, 10, 22, 14, 30)) // midnight of that day
 */
export function lastLook({ every = alertDefaults.every }: Pick<AlertCause, 'every'>, now: Millis): Millis {
  return Math.floor(now / (every * hour)) * every * hour
}

/** The look after this one. */
export function nextLook(cause: Pick<AlertCause, 'every'>, now: Millis): Millis {
  return lastLook(cause, now) + (cause.every ?? alertDefaults.every) * hour
}

/** The windows of a look: `[from, to)` of the one that ends with it, and of the one before. */
export function windowsAt(
  { days }: Pick<AlertCause, 'days'>,
  at: Millis,
): { window: readonly [Millis, Millis]; before: readonly [Millis, Millis] } {
  const from = at - days * day
  return { window: [from, at], before: [from - days * day, from] }
}

/**
 * Judges what was counted. A change is an alert when the interval of the difference leaves out 0 and both windows have the
 * minimum of answers; a bound is crossed when the whole interval lies beyond it and the window has the minimum.
 *
 * @param at a moment of `lastLook`
 * @example
 * findingOf({ on: 'alert', survey: 'nps', metric: 'nps', days: 7, below: 20 }, samples, at).side // 'below'
 */
export function findingOf(cause: AlertCause, { question, ...samples }: AlertSamples, at: Millis): Finding {
  const { survey, metric, days, minimum = alertDefaults.minimum, level = alertDefaults.level } = cause
  const spans = windowsAt(cause, at)
  const now = measureSample(question, samples.window, level)
  const past = measureSample(question, samples.before, level)
  const comparison = compareSamples(question, samples.window, samples.before, level)
  const { value: change, interval } = comparison.difference
  const told = ({ estimate }: Measured, [from, to]: readonly [Millis, Millis]): AlertWindow => ({
    from: formatMoment(from),
    to: formatMoment(to),
    value: estimate.value,
    interval: estimate.interval,
    n: estimate.n,
  })
  const { value, n } = now.estimate
  const beyond = (): AlertSide | null => {
    const whole = now.estimate.interval
    if (!whole || n < minimum) return null
    if (cause.below !== undefined && whole[1] < cause.below) return 'below'
    return cause.above !== undefined && whole[0] > cause.above ? 'above' : null
  }
  const changed = (): AlertSide | null => {
    const { fires, reason } = alert(comparison, { minimum, direction: cause.change ?? 'either' })
    return fires && (reason === 'fall' || reason === 'rise') ? reason : null
  }
  return {
    facts: {
      survey,
      metric,
      question: question?.id ?? null,
      definitionId: now.definitionId,
      unit: now.unit,
      days,
      level,
      window: told(now, spans.window),
      before: told(past, spans.before),
      change: change === null ? null : { value: change, interval, p: comparison.p },
    },
    side: cause.change === undefined ? beyond() : changed(),
    lasts(side) {
      // Too little to say anything says nothing about its end.
      if (side === 'below') return n < minimum || value === null || value < (cause.below ?? value)
      if (side === 'above') return n < minimum || value === null || value > (cause.above ?? value)
      if (comparison.sizes.some((size) => size < minimum) || change === null) return true
      return side === 'fall' ? change < 0 : change > 0
    },
  }
}

/**
 * What a look makes of what was known. An alert fires when it begins, and not again before it is over: a bound when the number
 * itself is back, a change when it has turned, or when a whole window has gone by and nothing is significant any more.
 *
 * @returns what is to be known from now on, and the alert that fires
 */
export function lookAt(
  cause: AlertCause,
  watch: AlertWatch | null,
  finding: Finding | null,
  at: Millis,
): { watch: AlertWatch; fires: AlertFacts | null } {
  const of = JSON.stringify(cause)
  const known = watch?.of === of ? watch.lasting : null
  // What cannot be counted now is neither begun nor over.
  if (!finding) return { watch: { of, lasting: known }, fires: null }
  const { side, facts } = finding
  if (side !== null && side !== known?.side)
    return { watch: { of, lasting: { side, since: at } }, fires: { ...facts, side, bound: boundOf(cause) } }
  const isChange = known?.side === 'fall' || known?.side === 'rise'
  const isOver =
    known !== null &&
    side === null &&
    (!finding.lasts(known.side) || (isChange && at - known.since >= cause.days * day))
  return { watch: { of, lasting: isOver ? null : known }, fires: null }
}

const boundOf = ({ below, above }: AlertCause): number | null => below ?? above ?? null

/** The cause that an alert names: what, and the day in UTC on which it began, so that it is one, whoever looked. */
export function alertCauseId(facts: AlertFacts, at: Millis): string {
  const { metric, question, days, side, bound } = facts
  const what = [metric, ...(question === null ? [] : [question]), `${days}d`, side]
  return [...what, ...(bound === null ? [] : [bound]), formatMoment(at).slice(0, 10)].join('-')
}

/**
 * What an alert begins.
 *
 * @param cause as `alertCauseId` names it
 */
export function plannedBy(rule: PlanRule, facts: AlertFacts, cause: string, at: Millis): Planned {
  const due = at + rule.delay * day
  const id = followUpId(facts.survey, rule.id, cause)
  const expires = due + rule.expires * day
  return { id, rule: rule.id, cause, response: null, alert: facts, at, due, expires, step: 0 }
}

/** Whether a rule watches a number. */
export function watches(rule: PlanRule): rule is PlanRule & { after: AlertCause } {
  return rule.after.on === 'alert'
}

/** The work of looking, one for each rule that watches a number; due at once. */
export function watchJobs({ rules }: Pick<FollowUpPlan, 'rules'>, now: Millis): NewJob[] {
  return rules
    .filter(watches)
    .map(({ id }) => ({ kind: 'watch', id, lane: null, target: null, visitor: null, due: now, body: null }))
}

const names: Readonly<Record<Measured['definitionId'], string>> = {
  nps: 'NPS',
  enps: 'eNPS',
  csat: 'CSAT',
  'ces-1.0': 'CES 1.0',
  'ces-2.0': 'CES 2.0',
  rating: 'Rating',
  choice: 'Share of a choice',
  'response-rate': 'Response rate',
}

/**
 * An alert in words, for people: what happened, then the number in both windows.
 *
 * @example
 * alertLines(facts)[0] // 'NPS of nps-q4 fell from 42.0 to 12.5 within 7 days'
 */
export function alertLines(facts: AlertFacts): string[] {
  const { definitionId, unit, survey, side, bound, days, level, window, before, change } = facts
  const mark = unit === 'percent' ? ' %' : ''
  const said = (value: number | null): string =>
    value === null ? 'none' : `${formatRounded(value, 1)}${mark}`
  const between = (interval: readonly [number, number] | null): string =>
    interval === null
      ? 'no interval'
      : `${formatRounded(100 * level, 1)} % interval ${interval.map((each) => formatRounded(each, 1)).join(' to ')}`
  const of = `${names[definitionId]} of ${survey}`
  const span = days === 1 ? 'a day' : `${days} days`
  const head =
    side === 'fall' || side === 'rise'
      ? `${of} ${side === 'fall' ? 'fell' : 'rose'} from ${said(before.value)} to ${said(window.value)} within ${span}`
      : `${of} is ${side} ${said(bound)}: ${said(window.value)} in ${span}`
  const line = (name: string, { value, interval, n }: AlertWindow): string =>
    `${name}: ${said(value)} (${between(interval)}, n ${n})`
  return [
    head,
    line('Now', window),
    line('Before', before),
    ...(change ? [`Change: ${formatRounded(change.value, 1)} (${between(change.interval)})`] : []),
  ]
}
