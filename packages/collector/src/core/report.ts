/** Makes reports: the number, what belongs beside it, and the sentence that says what it means. */
import { bandOf, type Band, type ScaleQuestion } from '@earshot/contract'
import {
  ces,
  csat,
  nps,
  response,
  type CesResult,
  type CsatResult,
  type Estimate,
  type NpsResult,
  type ResponseCounts,
  type ResponseResult,
} from '@earshot/metrics'
import type { Basis, ReportMetric, ReportPlan } from './reportPlan.ts'
import { formatMoment, type Millis } from './time.ts'

/** What was counted. */
export interface Counted {
  from: Millis | null
  to: Millis | null
  distribution: readonly { score: number; count: number }[]
  counts: ResponseCounts | null
  /** Events that responses leave out, because another visitor sent them under the same id. */
  ignored: number
  /** Responses that were completed beyond the quota. */
  overQuota: number
  /** Events of the survey that devices gave up before they could be sent, since the beginning. */
  lost: number
  /** Responses that look as if no person had given them, and whether they are counted. */
  doubted: { count: number; areIncluded: boolean }
}

/** Body of `GET /v1/reports/{metric}`. */
export interface Report {
  metric: ReportMetric
  survey: string
  question: string | null
  versions: number[]
  scale: Pick<ScaleQuestion, 'metric' | 'min' | 'max' | 'positive' | 'negative'> | null
  /** First moment of the period, ISO 8601 in UTC; null: since the beginning. */
  from: string | null
  /** First moment after the period; null: until now. */
  to: string | null
  basis: Basis
  /** The arm of the experiment that alone was counted; null: all. */
  variant: string | null
  /** The number of the report: NPS, % satisfied, % easy (mean effort for CES 1.0), % answered. */
  estimate: Estimate
  unit: 'points' | 'percent' | 'scale points'
  /** Everything else that belongs beside it. */
  result: NpsResult | CsatResult | CesResult | ResponseResult
  /** One row per score on the scale, lowest first, also for scores that nobody gave. */
  distribution: { score: number; count: number; band: Band }[]
  /** Only in `response`. */
  counts: ResponseCounts | null
  /** How many answers (showings in `response`) the number stands on. */
  responses: number
  /** Responses of the period that look as if no person had given them, and whether they are in the numbers above. */
  suspects: { count: number; areIncluded: boolean }
  definition: string
  notes: string[]
}

/**
 * Makes the report from what was counted. Without an answer its estimate is null and gives the reason.
 *
 * @example
 * buildReport(plan, { from: null, to: null, distribution: [{ score: 9, count: 1 }], counts: null, ignored: 0, overQuota: 0, lost: 0, doubted: { count: 0, areIncluded: false } }).estimate.value // 100
 */
export function buildReport(plan: ReportPlan, counted: Counted): Report {
  const { question } = plan
  const distribution = question
    ? scoresOf(question).map((score) => ({
        score,
        count: counted.distribution.find((each) => each.score === score)?.count ?? 0,
        band: bandOf(question, score),
      }))
    : []
  const counts = question ? null : (counted.counts ?? { shown: 0, answered: 0, completed: 0, dismissed: 0 })
  const measured = question ? measure(question, distribution) : measureResponse(counts)
  return {
    metric: plan.metric,
    survey: plan.survey,
    question: question?.id ?? null,
    versions: plan.versions,
    scale: question && {
      metric: question.metric,
      min: question.min,
      max: question.max,
      positive: question.positive,
      negative: question.negative,
    },
    from: counted.from === null ? null : formatMoment(counted.from),
    to: counted.to === null ? null : formatMoment(counted.to),
    basis: plan.basis,
    variant: plan.variant,
    estimate: measured.estimate,
    unit: measured.unit,
    result: measured.result,
    distribution,
    counts,
    responses: measured.estimate.n,
    suspects: counted.doubted,
    definition: `${measured.definition} ${basisText(plan)}`,
    notes: [
      ...plan.notes,
      ...(counted.ignored > 0 ? [ignoredNote(counted.ignored)] : []),
      ...(counted.overQuota > 0 ? [overQuotaNote(counted.overQuota)] : []),
      ...(counted.doubted.count > 0 ? [doubtedNote(counted.doubted)] : []),
      ...(counted.lost > 0 ? [lostNote(counted.lost)] : []),
    ],
  }
}

type Measured = Pick<Report, 'estimate' | 'unit' | 'result' | 'definition'>

function measure(question: ScaleQuestion, rows: Report['distribution']): Measured {
  const { metric, min, max } = question
  const positive = sorted(question.positive)
  const negative = sorted(question.negative)
  const of = `${min}–${max}`
  if (metric === 'nps' || metric === 'enps') {
    const sum = (band: Band): number =>
      rows.reduce((total, row) => total + (row.band === band ? row.count : 0), 0)
    const result = nps({ detractors: sum('detractor'), passives: sum('passive'), promoters: sum('promoter') })
    const definition = `${metric === 'nps' ? 'NPS' : 'Employee NPS'}: percent of promoters (${list(positive)}) minus percent of detractors (${list(negative)}) among all answers on ${of}, passives included; from −100 to 100 points.`
    return { estimate: result.nps, unit: 'points', result, definition }
  }
  if (metric === 'csat') {
    const result = csat(rows, { min, max, positive })
    const definition = `CSAT: percent of satisfied answers (${list(positive)}) among all answers on ${of}.`
    return { estimate: result.percent, unit: 'percent', result, definition }
  }
  const result = ces(rows, { version: metric === 'ces1' ? 1 : 2, min, max, positive, negative })
  if (metric === 'ces1')
    return {
      estimate: result.mean,
      unit: 'scale points',
      result,
      definition: `CES 1.0: mean effort on ${of}; lower is better. Never compare it with CES 2.0.`,
    }
  return {
    estimate: result.percentEasy,
    unit: 'percent',
    result,
    definition: `CES 2.0: percent who found it easy (${list(positive)}) among all answers on ${of}; higher is better. Never compare it with CES 1.0.`,
  }
}

function measureResponse(counts: ResponseCounts | null): Measured {
  const result = response(counts ?? { shown: 0, answered: 0, completed: 0, dismissed: 0 })
  const definition =
    'Response rate: showings with at least one answer among all showings (half of the card visible for a second, answered, or closed).'
  return { estimate: result.response, unit: 'percent', result, definition }
}

function basisText({ metric, basis, variant }: ReportPlan): string {
  const arm = variant === null ? '' : ` Only those who were shown variant "${variant}".`
  if (metric === 'response') return `A showing counts on the day of its first event, in UTC.${arm}`
  const who =
    basis === 'latest'
      ? 'Latest answer of each person in the period (of each visitor where no person is known: what somebody answered before signing in counts for the visitor, since joining the two needs consent and is not done)'
      : 'All answers in the period'
  return `${who}; an answer counts on its own day, in UTC.${arm}`
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

function scoresOf({ min, max }: ScaleQuestion): number[] {
  return Array.from({ length: max - min + 1 }, (_, index) => min + index)
}

const sorted = (scores: readonly number[]): number[] => [...new Set(scores)].toSorted((a, b) => a - b)
const list = (scores: readonly number[]): string => scores.join(', ') || 'none'

const doubtedNote = ({ count, areIncluded }: Counted['doubted']): string =>
  `${count} ${count === 1 ? 'response looks' : 'responses look'} as if no person had given ${count === 1 ? 'it' : 'them'}, and ${
    areIncluded
      ? 'counted all the same, as was asked'
      : `${count === 1 ? 'is' : 'are'} not counted; "suspects=include" counts them, /v1/suspects lists them`
  }.`
