/** `POST /v1/places`: says whether a survey with a quota, or a follow-up, may be shown now. */
import { placeRequestSchema } from '@earshot/contract/schema'
import { decidePlace } from '../../core/places.ts'
import { standingVersion } from '../../core/surveys.ts'
import { problem } from '../errors.ts'
import { json, type Deps, type Route } from '../route.ts'
import { readSigned } from '../signed.ts'

/**
 * The routes of this file.
 *
 * How long a place lasts, and when it is free again, is in `placeSpan` and `placeHold`. Only the quota of a survey that the
 * collector serves counts: what comes inline comes from anybody.
 */
export function placeRoutes(deps: Deps): Route[] {
  const { store, clock } = deps
  return [
    {
      method: 'POST',
      path: '/v1/places',
      access: 'browser',
      async handle(call) {
        const read = await readSigned(call, placeRequestSchema, deps)
        if (!read.ok) return read.response
        const { key: _, ...ask } = read.value
        const { site } = read
        const standing = standingVersion(await store.surveys(site.id, ask.survey))
        const served = standing?.source === 'served' ? standing.survey : undefined
        // Whether a follow-up is settled can be said of any survey, since it hangs on events alone.
        if (!served && ask.followUp === undefined)
          return problem(
            404,
            'unknown_survey',
            `No survey "${ask.survey}" is served here, and quotas need a survey that the collector serves. Put it with PUT /v1/surveys/${ask.survey}.`,
          )
        const quota = served?.quota ?? null
        const now = clock.now()
        // A UUID means the same in upper and lower case, so ids are kept in one.
        const asked = { ...ask, response: ask.response.toLowerCase() }
        const place = store.place
          ? await store.place(site.id, asked, quota, now)
          : await store.takePlace(site.id, asked, (facts) => decidePlace(asked, facts, quota, now), now)
        return json(place, 200, { 'cache-control': 'no-store' })
      },
    },
  ]
}
