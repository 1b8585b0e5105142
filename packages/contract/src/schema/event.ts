/** Schema of events: the facts that the SDK reports. */
import { z } from 'zod'
import type { EventContext, FeedbackEvent } from '../event.ts'
import { exact } from '../exact.ts'
import { maxTextLength } from '../version.ts'
import { followUpIdentity, identifier, moment, name, scalars, version } from './atoms.ts'

export const context: z.ZodType<EventContext> = exact<EventContext>()(
  z
    .object({
      url: z.string().max(2000).optional(),
      locale: z.string().max(35).optional(),
      channel: name,
      touchpoint: name.optional(),
      stage: name.optional(),
    })
    .meta({ id: 'context' }),
)

const base = {
  id: z.uuidv7(),
  at: moment,
  visitor: z.string().min(1).max(64),
  person: z.string().min(1).max(200).nullable(),
  session: z.string().min(1).max(64),
  seq: z.int().min(0),
  context,
}
const surveyBase = {
  ...base,
  survey: identifier,
  surveyVersion: version,
  response: z.uuidv7(),
  variant: identifier.optional(),
}
const nothing = z.object({})
const counts = z.record(name, z.int().min(1).max(1_000_000))
/** 50 options, and `other`. */
const choices = z.array(identifier).max(51)

export const event: z.ZodType<FeedbackEvent> = exact<FeedbackEvent>()(
  z.discriminatedUnion('type', [
    z.object({
      ...surveyBase,
      type: z.literal('display'),
      data: z.object({
        trigger: z.enum([
          'show',
          'event',
          'sequence',
          'page',
          'time',
          'scroll',
          'exit',
          'idle',
          'seen',
          'click',
          'rage',
          'followup',
          'resume',
        ]),
        followUp: followUpIdentity.optional(),
        hidden: scalars.optional(),
        layout: name.optional(),
        wording: name.optional(),
      }),
    }),
    z.object({
      ...surveyBase,
      type: z.literal('answer'),
      data: z.object({
        question: identifier,
        value: z.union([z.number(), z.string().max(maxTextLength), z.boolean(), choices]),
        other: z.string().max(500).optional(),
        order: choices.optional(),
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
        followUp: followUpIdentity,
        state: z.enum(['planned', 'shown', 'answered', 'cancelled', 'expired']),
        reason: name.optional(),
        due: moment.optional(),
      }),
    }),
    z.object({ ...base, type: z.literal('optout'), data: nothing }),
    z.object({ ...base, type: z.literal('identify'), data: z.object({ traits: scalars }) }),
    z.object({
      ...base,
      type: z.literal('group'),
      data: z.object({ group: z.string().min(1).max(200), traits: scalars }),
    }),
    z.object({ ...base, type: z.literal('track'), data: z.object({ name, props: scalars }) }),
    z.object({
      ...base,
      type: z.literal('loss'),
      data: z.object({
        reason: z.enum(['room', 'age', 'unreadable']),
        events: counts,
        surveys: counts,
        from: moment,
        to: moment,
      }),
    }),
  ]),
)
