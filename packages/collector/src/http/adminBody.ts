/** Reads the body of an admin route, and says all that is wrong with it. */
import type { z } from 'zod'
import { describeIssues } from '../core/issues.ts'
import { cleanValue } from '../core/text.ts'
import { readBody, type BodyResult } from './body.ts'
import { problem } from './errors.ts'
import type { Call } from './route.ts'

/**
 * The body if it has the shape that is wanted; else the refusal.
 *
 * @example
 * const body = await readAdminBody(call, keyRequestSchema)
 * if (!body.ok) return body.response
 */
export async function readAdminBody<Value>(
  { request, memory }: Pick<Call, 'request' | 'memory'>,
  schema: z.ZodType<Value>,
): Promise<BodyResult<Value>> {
  const body = await readBody(request, memory, ['application/json'])
  if (!body.ok) return body
  const clean = cleanValue(body.value)
  const result = schema.safeParse(clean)
  if (result.success) return { ok: true, value: result.data }
  const errors = describeIssues(result.error, clean)
  const detail = errors.map(({ path, message }) => `${path || 'the body'}: ${message}`).join('; ')
  return { ok: false, response: problem(400, 'invalid_request', `This is wrong: ${detail}.`, {}, { errors }) }
}
