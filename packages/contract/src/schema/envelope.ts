/** Schema of the envelope that events come in. */
import { z } from 'zod'
import type { FeedbackRequest } from '../event.ts'
import { exact } from '../exact.ts'
import { maxBatchEvents } from '../version.ts'
import { moment } from './atoms.ts'

/** A request whose parts have not been judged. */
export interface Envelope extends Omit<FeedbackRequest, 'surveys' | 'events'> {
  surveys?: unknown[] | undefined
  events: unknown[]
}

export const key: z.ZodString = z.string().min(1).max(100)

/** What stands beside surveys and events. */
export const envelope: { key: z.ZodString; sentAt: z.ZodISODateTime; sdk: z.ZodString } = {
  key,
  sentAt: moment,
  sdk: z.string().min(1).max(50),
}

export const envelopeAlone: z.ZodType<Envelope> = exact<Envelope>()(
  z.object({
    ...envelope,
    surveys: z.array(z.unknown()).max(50).optional(),
    events: z.array(z.unknown()).min(1).max(maxBatchEvents),
  }),
)
