/** `/v1/people/{id}`: what is known of one person, all of it to take away, and its erasure. */
import { formatMoment } from '../../core/time.ts'
import { erasePerson, exportPerson } from '../person.ts'
import { problem } from '../errors.ts'
import { sha256Hex } from '../secret.ts'
import { json, type AdminCall, type Deps, type Route } from '../route.ts'

const path = '/v1/people/{id}'

/** The routes of this file. The id is one of a visitor or of a person; the log of what admins did gets its hash alone. */
export function peopleRoutes({ store, clock, hash, streams }: Deps): Route[] {
  const begin = ({ params, concerns }: AdminCall): string => {
    const id = params.id ?? ''
    concerns(`person ${sha256Hex(id, hash).slice(0, 16)}`)
    return id
  }
  const unknown = (): Response =>
    problem(404, 'unknown_person', 'No event is of a visitor or a person with this id.')
  return [
    {
      method: 'GET',
      path,
      access: 'admin',
      need: 'people',
      async handle(call) {
        const visitors = await store.visitorsOf(call.site.id, begin(call))
        if (visitors.length === 0) return unknown()
        return json({
          visitors: visitors.map(({ visitor, events, firstAt, lastAt }) => ({
            visitor,
            events,
            firstAt: formatMoment(firstAt),
            lastAt: formatMoment(lastAt),
          })),
        })
      },
    },
    {
      method: 'GET',
      path: `${path}/export`,
      access: 'admin',
      need: 'people',
      async handle(call) {
        const id = begin(call)
        const visitors = await store.visitorsOf(call.site.id, id)
        if (visitors.length === 0) return unknown()
        const lines = exportPerson(store, call.site.id, visitors, clock.now())
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
      handle: async (call) => json(await erasePerson(store, call.site.id, begin(call), clock.now(), hash)),
    },
  ]
}
