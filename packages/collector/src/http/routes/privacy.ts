/** `/v1/privacy`: what is taken out of texts when they arrive, and how long answers are kept. */
import { z } from 'zod'
import { patternFlaw, type Scrub } from '@earshot/contract'
import {
  arePatternsSmall,
  mostPatterns,
  mostStates,
  usualPolicy,
  type SitePolicy,
} from '../../core/policy.ts'
import { setPolicy } from '../../core/keyring.ts'
import { readAdminBody } from '../adminBody.ts'
import { json, type Deps, type Route } from '../route.ts'

const path = '/v1/privacy'
const scrubs = ['email', 'card', 'iban', 'phone'] as const satisfies readonly Scrub[]

/** What is put. */
export const policySchema: z.ZodType<SitePolicy> = z.strictObject({
  scrub: z.array(z.enum(scrubs)).max(4).default([]),
  patterns: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, 'must be a-z, 0-9 and -, up to 31'),
        pattern: z
          .string()
          .min(1)
          .max(500)
          .superRefine((pattern, context) => {
            const flaw = patternFlaw(pattern)
            if (flaw !== null) context.addIssue({ code: 'custom', message: `cannot be used: ${flaw}` })
          }),
      }),
    )
    .max(mostPatterns)
    .refine(
      arePatternsSmall,
      `are too large together: they may have ${mostStates} states, about as many as characters`,
    )
    .default([]),
  retentionDays: z.int().min(1).max(36_500).nullable().default(null),
})

/** The routes of this file. */
export function privacyRoutes({ store }: Deps): Route[] {
  return [
    {
      method: 'GET',
      path,
      access: 'admin',
      need: 'numbers',
      handle: async ({ site }) => json(site.policy ?? usualPolicy),
    },
    {
      method: 'PUT',
      path,
      access: 'admin',
      need: 'configure',
      async handle(call) {
        const body = await readAdminBody(call, policySchema)
        if (!body.ok) return body.response
        await store.changeAccess((ring) => setPolicy(ring, call.site.id, body.value))
        return json(body.value)
      },
    },
  ]
}
