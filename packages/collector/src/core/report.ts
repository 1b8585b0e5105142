/** Makes reports: the number, what belongs beside it, and the sentence that says what it means. */
import type { ScaleQuestion } from '@earshot/contract'
import { withhold, type ResponseCounts } from '@earshot/metrics'
import { barsOf, measureSample, showingsOf, type Bar, type Measured } from './measure.ts'
import type { Change, DropOff, Segments, Trend } from './reportParts.ts'
import type { Basis, ReportMetric, ReportPlan } from './reportPlan.ts'
import type { Sample } from './tally.ts'
import { formatMoment, type Millis } from './time.ts'

/** What was counted. */
export interface Counted {
  from: Millis | null
  to: Millis | null
  total: Sample
  /** Events that responses leave out, because another visitor sent them under the same id. */
  ignored: number
  /** Responses that were completed beyond the quota. */
  overQuota: number
  /** Events of the survey that devices gave up before they could be sent, since the beginning. */
  lost: number
  /** Responses that look as if no person had given them, and whether they are counted. */
  doubted: { count: number; areIncluded: boolean }
}

/** What may stand beside the number, where it was asked for. */
export interface Parts {
  segments: Segments | null
  trend: Trend | null
  change: Change | null
  dropOff: DropOff[] | null
}

/** Body of `GET /v1/reports/{metric}`. */
export interface Report extends Parts {
  metric: ReportMetric
  /** Names the definition: only numbers of the same one may be set beside each other. */
  definitionId: Measured['definitionId']
  survey: string
  question: string | null
  versions: number[]
  /** Null also where the question has choices: those are in `result`. */
  scale: Pick<ScaleQuestion, 'metric' | 'min' | 'max' | 'positive' | 'negative'> | null
  /** First moment of the period, ISO 8601 in UTC; null: since the beginning. */
  from: string | null
  /** First moment after the period; null: until now. */
  to: string | null
  /** Whose days are meant, for the whole report. */
  timezone: string
  basis: Basis
  /** The arm of the experiment that alone was counted; null: all. */
  variant: string | null
  /** Conditions on what was counted, `name:value`. */
  where: string[]
  /** Groups of fewer answers are not shown. */
  minimum: number
  estimate: Measured['estimate']
  unit: Measured['unit']
  /** Everything else that belongs beside it; null where the group is too small to be shown. */
  result: Measured['result'] | null
  /** One row per score on the scale, lowest first, also for scores that nobody gave; none where the group is too small. */
  distribution: Bar[]
  /** Only in `response`. */
  counts: ResponseCounts | null
  /** How many answers (showings in `response`) the number stands on. */
  responses: number
  /** Responses of the period that look as if no person had given them, and whether they are in the numbers above. */
  suspects: { count: number; areIncluded: boolean }
  definition: string
  notes: string[]
}

/** How a report was asked for, besides what is counted. */
export interface ReportFrame {
  timezone: string
  where: readonly string[]
  minimum: number
}

/**
 * Makes the report from what was counted. Without an answer its estimate is null and gives the reason; where conditions leave
 * fewer answers than the minimum, it is not shown.
 *
 * @example
 * buildReport(plan, { timezone: 'UTC', where: [], minimum: 10 }, counted, parts).estimate.value // 100
 */
export function buildReport(plan: ReportPlan, frame: ReportFrame, counted: Counted, parts: Parts): Report {
  const { question } = plan
  const measured = measureSample(question, counted.total)
  const least = frame.where.length > 0 ? frame.minimum : 0
  const isHidden = measured.estimate.n < least
  return {
    metric: plan.metric,
    definitionId: measured.definitionId,
    survey: plan.survey,
    question: question?.id ?? null,
    versions: plan.versions,
    scale: question?.kind === 'scale' ? scaleOf(question) : null,
    from: counted.from === null ? null : formatMoment(counted.from),
    to: counted.to === null ? null : formatMoment(counted.to),
    timezone: frame.timezone,
    basis: plan.basis,
    variant: plan.variant,
    where: [...frame.where],
    minimum: frame.minimum,
    estimate: withhold(measured.estimate, least),
    unit: measured.unit,
    result: isHidden ? null : measured.result,
    distribution: question && !isHidden ? barsOf(question, counted.total) : [],
    counts: question || isHidden ? null : showingsOf(counted.total),
    responses: measured.estimate.n,
    suspects: counted.doubted,
    ...parts,
    definition: `${measured.definition} ${basisText(plan, frame.timezone)}`,
    notes: [
      ...plan.notes,
      ...(counted.ignored > 0 ? [ignoredNote(counted.ignored)] : []),
      ...(counted.overQuota > 0 ? [overQuotaNote(counted.overQuota)] : []),
      ...(counted.doubted.count > 0 ? [doubtedNote(counted.doubted)] : []),
      ...(counted.lost > 0 ? [lostNote(counted.lost)] : []),
    ],
  }
}

const scaleOf = ({ metric, min, max, positive, negative }: ScaleQuestion): Report['scale'] => ({
  metric,
  min,
  max,
  positive,
  negative,
})

function basisText({ metric, basis, variant }: ReportPlan, zone: string): string {
  const arm = variant === null ? '' : ` Only those who were shown variant "${variant}".`
  if (metric === 'response') return `A showing counts on the day of its first event, in ${zone}.${arm}`
  const who =
    basis === 'latest'
      ? 'Latest answer of each person in the period (of each visitor where no person is known: what somebody answered before signing in counts for the visitor, since joining the two needs consent and is not done)'
      : 'All answers in the period'
  return `${who}; an answer counts on its own day, in ${zone}.${arm}`
}

function ignoredNote(count: number): string {
  const what = count === 1 ? '1 event is' : `${count} events are`
  return `${what} stored and not counted: the same response id was used by another visitor, or for another survey or version.`
}

function lostNote(count: number): string {
  const what = count === 1 ? '1 event' : `${count} events`
  return `${what} of this survey, since the beginning, never arrived: devices had no room for them, or could not send them for a month.`
}

function overQuotaNote(count: number): string {
  const what = count === 1 ? '1 response is' : `${count} responses are`
  return `${what} stored and not counted: completed after the quota was full. In /v1/responses and the export, "overQuota" is true.`
}

const doubtedNote = ({ count, areIncluded }: Counted['doubted']): string =>
  `${count} ${count === 1 ? 'response looks' : 'responses look'} as if no person had given ${count === 1 ? 'it' : 'them'}, and ${
    areIncluded
      ? 'counted all the same, as was asked'
      : `${count === 1 ? 'is' : 'are'} not counted; "suspects=include" counts them, /v1/suspects lists them`
  }.`
