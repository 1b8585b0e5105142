/** Reads query parameters of the reading routes; a name or a value that is not understood is refused, never ignored. */
import type { ResponseStatus } from './project.ts'
import { nearestName } from './text.ts'
import { parseBound, type Millis } from './time.ts'

/** The parameters that were read. */
export interface Query {
  survey?: string
  question?: string
  status?: ResponseStatus
  variant?: string
  from?: Millis
  to?: Millis
  version?: number
  limit?: number
  cursor?: number
  basis?: 'all' | 'latest'
  suspects?: 'include' | 'exclude'
  format?: 'csv' | 'ndjson'
}

/** The parameters, or a sentence that says which one is wrong. */
export type QueryResult = { ok: true; query: Query } | { ok: false; message: string }

/** Most responses on one page. */
const maxPage = 200

const time = 'a day like 2026-11-21 (UTC) or a moment like 2026-11-21T10:00:00Z'

// Each gives the value, or undefined when it cannot be read; `wanted` says what can.
const readers: {
  readonly [Name in keyof Query]-?: { read: (text: string) => Query[Name] | undefined; wanted: string }
} = {
  survey: { read: (text) => text || undefined, wanted: 'the id of a survey' },
  question: { read: (text) => text || undefined, wanted: 'the id of a question' },
  status: choice('shown', 'partial', 'completed', 'dismissed'),
  variant: { read: (text) => text || undefined, wanted: 'the id of a variant' },
  from: { read: (text) => parseBound(text, 'from') ?? undefined, wanted: time },
  to: { read: (text) => parseBound(text, 'to') ?? undefined, wanted: time },
  version: whole(1, 1_000_000),
  limit: whole(1, maxPage),
  cursor: { ...whole(1, Number.MAX_SAFE_INTEGER), wanted: 'what "next" of the page before said' },
  basis: choice('all', 'latest'),
  suspects: choice('include', 'exclude'),
  format: choice('csv', 'ndjson'),
}

/**
 * Reads those parameters that a route knows.
 *
 * @example
 * readQuery(url.searchParams, ['survey', 'from', 'to'])
 */
export function readQuery(given: Iterable<[string, string]>, known: readonly (keyof Query)[]): QueryResult {
  const query: Query = {}
  for (const [name, text] of given) {
    const key = known.find((each) => each === name)
    if (!key) {
      const near = nearestName(name, known)
      return {
        ok: false,
        message: `parameter "${name}" is not known here; ${near ? `did you mean "${near}"?` : `known are ${known.join(', ')}`}`,
      }
    }
    if (Object.hasOwn(query, key)) return { ok: false, message: `parameter "${key}" is given twice` }
    const value = readers[key].read(text)
    if (value === undefined)
      return { ok: false, message: `"${key}" is "${text}"; it must be ${readers[key].wanted}` }
    Object.assign(query, { [key]: value })
  }
  if (query.from !== undefined && query.to !== undefined && query.from >= query.to)
    return { ok: false, message: '"from" must be before "to"' }
  return { ok: true, query }
}

function choice<Value extends string>(
  ...values: Value[]
): { read: (text: string) => Value | undefined; wanted: string } {
  return {
    read: (text) => values.find((each) => each === text),
    wanted: values.join(', ').replace(/, (?=[^,]*$)/, ' or '),
  }
}

function whole(least: number, most: number): { read: (text: string) => number | undefined; wanted: string } {
  return {
    read: (text) => {
      const value = /^\d{1,16}$/.test(text) ? Number(text) : NaN
      return value >= least && value <= most ? value : undefined
    },
    wanted: `a whole number from ${least} to ${most}`,
  }
}
