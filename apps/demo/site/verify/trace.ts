/** What is known of the answer that is being followed; kept in this browser, so that a reload goes on with it. */
import type { Row } from './database.ts'
import type { Report, Stored } from './server.ts'

export interface Attempt {
  /** Milliseconds since 1970. */
  at: number
  /** Milliseconds. */
  took: number
  /** HTTP status; 0 when nobody answered. */
  status: number
}

/** All moments are milliseconds since 1970. */
export interface Trace {
  /** Id of the answer event. */
  id: string
  response: string
  score: number
  clickedAt: number
  /** The row that the database gave back, and when; null when it had none. */
  row: Row | null
  keptAt: number
  durable: boolean
  /** When a reloaded page found the row again. */
  foundAgainAt: number | null
  attempts: Attempt[]
  /** When the receipt came, and the ids that it named. */
  deliveredAt: number | null
  receipt: string[]
  /** Whether the row is still in the database. */
  queued: boolean
  storedAt: number | null
  stored: Stored | null
  before: Report
  after: Report | null
  countedAt: number | null
}

const place = 'fernwood-trace'

/** The answer that was followed when the page was left. */
export function recall(): Trace | null {
  const kept = localStorage.getItem(place)
  return kept ? (JSON.parse(kept) as Trace) : null
}

export function keep(trace: Trace): void {
  localStorage.setItem(place, JSON.stringify(trace))
}

/** A trace at its beginning. */
export function begin(
  answer: Pick<Trace, 'id' | 'response' | 'score' | 'clickedAt' | 'row' | 'keptAt' | 'durable' | 'before'>,
): Trace {
  return {
    ...answer,
    foundAgainAt: null,
    attempts: [],
    deliveredAt: null,
    receipt: [],
    queued: true,
    storedAt: null,
    stored: null,
    after: null,
    countedAt: null,
  }
}

/** How often the store has this very answer. */
export function copiesOf(trace: Trace): number {
  return trace.stored?.events.filter(({ event }) => event.id === trace.id).length ?? 0
}

/** The trace after a look at the collector and at the database. */
export function learn(
  trace: Trace,
  stored: Stored | null,
  report: Report,
  queued: boolean,
  now: number,
): Trace {
  const next = { ...trace, stored, queued }
  if (copiesOf(next) === 0) return next
  const storedAt = trace.storedAt ?? now
  const counted = report.n > trace.before.n
  return { ...next, storedAt, ...(counted ? { after: report, countedAt: trace.countedAt ?? now } : {}) }
}

/** Whether nothing more is to come. */
export function isOver(trace: Trace): boolean {
  return trace.countedAt !== null && !trace.queued
}
