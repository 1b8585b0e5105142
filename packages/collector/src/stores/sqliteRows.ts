/** Events and responses as the rows of SQLite, and back. */
import type { FeedbackEvent } from '@earshot/contract'
import type { KeptResponse, ResponseStatus, StoredEvent, StoredResponse } from '../core/project.ts'
import { parseMoment } from '../core/time.ts'
import { packJson } from './packJson.ts'
import { bytesToId, keyToVisitor } from './sqliteId.ts'
import { unpackJson } from './unpackJson.ts'

/** Numbers of the types of events. Files are written with them: none may change. */
export const eventKinds: Readonly<Record<FeedbackEvent['type'], number>> = {
  display: 0,
  answer: 1,
  complete: 2,
  dismiss: 3,
  snooze: 4,
  followup: 5,
  optout: 6,
  identify: 7,
  group: 8,
  track: 9,
  loss: 10,
}

/** Numbers of the statuses of responses. Files are written with them: none may change. */
export const statusNumbers: Readonly<Record<ResponseStatus, number>> = {
  shown: 0,
  partial: 1,
  completed: 2,
  dismissed: 3,
}
const statuses = Object.keys(statusNumbers) as ResponseStatus[]

/** The status of a number. */
export function statusOf(number: unknown): ResponseStatus {
  const status = statuses[Number(number)]
  if (status === undefined) throw new Error('a response has a status of a newer Earshot')
  return status
}

/** What stands in columns of an event, in the order in which its body refers to them. */
function slotsOf(id: string, visitor: string, response: string | null, person: string | null): string[] {
  return [id, visitor, response ?? '', person ?? '']
}

/** The body of an event, without what stands in columns. */
export function packEvent(event: FeedbackEvent, response: string | null): Uint8Array {
  return packJson(event, slotsOf(event.id, event.visitor, response, event.person))
}

/** The columns that `readEvent` reads. */
export const eventColumns = 'id, response, visitor, person, received_at, shift, body'

/** A row of `events` as the core knows it. */
export function readEvent<Event extends FeedbackEvent>(row: Record<string, unknown>): StoredEvent<Event> {
  const response = row.response === null ? null : bytesToId(row.response as Uint8Array)
  const person = row.person as string | null
  const slots = slotsOf(bytesToId(row.id as Uint8Array), keyToVisitor(row.visitor), response, person)
  const event = unpackJson(row.body as Uint8Array, slots) as Event
  const receivedAt = Number(row.received_at)
  const at = parseMoment(event.at) ?? receivedAt
  return { event, at, receivedAt, occurredAt: at + Number(row.shift) }
}

/** The body of a response. */
export function packResponse(response: StoredResponse): Uint8Array {
  return packJson(response, [response.id])
}

/** The fold of a response, from a row with `id` and `body`. */
export function readStored(row: Record<string, unknown>): StoredResponse {
  return unpackJson(row.body as Uint8Array, [bytesToId(row.id as Uint8Array)]) as StoredResponse
}

/** A row of `responses` as readers get it: `id`, `body` and `over_quota`. */
export function readResponse(row: Record<string, unknown>): KeptResponse {
  return { ...readStored(row), overQuota: row.over_quota === 1 }
}
