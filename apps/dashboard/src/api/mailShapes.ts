/** What the collector answers about mail, and about who wants none. */
import * as z from 'zod/mini'

const text = z.string()

export const unsubscribedShape = z.object({
  unsubscribed: z.array(z.object({ person: z.nullable(text), by: text, at: text, reason: z.optional(text) })),
  next: z.nullable(text),
})
export type Unsubscribed = z.infer<typeof unsubscribedShape>['unsubscribed'][number]

export const mailStateShape = z.object({
  isSetUp: z.boolean(),
  sender: z.nullable(z.object({ name: text, address: text })),
})

export const previewShape = z.object({
  subject: text,
  text,
  html: text,
  locale: text,
  reviewed: z.boolean(),
})

export const sentShape = z.object({ status: z.number() })
