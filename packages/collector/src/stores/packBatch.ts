/** Brings a batch through the door between two threads, where few large pieces of text pass faster than many small objects. */
import type { FeedbackEvent } from '@earshot/contract'
import type { Declared } from '../core/admit.ts'
import type { Flaw } from '../core/answer.ts'
import { batchOf, type Batch, type Candidate } from '../core/ingest.ts'
import type { Millis } from '../core/time.ts'

/** A batch as it crosses. */
export interface PackedBatch {
  receivedAt: Millis
  /** Four for each event: the id as it was sent, if it differs; JSON, or what is wrong; `at`; `occurredAt`. */
  parts: (string | number | null | PackedFlaw)[]
  declared: Declared | null
  bursts?: ReadonlySet<string> | undefined
  isPast?: boolean | undefined
}

interface PackedFlaw {
  id: string
  flaw: Flaw
}

/**
 * @param receivedAt of the whole batch
 * @example
 * port.postMessage(packBatch(batch, now))
 */
export function packBatch({ candidates, declared, bursts, isPast }: Batch, receivedAt: Millis): PackedBatch {
  const parts: PackedBatch['parts'] = []
  for (const { sentId, id, result } of candidates) {
    if ('flaw' in result) {
      parts.push(sentId, { id, flaw: result.flaw }, 0, 0)
      continue
    }
    const { event, at, occurredAt } = result.stored
    parts.push(sentId === id ? null : sentId, JSON.stringify(event), at, occurredAt)
  }
  return { receivedAt, parts, declared: declared.size > 0 ? declared : null, bursts, isPast }
}

/** The batch again. */
export function unpackBatch({ receivedAt, parts, declared, bursts, isPast }: PackedBatch): Batch {
  const candidates: Candidate[] = []
  for (let index = 0; index < parts.length; index += 4) {
    const sentId = parts[index] as string | null
    const body = parts[index + 1] as string | PackedFlaw
    if (typeof body !== 'string') {
      candidates.push({ sentId: sentId ?? '', id: body.id, result: { flaw: body.flaw } })
      continue
    }
    const event = JSON.parse(body) as FeedbackEvent
    const at = Number(parts[index + 2])
    const stored = { event, at, receivedAt, occurredAt: Number(parts[index + 3]) }
    candidates.push({ sentId: sentId ?? event.id, id: event.id, result: { stored } })
  }
  return Object.assign(batchOf(candidates, declared ?? new Map()), { bursts, isPast })
}
