/** Reads the body of a route that a page calls: text/plain or JSON, with the write key of the site inside. */
import { firstIssue } from '../core/issues.ts'
import { cleanValue } from '../core/text.ts'
import type { SchemaError } from '@earshot/contract/schema'
import { readBody } from './body.ts'
import type { Site, WriteKey } from '../core/keyring.ts'
import { letPageIn } from './access.ts'
import { problem } from './errors.ts'
import type { Deps, PageCall } from './route.ts'

// text/plain makes it a simple request: no preflight, and sendBeacon can send it.
const types = ['application/json', 'text/plain']

/** What is needed of a schema. */
interface Schema<Value> {
  safeParse(value: unknown): { success: true; data: Value } | { success: false; error: SchemaError }
}

/** The body and the site of its key, or the refusal. */
export type SignedResult<Value> =
  | { ok: true; value: Value; site: Site; key: WriteKey }
  | { ok: false; response: Response }

/**
 * The body if it has the shape that is wanted and a key that this page may use; else the refusal.
 *
 * @param clean whether to clean all text in it; not for the envelope of events, which are cleaned one by one
 * @example
 * const read = await readSigned(call, eraseRequestSchema, deps)
 * if (!read.ok) return read.response
 */
export async function readSigned<Value extends { key: string }>(
  { request, ring, network, memory }: PageCall,
  schema: Schema<Value>,
  deps: Deps,
  clean = true,
): Promise<SignedResult<Value>> {
  const body = await readBody(request, memory, types)
  if (!body.ok) return body
  const value = clean ? cleanValue(body.value) : body.value
  const result = schema.safeParse(value)
  if (!result.success) {
    const { path, message } = firstIssue(result.error, value)
    const detail = path ? `At ${path}: ${message}.` : `The body: ${message}.`
    return { ok: false, response: problem(400, 'invalid_envelope', detail) }
  }
  const page = letPageIn(ring, result.data.key, request, network, deps)
  return page.ok ? { ok: true, value: result.data, site: page.site, key: page.key } : page
}
