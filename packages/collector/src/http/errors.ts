/** Problem documents (RFC 9457): the one form in which the HTTP interface says no. */
import type { Problem } from '@earshot/contract'
import { isStoreFailure } from '../core/failure.ts'
import type { Log, Random } from '../ports/world.ts'

const titles: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not authenticated',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  412: 'Precondition failed',
  413: 'Body too large',
  429: 'Too many requests',
  415: 'Unsupported media type',
  500: 'Internal error',
  503: 'Unavailable',
}

/** What a problem may tell besides: each mistake with its place, and what is only doubtful. */
interface ProblemParts {
  errors?: readonly object[]
  warnings?: readonly object[]
}

/**
 * Makes a problem response.
 *
 * @param code stable name for programs, snake_case
 * @param detail what is wrong here and how to mend it
 * @example
 * return problem(404, 'unknown_path', 'There is nothing at /v2; paths start with /v1.')
 */
export function problem(
  status: number,
  code: string,
  detail: string,
  headers: Record<string, string> = {},
  more: ProblemParts = {},
): Response {
  const body: Problem & ProblemParts = {
    type: `urn:earshot:problem:${code}`,
    title: titles[status] ?? 'Error',
    status,
    code,
    detail,
    ...more,
  }
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...headers,
      'content-type': 'application/problem+json',
    },
  })
}

/**
 * Makes the function from an error that nothing caught to its response: 503 for trouble of the store, else 500. The
 * caller sees a short id, the log has the id and the stack. A damaged file is logged once: each request meets it anew.
 */
export function createFailures(log: Log, random: Random): (error: unknown) => Response {
  let saidDamaged = false
  return (error) => {
    const id = Buffer.from(random.bytes(6)).toString('hex')
    const mark = { 'x-request-id': id }
    if (!isStoreFailure(error)) {
      log.error('unexpected error', error, { id })
      return problem(500, 'internal_error', `Something broke. The log has more under "${id}".`, mark)
    }
    // Not logged: there may be thousands of them in a second, and each client tries again.
    if (error.code === 'store_overloaded')
      return problem(503, 'overloaded', `Nothing was stored: ${error.message}. Send the same again later.`, {
        'retry-after': '10',
      })
    // The breakdown itself was logged once.
    if (error.code === 'store_interrupted')
      return problem(
        503,
        error.code,
        `It is not known whether this was stored: ${error.message}. Send the same again; nothing is stored twice.`,
        { 'retry-after': '5' },
      )
    if (error.code === 'store_unavailable') {
      log.error('store unavailable', error, { id })
      return problem(
        503,
        error.code,
        `Nothing was stored: ${error.message}. Send the same again later. The log has more under "${id}".`,
        { ...mark, 'retry-after': '30' },
      )
    }
    if (!saidDamaged)
      log.error('THE DATABASE IS DAMAGED. Stop the collector and restore the file from a backup.', error, {
        id,
      })
    saidDamaged = true
    return problem(
      503,
      error.code,
      'Nothing was stored: the database file is damaged, and the operator must restore it from a backup. Send the same again later.',
      { ...mark, 'retry-after': '300' },
    )
  }
}
