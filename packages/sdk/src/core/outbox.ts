/** What to do with a queue of events and with each answer of the collector; the shell does it. */
import type { Receipt, Rejection, Survey } from '@earshot/contract'
import type { QueueRow } from './queueRow.ts'
import { raw } from './raw.ts'

/** What every tab must respect, stored beside the queue. */
export interface Line {
  /** Failed attempts in a row. */
  failures: number
  /** No attempt before, milliseconds since 1970. */
  notBefore: number
  /** Whether the collector itself asked for the wait; coming back online does not shorten it then. */
  held: boolean
  /** When that was written, by the clock that wrote it: a clock that shows much less was set back since. */
  at: number
  /** Most rows per request; doubled when one came through, halved when the collector chokes on a batch. */
  limit: number
  /** Rows that something on the way refused when they were alone. They are tried again when nothing else waits. */
  last: readonly string[]
}

/** An HTTP answer; status 0 when there was none. */
export interface Answer {
  status: number
  body: string
  /** Milliseconds that the collector asked us to wait, or null. */
  retryAfter: number | null
}

/** What an answer means for the rows that were sent. */
export interface Verdict {
  /** Ids confirmed by the receipt. */
  confirmed: string[]
  /** Ids refused, kept apart with the reason. */
  refused: Rejection[]
  line: Line
  /** Whether the collector was reached and could read us. */
  up: boolean
  /** A fault that needs somebody's hand. */
  fault?: { code: string; message: string }
}

/** Most rows of a first request; their bytes stay under the 64 KiB that a browser lets outlive a page. */
export const maxRows = 100
/** Most rows of a request once others came through: each request costs a commit here and one there. */
export const mostRows = 200
/** Bytes for each row that a request may have, and at least for those of a first one. */
export const rowBytes = 480

/** The line when nothing went wrong. */
export const clearLine: Line = { failures: 0, notBefore: 0, held: false, at: 0, limit: maxRows, last: [] }

/** The type of the problem by which a collector says that it could read a body, and will never take it. */
const ownProblem = 'urn:earshot:problem:invalid_envelope'
/** Most rows that others are sent before. Beyond that it is not the events. */
const mostLast = 50
const second = 1000
const minute = 60 * second
const longest = 5 * minute
const stuck = 60 * minute
const latest = 24 * 60 * minute

/** How many rows must be read to find those for one request. */
export function reach({ limit, last }: Line): number {
  return limit + last.length
}

/** The first rows that fit into one request, of those that come last only when there are no others; always at least one. */
export function fit(rows: readonly QueueRow[], { limit, last }: Line): QueueRow[] {
  let room = Math.max(limit, maxRows) * rowBytes
  const first = rows.filter((row) => !last.includes(row.event.id))
  return (first.length ? first : rows)
    .slice(0, limit)
    .filter((row, index) => (room -= byteLength(JSON.stringify(row, raw))) >= 0 || !index)
}

/** The inline surveys of some rows, each once. */
export function surveysOf(rows: readonly QueueRow[]): Survey[] {
  const found = new Map(
    rows.flatMap(({ survey }) => (survey ? [[`${survey.id}@${survey.version}`, survey]] : [])),
  )
  return [...found.values()]
}

/**
 * Judges an answer. Rows go only when a receipt names them; a refused row goes to quarantine; everything else stays.
 *
 * @param ids what was sent
 * @param now milliseconds since 1970
 * @param chance a random number in 0…1, for full jitter
 */
export function judge(
  { status, body, retryAfter }: Answer,
  ids: readonly string[],
  line: Line,
  now: number,
  chance: number,
): Verdict {
  const receipt = status === 200 ? readReceipt(body) : null
  const confirmed = receipt
    ? [...receipt.accepted, ...receipt.duplicates].filter((id) => ids.includes(id))
    : []
  let refused = receipt ? receipt.rejected.filter((each) => ids.includes(each?.id)) : []
  const chokes = [400, 413, 422].includes(status)
  const alone = ids.length < 2
  // Alone it must be the event, if it is the collector that says so and no proxy, and if the body came whole: one that was
  // cut on the way is no JSON, which says nothing of the event. Together it is one of them, and halving finds it.
  if (alone && (status === 413 || (chokes && body.includes(ownProblem)))) {
    refused = [{ id: ids[0] as string, code: 'invalid_event', message: body, path: '' }]
  }
  const moved = { confirmed, refused, up: true }
  if (confirmed.length + refused.length)
    return { ...moved, line: { ...clearLine, last: line.last, limit: Math.min(line.limit * 2, mostRows) } }
  if (chokes && !alone) return { ...moved, line: { ...line, limit: Math.ceil(ids.length / 2) } }
  const failures = line.failures + 1
  const barred = [401, 403, 404, 410].includes(status)
  const jitter = chance * Math.min(longest, second * 2 ** failures)
  const asked = Math.max(second, (retryAfter ?? 0) + jitter)
  const notBefore = now + (barred ? stuck : Math.min(asked, latest))
  // It may be refused for good, and must not keep the others from their turn.
  const last = chokes ? [...new Set([...line.last, ...ids])].slice(-mostLast) : line.last
  const verdict = {
    confirmed,
    refused,
    up: false,
    line: {
      ...line,
      failures,
      held: status > 0,
      at: now,
      notBefore,
      last,
      limit: Math.min(line.limit, maxRows),
    },
  }
  if (!barred) return verdict
  const message = 'check key, origins and address'
  return { ...verdict, fault: { code: `collector_${status}`, message } }
}

/**
 * Milliseconds until the next attempt is allowed. No wait is longer than a day; one that seems so was made by another clock,
 * as was one that seems to be ordered in the future.
 */
export function waitOf({ notBefore, at }: Line, now: number): number {
  const span = notBefore - now
  return span > latest || now < at - minute ? 0 : Math.max(span, 0)
}

/** A body that is really our receipt: a captive portal answers 200 too. */
function readReceipt(body: string): Receipt | null {
  try {
    const receipt = JSON.parse(body) as Receipt
    const { accepted, duplicates, rejected } = receipt
    return [accepted, duplicates, rejected].every(Array.isArray) ? receipt : null
  } catch {
    return null
  }
}

/** Bytes of a text in UTF-8, at most. */
function byteLength(text: string): number {
  return text.replace(/[^\0-\x7f]/g, '123').length
}
