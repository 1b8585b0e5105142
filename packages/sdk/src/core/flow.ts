/** The course of one showing: which questions are open, what an answer records, when it is over. Travels with the card, so a page where nobody is asked never loads it. */
import {
  isAsked,
  isOnScale,
  type AnswerEvent,
  type AnswerValue,
  type FeedbackEvent,
  type Question,
  type TextQuestion,
} from '@earshot/contract'
import type { DismissReason, Emission } from './emission.ts'
import type { EffectOf, EventDraft, Showing } from './model.ts'
import type { Progress, SurveyMemory } from './remembered.ts'
import type { Instant } from './time.ts'

/** How far a respondent is. */
export interface Flow extends Showing, Pick<Progress, 'answers' | 'revisions'> {
  /** `ask` → `saving` (sent by the respondent, not yet stored) → `thanks` → `closed`. */
  stage: 'ask' | 'saving' | 'thanks' | 'closed'
  /** Whether it was seen, by the eye of the page or by an answer. */
  seen: boolean
  /** Whether the last attempt to deliver failed. */
  offline: boolean
  /** Id of the question on the screen, where each has a page of its own. */
  page?: string | undefined
  /** Why that page cannot be left: there is no answer, or none that fits. */
  flaw?: 'missing' | 'misfit' | undefined
}

/** What happens to a card. */
export type FlowInput =
  | { type: 'displayed'; at: Instant }
  | { type: 'answer'; at: Instant; question: string; value: AnswerValue; other?: string | undefined }
  | { type: 'finish'; at: Instant; texts: Record<string, string> }
  | { type: 'dismiss'; at: Instant; reason: DismissReason }
  | { type: 'stored'; event: FeedbackEvent; durable: boolean }
  | { type: 'line'; up: boolean }
  /**
   * Goes on from a page, with the answer if there is one to give (null is something that is no value at all). Nothing
   * happens when another page is on the screen.
   */
  | { type: 'next'; at: Instant; page: string; value?: AnswerValue | null; other?: string | undefined }
  | { type: 'back' }
  /** Another language or theme is wanted. The course stays what it is; the card gets other words and looks. */
  | { type: 'looks' }

/** What a card orders. */
export type FlowEffect = EffectOf<'record' | 'emit' | 'remember'>

export interface FlowStep {
  flow: Flow
  effects: readonly FlowEffect[]
}

/** A step in the making. The flow in it is replaced, never changed. */
export interface Course {
  flow: Flow
  effects: FlowEffect[]
  at: Instant
}

/** A showing at its beginning, or where a reload broke it off: what has an answer was seen. */
export function startFlow(showing: Showing, offline: boolean): Flow {
  const { progress } = showing
  return { ...showing, answers: {}, revisions: {}, ...progress, stage: 'ask', seen: !!progress, offline }
}

/** The questions that the respondent sees now, in order. */
export function openQuestions(flow: Pick<Flow, 'survey' | 'answers'>): Question[] {
  return flow.survey.questions.filter((each) => isAsked(flow.survey, each, flow.answers))
}

/** One step of a showing. Pure: the same flow and input give the same result, and neither is changed. */
export function stepFlow(flow: Flow, input: FlowInput): FlowStep {
  const course = startCourse(flow, input)
  stepFrame(course, input)
  if (flow.stage === 'ask') {
    if (input.type === 'answer') answer(course, input.question, input.value)
    if (input.type === 'finish') finish(course, input.texts)
  }
  return course
}

/** What every card does, whatever is in it. */
export function stepFrame(course: Course, input: FlowInput): void {
  if (input.type === 'displayed') tellDisplay(course)
  if (input.type === 'dismiss') dismiss(course, input.reason)
  if (input.type === 'stored') tellStored(course, input.event, input.durable)
  if (input.type === 'line') change(course, { offline: !input.up })
}

/** Nothing done yet. Inputs without a time order nothing that needs one. */
export function startCourse(flow: Flow, input: FlowInput): Course {
  return { flow, effects: [], at: (input as { at: Instant }).at }
}

export function change(course: Course, patch: Partial<Flow>): void {
  course.flow = { ...course.flow, ...patch }
}

/** A score stands at once, and is recorded as one revision. The answer to the last open question ends the survey. */
function answer(course: Course, question: string, value: AnswerValue): void {
  if (!give(course, question, value)) return
  // The answer went first: what is worth most waits for no other write.
  tellDisplay(course)
  const { flow } = course
  if (openQuestions(flow).every((each) => Object.hasOwn(flow.answers, each.id))) complete(course)
}

/** Open texts become answers, and the response is complete. */
function finish(course: Course, texts: Readonly<Record<string, string>>): void {
  for (const { id } of openQuestions(course.flow)) {
    const text = Object.hasOwn(texts, id) && texts[id]?.trim()
    if (text) give(course, id, text)
  }
  complete(course)
}

function give(course: Course, id: string, value: AnswerValue): boolean {
  const { flow } = course
  const question = openQuestions(flow).find((each) => each.id === id)
  const fits =
    question?.kind === 'scale'
      ? isOnScale(question, value)
      : (question as TextQuestion)?.maxLength >= (value as string).length
  const isNew = fits && flow.answers[id] !== value
  if (isNew) keepAnswer(course, { question: id, value })
  return isNew
}

/** Records an answer as one revision, and how far the respondent is. */
export function keepAnswer(course: Course, data: Omit<AnswerEvent['data'], 'revision'>): void {
  const { at } = course
  const { survey, answers, revisions, response, variant, about, facts } = course.flow
  const { question, value } = data
  const revision = Object.hasOwn(revisions, question) ? revisions[question]! + 1 : 0
  const next = {
    answers: { ...answers, [question]: value },
    revisions: { ...revisions, [question]: revision },
  }
  change(course, next)
  record(course, 'answer', { ...data, revision })
  const progress = { response, at, version: survey.version, variant, about, facts, ...next }
  remember(course, { answered: at, progress })
}

/** Told once. Nobody answers what they have not seen, so an answer tells it too: every rate stays a share of what was shown. */
export function tellDisplay(course: Course): void {
  const { seen, about, response } = course.flow
  if (seen) return
  change(course, { seen: true })
  record(course, 'display', about)
  remember(course, { seen: response })
  emit(course, 'shown', {})
}

export function complete(course: Course): void {
  change(course, { stage: 'saving' })
  record(course, 'complete', {})
  remember(course, { progress: undefined })
}

/** After the end that is no event; before, a showing without an answer counts as dismissed. */
function dismiss(course: Course, reason: DismissReason): void {
  const { stage, answers, response } = course.flow
  change(course, { stage: 'closed' })
  if (stage !== 'ask') return
  record(course, 'dismiss', { reason })
  emit(course, 'dismissed', { reason })
  const patch: SurveyMemory = { progress: undefined, seen: response }
  if (!Object.keys(answers).length) patch.dismissed = course.at
  remember(course, patch)
}

/** Only now is the site told, and only now are thanks said: for what is kept, not for what was typed. */
function tellStored(course: Course, event: FeedbackEvent, durable: boolean): void {
  const { response, stage } = course.flow
  if ((event as Partial<AnswerEvent>).response !== response) return
  if (event.type === 'answer') {
    const { question, value } = event.data
    emit(course, 'answered', { question, value, id: event.id, durable })
  }
  if (event.type === 'complete') {
    if (stage === 'saving') change(course, { stage: 'thanks' })
    emit(course, 'completed', { durable })
  }
}

type SurveyDraft = Extract<EventDraft, { survey: string }>

function record<Type extends SurveyDraft['type']>(
  { flow, effects, at }: Course,
  type: Type,
  data: Extract<SurveyDraft, { type: Type }>['data'],
): void {
  const { survey, response, variant } = flow
  const draft = {
    type,
    data,
    survey: survey.id,
    surveyVersion: survey.version,
    response,
    variant,
  } as EventDraft
  effects.push({ type: 'record', at, draft, locale: survey.locale })
}

function remember({ flow, effects, at }: Course, patch: SurveyMemory): void {
  effects.push({ type: 'remember', at, change: { kind: 'survey', survey: flow.survey.id, patch } })
}

function emit({ flow, effects }: Course, name: Emission['name'], more: object): void {
  const detail = { survey: flow.survey.id, response: flow.response, ...more }
  effects.push({ type: 'emit', emission: { name, detail } as Emission })
}
