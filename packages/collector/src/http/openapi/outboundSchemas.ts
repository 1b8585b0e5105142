/** Schemas of what the routes about follow-ups and webhooks give. */
import { surveySchema } from '@earshot/contract/schema'
import { z } from 'zod'
import { webhookEvents, webhookShapes } from '../../core/webhook.ts'
import { planSchema } from '../followUpSchema.ts'

const moment = z.iso.datetime()
const webhook = z.strictObject({
  id: z.string(),
  name: z.string(),
  url: z.string(),
  shape: z.enum(webhookShapes),
  events: z.array(z.enum(webhookEvents)),
  surveys: z.array(z.string()).nullable(),
  /** How many are good now. */
  secrets: z.int(),
  createdAt: moment,
})

const job = z.strictObject({
  job: z.int(),
  kind: z.enum(['followup', 'tell', 'delivery', 'mail', 'event', 'watch']),
  id: z.string(),
  /** Of the message, where it is a delivery. */
  type: z.string().nullable(),
  /** What it belongs to. */
  response: z.string().nullable(),
  case: z.string().nullable(),
  rule: z.string().nullable(),
  webhook: z.string().nullable(),
  state: z.enum(['waiting', 'done', 'stopped', 'dead']),
  due: moment.nullable(),
  tries: z.int(),
  reason: z.string().nullable(),
  madeAt: moment,
  endedAt: moment.nullable(),
})
const counts = z.record(z.string(), z.int())
const trial = z.strictObject({
  days: z.int(),
  zone: z.string(),
  from: moment,
  to: moment,
  since: moment,
  isComplete: z.boolean(),
  people: z.int(),
  left: z.int(),
  rules: z.array(
    z.strictObject({
      rule: z.string(),
      begun: z.int(),
      sent: z.int(),
      people: z.int(),
      days: z.array(z.strictObject({ day: z.string(), sent: z.int() })),
      held: counts,
      stopped: counts,
      waiting: z.int(),
    }),
  ),
  sample: z.array(
    z.strictObject({
      rule: z.string(),
      followUp: z.string(),
      /** Null of an alert, which concerns nobody. */
      visitor: z.string().nullable(),
      person: z.string().nullable(),
      response: z.string().nullable(),
      /** The alert that caused it, in words. */
      alert: z.string().nullable(),
      causedAt: moment,
      sentAt: z.array(moment),
      heldBy: z.array(z.string()),
      outcome: z.enum(['sent', 'stopped', 'waiting']),
      reason: z.string().nullable(),
    }),
  ),
})

/** By name, as they stand under `components.schemas`. */
export const outboundSchemas: Readonly<
  Record<
    | 'FollowUpPlan'
    | 'FollowUpTrial'
    | 'Webhook'
    | 'WebhookList'
    | 'MadeWebhook'
    | 'JobPage'
    | 'Job'
    | 'RetriedJobs'
    | 'MailAddress'
    | 'UnsubscribedPage'
    | 'MailState'
    | 'MailPreview'
    | 'HostedState'
    | 'MailTried'
    | 'LinkRotation',
    z.ZodType
  >
> = {
  FollowUpPlan: planSchema,
  FollowUpTrial: trial,
  Webhook: webhook,
  WebhookList: z.strictObject({ webhooks: z.array(webhook) }),
  MadeWebhook: z.strictObject({ ...webhook.shape, secret: z.string() }),
  JobPage: z.strictObject({ jobs: z.array(job), next: z.string().nullable() }),
  Job: z.strictObject({
    ...job.shape,
    /** What it brings, as it is now. */
    message: z.strictObject({ id: z.string(), body: z.unknown() }).nullable(),
  }),
  RetriedJobs: z.strictObject({ retried: z.int(), isComplete: z.boolean() }),
  MailAddress: z.strictObject({
    email: z.string(),
    locale: z.string().nullable(),
    unsubscribed: z.boolean(),
    at: moment,
  }),
  UnsubscribedPage: z.strictObject({
    unsubscribed: z.array(
      z.strictObject({
        person: z.string().nullable(),
        by: z.enum(['link', 'admin']),
        at: moment,
        /** By a link, `one-click` or `page`; else why, where somebody with a token said it. */
        reason: z.string().optional(),
      }),
    ),
    next: z.string().nullable(),
  }),
  /** How the response behind a link stands, for the script of its page. */
  HostedState: z.strictObject({
    response: z.string(),
    /** In the language of the link. */
    survey: surveySchema,
    answers: z.record(
      z.string(),
      z.strictObject({ value: z.unknown(), other: z.string().optional(), revision: z.int() }),
    ),
    /** What the link has chosen, which nobody has confirmed yet, and whether nothing is left to ask after it. */
    chosen: z
      .strictObject({
        question: z.string(),
        value: z.unknown(),
        other: z.string().optional(),
        isLast: z.boolean(),
      })
      .nullable(),
    isDone: z.boolean(),
    thanks: z.strictObject({ title: z.string(), text: z.string().optional() }),
    name: z.string(),
    theme: z.unknown().optional(),
  }),
  MailState: z.strictObject({
    isSetUp: z.boolean(),
    sender: z.strictObject({ name: z.string(), address: z.string(), publicUrl: z.string() }).nullable(),
  }),
  MailPreview: z.strictObject({
    subject: z.string(),
    text: z.string(),
    html: z.string(),
    /** The language of the survey as it is asked, and that of the words around it. */
    locale: z.string(),
    language: z.string(),
    /** Whether somebody whose first language it is has read the words around it. */
    reviewed: z.boolean(),
  }),
  /** The code of the mail server. */
  MailTried: z.strictObject({ status: z.int() }),
  LinkRotation: z.strictObject({ until: moment }),
}
