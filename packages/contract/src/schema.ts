/** The interfaces as zod schemas, for whoever receives data from outside. Never imported by the SDK. */
import { z } from 'zod'
import type {
  Config,
  EventContext,
  FeedbackEvent,
  FeedbackRequest,
  Problem,
  Receipt,
  Scalar,
} from './event.ts'
import { exact } from './exact.ts'
import type { FollowUp } from './followUp.ts'
import type { Question, Survey } from './survey.ts'
import { maxBatchEvents, maxTextLength } from './version.ts'

const name = z.string().min(1).max(100)
const identifier = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1–64 of A–Z a–z 0–9 . _ -')
const label = z.string().min(1).max(500)
const moment = z.iso.datetime()
const days = z.number().min(0).max(3650)
// Bounded, so that nobody can take the last number there is and leave the owner without a next one.
const version = z.int().min(1).max(1_000_000)

const condition = z.object({
  question: identifier,
  bands: z.array(
    z.enum(['detractor', 'passive', 'promoter', 'hard', 'neutral', 'easy', 'dissatisfied', 'satisfied']),
  ),
})

const question = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('scale'),
    id: identifier,
    metric: z.enum(['nps', 'csat', 'ces1', 'ces2']),
    min: z.int().min(0).max(1),
    max: z.int().min(1).max(10),
    positive: z.array(z.int()).min(1).max(11),
    negative: z.array(z.int()).max(11),
    title: label,
    low: label,
    high: label,
    when: condition.optional(),
  }),
  z.object({
    kind: z.literal('text'),
    id: identifier,
    title: label,
    maxLength: z.int().min(1).max(maxTextLength),
    when: condition.optional(),
  }),
])

const trigger = z.discriminatedUnion('on', [
  z.object({ on: z.literal('event'), name }),
  z.object({ on: z.literal('page'), delay: z.number().min(0).max(86_400) }),
])

const survey = z
  .object({
    id: identifier,
    version,
    locale: z.string().min(2).max(35),
    questions: z.array(question).min(1).max(20),
    thanks: z.object({ title: label, text: label.optional() }),
    triggers: z.array(trigger).max(20),
    recontact: z.object({ answered: days, dismissed: days, shown: days }),
    touchpoint: name.optional(),
    stage: name.optional(),
  })
  .superRefine((value, check) => {
    const add = (message: string, ...path: (string | number)[]): void =>
      check.addIssue({ code: 'custom', message, path })
    if (value.questions[0]?.kind !== 'scale')
      add('the first question must be a scale', 'questions', 0, 'kind')
    const scales = new Set<string>()
    const ids = new Set<string>()
    for (const [index, each] of value.questions.entries()) {
      const at = ['questions', index] as const
      if (ids.has(each.id)) add(`two questions have the id "${each.id}"`, ...at, 'id')
      if (each.when && !scales.has(each.when.question))
        add(`no earlier scale question has the id "${each.when.question}"`, ...at, 'when', 'question')
      ids.add(each.id)
      if (each.kind === 'text') continue
      scales.add(each.id)
      if (each.max <= each.min) add('max must be above min', ...at, 'max')
      const off = [...each.positive, ...each.negative].find((score) => score < each.min || score > each.max)
      if (off !== undefined) add(`${off} is not on the scale ${each.min}–${each.max}`, ...at, 'positive')
      const both = each.positive.find((score) => each.negative.includes(score))
      if (both !== undefined) add(`${both} is both positive and negative`, ...at, 'positive')
    }
  })

const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype'])
const scalars = z
  .record(z.string().min(1).max(100), z.union([z.string().max(1000), z.number(), z.boolean(), z.null()]))
  .refine((value) => Object.keys(value).length <= 50, 'must have at most 50 keys')
  .refine((value) => !Object.keys(value).some((key) => forbiddenKeys.has(key)), 'has a forbidden key')

const context = z.object({
  url: z.string().max(2000).optional(),
  locale: z.string().max(35).optional(),
  channel: name,
  touchpoint: name.optional(),
  stage: name.optional(),
})

const base = {
  id: z.uuidv7(),
  at: moment,
  visitor: z.string().min(1).max(64),
  person: z.string().min(1).max(200).nullable(),
  session: z.string().min(1).max(64),
  seq: z.int().min(0),
  context,
}
const surveyBase = { ...base, survey: identifier, surveyVersion: version, response: z.uuidv7() }
const nothing = z.object({})

const event = z.discriminatedUnion('type', [
  z.object({
    ...surveyBase,
    type: z.literal('display'),
    data: z.object({ trigger: z.enum(['show', 'event', 'page']) }),
  }),
  z.object({
    ...surveyBase,
    type: z.literal('answer'),
    data: z.object({
      question: identifier,
      value: z.union([z.number(), z.string().max(maxTextLength)]),
      revision: z.int().min(0).max(1_000_000),
    }),
  }),
  z.object({ ...surveyBase, type: z.literal('complete'), data: nothing }),
  z.object({
    ...surveyBase,
    type: z.literal('dismiss'),
    data: z.object({ reason: z.enum(['close', 'escape', 'command']) }),
  }),
  z.object({ ...surveyBase, type: z.literal('snooze'), data: z.object({ until: moment }) }),
  z.object({
    ...surveyBase,
    type: z.literal('followup'),
    data: z.object({
      followUp: z.string().min(1).max(300),
      state: z.enum(['planned', 'shown', 'cancelled', 'expired']),
    }),
  }),
  z.object({ ...base, type: z.literal('optout'), data: nothing }),
  z.object({ ...base, type: z.literal('identify'), data: z.object({ traits: scalars }) }),
  z.object({ ...base, type: z.literal('track'), data: z.object({ name, props: scalars }) }),
])

const envelope = {
  key: z.string().min(1).max(100),
  sentAt: moment,
  sdk: z.string().min(1).max(50),
}

/** What is wrong with a value, as a schema tells it. */
export type SchemaError = z.ZodError

/** A value of a trait or a property. */
export const scalarsSchema: z.ZodType<Record<string, Scalar>> = exact<Record<string, Scalar>>()(scalars)
/** Where an event happened. */
export const contextSchema: z.ZodType<EventContext> = exact<EventContext>()(context)
/** One question. */
export const questionSchema: z.ZodType<Question> = exact<Question>()(question)
/** One survey, with the rules that go across its fields. */
export const surveySchema: z.ZodType<Survey> = exact<Survey>()(survey)
/** One event. Whether its value fits its survey is the collector's to say. */
export const eventSchema: z.ZodType<FeedbackEvent> = exact<FeedbackEvent>()(event)
/** A whole request. */
export const feedbackRequestSchema: z.ZodType<FeedbackRequest> = exact<FeedbackRequest>()(
  z.object({
    ...envelope,
    surveys: z.array(survey).max(50).optional(),
    events: z.array(event).min(1).max(maxBatchEvents),
  }),
)
/** The envelope alone: events and surveys are judged one by one, so that a bad one spoils no other. */
export const envelopeSchema: z.ZodType<Envelope> = exact<Envelope>()(
  z.object({
    ...envelope,
    surveys: z.array(z.unknown()).max(50).optional(),
    events: z.array(z.unknown()).min(1).max(maxBatchEvents),
  }),
)
/** A request whose parts have not been judged. */
export interface Envelope extends Omit<FeedbackRequest, 'surveys' | 'events'> {
  surveys?: unknown[] | undefined
  events: unknown[]
}
/** What the collector answers. */
export const receiptSchema: z.ZodType<Receipt> = exact<Receipt>()(
  z.object({
    accepted: z.array(z.string()),
    duplicates: z.array(z.string()),
    rejected: z.array(
      z.object({
        id: z.string(),
        code: z.enum([
          'invalid_event',
          'unknown_type',
          'unknown_survey',
          'unknown_question',
          'score_out_of_range',
          'wrong_answer_type',
          'invalid_survey',
          'survey_conflict',
          'too_many_surveys',
        ]),
        message: z.string(),
        path: z.string(),
      }),
    ),
  }),
)
/** What the SDK reads at start. */
export const configSchema: z.ZodType<Config> = exact<Config>()(
  z.object({ version: z.literal(1), surveys: z.array(survey) }),
)
/** An HTTP error. */
export const problemSchema: z.ZodType<Problem> = exact<Problem>()(
  z.object({ type: z.string(), title: z.string(), status: z.int(), code: z.string(), detail: z.string() }),
)
/** A planned follow-up. */
export const followUpSchema: z.ZodType<FollowUp> = exact<FollowUp>()(
  z.object({
    id: z.string().min(1).max(300),
    survey: identifier,
    rule: identifier,
    cause: z.string().min(1).max(100),
    due: moment,
    expires: moment,
  }),
)
