/** What an answer of the collector means for the queue when something was refused: which event it is, and what becomes of it. */
import type { Receipt, Rejection } from '@earshot/contract'
import { backOff } from './backOff.ts'
import { type Answer, fit, glance, type Line, maxRows, onward, stuck } from './outbox.ts'
import type { QueueRow } from './queueRow.ts'

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

/** The type of the problem by which a collector says that it could read a body, and will never take it. */
const ownProblem = 'urn:earshot:problem:invalid_envelope'
/** Most rows that others are sent before. Beyond that it is not the events. */
const mostLast = 50

/** How many rows must be read to find those for one request. */
export function reach({ limit, last }: Line): number {
  return limit + last.length
}

/** The first rows that fit into one request, of those that come last only when there are no others. */
export function pick(rows: readonly QueueRow[], { limit, last }: Line): QueueRow[] {
  const first = rows.filter((row) => !last.includes(row.event.id))
  return fit(first.length ? first : rows, limit)
}

/**
 * Judges an answer. Rows go only when a receipt names them; a refused row goes to quarantine; everything else stays.
 *
 * @param ids what was sent
 * @param now milliseconds since 1970
 * @param chance a random number in 0…1, for jitter
 */
export function judge(
  answer: Answer,
  ids: readonly string[],
  line: Line,
  now: number,
  chance: number,
): Verdict {
  const { status, body, retryAfter } = answer
  const { confirmed, line: next } = glance(answer, ids, line, now, chance)
  let refused = status === 200 ? refusedIn(body).filter((each) => ids.includes(each?.id)) : []
  const chokes = [400, 413, 422].includes(status)
  const alone = ids.length < 2
  // Alone it must be the event, if it is the collector that says so and no proxy, and if the body came whole: one that was
  // cut on the way is no JSON, which says nothing of the event. Together it is one of them, and halving finds it.
  if (alone && (status === 413 || (chokes && body.includes(ownProblem)))) {
    refused = [{ id: ids[0] as string, code: 'invalid_event', message: body, path: '' }]
  }
  const moved = { confirmed, refused, up: true }
  if (confirmed.length + refused.length) return { ...moved, line: onward(line) }
  if (chokes && !alone)
    return { ...moved, line: { ...line, limit: Math.min(Math.ceil(ids.length / 2), maxRows) } }
  const barred = [401, 403, 404, 410].includes(status)
  const notBefore = now + (barred ? stuck : backOff(next.failures, chance, retryAfter))
  // It may be refused for good, and must not keep the others from their turn.
  const last = chokes ? [...new Set([...line.last, ...ids])].slice(-mostLast) : line.last
  const verdict = { confirmed, refused, up: false, line: { ...next, notBefore, last } }
  if (!barred) return verdict
  const message = 'check key, origins and address'
  return { ...verdict, fault: { code: `collector_${status}`, message } }
}

/** What a receipt says will never be stored. */
function refusedIn(body: string): Rejection[] {
  try {
    const { accepted, duplicates, rejected } = JSON.parse(body) as Receipt
    return [accepted, duplicates, rejected].every(Array.isArray) ? rejected : []
  } catch {
    return []
  }
}
