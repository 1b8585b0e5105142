/** `GET /v1/stream`: new answers as they arrive, as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
import { problem } from '../errors.ts'
import { createLive, type Live, type LiveAnswer } from '../live.ts'
import { badQuery } from '../reportQuery.ts'
import type { AdminCall, Deps, Route } from '../route.ts'

/** How often something is sent where there is nothing new, so that nobody on the way takes the line for dead. */
const heartbeat = 15_000
/** How long a stream lasts: then the client comes again, and is asked for its token again. */
const longest = 10 * 60_000
/** When the client comes again, in milliseconds. */
const retry = 1000
/** Messages that wait for a client; who is slower is sent away, and goes on where it was. */
const mostWaiting = 1000

const encoder = new TextEncoder()

/** The routes of this file. */
export function streamRoutes({ store, log, isClosing, streams }: Deps): Route[] {
  const live = createLive({ store, log, isClosing })
  return [
    {
      method: 'GET',
      path: '/v1/stream',
      access: 'admin',
      need: 'responses',
      handle: (call) => open(call, live, streams),
    },
  ]
}

async function open(
  { request, url, site }: AdminCall,
  live: Live,
  streams: Deps['streams'],
): Promise<Response> {
  const given = request.headers.get('last-event-id') ?? url.searchParams.get('after')
  if (given !== null && !/^\d{1,15}$/.test(given)) return badQuery('"after" must be what the last "id" said')
  for (const name of url.searchParams.keys())
    if (name !== 'after')
      return badQuery(`parameter "${name.slice(0, 50)}" is not known here; known is after`)
  let close = (): void => undefined
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined
  let last = -1
  // Held back until what was missed is sent, which is not told again.
  let held: LiveAnswer[] | null = []
  let told: ReadonlySet<number> = new Set()
  const send = (text: string): void => {
    if (!controller) return
    controller.enqueue(encoder.encode(text))
    if ((controller.desiredSize ?? 0) <= -mostWaiting) close()
  }
  const tell = (answers: readonly LiveAnswer[]): void => {
    for (const { row, data } of answers) {
      last = Math.max(last, row)
      send(`id: ${last}\nevent: answer\ndata: ${data}\n\n`)
    }
  }
  const fresh = (answers: readonly LiveAnswer[]): LiveAnswer[] =>
    answers.filter((each) => !told.has(each.row))
  const from = given === null ? await live.end(site.id) : Number(given)
  const stop = live.listen(site.id, from, {
    tell: (answers) => (held ? void held.push(...answers) : tell(fresh(answers))),
    end: () => close(),
  })
  if (!stop)
    return problem(503, 'too_many_streams', 'Too many are listening already. Try again later.', {
      'retry-after': '30',
    })
  const beat = setInterval(() => send(': \n\n'), heartbeat)
  const limit = setTimeout(() => close(), longest)
  beat.unref()
  limit.unref()
  let ended = (): void => undefined
  close = () => {
    close = () => undefined
    stop()
    clearInterval(beat)
    clearTimeout(limit)
    ended()
    try {
      controller?.close()
    } catch {
      // The client has gone already.
    }
  }
  try {
    const missed = await live.missed(site.id, from)
    told = new Set(missed.map((each) => each.row))
    last = from
    const body = new ReadableStream<Uint8Array>({
      start(made) {
        controller = made
        ended = streams.begin(() => close())
        send(`retry: ${retry}\nid: ${from}\n\n`)
        tell(missed)
        const since = held ?? []
        held = null
        tell(fresh(since))
      },
      cancel: () => close(),
    })
    return new Response(body, {
      headers: { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' },
    })
  } catch (error) {
    close()
    throw error
  }
}
