/** What the collector answers about keys, tokens, what admins did, and what is kept. */
import * as z from 'zod/mini'
import { roleShape } from './shapes.ts'

const text = z.string()
const number = z.number()
const moment = z.string()
const orNull = <Shape extends z.ZodMiniType>(shape: Shape): z.ZodMiniNullable<Shape> => z.nullable(shape)

export const keysShape = z.object({
  keys: z.array(
    z.object({
      key: text,
      name: text,
      origins: orNull(z.array(text)),
      rate: orNull(number),
      createdAt: orNull(moment),
      usedAt: orNull(moment),
      revokedAt: orNull(moment),
    }),
  ),
})

const tokenShape = z.object({
  id: text,
  site: orNull(number),
  name: text,
  role: roleShape,
  isLive: z.boolean(),
  createdAt: orNull(moment),
  usedAt: orNull(moment),
  expiresAt: orNull(moment),
  revokedAt: orNull(moment),
})
export const tokensShape = z.object({ tokens: z.array(tokenShape) })
export const madeTokenShape = z.object({ token: text, name: text })

export const auditShape = z.object({
  entries: z.array(
    z.object({
      at: moment,
      who: orNull(text),
      site: orNull(number),
      action: text,
      about: orNull(text),
      status: number,
    }),
  ),
  next: orNull(text),
})

export const suspectsShape = z.object({
  suspects: z.array(
    z.object({
      response: text,
      survey: text,
      reasons: z.array(text),
      firstAt: moment,
      isCleared: z.boolean(),
    }),
  ),
})

export const privacyShape = z.object({
  scrub: z.array(text),
  patterns: z.array(z.object({ name: text, pattern: text })),
  retentionDays: orNull(number),
})
export type Privacy = z.infer<typeof privacyShape>

export const erasureShape = z.object({
  at: moment,
  events: number,
  responses: number,
  keptResponses: number,
  left: number,
})

/** Where only the success counts. */
export const anyShape = z.unknown()
