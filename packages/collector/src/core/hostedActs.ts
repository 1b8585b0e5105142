/** What the script of a hosted page tells: read, and judged as a form is. */
import { answerFlaw, mustAnswer, type AnswerValue, type Survey } from '@earshot/contract'
import { wayOf, type Answers, type Given, type HostedAct } from './hostedCourse.ts'
import { ownValue } from './text.ts'
import { day, type Millis } from './time.ts'

/** What was done, and how long before it was told. */
export interface ToldAct extends HostedAct {
  age: Millis
}

const mostRevisions = 1000
/** No survey has so many questions that somebody gets there; a batch of events takes more. */
const mostActs = 400
/** A link works no longer. */
const longestAge = 60 * day

const numberOf = (value: unknown, most: number): number =>
  typeof value === 'number' && value >= 0 ? Math.floor(Math.min(value, most)) : 0

/**
 * The acts of a body, in their order; what is none, or does not fit the survey, is left out and spoils no other. An end
 * counts where nothing is open that must be answered.
 *
 * @param body `{ acts: [{ question: 'score', value: 9, revision: 0, age: 20 }, { end: true, age: 0 }] }`, `age` in milliseconds
 * @param known answers that are there already
 * @returns null when it is no such body
 */
export function readActs(body: unknown, survey: Survey, known: Answers): ToldAct[] | null {
  const told = ownValue(body, 'acts')
  if (!Array.isArray(told)) return null
  let answers = known
  const acts: ToldAct[] = []
  for (const each of told.slice(0, mostActs) as unknown[]) {
    const act = actOf(each, survey, answers)
    if (!act) continue
    if (act.question !== null && act.given) answers = { ...answers, [act.question]: act.given }
    acts.push(act)
  }
  return acts
}

function actOf(told: unknown, survey: Survey, answers: Answers): ToldAct | null {
  const age = numberOf(ownValue(told, 'age'), longestAge)
  if (ownValue(told, 'end') === true)
    return canEnd(survey, answers) ? { question: null, given: null, revision: 0, isEnd: true, age } : null
  const question = survey.questions.find(({ id }) => id === ownValue(told, 'question'))
  if (!question) return null
  const value = ownValue(told, 'value') as AnswerValue
  const other = ownValue(told, 'other')
  const order = ownValue(told, 'order')
  const given: Given = { value, ...(typeof other === 'string' && other !== '' && { other }) }
  const isEmpty = value === '' || (Array.isArray(value) && value.length === 0)
  if (isEmpty && mustAnswer({ survey }, question)) return null
  const isOrder = Array.isArray(order) && order.every((id) => typeof id === 'string')
  const more = { ...(isOrder && { order }) }
  if (answerFlaw(question, { ...given, ...more }) !== null) return null
  const revision = numberOf(ownValue(told, 'revision'), mostRevisions)
  return { question: question.id, given, revision, isEnd: false, age, ...more }
}

function canEnd(survey: Survey, answers: Answers): boolean {
  const route = wayOf(survey, answers)
  return survey.questions.every(
    (each) => !route.includes(each.id) || !mustAnswer({ survey }, each) || Object.hasOwn(answers, each.id),
  )
}
