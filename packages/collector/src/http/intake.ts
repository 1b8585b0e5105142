/** The short way of `POST /v1/feedback`: from the bytes of a body to the receipt, without web requests, responses and streams. */
import type { IncomingHttpHeaders } from 'node:http'
import { maxBodyBytes } from '@earshot/contract'
import { keyAhead, readUsual, type Watched } from '../core/asUsual.ts'
import { judgeOrigin } from '../core/auth.ts'
import { answering } from './answering.ts'
import { overloaded } from './body.ts'
import type { Caller } from './caller.ts'
import type { Budget } from './budget.ts'
import type { Deps } from './route.ts'
import { followDoubts, policyOf, storeBatch } from './routes/feedback.ts'

/** A request that may take the short way, once its body is there. */
export interface ShortCall {
  /**
   * The receipt as JSON, after the commit, or what to say when the store fails. Null for whatever is not as usual, which the
   * handler then judges. Never rejects.
   */
  take(body: Buffer): Promise<string | Response | null>
  /** Takes memory for what has arrived: a length that was only promised holds none of it. False when there is no room. */
  hold(bytes: number): boolean
  /** The answer when there is none. */
  refuse(): Response
  /** Headers of the answer to a receipt: names and values in turn. */
  headers: readonly string[]
  /** To be called when the request is answered, or has broken off. */
  release(): void
}

/** Looks at the head of a request: the call if it may take the short way, or null. */
export type Intake = (
  method: string | undefined,
  target: string | undefined,
  headers: IncomingHttpHeaders,
  caller: Caller,
) => ShortCall | null

const types: ReadonlySet<string> = new Set([
  'text/plain;charset=UTF-8',
  'text/plain;charset=utf-8',
  'text/plain',
  'application/json',
  'application/json; charset=utf-8',
])

/**
 * Makes the short way. Nothing is refused here: whoever is not let through goes the long way, which has the words for it.
 *
 * @param hold memory for bodies, shared with the handler
 * @param fail makes the answer to an error of the store
 * @example
 * const intake = createIntake(deps, hold, fail)
 * const call = intake(request.method, request.url, request.headers)
 */
export function createIntake(deps: Deps, hold: Budget, fail: (error: unknown) => Response): Intake {
  const { store, clock, origins, uses, limits, bursts, policy } = deps

  const take = async (body: Buffer, origin: string | null, caller: Caller): Promise<string | null> => {
    const { network, country } = caller
    const name = keyAhead(body)
    if (name === null) return null
    const { live, sites } = await store.keyring()
    const key = live.get(name)
    const site = key && sites.find((each) => each.id === key.site)
    if (!key || !site || (key.origins && !judgeOrigin(origin, key.origins).allowed)) return null
    // It may be that there are words to say.
    if (key.daily !== null) return null
    const now = clock.now()
    // What goes the long way in the end must not have taken of the limit of its key, so who has one is read here.
    // So is what has a country, which goes into the events.
    const isPlain = key.rate === null && country === null
    const watched = isPlain ? watch(site.id, body, network) : undefined
    if (store.take && watched !== undefined) {
      const taken = await store.take(site.id, name, body, policyOf(site, policy), now, watched)
      if (taken) uses.note(name)
      followDoubts(deps)
      return taken?.receipt ?? null
    }
    const batch = readUsual(body.toString(), name, now)
    if (!batch || limits.key(key, network) > 0) return null
    uses.note(name)
    return JSON.stringify(await storeBatch(deps, site, batch, now, caller))
  }
  /** Undefined where only the whole batch says who answers. */
  const watch = (site: number, body: Buffer, network: string | null): Watched | undefined => {
    if (!bursts.isWatching(network)) return null
    const visitor = answering(body)
    if (visitor === undefined) return undefined
    return { visitor, isBurst: visitor !== null && bursts.isBurst(site, visitor, network) }
  }
  // Made once for each origin that is let in, of which there are few: those of the list, or any as one.
  const known = new Map<string | null, string[]>()
  const headersOf = (allowOrigin: string | null): string[] => {
    const found = known.get(allowOrigin) ?? headersFor(allowOrigin, origins !== null)
    known.set(allowOrigin, found)
    return found
  }
  const withHeaders = (response: Response, headers: readonly string[]): Response => {
    for (let index = common.length; index < headers.length; index += 2)
      response.headers.set(headers[index] ?? '', headers[index + 1] ?? '')
    return response
  }

  return (method, target, headers, caller) => {
    const { network } = caller
    if (method !== 'POST' || target !== '/v1/feedback') return null
    const length = Number(headers['content-length'] ?? NaN)
    if (!(length > 0 && length <= maxBodyBytes)) return null
    if (headers['content-encoding'] !== undefined || headers.expect !== undefined) return null
    if (!types.has(headers['content-type'] ?? '') || deps.isClosing()) return null
    const rule = judgeOrigin(headers.origin ?? null, origins)
    if (!rule.allowed) return null
    const memory = hold()
    if (limits.network(network) > 0) return null
    const own = headersOf(rule.allowOrigin)
    return {
      take: (body) =>
        take(body, headers.origin ?? null, caller).catch((error: unknown) => withHeaders(fail(error), own)),
      hold: memory.take,
      refuse: () => withHeaders(overloaded().response, own),
      headers: own,
      release: memory.release,
    }
  }
}

const common: readonly string[] = [
  'cache-control',
  'no-store',
  'content-type',
  'application/json; charset=utf-8',
  'x-content-type-options',
  'nosniff',
]

function headersFor(allowOrigin: string | null, hasList: boolean): string[] {
  return [
    ...common,
    ...(hasList ? ['vary', 'origin'] : []),
    ...(allowOrigin === null
      ? []
      : ['access-control-allow-origin', allowOrigin, 'access-control-expose-headers', 'retry-after']),
  ]
}
