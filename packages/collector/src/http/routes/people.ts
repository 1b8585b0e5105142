/** `/v1/people/{id}`: what is known of one person, all of it to take away, and its erasure. */
import { readQuery } from '../../core/query.ts'
import { surveyKey } from '../../core/surveys.ts'
import { formatMoment } from '../../core/time.ts'
import { profileOf, timelineOf, type TimedEvent } from '../../core/timeline.ts'
import { erasePerson, exportPerson } from '../person.ts'
import { problem } from '../errors.ts'
import { sha256Hex } from '../secret.ts'
import { json, type AdminCall, type Deps, type Route } from '../route.ts'

const path = '/v1/people/{id}'
/** Most events of one timeline. */
const mostShown = 5000

/** The routes of this file. The id is one of a visitor or of a person; the log of what admins did gets its hash alone. */
export function peopleRoutes({ store, clock, hash, streams }: Deps): Route[] {
  const idOf = ({ params }: Pick<AdminCall, 'params'>): string => params.id ?? ''
  const about = (params: AdminCall['params']): string =>
    `person ${sha256Hex(idOf({ params }), hash).slice(0, 16)}`
  const unknown = (): Response =>
    problem(404, 'unknown_person', 'No event is of a visitor or a person with this id.')
  return [
    {
      method: 'GET',
      path,
      access: 'admin',
      need: 'people',
      about,
      async handle(call) {
        const visitors = await store.visitorsOf(call.site.id, idOf(call))
        if (visitors.length === 0) return unknown()
        const events: TimedEvent[] = []
        const total = visitors.reduce((sum, each) => sum + each.events, 0)
        for (const { visitor } of visitors)
          if (events.length < mostShown)
            events.push(
              ...(await store.eventsOf(call.site.id, visitor, {
                after: 0,
                limit: mostShown - events.length,
              })),
            )
        const surveys = new Map(
          (await store.surveys(call.site.id)).map(({ survey }) => [
            surveyKey(survey.id, survey.version),
            survey,
          ]),
        )
        return json({
          visitors: visitors.map(({ visitor, events: count, firstAt, lastAt }) => ({
            visitor,
            events: count,
            firstAt: formatMoment(firstAt),
            lastAt: formatMoment(lastAt),
          })),
          profile: profileOf(events),
          timeline: timelineOf(events, surveys),
          // Of somebody with very many events, the first that arrived; the export has all.
          isComplete: events.length >= total,
        })
      },
    },
    {
      method: 'GET',
      path: `${path}/export`,
      access: 'admin',
      need: 'people',
      about,
      async handle(call) {
        const id = idOf(call)
        const visitors = await store.visitorsOf(call.site.id, id)
        if (visitors.length === 0) return unknown()
        const lines = exportPerson(store, call.site.id, id, visitors, clock.now())
        const encoder = new TextEncoder()
        let ended = (): void => undefined
        const body = new ReadableStream<Uint8Array>(
          {
            start(controller) {
              ended = streams.begin(() => controller.error(new Error('the collector is shutting down')))
            },
            async pull(controller) {
              const { value, done } = await lines.next()
              if (!done) {
                controller.enqueue(encoder.encode(value))
                return
              }
              controller.close()
              ended()
            },
            cancel: () => ended(),
          },
          { highWaterMark: 0 },
        )
        return new Response(body, {
          headers: {
            'content-type': 'application/x-ndjson',
            'content-disposition': 'attachment; filename="person.ndjson"',
          },
        })
      },
    },
    {
      method: 'DELETE',
      path,
      access: 'admin',
      need: 'manage',
      about,
      async handle(call) {
        const read = readQuery(call.url.searchParams, ['keep'])
        if (!read.ok)
          return problem(400, 'invalid_query', `In the query, ${read.message}. Nothing was erased.`)
        return json(await erasePerson(store, call.site.id, idOf(call), clock.now(), hash, read.query.keep))
      },
    },
  ]
}
