/** Reads the body of a route that a page calls: text/plain or JSON, with the write key of the site inside. */
import { firstIssue } from '../core/issues.ts'
import { cleanValue } from '../core/text.ts'
import type { SchemaError } from '@earshot/contract/schema'
import { readBody, type BodyResult } from './body.ts'
import { problem } from './errors.ts'
import type { Call } from './route.ts'

// text/plain makes it a simple request: no preflight, and sendBeacon can send it.
const types = ['application/json', 'text/plain']

/** What is needed of a schema. */
interface Schema<Value> {
  safeParse(value: unknown): { success: true; data: Value } | { success: false; error: SchemaError }
}

/**
 * The body if it has the shape that is wanted and the key of the site; else the refusal.
 *
 * @param clean whether to clean all text in it; not for the envelope of events, which are cleaned one by one
 * @example
 * const read = await readSigned(call, eraseRequestSchema)
 * if (!read.ok) return read.response
 */
export async function readSigned<Value extends { key: string }>(
  { request, site, memory }: Pick<Call, 'request' | 'site' | 'memory'>,
  schema: Schema<Value>,
  clean = true,
): Promise<BodyResult<Value>> {
  const body = await readBody(request, memory, types)
  if (!body.ok) return body
  const value = clean ? cleanValue(body.value) : body.value
  const result = schema.safeParse(value)
  if (!result.success) {
    const { path, message } = firstIssue(result.error, value)
    const detail = path ? `At ${path}: ${message}.` : `The body: ${message}.`
    return { ok: false, response: problem(400, 'invalid_envelope', detail) }
  }
  return result.data.key === site.writeKey
    ? { ok: true, value: result.data }
    : { ok: false, response: unknownKey() }
}

/** The answer to a key that no site has. */
export function unknownKey(): Response {
  return problem(
    401,
    'unknown_key',
    'No site has this write key. The collector prints its key (pk_…) at the start.',
  )
}
