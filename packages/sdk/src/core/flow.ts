/** The course of one showing: which questions are open, what an answer records, when it is over. Travels with the card, so a page where nobody is asked never loads it. */
import { isAsked, isOnScale, type FeedbackEvent, type Question } from '@earshot/contract'
import type { DismissReason, Effect, EventDraft, Showing } from './model.ts'
import type { Instant } from './time.ts'

/** How far a respondent is. */
export interface Flow extends Showing {
  answers: Record<string, number | string>
  /** Per question: how often it was answered. */
  revisions: Record<string, number>
  /** `ask` → `saving` (sent by the respondent, not yet stored) → `thanks` → `closed`. */
  stage: 'ask' | 'saving' | 'thanks' | 'closed'
  /** Whether it was seen, by the eye of the page or by an answer. */
  seen: boolean
  /** Whether the last attempt to deliver failed. */
  offline: boolean
}

/** What happens to a card. */
export type FlowInput =
  | { type: 'displayed'; at: Instant }
  | { type: 'answer'; at: Instant; question: string; value: number }
  | { type: 'finish'; at: Instant; texts: Record<string, string> }
  | { type: 'dismiss'; at: Instant; reason: DismissReason }
  | { type: 'stored'; event: FeedbackEvent; durable: boolean }
  | { type: 'line'; up: boolean }

/** What a card orders. */
export type FlowEffect = Extract<Effect, { type: 'record' | 'emit' }> | Extract<Effect, { type: 'remember' }>

export interface FlowStep {
  flow: Flow
  effects: readonly FlowEffect[]
}

/** A showing at its beginning. */
export function startFlow(showing: Showing, offline: boolean): Flow {
  return { ...showing, answers: {}, revisions: {}, stage: 'ask', seen: false, offline }
}

/** The questions that the respondent sees now, in order. */
export function openQuestions(flow: Pick<Flow, 'survey' | 'answers'>): Question[] {
  return flow.survey.questions.filter((each) => isAsked(flow.survey, each, flow.answers))
}

/** One step of a showing. Pure: the same flow and input give the same result, and neither is changed. */
export function stepFlow(flow: Flow, input: FlowInput): FlowStep {
  switch (input.type) {
    case 'displayed':
      return displayed(flow, input.at)
    case 'answer':
      return answer(flow, input.question, input.value, input.at)
    case 'finish':
      return finish(flow, input.texts, input.at)
    case 'dismiss':
      return dismiss(flow, input.reason, input.at)
    case 'stored':
      return stored(flow, input.event, input.durable)
    case 'line':
      return { flow: { ...flow, offline: !input.up }, effects: [] }
  }
}

/** Told once. Nobody answers what they have not seen, so an answer tells it too: every rate stays a share of what was shown. */
function displayed(flow: Flow, at: Instant): FlowStep {
  if (flow.seen) return { flow, effects: [] }
  const { survey, response, cause } = flow
  return {
    flow: { ...flow, seen: true },
    effects: [
      record(flow, at, { type: 'display', data: { trigger: cause } }),
      { type: 'emit', emission: { name: 'shown', detail: { survey: survey.id, response } } },
    ],
  }
}

/** A score stands at once, and is recorded as one revision. The answer to the last open question ends the survey. */
function answer(flow: Flow, question: string, value: number, at: Instant): FlowStep {
  const seen = displayed(flow, at)
  const given = flow.stage === 'ask' ? give(seen.flow, question, value, at) : null
  if (!given) return { flow, effects: [] }
  // The answer goes first: what is worth most waits for no other write.
  const effects = [...given.effects, ...seen.effects]
  const isOpen = openQuestions(given.flow).some((each) => !Object.hasOwn(given.flow.answers, each.id))
  if (isOpen) return { flow: given.flow, effects }
  const end = finish(given.flow, {}, at)
  return { flow: end.flow, effects: [...effects, ...end.effects] }
}

/** Open texts become answers, and the response is complete. */
function finish(start: Flow, texts: Readonly<Record<string, string>>, at: Instant): FlowStep {
  if (start.stage !== 'ask') return { flow: start, effects: [] }
  let flow = start
  const effects: FlowEffect[] = []
  for (const question of openQuestions(flow)) {
    const text = Object.hasOwn(texts, question.id) ? texts[question.id]?.trim() : ''
    const given: FlowStep | null = text ? give(flow, question.id, text, at) : null
    if (!given) continue
    flow = given.flow
    effects.push(...given.effects)
  }
  effects.push(record(flow, at, { type: 'complete', data: {} }))
  return { flow: { ...flow, stage: 'saving' }, effects }
}

/** After the end that is no event; before, a showing without an answer counts as dismissed. */
function dismiss(flow: Flow, reason: DismissReason, at: Instant): FlowStep {
  const closed: Flow = { ...flow, stage: 'closed' }
  if (flow.stage !== 'ask') return { flow: closed, effects: [] }
  const { survey, response } = flow
  const effects: FlowEffect[] = [
    record(flow, at, { type: 'dismiss', data: { reason } }),
    { type: 'emit', emission: { name: 'dismissed', detail: { survey: survey.id, response, reason } } },
  ]
  if (!Object.keys(flow.answers).length)
    effects.push({ type: 'remember', change: { survey: survey.id, patch: { dismissed: at } } })
  return { flow: closed, effects }
}

/** Only now is the site told, and only now are thanks said: for what is kept, not for what was typed. */
function stored(flow: Flow, event: FeedbackEvent, durable: boolean): FlowStep {
  if (!('response' in event) || event.response !== flow.response) return { flow, effects: [] }
  const { id, survey, response } = event
  if (event.type === 'answer') {
    const { question, value } = event.data
    const detail = { survey, response, question, value, id, durable }
    return { flow, effects: [{ type: 'emit', emission: { name: 'answered', detail } }] }
  }
  if (event.type !== 'complete') return { flow, effects: [] }
  return {
    flow: flow.stage === 'saving' ? { ...flow, stage: 'thanks' } : flow,
    effects: [{ type: 'emit', emission: { name: 'completed', detail: { survey, response, durable } } }],
  }
}

function give(flow: Flow, id: string, value: number | string, at: Instant): FlowStep | null {
  const question = openQuestions(flow).find((each) => each.id === id)
  const fits =
    question?.kind === 'scale'
      ? isOnScale(question, value)
      : question && typeof value === 'string' && value.length <= question.maxLength
  const known = Object.hasOwn(flow.answers, id)
  if (!fits || (known && flow.answers[id] === value)) return null
  const revision = known ? (flow.revisions[id] as number) + 1 : 0
  return {
    flow: {
      ...flow,
      answers: { ...flow.answers, [id]: value },
      revisions: { ...flow.revisions, [id]: revision },
    },
    effects: [
      record(flow, at, { type: 'answer', data: { question: id, value, revision } }),
      { type: 'remember', change: { survey: flow.survey.id, patch: { answered: at } } },
    ],
  }
}

type SurveyDraft =
  Extract<EventDraft, { survey: string }> extends infer Each
    ? Each extends { type: FeedbackEvent['type']; data: unknown }
      ? Pick<Each, 'type' | 'data'>
      : never
    : never

function record(flow: Flow, at: Instant, part: SurveyDraft): FlowEffect {
  const { survey, response } = flow
  const draft = { ...part, survey: survey.id, surveyVersion: survey.version, response } as EventDraft
  return { type: 'record', at, draft }
}
