/** Schema of triggers. */
import { z } from 'zod'
import { exact } from '../exact.ts'
import type { AddressMatch, Trigger } from '../trigger.ts'
import { name, seconds, selector, someSeconds } from './atoms.ts'
import { rule } from './rule.ts'

const address: z.ZodType<AddressMatch> = exact<AddressMatch>()(
  z.object({
    match: z.enum(['exact', 'prefix', 'glob', 'pattern']),
    value: z.string().min(1).max(500),
  }),
)

const base = {
  url: z.array(address).max(20).optional(),
  cancel: z.array(name).max(20).optional(),
}

const times = z.int().min(1).max(1000)

export const trigger: z.ZodType<Trigger> = exact<Trigger>()(
  z
    .discriminatedUnion('on', [
      z.object({
        ...base,
        on: z.literal('event'),
        name,
        where: rule.optional(),
        nth: times.optional(),
        delay: seconds.optional(),
      }),
      z.object({
        ...base,
        on: z.literal('sequence'),
        steps: z
          .array(z.object({ name, where: rule.optional(), times: times.optional() }))
          .min(1)
          .max(20),
        within: someSeconds,
        delay: seconds.optional(),
      }),
      z.object({ ...base, on: z.literal('page'), delay: seconds }),
      z.object({ ...base, on: z.literal('time'), seconds }),
      z.object({ ...base, on: z.literal('scroll'), percent: z.number().min(1).max(100) }),
      z.object({ ...base, on: z.literal('exit') }),
      z.object({ ...base, on: z.literal('idle'), seconds: someSeconds }),
      z.object({ ...base, on: z.enum(['seen', 'click']), selector }),
      z.object({ ...base, on: z.literal('rage'), selector: selector.optional() }),
    ])
    .meta({ id: 'trigger' }),
)
