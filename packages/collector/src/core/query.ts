/** Reads query parameters of the reading routes; a name or a value that is not understood is refused, never ignored. */
import { bandNames, type Band } from '@earshot/contract'
import { caseRoles, caseStates, type CaseRole, type CaseState } from './cases.ts'
import type { ResponseStatus } from './project.ts'
import { nearestName } from './text.ts'
import type { Millis } from './time.ts'
import { isZone, readBound, type Interval } from './zone.ts'

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
  /** Whose days `from` and `to` are; UTC where none is named. */
  timezone?: string
  interval?: Interval
  by?: string
  /** May be given several times. */
  where?: string[]
  minimum?: number
  /** Ids of choices; may be given several times. */
  choice?: string[]
  /** Values of the two groups of a comparison; empty: not known. */
  one?: string
  other?: string
  band?: Band
  /** `theme:word|word`; may be given several times. */
  keywords?: string[]
  /** What texts are searched for. */
  q?: string
  /** Lowest and highest score. */
  score?: readonly [number, number]
  /** In days. */
  window?: number
  /** Of a case. */
  state?: CaseState | 'open'
  role?: CaseRole
  owner?: string
  overdue?: 'yes'
  response?: string
  person?: string
  /** Of an erasure. */
  keep?: 'nothing' | 'counts'
}

/** The parameters, or a sentence that says which one is wrong. */
export type QueryResult = { ok: true; query: Query } | { ok: false; message: string }

/** Most responses on one page. */
const maxPage = 200

const time = 'a day like 2026-11-21 or a moment like 2026-11-21T10:00:00Z'

// Each gives the value, or undefined when it cannot be read; `wanted` says what can.
const readers: {
  readonly [Name in keyof Query]-?: {
    read: (text: string, zone: string) => Query[Name] | undefined
    wanted: string
  }
} = {
  survey: { read: (text) => text || undefined, wanted: 'the id of a survey' },
  question: { read: (text) => text || undefined, wanted: 'the id of a question' },
  status: choice('shown', 'partial', 'completed', 'dismissed'),
  variant: { read: (text) => text || undefined, wanted: 'the id of a variant' },
  from: { read: (text, zone) => readBound(text, 'from', zone) ?? undefined, wanted: time },
  to: { read: (text, zone) => readBound(text, 'to', zone) ?? undefined, wanted: time },
  version: whole(1, 1_000_000),
  limit: whole(1, maxPage),
  cursor: { ...whole(1, Number.MAX_SAFE_INTEGER), wanted: 'what "next" of the page before said' },
  basis: choice('all', 'latest'),
  suspects: choice('include', 'exclude'),
  format: choice('csv', 'ndjson'),
  timezone: {
    read: (text) => (isZone(text) ? text : undefined),
    wanted: 'the name of a time zone, such as Europe/Berlin',
  },
  interval: choice('day', 'week', 'month', 'quarter', 'year'),
  by: { read: (text) => text || undefined, wanted: 'the name of an attribute' },
  where: { read: (text) => [text], wanted: 'name:value' },
  minimum: whole(1, 1_000_000),
  choice: { read: (text) => (text ? [text] : undefined), wanted: 'the id of a choice' },
  one: { read: (text) => text, wanted: 'the value of an attribute' },
  other: { read: (text) => text, wanted: 'the value of an attribute' },
  band: choice(...new Set(Object.values(bandNames).flat())),
  keywords: { read: (text) => [text], wanted: 'theme:word|word' },
  q: { read: (text) => (text.length <= 200 ? text : undefined), wanted: 'at most 200 characters' },
  score: { read: readScores, wanted: 'a score like 9, or two like 0-6' },
  window: whole(1, 365),
  state: choice('open', ...caseStates),
  role: choice(...caseRoles),
  owner: { read: (text) => text || undefined, wanted: 'me, none, or an id of GET /v1/staff' },
  overdue: choice('yes'),
  response: { read: (text) => text || undefined, wanted: 'the id of a response' },
  person: { read: (text) => text || undefined, wanted: 'the id of a person or a visitor' },
  keep: choice('nothing', 'counts'),
}

/**
 * Reads those parameters that a route knows.
 *
 * @example
 * readQuery(url.searchParams, ['survey', 'from', 'to'])
 */
export function readQuery(given: Iterable<[string, string]>, known: readonly (keyof Query)[]): QueryResult {
  const query: Query = {}
  const parameters = [...given]
  // Days are read in the zone, wherever it stands.
  const zone = parameters.find(([name]) => name === 'timezone')?.[1] ?? 'UTC'
  const zoneOfDays = isZone(zone) ? zone : 'UTC'
  for (const [name, text] of parameters) {
    const key = known.find((each) => each === name)
    if (!key) {
      const near = nearestName(name, known)
      return {
        ok: false,
        message: `parameter "${name}" is not known here; ${near ? `did you mean "${near}"?` : `known are ${known.join(', ')}`}`,
      }
    }
    const isList = key === 'where' || key === 'keywords' || key === 'choice'
    if (Object.hasOwn(query, key) && !isList)
      return { ok: false, message: `parameter "${key}" is given twice` }
    const value = readers[key].read(text, zoneOfDays)
    if (value === undefined)
      return { ok: false, message: `"${key}" is "${text}"; it must be ${readers[key].wanted}` }
    Object.assign(query, { [key]: isList ? [...(query[key] ?? []), text] : value })
  }
  if (query.from !== undefined && query.to !== undefined && query.from >= query.to)
    return { ok: false, message: '"from" must be before "to"' }
  return { ok: true, query }
}

function readScores(text: string): readonly [number, number] | undefined {
  const found = /^(\d{1,4})(?:-(\d{1,4}))?$/.exec(text)
  const least = Number(found?.[1])
  const most = Number(found?.[2] ?? found?.[1])
  return found && least <= most ? [least, most] : undefined
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
