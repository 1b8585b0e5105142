/** What a route is: a path, who may call it, and a function from request to response. */
import type { InlinePolicy } from '../core/admit.ts'
import type { AlertCause, Finding } from '../core/alerts.ts'
import type { CaseStep } from '../core/cases.ts'
import type { Job, NewJob } from '../core/jobs.ts'
import type { AdminToken, Keyring, Site } from '../core/keyring.ts'
import type { Permission } from '../core/roles.ts'
import type { Millis } from '../core/time.ts'
import type { Webhook } from '../core/webhook.ts'
import type { EventStore } from '../ports/eventStore.ts'
import type { MailDesk } from '../ports/mailDesk.ts'
import type { Clock, Hash, Log, Random } from '../ports/world.ts'
import type { ByteHold } from './budget.ts'
import type { Bursts } from './bursts.ts'
import type { Daily } from './daily.ts'
import type { Guesses } from './guesses.ts'
import type { Limits } from './limits.ts'
import type { Metrics } from './metrics.ts'
import type { Streams } from './streams.ts'
import type { Uses } from './uses.ts'

/** Tells whether there is room for more. */
export interface Room {
  isLow(): boolean
}

/** What goes out, as the routes need it. */
export interface Outbound {
  /** What is wrong with the address of a webhook; null for nothing. */
  urlFlaw(url: string): string | null
  /** Sends a message that says no more than that it arrives. */
  test(site: number, webhook: string): Promise<void>
  /**
   * What a delivery brings to its webhook, as it is now: its id, by which the receiver knows it again, and the body. Null where
   * the webhook, or what it tells of, is gone.
   */
  compose(job: Job): Promise<{ id: string; body: unknown } | null>
  /** What is to be done because of a step of a case. */
  jobsOf(step: CaseStep, webhooks: readonly Webhook[], now: Millis): NewJob[]
  /** What a rule that watches a number finds at a moment; what it counted is kept for the next ones. */
  finder(site: number): (cause: AlertCause, at: Millis) => Promise<Finding | null>
}

/** What every route works with. */
export interface Deps {
  store: EventStore
  clock: Clock
  random: Random
  hash: Hash
  log: Log
  policy: InlinePolicy
  /** Whether a survey that is put must say its purpose and its owner. */
  needsReason?: boolean
  /** Exact origins that browsers may send from; null for any. */
  origins: readonly string[] | null
  /** Directory of the files built for browsers; null when the collector serves none. */
  browserFiles: string | null
  /** Directory of the dashboard as it is built; null when the collector serves none. */
  dashboardFiles: string | null
  /** Directory of the documentation as it is built; null when the collector serves none. */
  docsFiles: string | null
  streams: Streams
  metrics: Metrics
  /** SHA-256 of the metrics token; null when there is none. */
  metricsTokenHash: Uint8Array | null
  uses: Uses
  limits: Limits
  guesses: Guesses
  daily: Daily
  bursts: Bursts
  outbound: Outbound
  mail: MailDesk
  /** Room on the disk; null when nothing is on one. */
  room: Room | null
  /** True once the collector takes no new requests. */
  isClosing(): boolean
}

/** One request on its way to its route. */
export interface Call {
  request: Request
  url: URL
  /** By the names in the route's path. */
  params: Readonly<Record<string, string>>
  /** From which network it comes, where that can be told; see `FindNetwork`. */
  network: string | null
  /** From which country, where the operator wants to know it; see `Caller`. */
  country: string | null
  /** Memory for the body; given back when the request is answered. */
  memory: ByteHold
}

/** A request of a page. Its key may be in the body, so the route itself finds its site. */
export interface PageCall extends Call {
  ring: Keyring
}

/** A request of somebody whose token was good for the route. */
export interface AdminCall extends Call {
  token: AdminToken
  site: Site
  /** Names what the call has made, for the log of what admins did. */
  concerns(about: string): void
}

/** One row of the route table. */
export type Route = RoutePlace & (PageRoute | AdminRoute | OpenRoute)

interface RoutePlace {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Segments; `{name}` takes any one segment. */
  path: string
}

/** Called by pages of other origins, so the allow-list and CORS apply. */
interface PageRoute {
  access: 'browser'
  handle(call: PageCall): Promise<Response>
}

/** Needs a token whose role has the permission, and is never readable by another origin. */
interface AdminRoute {
  access: 'admin'
  need: Permission
  /** What a call is about, for the log of what admins did, where that is not what stands in the path. */
  about?(params: Readonly<Record<string, string>>): string
  handle(call: AdminCall): Promise<Response>
}

/** For anybody, also while the store does not answer. */
interface OpenRoute {
  access: 'open'
  handle(call: Call): Promise<Response>
}

/** A JSON response. */
export function json(value: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(value), {
    status,
    headers: { ...headers, 'content-type': 'application/json; charset=utf-8' },
  })
}

/** The strong ETag of a body. */
export function tagOf(body: string | Uint8Array, hash: Pick<Hash, 'sha256'>): string {
  return `"${Buffer.from(hash.sha256(body)).toString('base64url').slice(0, 22)}"`
}

/**
 * Whether a write may go on: it names no version in `If-Match`, or the one that stands.
 *
 * @param body that stands, as a reader gets it
 * @example
 * if (!isMeant(call.request, JSON.stringify(plan), hash)) return problem(412, 'plan_changed', …)
 */
export function isMeant(request: Request, body: string, hash: Pick<Hash, 'sha256'>): boolean {
  const wanted = request.headers.get('if-match')
  // A proxy that compresses weakens the tag on its way, or writes something behind it.
  const tag = tagOf(body, hash).slice(0, -1)
  const isTag = (text: string): boolean => text === '*' || text.replace(/^W\//, '').startsWith(tag)
  return wanted === null || wanted.split(',').some((each) => isTag(each.trim()))
}

/**
 * A response with a strong ETag, or 304 when the client has this very version.
 *
 * @example
 * return tagged(call.request, body, hash, { 'content-type': 'text/javascript' })
 */
export function tagged(
  request: Request,
  body: string | Uint8Array<ArrayBuffer>,
  hash: Hash,
  headers: Record<string, string>,
): Response {
  const etag = tagOf(body, hash)
  const known = (request.headers.get('if-none-match') ?? '')
    .split(',')
    // A cache may have weakened the tag on its way (RFC 9110, 13.1.2 compares weakly).
    .map((each) => each.trim().replace(/^W\//, ''))
  const isKnown = known.includes(etag) || known.includes('*')
  return new Response(isKnown ? null : body, { status: isKnown ? 304 : 200, headers: { ...headers, etag } })
}
