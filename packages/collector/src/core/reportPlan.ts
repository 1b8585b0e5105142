/** Plans a report: which question of which versions is counted, on which basis, and what the reader must know. */
import type { Metric, ScaleQuestion, Survey } from '@earshot/contract'
import { measurementOf, type StoredSurvey } from './surveys.ts'
import { didYouMean } from './text.ts'

/** The reports there are; `ces` covers both versions of the score. What staff say (`enps`) is a report of its own. */
export type ReportMetric = 'nps' | 'enps' | 'csat' | 'ces' | 'response'

/** `all` answers, or the `latest` of each person in the period. */
export type Basis = 'all' | 'latest'

/** What to count. */
export interface ReportPlan {
  metric: ReportMetric
  survey: string
  /** Null for `response`, which is about whole responses. */
  question: ScaleQuestion | null
  /** Versions whose answers go together. */
  versions: number[]
  basis: Basis
  /** Only those who were shown this arm of the experiment; null: everybody. */
  variant: string | null
  notes: string[]
}

/** A plan, or a refusal for the caller. */
export type PlanResult =
  | { ok: true; plan: ReportPlan }
  | {
      ok: false
      code: 'survey_missing' | 'unknown_survey' | 'wrong_metric' | 'unknown_question'
      message: string
    }

/** Null: a scale that feeds no standard metric is in no report. */
const reportOf: Readonly<Record<Metric, ReportMetric | null>> = {
  nps: 'nps',
  enps: 'enps',
  csat: 'csat',
  ces1: 'ces',
  ces2: 'ces',
  rating: null,
}
// NPS describes a relationship, so each person has one voice; CSAT and CES describe single occasions.
const defaultBasis: Readonly<Record<ReportMetric, Basis>> = {
  nps: 'latest',
  enps: 'latest',
  csat: 'all',
  ces: 'all',
  response: 'all',
}

/**
 * Decides what a report counts.
 *
 * The newest served version (the newest inline one when none is served) that asks for the metric decides the question and its scale. Older versions go in
 * when that question has the same scale and bands there; the others are left out, and a note says so.
 *
 * @param stored all versions of the wanted survey; of all surveys when none was named
 * @param names ids of all surveys of the site; only needed when the wanted one is not there
 * @example
 * planReport('nps', { survey: 'nps-q4' }, versions, [])
 */
export function planReport(
  metric: ReportMetric,
  wanted: { survey?: string; question?: string; basis?: Basis; variant?: string },
  stored: readonly StoredSurvey[],
  names: readonly string[],
): PlanResult {
  if (wanted.survey === undefined)
    return refuseMissing(
      metric,
      stored.map((each) => each.survey),
    )
  // What came inline never decides over what the owner put.
  const isServed = ({ source }: StoredSurvey): number => (source === 'served' ? 1 : 0)
  const versions = stored
    .toSorted((a, b) => isServed(b) - isServed(a) || b.survey.version - a.survey.version)
    .map((each) => each.survey)
  const [newest] = versions
  if (!newest) {
    const hint = didYouMean(wanted.survey, names)
    return { ok: false, code: 'unknown_survey', message: `No survey has the id "${wanted.survey}".${hint}` }
  }
  const basis = wanted.basis ?? defaultBasis[metric]
  const variant = wanted.variant ?? null
  if (metric === 'response') {
    const plan = {
      metric,
      survey: newest.id,
      question: null,
      versions: versions.map((each) => each.version),
      basis: 'all' as const,
      variant,
      notes: [],
    }
    return { ok: true, plan }
  }
  const source = versions.find((each) => questionFor(each, metric, wanted.question))
  const question = source && questionFor(source, metric, wanted.question)
  if (!question) return refuseMetric(metric, newest, wanted.question)
  const asking = versions.filter((each) => each.questions.some((other) => other.id === question.id))
  const alike = asking.filter((each) =>
    each.questions.some((other) => measurementOf(other) === measurementOf(question)),
  )
  const plan = {
    metric,
    survey: newest.id,
    question,
    versions: alike.map((each) => each.version).toSorted((a, b) => a - b),
    basis,
    variant,
    notes: [
      ...asking.filter((each) => !alike.includes(each)).map((each) => leftOut(each.version, question.id)),
      ...(isUsualNps(question) ? [] : [unusualNps]),
    ],
  }
  return { ok: true, plan }
}

const leftOut = (version: number, question: string): string =>
  `Version ${version} of the survey has another scale or other bands for "${question}"; its answers are left out, because scores of different scales do not add up.`

const unusualNps =
  'This is not the usual NPS scale (0–10, promoters 9–10, detractors 0–6); do not compare it with published scores.'

function questionFor(
  survey: Survey,
  metric: ReportMetric,
  id: string | undefined,
): ScaleQuestion | undefined {
  return survey.questions.find(
    (each): each is ScaleQuestion =>
      each.kind === 'scale' && reportOf[each.metric] === metric && (id === undefined || each.id === id),
  )
}

function refuseMissing(metric: ReportMetric, surveys: readonly Survey[]): PlanResult {
  const fitting = idsOf(
    surveys.filter((each) => metric === 'response' || questionFor(each, metric, undefined)),
  )
  const known =
    fitting.length > 0
      ? `Surveys for this report: ${fitting.join(', ')}.`
      : 'No survey for this report is known yet.'
  return { ok: false, code: 'survey_missing', message: `Say which survey with "survey". ${known}` }
}

function refuseMetric(metric: ReportMetric, survey: Survey, question: string | undefined): PlanResult {
  if (question !== undefined && questionFor(survey, metric, undefined))
    return {
      ok: false,
      code: 'unknown_question',
      message: `Survey "${survey.id}" has no ${metric} question "${question}".`,
    }
  const fitting = [
    ...new Set(
      survey.questions.flatMap((each) => (each.kind === 'scale' ? (reportOf[each.metric] ?? []) : [])),
    ),
  ]
  const paths = (fitting.length > 0 ? fitting : ['response']).map(
    (each) => `/v1/reports/${each}?survey=${encodeURIComponent(survey.id)}`,
  )
  return {
    ok: false,
    code: 'wrong_metric',
    message: `Survey "${survey.id}" asks no ${metric} question; use ${paths.join(' or ')}.`,
  }
}

function idsOf(surveys: readonly Survey[]): string[] {
  return [...new Set(surveys.map((each) => each.id))].toSorted()
}

function isUsualNps(question: ScaleQuestion): boolean {
  const usual = { min: 0, max: 10, positive: [9, 10], negative: [0, 1, 2, 3, 4, 5, 6] }
  return (
    !['nps', 'enps'].includes(question.metric) ||
    measurementOf(question) === measurementOf({ ...question, ...usual })
  )
}
