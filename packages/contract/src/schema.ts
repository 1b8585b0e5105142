/** The interfaces as zod schemas, for whoever receives data from outside. Never imported by the SDK. */
import { z } from 'zod'
import type {
  Config,
  EraseRequest,
  EventContext,
  FeedbackEvent,
  FeedbackRequest,
  Place,
  PlaceRequest,
  Problem,
  Receipt,
  Scalar,
} from './event.ts'
import { exact } from './exact.ts'
import type { FollowUp, FollowUpRule } from './followUp.ts'
import type { Question } from './question.ts'
import type { Rule } from './rule.ts'
import { followUpIdentity, identifier, moment, scalars } from './schema/atoms.ts'
import { envelope, envelopeAlone, key, type Envelope } from './schema/envelope.ts'
import { context, event } from './schema/event.ts'
import { followUp, followUpRule } from './schema/followUp.ts'
import { question } from './schema/question.ts'
import { rule } from './schema/rule.ts'
import { settings, survey } from './schema/survey.ts'
import { trigger } from './schema/trigger.ts'
import type { SiteSettings, Survey } from './survey.ts'
import type { Trigger } from './trigger.ts'
import { maxBatchEvents } from './version.ts'

/** What is wrong with a value, as a schema tells it. */
export type SchemaError = z.ZodError

/** Traits, properties or hidden fields. */
export const scalarsSchema: z.ZodType<Record<string, Scalar>> = scalars
/** Where an event happened. */
export const contextSchema: z.ZodType<EventContext> = context
/** A rule over facts. */
export const ruleSchema: z.ZodType<Rule> = rule
/** One question. */
export const questionSchema: z.ZodType<Question> = question
/** What makes a survey appear now. */
export const triggerSchema: z.ZodType<Trigger> = trigger
/** What makes a survey appear later. */
export const followUpRuleSchema: z.ZodType<FollowUpRule> = followUpRule
/** One survey, with the rules that go across its fields. */
export const surveySchema: z.ZodType<Survey> = survey
/** What holds for all surveys of a site. */
export const settingsSchema: z.ZodType<SiteSettings> = settings
/** One event. Whether its value fits its survey is the collector's to say. */
export const eventSchema: z.ZodType<FeedbackEvent> = event
/** A planned follow-up. */
export const followUpSchema: z.ZodType<FollowUp> = followUp

const visitor = z.string().min(1).max(64)

/** A whole request. */
export const feedbackRequestSchema: z.ZodType<FeedbackRequest> = exact<FeedbackRequest>()(
  z.object({
    ...envelope,
    surveys: z.array(survey).max(50).optional(),
    events: z.array(event).min(1).max(maxBatchEvents),
  }),
)
/** The envelope alone: events and surveys are judged one by one, so that a bad one spoils no other. */
export const envelopeSchema: z.ZodType<Envelope> = envelopeAlone
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
  z.object({
    version: z.literal(1),
    surveys: z.array(survey),
    plain: z.array(z.string()).optional(),
    settings: settings.optional(),
  }),
)
/** Asks for the right to show a survey. */
export const placeRequestSchema: z.ZodType<PlaceRequest> = exact<PlaceRequest>()(
  z.object({
    key,
    survey: identifier,
    response: z.uuidv7(),
    visitor,
    person: z.string().min(1).max(200).nullable(),
    followUp: followUpIdentity.optional(),
  }),
)
/** Whether a survey may be shown. */
export const placeSchema: z.ZodType<Place> = exact<Place>()(
  z.object({
    granted: z.boolean(),
    reason: z.enum(['quota-full', 'answered-elsewhere', 'opted-out']).optional(),
    until: moment.optional(),
  }),
)
/** Asks to delete everything of a visitor. */
export const eraseRequestSchema: z.ZodType<EraseRequest> = exact<EraseRequest>()(
  z.object({ key, visitor, keep: z.literal('counts').optional() }),
)
/** An HTTP error. */
export const problemSchema: z.ZodType<Problem> = exact<Problem>()(
  z.object({ type: z.string(), title: z.string(), status: z.int(), code: z.string(), detail: z.string() }),
)

export { type Envelope } from './schema/envelope.ts'
export { isExactEnvelope, isExactEvent } from './schema/checkers.ts'
export { type SurveyFlaw } from './check/report.ts'
export { validateSurvey, validateSurveys } from './validate.ts'
