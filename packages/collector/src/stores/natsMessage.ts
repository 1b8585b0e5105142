/** Requests as messages of the log, and back: cut by response, so that what tells of one response stays in its order. */
import { createHash, type Hash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { FeedbackEvent } from '@earshot/contract'
import type { Declared, InlinePolicy } from '../core/admit.ts'
import type { Flaw } from '../core/answer.ts'
import { batchOf, type Batch, type Candidate, type Verdict } from '../core/ingest.ts'
import { isSurveyEvent } from '../core/project.ts'
import { surveyKey } from '../core/surveys.ts'
import type { Millis } from '../core/time.ts'

/** What of one request goes into one partition. */
export interface Piece {
  batch: Batch
  policy: InlinePolicy
  receivedAt: Millis
  /** Events that the log recognised as sent again, which the database only counts. */
  repeated: number
}

/** A message as a worker reads it. */
export interface LogMessage {
  site: number
  pieces: Piece[]
}

/** The version of the form below. A worker knows its own and all before it. */
const version = 1

/**
 * The partition of an event: that of its response, or of its visitor where it belongs to none.
 *
 * @param count of partitions
 */
export function partitionOf(event: FeedbackEvent, count: number): number {
  return crc32(isSurveyEvent(event) ? event.response : event.visitor) % count
}

/** Cuts a batch, by partition. What cannot be read goes with the first part. */
export function cutBatch(batch: Batch, count: number): Map<number, Batch> {
  const parts = new Map<number, Candidate[]>()
  let first: number | undefined
  const flawed: Candidate[] = []
  for (const candidate of batch.candidates) {
    const { result } = candidate
    if ('flaw' in result) {
      flawed.push(candidate)
      continue
    }
    const partition = partitionOf(result.stored.event, count)
    first ??= partition
    const part = parts.get(partition)
    if (part) part.push(candidate)
    else parts.set(partition, [candidate])
  }
  if (parts.size === 1 && flawed.length === 0) return new Map([[first ?? 0, batch]])
  if (flawed.length > 0) parts.set(first ?? 0, [...(parts.get(first ?? 0) ?? []), ...flawed])
  return new Map(
    [...parts].map(([partition, each]) => [
      partition,
      within(batch, batchOf(each, neededBy(each, batch.declared))),
    ]),
  )
}

/** A batch of what was in another one. Of its visitors the same is known, and of others nothing: who is erased must be in no other part. */
function within({ bursts, isPast }: Batch, part: Batch): Batch {
  const own = new Set(part.visitors.filter((each) => bursts?.has(each)))
  if (own.size > 0) part.bursts = own
  if (isPast) part.isPast = true
  return part
}

/** Some of the events of a batch, with all that goes with them. */
export function partOf(batch: Batch, candidates: Candidate[]): Batch {
  return within(batch, batchOf(candidates, batch.declared))
}

/** Definitions that these events name. */
function neededBy(candidates: readonly Candidate[], declared: Declared): Declared {
  const keys = new Set(
    candidates.flatMap(({ result }) =>
      'stored' in result && isSurveyEvent(result.stored.event)
        ? [surveyKey(result.stored.event.survey, result.stored.event.surveyVersion)]
        : [],
    ),
  )
  return new Map([...declared].filter(([key]) => keys.has(key)))
}

/**
 * The same batch with what was refused marked as such, so that it stays refused whatever is known later, and with events as
 * they are to be stored: what is taken out of texts is in no log either.
 */
export function sealBatch(batch: Batch, verdict: Verdict): Batch {
  const kept = new Map(verdict.accepted.map(({ stored }) => [stored.event.id, stored]))
  const isAsSent = batch.candidates.every(
    ({ id, result }) => 'stored' in result && kept.get(id) === result.stored,
  )
  if (isAsSent) return batch
  const refused = [...verdict.rejected]
  const candidates = batch.candidates.map((candidate): Candidate => {
    const { result, sentId, id } = candidate
    // Nothing is refused any more under an id that was accepted: what comes later is a duplicate, whatever it says.
    const index = refused.findIndex((each) => each.id === sentId)
    const [found] = index < 0 ? [] : refused.splice(index, 1)
    if (found)
      return { sentId, id, result: { flaw: { code: found.code, message: found.message, path: found.path } } }
    const stored = kept.get(id)
    return stored && 'stored' in result ? { sentId, id, result: { stored } } : candidate
  })
  return partOf(batch, candidates)
}

/** A piece as text. */
export function packPiece({ batch, policy, receivedAt, repeated }: Piece): string {
  if (repeated > 0) return `{"repeated":${repeated},"at":${receivedAt}}`
  const events = batch.candidates.map(({ sentId, id, result }) => {
    if ('flaw' in result) return JSON.stringify({ sent: sentId, id, flaw: result.flaw })
    const { event, at, occurredAt } = result.stored
    const sent = sentId === id ? '' : `,"sent":${JSON.stringify(sentId)}`
    return `{"event":${JSON.stringify(event)},"at":${at},"occurred":${occurredAt}${sent}}`
  })
  const declared = batch.declared.size > 0 ? `,"declared":${JSON.stringify([...batch.declared])}` : ''
  const bursts = batch.bursts?.size ? `,"bursts":${JSON.stringify([...batch.bursts])}` : ''
  const past = batch.isPast ? ',"past":true' : ''
  return `{"at":${receivedAt},"policy":${JSON.stringify(policy)}${declared}${bursts}${past},"events":[${events.join(',')}]}`
}

/** A message of pieces of one site. */
export function packMessage(site: number, pieces: readonly string[]): string {
  return `{"version":${version},"site":${site},"pieces":[${pieces.join(',')}]}`
}

/** What a piece says, without the times at which it was received: the same when it is sent again. */
function addContent(hash: Hash, { batch, repeated, receivedAt }: Piece): void {
  if (repeated > 0) hash.update(`${repeated} ${receivedAt} ${Math.random()}`)
  for (const { sentId, result } of batch.candidates) {
    hash.update(`\n${sentId}\n`)
    hash.update('flaw' in result ? result.flaw.code : JSON.stringify(result.stored.event))
  }
}

/** The id by which the log knows a message again: the same for the same content. */
export function messageId(site: number, pieces: readonly Piece[]): string {
  const hash = createHash('sha256').update(`${site}`)
  for (const piece of pieces) addContent(hash, piece)
  return hash.digest('base64url')
}

interface PackedEvent {
  event?: FeedbackEvent
  at?: number
  occurred?: number
  sent?: string
  id?: string
  flaw?: Flaw
}
interface PackedPiece {
  at: number
  repeated?: number
  policy?: InlinePolicy
  declared?: [string, { flaw: Flaw }][]
  /** Visitors who came in a burst. */
  bursts?: string[]
  /** It tells of what is past. */
  past?: boolean
  events?: PackedEvent[]
}

/**
 * The pieces of a message.
 *
 * @throws when it is not one of ours, or of a newer version
 */
export function unpackMessage(bytes: Uint8Array): LogMessage {
  const read = JSON.parse(Buffer.from(bytes).toString()) as {
    version?: number
    site?: number
    pieces?: PackedPiece[]
  }
  if (read.version !== version || !Number.isSafeInteger(read.site) || !Array.isArray(read.pieces))
    throw new Error(`the message is of version ${String(read.version)}, and this program knows ${version}`)
  return { site: read.site ?? 0, pieces: read.pieces.map(unpackPiece) }
}

function unpackPiece({
  at: receivedAt,
  repeated = 0,
  policy,
  declared = [],
  bursts,
  past,
  events = [],
}: PackedPiece): Piece {
  const candidates = events.map(
    ({ event, at = receivedAt, occurred = at, sent, id = '', flaw }): Candidate => {
      if (flaw) return { sentId: sent ?? '', id, result: { flaw } }
      if (!event) throw new Error('the message has an event that is none')
      const stored = { event, at, receivedAt, occurredAt: occurred }
      return { sentId: sent ?? event.id, id: event.id, result: { stored } }
    },
  )
  const batch = batchOf(candidates, new Map(declared))
  if (bursts) batch.bursts = new Set(bursts)
  if (past) batch.isPast = true
  return {
    batch,
    policy: policy ?? { inline: 'refuse', most: 0 },
    receivedAt,
    repeated,
  }
}
