/** How a queue of events is sent while nothing is odd, and what a failure means for it; the shell does it, and the keeper judges the rest. */
import type { Receipt, Survey } from '@earshot/contract'
import { backOff, type Wait } from './backOff.ts'
import type { QueueRow } from './queueRow.ts'
import { raw } from './raw.ts'

/** What every tab must respect, stored beside the queue. */
export interface Line extends Wait {
  /** Whether the collector itself asked for the wait; coming back online does not shorten it then. */
  held: boolean
  /** Most rows per request; halved when the collector chokes on a batch, and doubled again when one comes through. */
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

/** What an answer means at first sight. */
export interface Glance {
  /** Ids confirmed by the receipt. */
  confirmed: string[]
  /** Whether some event, or the request itself, was refused: then there is more to it. */
  isOdd: boolean
  /** The line, as it is if nobody looks closer. */
  line: Line
}

/** Most rows of a request; their bytes stay under the 64 KiB that a browser lets outlive a page. */
export const maxRows = 100
/** Bytes for each row that a request may have. */
export const rowBytes = 480

/** The line when nothing went wrong. */
export const clearLine: Line = { failures: 0, notBefore: 0, held: false, at: 0, limit: maxRows, last: [] }

/** So long nobody asks a collector that wants somebody’s hand. */
export const stuck = 3_600_000

/** The first rows that fit into one request, always at least one. */
export function fit(rows: readonly QueueRow[], limit: number, most: number = maxRows): QueueRow[] {
  let room = most * rowBytes
  return rows
    .slice(0, limit)
    .filter((row, index) => (room -= byteLength(JSON.stringify(row, raw))) >= 0 || !index)
}

/** The line after a request that moved the queue on. */
export function onward({ last, limit }: Line): Line {
  return { ...clearLine, last, limit: Math.min(limit * 2, maxRows) }
}

/** The lock of the tabs that share a queue. */
export function lockName(key: string): string {
  return 'earshot:' + key
}

/** The inline surveys of some rows, each once. */
export function surveysOf(rows: readonly QueueRow[]): Survey[] {
  const found = new Map(
    rows.flatMap(({ survey }) => (survey ? [[`${survey.id}@${survey.version}`, survey]] : [])),
  )
  return [...found.values()]
}

/**
 * Looks at an answer. Rows go only when a receipt names them; everything else stays, and waits.
 *
 * @param ids what was sent
 * @param now milliseconds since 1970
 * @param chance a random number in 0…1, for jitter
 */
export function glance(
  { status, body, retryAfter }: Answer,
  ids: readonly string[],
  line: Line,
  now: number,
  chance: number,
): Glance {
  const named = status === 200 ? namedIn(body) : null
  const confirmed = named ? named.filter((id) => ids.includes(id)) : []
  const isBarred = [401, 403, 404, 410].includes(status)
  const failures = line.failures + 1
  return {
    confirmed,
    isOdd: named ? confirmed.length < ids.length : isBarred || [400, 413, 422].includes(status),
    line: confirmed.length
      ? onward(line)
      : {
          ...line,
          failures,
          held: status > 0,
          at: now,
          notBefore: now + (isBarred ? stuck : backOff(failures, chance, retryAfter)),
        },
  }
}

/** What a receipt says is stored; null when the body is none: a captive portal answers 200 too. */
function namedIn(body: string): string[] | null {
  try {
    const { accepted, duplicates } = JSON.parse(body) as Receipt
    return [...accepted, ...duplicates]
  } catch {
    return null
  }
}

/** Bytes of a text in UTF-8, at most. */
function byteLength(text: string): number {
  return text.replace(/[^\0-\x7f]/g, '123').length
}
