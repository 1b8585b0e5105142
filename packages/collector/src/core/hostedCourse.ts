/** The course of a survey without a browser's memory: which questions are left, and what an answer is as events. */
import {
  answerFlaw,
  createFill,
  otherKey,
  routeOf,
  type Answered,
  type AnswerValue,
  type Question,
  type Survey,
  type SurveyEvent,
} from '@earshot/contract'
import { derivedId, type Sha256 } from './derivedId.ts'
import type { StoredResponse } from './project.ts'
import { formatMoment, type Millis } from './time.ts'

/** An answer by its question: what was given, and what was written beside the choice `other`. */
export interface Given {
  value: AnswerValue
  other?: string | undefined
}

/** Answers by question id. */
export type Answers = Readonly<Record<string, Given>>

/** The answers of a response. */
export function answersOf(response: Pick<StoredResponse, 'answers'> | null): Answers {
  return Object.fromEntries(
    Object.entries(response?.answers ?? {}).map(([id, { value, other }]) => [
      id,
      { value, ...(other !== undefined && { other }) },
    ]),
  )
}

/** The same as the pages of the SDK have it. What only a browser knows is not known. */
function answered(survey: Survey, answers: Answers): Answered {
  const flat = Object.entries(answers).flatMap(([id, { value, other }]): [string, AnswerValue][] =>
    other === undefined
      ? [[id, value]]
      : [
          [id, value],
          [otherKey(id), other],
        ],
  )
  return { survey, answers: Object.fromEntries(flat) }
}

/** Ids of the questions that are asked, by what was answered so far. */
export function wayOf(survey: Survey, answers: Answers): string[] {
  return routeOf(answered(survey, answers))
}

/**
 * The first question that is neither answered nor passed; null at the end.
 *
 * @param passed ids of those that were skipped or only read
 */
export function openQuestion(survey: Survey, answers: Answers, passed: readonly string[]): Question | null {
  const id = wayOf(survey, answers).find((each) => !Object.hasOwn(answers, each) && !passed.includes(each))
  return survey.questions.find((each) => each.id === id) ?? null
}

/** How far somebody is: the number of the question, and of how many, as far as that can be told. */
export function progressOf(survey: Survey, answers: Answers, id: string): { at: number; of: number } {
  const route = wayOf(survey, answers)
  return { at: route.indexOf(id) + 1, of: route.length }
}

/** Puts answers in the place of `{{answer.id|fallback}}`, and the fallback in that of what only a browser knows. */
export function fill(survey: Survey, answers: Answers, text: string): string {
  return createFill(answered(survey, answers))(text)
}

/**
 * An answer as a form or a link gives it; undefined where it is none.
 *
 * @param texts the values of the field, of which a list may have several
 */
export function readAnswer(question: Question, texts: readonly string[], other: string): Given | undefined {
  const [first = ''] = texts
  const value = valueOf(question, texts, first.trim())
  if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) return undefined
  const written = other.trim()
  const isOther = Array.isArray(value) && value.includes('other') && written !== ''
  return { value, ...(isOther && { other: written }) }
}

function valueOf(question: Question, texts: readonly string[], first: string): AnswerValue | undefined {
  switch (question.kind) {
    case 'scale':
      return /^-?\d{1,6}$/.test(first) ? Number(first) : undefined
    case 'text':
      if (question.input !== 'number') return first
      return /^-?\d{1,15}(?:[.,]\d{1,10})?$/.test(first) ? Number(first.replace(',', '.')) : first
    case 'choice':
      return [...new Set(texts.filter((each) => each !== ''))]
    case 'yesno':
      return first === 'yes' ? true : first === 'no' ? false : undefined
    case 'link':
    case 'statement':
      return undefined
  }
}

/** Whether the collector takes an answer. */
export function fits(question: Question, given: Given): boolean {
  return answerFlaw(question, { value: given.value, other: given.other }) === null
}

/** What an answer belongs to. */
export interface HostedResponse {
  site: number
  /** Identity of the follow-up. */
  followUp: string
  response: string
  survey: Survey
  visitor: string
  person: string | null
  wording: string
  /** Highest number of an event so far; none is 0. */
  seq: number
  /** Whether the response has a showing of ours already. */
  isShown: boolean
}

/** What was done on a page. */
export interface HostedAct {
  question: string | null
  given: Given | null
  revision: number
  /** Ids of the choices in the order in which they stood, where it was shuffled. */
  order?: string[] | undefined
  /** Whether nothing is left to ask. */
  isEnd: boolean
}

/**
 * What was done, as events. Their ids hang on what they say, so that a form that is sent twice is stored once.
 *
 * @example
 * hostedEvents(response, { question: 'score', given: { value: 9 }, revision: 0, isEnd: false }, now, sha256) // display, answer
 */
export function hostedEvents(
  about: HostedResponse,
  act: HostedAct,
  now: Millis,
  sha256: Sha256,
): SurveyEvent[] {
  const { site, followUp, response, survey, visitor, person, wording } = about
  let { seq } = about
  const base = (name: string): Omit<SurveyEvent, 'type' | 'data'> => ({
    id: derivedId(timeIn(response), `hosted/${site}/${response}/${name}`, sha256),
    at: formatMoment(now),
    visitor,
    person,
    session: response,
    seq: (seq += 1),
    survey: survey.id,
    surveyVersion: survey.version,
    response,
    context: { channel: 'mail', locale: survey.locale },
  })
  const events: SurveyEvent[] = []
  if (!about.isShown)
    events.push({ ...base('display'), type: 'display', data: { trigger: 'followup', followUp, wording } })
  const { question, given, revision, order } = act
  if (question !== null && given)
    events.push({
      ...base(`answer/${JSON.stringify([question, revision, given])}`),
      type: 'answer',
      data: {
        question,
        value: given.value,
        ...(given.other !== undefined && { other: given.other }),
        ...(order && { order }),
        revision,
      },
    })
  if (act.isEnd) events.push({ ...base('complete'), type: 'complete', data: {} })
  return events
}

/** When an id was made. The events of a response have the time of its own, so that the same act has the same id whenever it comes. */
function timeIn(id: string): Millis {
  return Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)
}
