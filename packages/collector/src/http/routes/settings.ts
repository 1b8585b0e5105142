/** `/v1/settings`: the owner reads and puts what holds for all surveys. */
import { settingsSchema } from '@earshot/contract/schema'
import { describeIssues } from '../../core/issues.ts'
import { cleanValue } from '../../core/text.ts'
import { readBody } from '../body.ts'
import { problem } from '../errors.ts'
import { json, type Deps, type Route } from '../route.ts'

const path = '/v1/settings'

/** The routes of this file. */
export function settingsRoutes({ store, clock }: Deps): Route[] {
  return [
    {
      method: 'GET',
      path,
      access: 'admin',
      need: 'numbers',
      handle: async ({ site }) => json((await store.settings(site.id)) ?? {}),
    },
    {
      method: 'PUT',
      path,
      access: 'admin',
      need: 'configure',
      async handle({ request, site, memory }) {
        const body = await readBody(request, memory, ['application/json'])
        if (!body.ok) return body.response
        const clean = cleanValue(body.value)
        const result = settingsSchema.safeParse(clean)
        if (!result.success) {
          const errors = describeIssues(result.error, clean)
          const list = errors.map(({ path: place, message }) => `${place || 'the body'}: ${message}`)
          return problem(
            400,
            'invalid_settings',
            `The settings are wrong: ${list.join('; ')}.`,
            {},
            { errors },
          )
        }
        await store.putSettings(site.id, result.data, clock.now())
        return json(result.data)
      },
    },
  ]
}
