/** Schemas of the plan of follow-ups and of webhooks, as they are put. */
import { ruleSchema } from '@earshot/contract/schema'
import { z } from 'zod'
import { casePriorities, caseRoles } from '../core/cases.ts'
import type { FollowUpPlan, PlanRule, Texts } from '../core/followUpPlan.ts'
import { headerFlaw } from '../core/mailAddress.ts'
import { webhookEvents, webhookShapes, type Webhook } from '../core/webhook.ts'
import { isZone } from '../core/zone.ts'

const id = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1–64 of A–Z a–z 0–9 _ -')
const name = z.string().min(1).max(100)
const survey = z.string().min(1).max(64)
const days = z.number().min(0).max(365)
const time = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'must be a time of the day like "21:00"')
/** Words by language. */
export const texts: z.ZodType<Texts> = z
  .record(z.string().min(2).max(35), z.string().min(1).max(2000))
  .refine((value) => Object.keys(value).length <= 50, 'must have at most 50 languages')

/** Words that stand in the head of a message. */
export const subjects: z.ZodType<Texts> = texts.superRefine((value, context) => {
  for (const [language, text] of Object.entries(value)) {
    const flaw = headerFlaw(text)
    if (flaw !== null) context.addIssue({ code: 'custom', path: [language], message: flaw })
  }
})

/** Where a rule sends a case. */
const route = z
  .strictObject({
    role: z.enum(caseRoles).optional(),
    person: id.optional(),
    title: z.string().min(1).max(200).optional(),
    priority: z.enum(casePriorities).optional(),
    dueHours: z.number().gt(0).max(8760).optional(),
  })
  .refine(({ role, person }) => role !== undefined || person !== undefined, 'needs a role or a person')

const alert = z
  .strictObject({
    on: z.literal('alert'),
    survey,
    metric: z.enum(['nps', 'enps', 'csat', 'ces', 'response']),
    question: z.string().min(1).max(64).optional(),
    days: z.int().min(1).max(90),
    change: z.enum(['fall', 'rise', 'either']).optional(),
    below: z.number().min(-100).max(100).optional(),
    above: z.number().min(-100).max(100).optional(),
    minimum: z.int().min(2).max(1_000_000).optional(),
    level: z.number().min(0.5).max(0.9999).optional(),
    every: z.int().min(1).max(168).optional(),
  })
  .superRefine(({ change, below, above, metric, question }, context) => {
    if ([change, below, above].filter((each) => each !== undefined).length !== 1)
      context.addIssue({ code: 'custom', path: ['change'], message: 'needs one of change, below and above' })
    if (metric === 'response' && question !== undefined)
      context.addIssue({
        code: 'custom',
        path: ['question'],
        message: 'must not be there: the response rate is about the whole survey',
      })
  })

/** What is wrong with a rule about an alert, which concerns nobody in particular; path and words. */
function alertFlaw({ after, do: action, survey: asked, unless }: PlanRule): [string[], string] | null {
  if (after.on !== 'alert') return null
  const nobody = 'an alert concerns nobody in particular'
  if ('mail' in action)
    return [
      ['do', 'mail'],
      `has nobody to write to: ${nobody}. Open a case, or tell a webhook with "reaches": "staff"`,
    ]
  if ('webhook' in action && action.reaches === 'person')
    return [['do', 'reaches'], `must be "staff": ${nobody}`]
  if (asked !== undefined) return [['survey'], `must not be there: ${nobody}, so nobody is asked`]
  return unless === undefined ? null : [['unless'], `must not be there: ${nobody}, and ends when it is over`]
}

const rule = z
  .strictObject({
    id,
    survey: survey.optional(),
    after: z.discriminatedUnion('on', [
      z.strictObject({ on: z.literal('answer'), survey, when: ruleSchema.optional() }),
      z.strictObject({ on: z.literal('event'), name, where: ruleSchema.optional(), key: name.optional() }),
      z.strictObject({ on: z.literal('silence'), survey }),
      alert,
    ]),
    delay: days,
    expires: z.number().gt(0).max(365),
    do: z.union([
      z.strictObject({ webhook: id, reaches: z.enum(['person', 'staff']) }),
      z.strictObject({ case: route }),
      z.strictObject({ mail: z.strictObject({ survey, subject: subjects.optional() }) }),
    ]),
    text: texts.optional(),
    reminders: z
      .array(
        z.strictObject({
          after: z.number().gt(0).max(365),
          text: texts.optional(),
          subject: subjects.optional(),
        }),
      )
      .max(10)
      .optional(),
    unless: z
      .strictObject({
        answered: z.array(survey).max(20).optional(),
        events: z
          .array(z.strictObject({ name, key: name.optional() }))
          .max(20)
          .optional(),
      })
      .optional(),
  })
  .refine(
    (value) => !('case' in value.do) || (value.reminders === undefined && value.text === undefined),
    'opens a case, which goes with no reminders and no text',
  )
  .superRefine((value, context) => {
    const flaw = alertFlaw(value)
    if (flaw) context.addIssue({ code: 'custom', path: flaw[0], message: flaw[1] })
  })

/** The whole plan. */
export const planSchema: z.ZodType<FollowUpPlan> = z.strictObject({
  rules: z
    .array(rule)
    .max(100)
    .refine((rules) => new Set(rules.map((each) => each.id)).size === rules.length, {
      message: 'must have each id once',
    }),
  quiet: z.strictObject({ from: time, to: time }).optional(),
  zone: z.string().refine(isZone, 'must be a time zone like "Europe/Berlin"').optional(),
  limits: z
    .array(z.strictObject({ most: z.int().min(1).max(1000), days: z.number().gt(0).max(365) }))
    .max(5)
    .optional(),
})

/** A plan that is to be tried out. */
export interface TrialRequest {
  plan: FollowUpPlan
  /** How many days back. */
  days: number
  /** In which its days are counted. */
  zone?: string | undefined
}

/** The same as it is sent. */
export const trialSchema: z.ZodType<TrialRequest> = z.strictObject({
  plan: planSchema,
  days: z.int().min(1).max(90),
  zone: z.string().refine(isZone, 'must be a time zone like "Europe/Berlin"').optional(),
})

/** Which deliveries are sent once more. */
export const retrySchema: z.ZodType<{ state: 'dead'; webhook?: string | undefined }> = z.strictObject({
  state: z.literal('dead'),
  webhook: id.optional(),
})

/** What of a webhook is put. */
export type WebhookRequest = Pick<Webhook, 'name' | 'url'> & {
  shape?: Webhook['shape'] | undefined
  events?: Webhook['events'] | undefined
  surveys?: Webhook['surveys'] | undefined
}

/** A webhook as it is put. */
export const webhookRequestSchema: z.ZodType<WebhookRequest> = z.strictObject({
  name,
  url: z.string().max(2000),
  shape: z.enum(webhookShapes).optional(),
  events: z.array(z.enum(webhookEvents)).max(webhookEvents.length).optional(),
  surveys: z.array(survey).min(1).max(100).nullable().optional(),
})
