/** Sends one request to a webhook, to an address that was looked at, and says what came of it. */
import { lookup } from 'node:dns/promises'
import { Agent as HttpAgent, request as requestHttp } from 'node:http'
import { Agent, request as requestHttps } from 'node:https'
import type { LookupFunction } from 'node:net'
import { addressIn, isPublic, urlFlaw } from './address.ts'

/** What came of it. Of the answer nothing is told but its status. */
export type Posted =
  | { ok: true; status: number }
  | {
      ok: false
      /** Fit to be shown. */
      reason: string
      /** Milliseconds that the other side asked to wait. */
      asked?: number | undefined
      /** It is of no use to try again. */
      isFinal?: boolean | undefined
    }

/** Sends a body. Never rejects. */
export type Post = (
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  signal: AbortSignal,
) => Promise<Posted>

/** How requests are made. */
export interface PostOptions {
  /** Whether addresses of the own network will do, and http. */
  allowPrivate: boolean
  /** All addresses of a host. Default: what the system knows. */
  resolve?: ((host: string) => Promise<string[]>) | undefined
  /** Milliseconds from the beginning to the end of the answer. Default 15 seconds. */
  timeout?: number | undefined
}

/** Most bytes of an answer that are read. */
const mostAnswer = 64 * 1024

const resolveBySystem = async (host: string): Promise<string[]> =>
  (await lookup(host, { all: true })).map((each) => each.address)

/**
 * Makes the sender. A host is looked up once for each request, all that it stands for must be allowed, and the connection goes
 * to what was looked at: a name that means something else a moment later changes nothing. There are no redirects and no proxies.
 *
 * @example
 * await createPost({ allowPrivate: false })('https://example.com/hook', {}, '{}', signal) // { ok: true, status: 200 }
 */
export function createPost({ allowPrivate, resolve = resolveBySystem, timeout = 15_000 }: PostOptions): Post {
  return async (url, headers, body, signal) => {
    const flaw = urlFlaw(url, allowPrivate)
    if (flaw !== null) return { ok: false, reason: `the address is refused: ${flaw}` }
    const until = AbortSignal.any([signal, AbortSignal.timeout(timeout)])
    const { hostname } = new URL(url)
    const literal = addressIn(hostname)
    let address: string
    try {
      const found = literal === null ? await Promise.race([resolve(hostname), ended(until)]) : [literal]
      const [first] = found
      if (first === undefined) return { ok: false, reason: `${hostname} has no address` }
      const wrong = allowPrivate ? undefined : found.find((each) => !isPublic(each))
      if (wrong !== undefined)
        return { ok: false, reason: `the address is refused: ${hostname} is ${wrong}, which is not public` }
      address = first
    } catch (error) {
      const reason = until.aborted ? 'no answer in time' : codeOf(error)
      return { ok: false, reason: `${hostname} cannot be looked up: ${reason}` }
    }
    return send({ url, headers, body, address, until })
  }
}

/** Rejects when it is over. */
function ended(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

interface Sending {
  url: string
  headers: Readonly<Record<string, string>>
  body: string
  address: string
  until: AbortSignal
}

function send({ url, headers, body, address, until }: Sending): Promise<Posted> {
  const family = address.includes(':') ? 6 : 4
  const pinned: LookupFunction = (_, options, done) => {
    if (options.all) done(null, [{ address, family }])
    else done(null, address, family)
  }
  return new Promise((resolve) => {
    const failed = (error: unknown): void => {
      const reason = until.aborted ? 'no answer in time' : `the connection failed: ${codeOf(error)}`
      resolve({ ok: false, reason })
    }
    const isSecure = url.startsWith('https:')
    const options = {
      method: 'POST',
      headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
      lookup: pinned,
      signal: until,
    }
    try {
      // An agent of its own, which knows of no proxy and keeps no connection that was made to another address.
      const request = isSecure
        ? requestHttps(url, { ...options, agent: new Agent() })
        : requestHttp(url, { ...options, agent: new HttpAgent() })
      request.on('error', failed)
      // Nobody asked for another protocol; without this neither an answer nor an error would come, ever.
      request.on('upgrade', ({ statusCode = 0 }, socket) => {
        socket.destroy()
        resolve(judge(statusCode, undefined))
      })
      request.on('response', (response) => {
        const { statusCode = 0, headers: told } = response
        let size = 0
        response.on('data', (chunk: Buffer) => {
          size += chunk.byteLength
          if (size > mostAnswer) response.destroy()
        })
        response.on('error', () => undefined)
        response.on('close', () => {
          if (until.aborted) failed(until.reason)
          else resolve(judge(statusCode, told['retry-after']))
        })
      })
      request.end(body)
    } catch (error) {
      failed(error)
    }
  })
}

function judge(status: number, retryAfter: string | undefined): Posted {
  if (status >= 200 && status < 300) return { ok: true, status }
  if (status >= 300 && status < 400)
    return { ok: false, reason: `status ${status}: redirects are not followed` }
  const seconds = /^\d{1,6}$/.test(retryAfter ?? '') ? Number(retryAfter) : 0
  return { ok: false, reason: `status ${status}`, asked: seconds * 1000, isFinal: status === 410 }
}

function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
  return error instanceof Error ? error.name : 'unknown'
}
