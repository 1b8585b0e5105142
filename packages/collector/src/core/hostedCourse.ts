/** The course of a survey without a browser's memory: which questions are left, and what an answer is as events. */
import {
  answerFlaw,
  bandOf,
  judgeRule,
  type AnswerValue,
  type Fact,
  type Facts,
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

const own = <Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined

function factsOf(survey: Survey, answers: Answers, route: readonly string[]): Facts {
  const answerTo = (id: string): AnswerValue | undefined =>
    route.includes(id) ? own(answers, id)?.value : undefined
  return (fact): Fact => {
    const [, kind, id = ''] = /^(answer|band)\.(.*)$/.exec(fact) ?? []
    if (kind === undefined) return undefined
    const value = answerTo(id)
    if (kind === 'answer') return value
    const question = survey.questions.find((each) => each.id === id)
    return question?.kind === 'scale' && typeof value === 'number' ? bandOf(question, value) : undefined
  }
}

/** Ids of the questions that are asked, by what was answered so far; as the pages of the SDK have it. What only a browser knows is not known. */
export function routeOf(survey: Survey, answers: Answers): string[] {
  const { questions } = survey
  const route: string[] = []
  const facts = factsOf(survey, answers, route)
  for (let index = 0; index < questions.length;) {
    const question = questions[index]
    if (!question) break
    const { id, when, next = [] } = question
    let to = index + 1
    if (!when || judgeRule(when, facts) === true) {
      route.push(id)
      const jump = next.find((each) => !each.when || judgeRule(each.when, facts) === true)
      if (jump?.to === 'end') break
      to = Math.max(
        to,
        questions.findIndex((each) => each.id === jump?.to),
      )
    }
    index = to
  }
  return route
}

/** Whether a question can only be left with an answer. */
export function mustAnswer({ questions }: Survey, { id, kind, required = false }: Question): boolean {
  if (kind === 'statement' || kind === 'link') return false
  return required || id === questions.find((each) => each.kind === 'scale')?.id
}

/**
 * The first question that is neither answered nor passed; null at the end.
 *
 * @param passed ids of those that were skipped or only read
 */
export function openQuestion(survey: Survey, answers: Answers, passed: readonly string[]): Question | null {
  const id = routeOf(survey, answers).find((each) => !own(answers, each) && !passed.includes(each))
  return survey.questions.find((each) => each.id === id) ?? null
}

/** How far somebody is: the number of the question, and of how many, as far as that can be told. */
export function progressOf(survey: Survey, answers: Answers, id: string): { at: number; of: number } {
  const route = routeOf(survey, answers)
  return { at: route.indexOf(id) + 1, of: route.length }
}

/** Puts answers in the place of `{{answer.id|fallback}}`, and the fallback in that of what only a browser knows. */
export function fill(survey: Survey, answers: Answers, text: string): string {
  const facts = factsOf(survey, answers, routeOf(survey, answers))
  return text
    .replace(/\{\{([^{}|]*)(?:\|([^{}]*))?\}\}/g, (_all, fact: string, fallback: string = '') => {
      const name = fact.trim()
      const value = facts(name)
      const known = Array.isArray(value) ? labelsOf(survey, name.slice(7), value) : (value ?? '')
      return String(known).trim().slice(0, 100) || fallback.trim() || '\0'
    })
    .replace(/^(?:\0[\s,;:]*)+/, '')
    .replace(/\s*\0(?=[\s,.;:!?…]|$)/g, '')
    .replaceAll('\0', '')
}

function labelsOf(survey: Survey, id: string, value: readonly unknown[]): string {
  const question = survey.questions.find((each) => each.id === id)
  if (question?.kind !== 'choice') return ''
  const labels = value.map((each) => question.options.find((option) => option.id === each)?.label ?? '')
  return labels.filter((each) => each !== '').join(', ')
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
