/** The one place that asks the collector: with the session's cookie, for the chosen site. */
import { type Fault, faultOf, noAnswer, oddAnswer } from './fault.ts'

/** What came of a request. */
export type Reply<Value> = { ok: true; value: Value } | { ok: false; fault: Fault }

/** Reads an answer, or says what is wrong with it. */
export interface Shape<Value> {
  safeParse(
    value: unknown,
  ):
    | { success: true; data: Value }
    | { success: false; error: { issues: readonly { path: readonly PropertyKey[]; message: string }[] } }
}

/** What is sent with every request. */
interface Pass {
  /** What changes something must carry it; null before somebody signed in. */
  csrf: string | null
  /** Number of the site; null for the token's own. */
  site: number | null
}

const pass: Pass = { csrf: null, site: null }
let expired = (): void => undefined

/** Sets what is sent from now on. */
export function setPass(next: Partial<Pass>): void {
  Object.assign(pass, next)
}

/** Is told when the session is over. */
export function onExpired(tell: () => void): void {
  expired = tell
}

/** The site that is asked about. */
export const passedSite = (): number | null => pass.site

function headersFor(method: string): Record<string, string> {
  return {
    ...(pass.site !== null && { 'earshot-site': String(pass.site) }),
    ...(method !== 'GET' && pass.csrf !== null && { 'earshot-csrf': pass.csrf }),
  }
}

interface Wish {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Sent as JSON. */
  body?: unknown
  signal?: AbortSignal
  headers?: Record<string, string>
  /** Whether a 401 is an answer like any other: at the door it is. */
  atDoor?: boolean
}

/** Opens a stream that goes on until it is aborted or ends. */
export const openStream = (
  path: string,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<Reply<Response>> => fetchFrom(path, { signal, headers })

async function fetchFrom(path: string, wish: Wish): Promise<Reply<Response>> {
  const { method = 'GET', body, signal, headers, atDoor = false } = wish
  let response: Response
  try {
    response = await fetch(path, {
      method,
      headers: {
        ...headers,
        ...headersFor(method),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
      credentials: 'same-origin',
    })
  } catch (error) {
    if (signal?.aborted) throw error
    return { ok: false, fault: noAnswer() }
  }
  if (response.ok) return { ok: true, value: response }
  const told: unknown = await response.json().catch(() => null)
  if (response.status === 401 && !atDoor) expired()
  return { ok: false, fault: faultOf(response.status, told) }
}

/**
 * Asks for JSON.
 *
 * @param shape - What the answer must look like; what it has besides does no harm
 * @throws when it was aborted, and never else
 * @example
 * const reply = await ask('/v1/surveys', surveysShape)
 */
export async function ask<Value>(path: string, shape: Shape<Value>, wish: Wish = {}): Promise<Reply<Value>> {
  const reply = await askTagged(path, shape, wish)
  return reply.ok ? { ok: true, value: reply.value.value } : reply
}

/** What was read, with the name of its version; null where it has none. */
export interface Tagged<Value> {
  value: Value
  tag: string | null
}

/** The same with the tag, by which a change of what is not any more can be refused (`if-match`). */
export async function askTagged<Value>(
  path: string,
  shape: Shape<Value>,
  wish: Wish = {},
): Promise<Reply<Tagged<Value>>> {
  const reply = await fetchFrom(path, wish)
  if (!reply.ok) return reply
  const body: unknown = reply.value.status === 204 ? null : await reply.value.json().catch(() => undefined)
  const read = shape.safeParse(body)
  if (read.success) return { ok: true, value: { value: read.data, tag: reply.value.headers.get('etag') } }
  const [issue] = read.error.issues
  const what = issue ? `${issue.path.map(String).join('.') || 'the whole'}: ${issue.message}` : 'no JSON'
  return { ok: false, fault: oddAnswer(path.split('?')[0] ?? path, what) }
}

/** Fetches a file and hands it to the browser to save. A link could not say which site is meant. */
export async function save(path: string, name: string): Promise<Reply<null>> {
  const reply = await fetchFrom(path, {})
  if (!reply.ok) return reply
  const blob = await reply.value.blob().catch(() => null)
  if (blob === null) return { ok: false, fault: noAnswer() }
  saveBlob(blob, name)
  return { ok: true, value: null }
}

/** Hands something to the browser to save as a file. */
export function saveBlob(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // The browser has taken hold of it when the click is done with.
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
