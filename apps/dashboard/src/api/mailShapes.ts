/** What the collector answers about mail, and about who wants none. */
import * as z from 'zod/mini'

const text = z.string()

export const unsubscribedShape = z.object({
  unsubscribed: z.array(z.object({ person: z.nullable(text), by: text, at: text, reason: z.optional(text) })),
  next: z.nullable(text),
})
export type Unsubscribed = z.infer<typeof unsubscribedShape>['unsubscribed'][number]
