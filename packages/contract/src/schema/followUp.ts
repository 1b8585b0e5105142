/** Schemas of follow-ups: the rule that plans them, and one that is planned. */
import { z } from 'zod'
import { exact } from '../exact.ts'
import type { FollowUp, FollowUpRule } from '../followUp.ts'
import { days, followUpIdentity, identifier, moment, name } from './atoms.ts'
import { rule } from './rule.ts'

export const followUpRule: z.ZodType<FollowUpRule> = exact<FollowUpRule>()(
  z.object({
    id: identifier,
    after: z.discriminatedUnion('on', [
      z.object({ on: z.literal('answer'), survey: identifier.optional(), when: rule.optional() }),
      z.object({ on: z.literal('event'), name, where: rule.optional(), key: name.optional() }),
      z.object({ on: z.literal('silence'), survey: identifier.optional() }),
    ]),
    delay: days,
    expires: z.number().gt(0).max(3650),
    reminders: z.object({ most: z.int().min(1).max(20), every: z.number().gt(0).max(3650) }).optional(),
    cancel: z
      .array(z.object({ name, key: name.optional() }))
      .max(20)
      .optional(),
  }),
)

export const followUp: z.ZodType<FollowUp> = exact<FollowUp>()(
  z.object({
    id: followUpIdentity,
    survey: identifier,
    rule: identifier,
    cause: z.string().min(1).max(100),
    due: moment,
    expires: moment,
  }),
)
