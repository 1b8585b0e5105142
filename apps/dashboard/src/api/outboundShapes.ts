/** What the collector answers about follow-ups, webhooks and deliveries. */
import * as z from 'zod/mini'

const text = z.string()
const number = z.number()
const moment = z.string()
const orNull = <Shape extends z.ZodMiniType>(shape: Shape): z.ZodMiniNullable<Shape> => z.nullable(shape)

/** Read by the editor, which shows also what it has no field for. */
export const planShape = z.looseObject({ rules: z.array(z.unknown()) })

const webhookFields = { id: text, name: text, url: text, shape: text, events: z.array(text) }
export const webhooksShape = z.object({ webhooks: z.array(z.object(webhookFields)) })
export const madeWebhookShape = z.object({ ...webhookFields, secret: text })

const countsShape = z.record(text, number)
export const trialShape = z.object({
  days: number,
  zone: text,
  from: moment,
  to: moment,
  since: moment,
  isComplete: z.boolean(),
  people: number,
  left: number,
  rules: z.array(
    z.object({
      rule: text,
      begun: number,
      sent: number,
      people: number,
      days: z.array(z.object({ day: text, sent: number })),
      held: countsShape,
      stopped: countsShape,
      waiting: number,
    }),
  ),
  sample: z.array(
    z.object({
      rule: text,
      followUp: text,
      visitor: orNull(text),
      person: orNull(text),
      response: orNull(text),
      alert: orNull(text),
      causedAt: moment,
      sentAt: z.array(moment),
      heldBy: z.array(text),
      outcome: text,
      reason: orNull(text),
    }),
  ),
})
export type Trial = z.infer<typeof trialShape>

const jobFields = {
  job: number,
  kind: text,
  id: text,
  type: orNull(text),
  response: orNull(text),
  webhook: orNull(text),
  state: text,
  due: orNull(moment),
  tries: number,
  reason: orNull(text),
  madeAt: moment,
  endedAt: orNull(moment),
}
export const jobsShape = z.object({ jobs: z.array(z.object(jobFields)), next: orNull(text) })
export type Job = z.infer<typeof jobsShape>['jobs'][number]
export const jobShape = z.object({
  ...jobFields,
  message: orNull(z.object({ id: text, body: z.unknown() })),
})
export const retriedShape = z.object({ retried: number, isComplete: z.boolean() })

/** What the body of a message names, as far as there are pages of it. */
export const aboutShape = z.object({
  data: z.object({
    case: z.optional(z.object({ id: text, title: text, rule: text, person: orNull(text) })),
    followUp: z.optional(z.object({ rule: text })),
    response: z.nullish(z.object({ person: orNull(text) })),
  }),
})
