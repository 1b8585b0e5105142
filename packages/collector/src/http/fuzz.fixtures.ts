/** Sends bad, changed and random requests to a collector, and says what it did that it must not do. */
import { connect } from 'node:net'
import { request as httpRequest } from 'node:http'
import type { Receipt } from '@earshot/contract'
import { badRequests, mixedBatch, pickOne, type BadRequest } from './badRequests.fixtures.ts'

/** What came back; 0 when the connection was closed without an answer. */
export interface Answer {
  status: number
  body: string
}

/** What a run has seen. */
export interface FuzzResult {
  requests: number
  /** By status; 0 for connections that were closed. */
  statuses: Record<number, number>
  /** Sentences; none when all is well. */
  wrong: string[]
  /** Ids of good events that a receipt named. */
  stored: string[]
}

/** A small generator with a seed (mulberry32), so that a run can be repeated. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Sends one request. Never rejects. */
export function ask(url: string, bad: BadRequest): Promise<Answer> {
  return bad.raw ? askRaw(url, bad.raw) : askParts(url, bad)
}

function askRaw(url: string, bytes: Buffer): Promise<Answer> {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname)
    let text = ''
    const done = (): void => {
      socket.destroy()
      resolve({ status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), body: text })
    }
    socket.setEncoding('latin1')
    socket.on('data', (chunk: string) => (text += chunk))
    socket.on('error', done)
    socket.on('close', done)
    // Half closed: what a request lacks never comes.
    socket.end(bytes)
  })
}

function askParts(url: string, { method, path, headers, body }: BadRequest): Promise<Answer> {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(url)
    try {
      const sent = httpRequest({ hostname, port, method, path, headers, agent: false }, (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => (text += chunk))
        response.on('error', () => resolve({ status: 0, body: text }))
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }))
      })
      sent.on('error', () => resolve({ status: 0, body: '' }))
      sent.end(body)
    } catch {
      // Node's own client refuses to send such a path or header; the raw requests have those.
      resolve({ status: 0, body: '' })
    }
  })
}

/** What is wrong with an answer to any request; null when nothing is. */
export function complaint(bad: BadRequest, { status, body }: Answer): string | null {
  const isOverload = status === 503 && body.includes('"overloaded"')
  if (status >= 500 && !isOverload) return `${bad.name}: ${status} ${body.slice(0, 200)}`
  if (/\n\s+at \w|node:internal|\.ts:\d+/.test(body))
    return `${bad.name}: a stack in the answer: ${body.slice(0, 200)}`
  return null
}

function change(bytes: Buffer, random: () => number): Buffer {
  const changed = Buffer.from(bytes)
  const times = 1 + Math.floor(random() * 6)
  for (let time = 0; time < times && changed.length > 0; time++)
    changed[Math.floor(random() * changed.length)] = Math.floor(random() * 256)
  return random() < 0.2 ? changed.subarray(0, Math.floor(random() * changed.length)) : changed
}

/**
 * Runs until told: requests of the corpus, the same with some bytes changed, and batches with one bad event.
 *
 * @param goesOn asked before each request
 * @param first number of the first good event; ids of another run would be duplicates
 * @param lanes how many requests run at a time
 */
export async function fuzz(
  url: string,
  seed: number,
  goesOn: () => boolean,
  first = 1,
  lanes = 8,
): Promise<FuzzResult> {
  const random = seeded(seed)
  const corpus = badRequests()
  const result: FuzzResult = { requests: 0, statuses: {}, wrong: [], stored: [] }
  let next = first
  const lane = async (): Promise<void> => {
    while (goesOn()) {
      result.requests++
      const kind = random()
      if (kind < 0.4) {
        const { body, ids } = mixedBatch(random, next)
        next += ids.length + 1
        const bad: BadRequest = {
          name: `batch from ${ids[0]}`,
          method: 'POST',
          path: '/v1/feedback',
          headers: { 'content-type': 'text/plain' },
          body,
        }
        const given = await ask(url, bad)
        result.statuses[given.status] = (result.statuses[given.status] ?? 0) + 1
        const said =
          complaint(bad, given) ??
          (given.status === 200 ? missing(ids, given.body) : `${bad.name}: ${given.status}`)
        if (said !== null) result.wrong.push(said)
        else result.stored.push(...ids)
        continue
      }
      const picked = pickOne(random, corpus)
      const bad =
        kind < 0.6
          ? picked
          : {
              ...picked,
              ...(picked.raw && { raw: change(picked.raw, random) }),
              ...(picked.body && { body: change(picked.body, random) }),
            }
      const given = await ask(url, bad)
      result.statuses[given.status] = (result.statuses[given.status] ?? 0) + 1
      const said = complaint(bad, given)
      if (said !== null) result.wrong.push(said)
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return result
}

/** Whether the receipt names all good events of a batch as accepted: one bad event spoils no other. */
function missing(ids: readonly string[], body: string): string | null {
  const { accepted } = JSON.parse(body) as Receipt
  const lost = ids.filter((id) => !accepted.includes(id))
  return lost.length > 0 ? `a bad event spoilt ${lost.join(', ')}` : null
}
