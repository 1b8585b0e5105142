/** Plans a report: which question of which versions is counted, on which basis, and what the reader must know. */
import type { Metric, Question, Survey } from '@earshot/contract'
import { countedQuestion, type CountedQuestion } from './countedQuestion.ts'
import { measurementOf, standingVersion, type StoredSurvey } from './surveys.ts'
import { didYouMean } from './text.ts'

/**
 * The reports there are; `ces` covers both versions of the score. What staff say (`enps`) is a report of its own. `question` is
 * that of one question of any kind that can be counted.
 */
export type ReportMetric = 'nps' | 'enps' | 'csat' | 'ces' | 'question' | 'response'

/** `all` answers, or the `latest` of each person in the period. */
export type Basis = 'all' | 'latest'

/** What to count. */
export interface ReportPlan {
  metric: ReportMetric
  survey: string
  /** Null for `response`, which is about whole responses. */
  question: CountedQuestion | null
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
      code:
        | 'survey_missing'
        | 'unknown_survey'
        | 'wrong_metric'
        | 'unknown_question'
        | 'unknown_choice'
        | 'choice_missing'
      message: string
    }

/** Null: a scale that feeds no standard metric is in no other report than `question`. */
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
  question: 'all',
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
  wanted: { survey?: string; question?: string; basis?: Basis; variant?: string; choice?: readonly string[] },
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
  const asked = source && questionFor(source, metric, wanted.question)
  const question = asked && countedQuestion(asked, wanted.choice)
  if (!asked || !question) return refuseMetric(metric, newest, wanted.question)
  const flaw = choiceFlaw(question, wanted.choice)
  if (flaw) return flaw
  const asking = versions.filter((each) => each.questions.some((other) => other.id === question.id))
  const alike = asking.filter((each) =>
    each.questions.some((other) => measurementOf(other) === measurementOf(asked)),
  )
  const plan = {
    metric,
    survey: newest.id,
    question,
    versions: alike.map((each) => each.version).toSorted((a, b) => a - b),
    basis: wanted.basis ?? defaultBasis[(question.kind === 'scale' && reportOf[question.metric]) || metric],
    variant,
    notes: [
      ...asking.filter((each) => !alike.includes(each)).map((each) => leftOut(each.version, question)),
      ...(isUsualNps(question) ? [] : [unusualNps]),
    ],
  }
  return { ok: true, plan }
}

const leftOut = (version: number, { id, kind }: CountedQuestion): string =>
  kind === 'scale'
    ? `Version ${version} of the survey has another scale or other bands for "${id}"; its answers are left out, because scores of different scales do not add up.`
    : `Version ${version} of the survey has other choices for "${id}"; its answers are left out, because shares of different choices do not add up.`

const unusualNps =
  'This is not the usual NPS scale (0–10, promoters 9–10, detractors 0–6); do not compare it with published scores.'

function questionFor(survey: Survey, metric: ReportMetric, id: string | undefined): Question | undefined {
  return survey.questions.find((each) => {
    if (id !== undefined && each.id !== id) return false
    if (metric === 'question') return countedQuestion(each) !== null
    return each.kind === 'scale' && reportOf[each.metric] === metric
  })
}

/**
 * Ids of the questions that a report of the kind `question` can be made of without more being said: those of the standing
 * version whose good outcome is known.
 *
 * @param versions all versions of one survey
 */
export function countableQuestions(versions: readonly StoredSurvey[]): string[] {
  const questions = standingVersion(versions)?.survey.questions ?? []
  return questions.flatMap((each) => {
    const counted = countedQuestion(each)
    return counted && counted.positive.length > 0 ? [each.id] : []
  })
}

/** Which choices are meant has to be known, and they have to be there. */
function choiceFlaw(
  question: CountedQuestion,
  wanted: readonly string[] | undefined,
): Extract<PlanResult, { ok: false }> | null {
  if (question.kind === 'scale')
    return wanted === undefined
      ? null
      : {
          ok: false,
          code: 'unknown_choice',
          message: `"${question.id}" is a scale; "choice" is for questions with choices.`,
        }
  const ids = question.options.map((each) => each.id)
  const unknown = wanted?.find((each) => !ids.includes(each))
  if (unknown !== undefined)
    return {
      ok: false,
      code: 'unknown_choice',
      message: `"${question.id}" has no choice "${unknown}".${didYouMean(unknown, ids)} There are ${ids.join(', ')}.`,
    }
  if (question.positive.length > 0) return null
  return {
    ok: false,
    code: 'choice_missing',
    message: `The survey does not say which choice of "${question.id}" is the good one; say with "choice" whose share is meant, once or several times: ${ids.join(', ')}.`,
  }
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
      message: `Survey "${survey.id}" has no ${metric === 'question' ? '' : `${metric} `}question "${question}"${metric === 'question' ? ' that can be counted' : ''}.`,
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
    message: `Survey "${survey.id}" asks no ${metric === 'question' ? 'question that can be counted' : `${metric} question`}; use ${paths.join(' or ')}.`,
  }
}

function idsOf(surveys: readonly Survey[]): string[] {
  return [...new Set(surveys.map((each) => each.id))].toSorted()
}

function isUsualNps(question: CountedQuestion): boolean {
  if (question.kind !== 'scale') return true
  const usual = { min: 0, max: 10, positive: [9, 10], negative: [0, 1, 2, 3, 4, 5, 6] }
  return (
    !['nps', 'enps'].includes(question.metric) ||
    measurementOf(question) === measurementOf({ ...question, ...usual })
  )
}
