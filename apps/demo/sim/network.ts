/** The way between pages and collector, and all that happens to requests on it. */
import type { Answer } from '../../../packages/sdk/src/core/outbox.ts'
import { readRetryAfter } from '../../../packages/sdk/src/shell/retryAfter.ts'
import type { Collector, Reply } from './collector.ts'
import { beginning, type Life, type World } from './world.ts'

/** What the way is like for one browser. */
export type Weather =
  | 'fine'
  /** Anything may happen to any request. */
  | 'bad'
  /** No request gets anywhere, and the browser does not know. */
  | 'cut'
  /** Requests arrive, answers do not. */
  | 'halfOpen'
  /** A login page answers everything with 200. */
  | 'portal'
  /** Something before the collector answers in its place. */
  | 'gateway'
  /** Something before the collector takes no body with a certain word in it, and none that is large. */
  | 'filter'

export interface Network {
  /** A request of a tab; never rejects. */
  send(from: Sender, path: string, body: string, outlives: boolean): Promise<Answer>
  /** Whether a file can be had. */
  reaches(weather: Weather): boolean
  /** A tab is gone. */
  abandon(life: Life): void
  /** No answer of the collector or a gateway orders a longer wait, in milliseconds. */
  longestWait(): number
  requests(): number
  /** How many of them asked for surveys. */
  asked(): number
}

export interface Sender {
  life: Life
  weather(): Weather
  now(): number
  /** Hears when a request begins and when it ends. */
  began(path: string, body: string): void
  ended(path: string, answer: Answer): void
}

interface Flight {
  life: Life
  arrived: boolean
  outlives: boolean
  cancel: () => void
}

/** As the real request: an answer that takes longer is none. */
const patience = 20_000
const nothing: Answer = { status: 0, body: '', retryAfter: null }
const portalPage = '<html><title>Welcome to the hotel</title></html>'
const problem = (code: string): string => JSON.stringify({ type: `urn:earshot:problem:${code}`, code })
/** A word that no firewall lets through. */
export const forbiddenWord = 'SELECT-FROM'
export const largestBody = 9000

export function createNetwork(world: World, collector: Collector): Network {
  const { chance } = world
  const flights = new Set<Flight>()
  let count = 0
  let asked = 0
  let longest = 0
  let inbox: (() => Promise<void>)[] = []

  const deliver = (path: string, body: string, answered: (reply: Reply | null) => void): void => {
    // What arrives within a few milliseconds is committed together.
    if (!inbox.length)
      world.later(null, 'collector works', chance.next() * 4, async () => {
        const all = inbox
        inbox = []
        await Promise.all(all.map((each) => each()))
      })
    inbox.push(async () => answered(await collector.take(path, body)))
  }

  const retryAfters = (): string | null =>
    chance.pick([
      null,
      null,
      '8',
      '120',
      'soon',
      '-5',
      new Date(beginning + world.now() + 60_000).toUTCString(),
      new Date(beginning - 60_000).toUTCString(),
      chance.of(0.1) ? '31536000' : '30',
    ])
  const gateway = (): Reply => {
    const status = chance.pick([400, 401, 403, 404, 408, 410, 422, 425, 429, 429, 500, 502, 503, 503, 504])
    return {
      status,
      body: `<h1>${status}</h1>`,
      retryAfter: [429, 503].includes(status) ? retryAfters() : null,
    }
  }

  return {
    requests: () => count,
    asked: () => asked,
    reaches: (weather) => collector.state !== 'down' && ['fine', 'filter'].includes(weather),
    longestWait: () => longest,
    send: (from, path, body, outlives) =>
      new Promise((resolve) => {
        count++
        if (path === 'config') asked++
        const { life } = from
        const weather = from.weather()
        world.note(`${life.name} → ${path} ${body.length} ${weather}`)
        from.began(path, body)
        let over = false
        const end = (reply: Reply | null): void => {
          if (over || !life.alive) return
          over = true
          stop()
          flights.delete(flight)
          const answer = reply
            ? { ...reply, retryAfter: readRetryAfter(reply.retryAfter, from.now()) }
            : nothing
          if (answer.retryAfter) longest = Math.max(longest, Math.min(answer.retryAfter, 86_400_000))
          world.note(`${life.name} ← ${answer.status} ${answer.body.length}`)
          from.ended(path, answer)
          resolve(answer)
        }
        const stop = world.later(life, 'loses patience', patience, () => end(null))
        const answer = (delay: number, reply: Reply | null): void =>
          void world.later(life, 'answer', delay, () => end(reply))
        const arrive = (delay: number, sent: string, back: (reply: Reply | null) => void): void => {
          flight.cancel = world.later(null, `arrives ${path}`, delay, () => {
            flight.arrived = true
            deliver(path, sent, back)
          })
        }
        const flight: Flight = { life, arrived: false, outlives, cancel: () => {} }
        flights.add(flight)

        const fair = (): void =>
          arrive(chance.next() * 120, body, (reply) => answer(chance.next() * 80, reply))
        switch (weather) {
          case 'fine':
            return fair()
          case 'cut':
            return answer(chance.of(0.5) ? 5 : patience * 2, null)
          case 'portal':
            return answer(50, { status: 200, body: portalPage, retryAfter: null })
          case 'gateway':
            return chance.of(0.3) ? fair() : answer(50, gateway())
          case 'halfOpen':
            return arrive(chance.next() * 3000, body, () => answer(chance.of(0.5) ? 10 : patience * 2, null))
          case 'filter':
            if (body.length > largestBody)
              return answer(20, { status: 413, body: '<h1>413</h1>', retryAfter: null })
            if (body.includes(forbiddenWord))
              return answer(20, {
                status: chance.pick([400, 422]),
                body: chance.of(0.5) ? problem('invalid_envelope') : '<h1>Blocked</h1>',
                retryAfter: null,
              })
            return fair()
          case 'bad':
        }
        const fate = chance.whole(0, 9)
        // Late enough that the page has given up, and asks again before.
        const late = chance.of(0.2) ? chance.whole(20_000, 90_000) : chance.whole(1, 5000)
        if (fate === 0) return answer(chance.of(0.5) ? 10 : patience * 2, null)
        if (fate === 1) return arrive(late, body, () => answer(chance.of(0.5) ? 10 : patience * 2, null))
        if (fate === 2)
          return arrive(late, body.slice(0, chance.whole(0, body.length - 1)), (reply) => answer(50, reply))
        if (fate === 3)
          return arrive(late, body, (reply) => {
            const cut = reply && {
              ...reply,
              body: reply.body.slice(0, chance.whole(0, reply.body.length - 1)),
            }
            answer(50, cut)
          })
        if (fate === 4) return answer(50, gateway())
        if (fate === 5) return arrive(late, body, () => answer(50, gateway()))
        if (fate === 6) {
          // Twice: the second long after the first was answered.
          world.later(null, `arrives again ${path}`, late + chance.whole(1, 60_000), () =>
            deliver(path, body, () => {}),
          )
          return arrive(late, body, (reply) => answer(50, reply))
        }
        return arrive(late, body, (reply) => answer(chance.of(0.1) ? 25_000 : 50, reply))
      }),
    abandon(life) {
      for (const flight of flights) {
        if (flight.life !== life) continue
        flights.delete(flight)
        // What had left the machine may arrive all the same.
        if (!flight.arrived && !flight.outlives && chance.of(0.5)) flight.cancel()
      }
    },
  }
}
