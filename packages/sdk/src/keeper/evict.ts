/** Which events have to go when there is no room for all of them, or nobody waits for them any more. */
import type { LossEvent } from '@earshot/contract'
import type { QueueRow } from '../core/queueRow.ts'
import { raw } from '../core/raw.ts'

/** What a device may be asked to keep for one site. */
export interface Bounds {
  /** Most events. */
  rows: number
  /** Most characters of them, as JSON. */
  bytes: number
  /** Most milliseconds of one; what a respondent said is kept twelve times as long. */
  age: number
  /** Most events in quarantine. */
  aside: number
}

/** After this many milliseconds nobody waits for an event any more. */
const longestStay = 30 * 24 * 60 * 60 * 1000

export const bounds: Bounds = { rows: 10_000, bytes: 20_000_000, age: longestStay, aside: 100 }

/** Events that go together, for one reason. */
export interface Eviction {
  reason: LossEvent['data']['reason']
  rows: QueueRow[]
}

/** So much is left after a cut, so that not each new event makes another one. */
const ample = 0.9
const patience = 12

/** What an event is worth: what a respondent said most, what the site said least. A word about losses is never lost. */
function worthOf({ event }: QueueRow): number {
  if (event.type === 'loss') return 3
  if (/^(answer|complete|optout)$/.test(event.type)) return 2
  return event.type === 'track' ? 0 : 1
}

/**
 * What has to go: of what is worth least, the oldest first.
 *
 * @param now milliseconds since 1970, or null where the clock is not to be believed: then nothing is too old
 */
export function evict(rows: readonly QueueRow[], { age, ...most }: Bounds, now: number | null): Eviction[] {
  const isOld = (row: QueueRow): boolean =>
    now !== null &&
    worthOf(row) < 3 &&
    now - Date.parse(row.event.at) > age * (worthOf(row) === 2 ? patience : 1)
  const old = rows.filter(isOld)
  const rest = rows
    .filter((row) => !old.includes(row))
    .map((row) => ({ row, size: JSON.stringify(row, raw).length }))
  let bytes = rest.reduce((sum, { size }) => sum + size, 0)
  let left = rest.length
  const isOver = left > most.rows || bytes > most.bytes
  const cut = rest
    .toSorted((a, b) => worthOf(a.row) - worthOf(b.row) || (a.row.event.id < b.row.event.id ? -1 : 1))
    .filter(({ row, size }) => {
      if (!isOver || worthOf(row) > 2 || (left <= most.rows * ample && bytes <= most.bytes * ample))
        return false
      left--
      bytes -= size
      return true
    })
  const all: Eviction[] = [
    { reason: 'age', rows: old },
    { reason: 'room', rows: cut.map(({ row }) => row) },
  ]
  return all.filter((each) => each.rows.length)
}

/** The word about what had to go, as an event of its own: it is stored, sent and taken once as every other. */
export function lossOf({ reason, rows }: Eviction, id: string, at: string): LossEvent {
  const count = (names: readonly string[]): Record<string, number> => {
    const counts = new Map<string, number>()
    for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
    return Object.fromEntries([...counts].slice(0, 50))
  }
  const moments = rows.map(({ event }) => event.at).toSorted()
  const { visitor, person, session, seq, context } = rows.at(-1)!.event
  return {
    id,
    at,
    visitor,
    person,
    session,
    seq,
    context,
    type: 'loss',
    data: {
      reason,
      events: count(rows.map(({ event }) => event.type)),
      surveys: count(rows.flatMap(({ event }) => ('survey' in event ? [event.survey] : []))),
      from: moments[0]!,
      to: moments.at(-1)!,
    },
  }
}
