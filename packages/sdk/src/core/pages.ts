/** The course of a paged showing: one question at a time, there and back, each answer recorded at once. */
import { createFill, mustAnswer, otherKey, routeOf, type AnswerValue, type Question } from '@earshot/contract'
import {
  change,
  complete,
  keepAnswer,
  startCourse,
  startFlow,
  stepFrame,
  tellDisplay,
  type Course,
  type Flow,
  type FlowInput,
  type FlowStep,
} from './flow.ts'
import type { Showing } from './model.ts'
import { isEmpty } from './pageAnswer.ts'
import { own, questionOf } from './pageRoute.ts'

/** What the course does not know of an answer: that depends on the type of its question. */
export interface AnswerJudge {
  /** Whether the collector would take it. */
  fits(question: Question, value: AnswerValue, other: string | undefined): boolean
  /** In which order the choices were seen, where it is the visitor's own. */
  orderOf(flow: Flow, question: Question): string[] | undefined
}

/** At its first page, or where a reload broke it off. Without a page there is nothing to ask this visitor. */
export function startPages(showing: Showing, offline: boolean): Flow {
  const flow = { ...startFlow(showing, offline), facts: showing.facts }
  const route = routeOf(flow)
  const isDone = (id: string): boolean => !isEmpty(own(flow.answers, id))
  const isRead = (id: string): boolean => /statement|link/.test(questionOf(flow, id)?.kind ?? '')
  // What is only read has no answer; it was read when something after it was answered.
  const last = route.findLastIndex(isDone)
  const page = route.find((id, index) => !isDone(id) && !(index < last && isRead(id)))
  return { ...flow, page: page ?? route.at(-1) }
}

/** One step of a paged showing. Pure: the same flow and input give the same result, and neither is changed. */
export function stepPages(flow: Flow, input: FlowInput, judge: AnswerJudge): FlowStep {
  const course = startCourse(flow, input)
  stepFrame(course, input)
  if (flow.stage !== 'ask') return course
  if (input.type === 'answer') answer(course, judge, input.question, input.value, input.other)
  if (input.type === 'next' && input.page === flow.page) {
    if (input.value !== undefined) answer(course, judge, input.page, input.value, input.other)
    if (input.value === undefined || !course.flow.flaw) next(course)
  }
  if (input.type === 'back') back(course)
  return course
}

/** Taken for the page on the screen only, which stays there: the next one comes by `next`. */
function answer(
  course: Course,
  { fits, orderOf }: AnswerJudge,
  id: string,
  given: AnswerValue | null,
  written?: string,
): void {
  const { flow } = course
  const value = typeof given === 'string' ? given.trim() : given
  const question = questionOf(flow, id)
  if (!question || id !== flow.page) return
  const before = own(flow.answers, id)
  const isOther = Array.isArray(value) && question.kind === 'choice' && value.includes('other')
  const other = (isOther && written?.trim()) || undefined
  if (value !== null && isEmpty(value)) {
    if (mustAnswer(flow, question)) return change(course, { flaw: 'missing' })
    // Nothing is no answer, unless it takes one away.
    if (isEmpty(before)) return change(course, { flaw: undefined })
  }
  if (value === null || !fits(question, value, other)) return change(course, { flaw: 'misfit' })
  change(course, { flaw: undefined })
  if (isSame(before, value) && (!isOther || isSame(own(flow.answers, otherKey(id)), other))) return
  const { [otherKey(id)]: _before, ...answers } = flow.answers
  change(course, { answers: other ? { ...answers, [otherKey(id)]: other } : answers })
  const order = orderOf(flow, question)
  keepAnswer(course, {
    question: id,
    value,
    ...(other && { other }),
    ...(order && { order }),
  })
  tellDisplay(course)
}

/** To the page that follows from the answers; after the last the response is complete. */
function next(course: Course): void {
  const { flow } = course
  const question = questionOf(flow, flow.page)
  if (question && mustAnswer(flow, question) && isEmpty(own(flow.answers, question.id)))
    return change(course, { flaw: 'missing' })
  const route = routeOf(flow)
  const page = route[route.indexOf(flow.page ?? '') + 1]
  if (page) return change(course, { page, flaw: undefined })
  const fill = createFill(flow)
  const { title, text } = flow.survey.thanks
  const thanks = { title: fill(title), ...(text !== undefined && { text: fill(text) }) }
  change(course, { survey: { ...flow.survey, thanks }, flaw: undefined })
  tellDisplay(course)
  complete(course)
}

/** What was answered stays recorded. */
function back(course: Course): void {
  const { flow } = course
  const route = routeOf(flow)
  const page = route[route.indexOf(flow.page ?? '') - 1]
  if (page) change(course, { page, flaw: undefined })
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)
