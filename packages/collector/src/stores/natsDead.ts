/** The dead letters: what was acknowledged and no database could or would take, kept until somebody looks. */
import { headers, type MsgHdrs } from '@nats-io/transport-node'
import { isSurveyEvent, type StoredEvent } from '../core/project.ts'
import type { Millis } from '../core/time.ts'
import type { KnownVisitor } from '../ports/peopleStore.ts'
import type { LogLine } from './natsConnection.ts'
import { packMessage, packPiece, partOf, unpackMessage, type LogMessage } from './natsMessage.ts'
import { deadHeaders } from './natsPartition.ts'

/** One of them. */
export interface DeadLetter {
  /** Its number in the stream of dead letters. */
  number: number
  at: Date
  reason: string
  /** Null when it is no message of ours. */
  content: LogMessage | null
  bytes: Uint8Array
}

/** All of them, oldest first. */
export async function* readDead({
  manager,
  names,
}: Pick<LogLine, 'manager' | 'names'>): AsyncGenerator<DeadLetter> {
  const subject = names.deadSubject(0).replace(/0$/, '*')
  for (let from = 1; ;) {
    // The next one of any number; the server knows this way to ask, and the types of its client do not.
    const next = { seq: from, next_by_subj: subject }
    const found = await manager.streams.getMessage(names.dead, next)
    if (!found) return
    from = found.seq + 1
    const reason = found.header.get(deadHeaders.reason)
    yield { number: found.seq, at: found.time, reason, content: contentOf(found.data), bytes: found.data }
  }
}

function contentOf(bytes: Uint8Array): LogMessage | null {
  try {
    return unpackMessage(bytes)
  } catch {
    return null
  }
}

/** Overwrites a letter. @returns whether it was there; another collector may have been first */
async function drop({ manager: { streams }, names }: LogLine, number: number): Promise<boolean> {
  try {
    return await streams.deleteMessage(names.dead, number, true)
  } catch (error) {
    if (await streams.getMessage(names.dead, { seq: number })) throw error
    return false
  }
}

/** A visitor who is gone. */
export interface Gone {
  site: number
  visitor: string
}

/** Overwrites what is there of visitors; what others sent with it stays. */
export async function eraseDead(line: LogLine, gone: readonly Gone[]): Promise<void> {
  for await (const { content, number, reason, bytes } of readDead(line)) {
    const visitors = new Set(
      gone.filter(({ site }) => !content || site === content.site).map((each) => each.visitor),
    )
    const kept = content?.pieces.map((piece) => ({
      ...piece,
      batch: partOf(
        piece.batch,
        piece.batch.candidates.filter(
          ({ result }) => !('stored' in result) || !visitors.has(result.stored.event.visitor),
        ),
      ),
    }))
    const isHit = content
      ? content.pieces.some(
          (piece, index) => piece.batch.candidates.length > (kept?.[index]?.batch.candidates.length ?? 0),
        )
      : [...visitors].some((each) => Buffer.from(bytes).includes(JSON.stringify(each).slice(1, -1)))
    if (!isHit) continue
    const rest = kept?.filter((each) => each.batch.candidates.length > 0) ?? []
    const made =
      content && rest.length > 0
        ? await line.client.publish(
            line.names.deadSubject(0),
            packMessage(content.site, rest.map(packPiece)),
            {
              headers: headOf(reason),
            },
          )
        : null
    const isOurs = await drop(line, number)
    // Another collector was first with this letter, for somebody else. What it left comes further on, and has not whom it erased.
    if (!isOurs && made) await drop(line, made.seq)
  }
}

/** The visitor of this id, or all visitors who sent something under the name of this person, as far as they are there. */
export async function visitorsInDead(line: LogLine, site: number, id: string): Promise<KnownVisitor[]> {
  const events: StoredEvent[] = []
  for await (const { content } of readDead(line))
    for (const { batch } of content?.site === site ? content.pieces : [])
      for (const { result } of batch.candidates) if ('stored' in result) events.push(result.stored)
  const isMeant = ({ event }: StoredEvent): boolean => event.visitor === id || event.person === id
  return [...new Set(events.filter(isMeant).map(({ event }) => event.visitor))].map((visitor) => {
    const own = events.filter(({ event }) => event.visitor === visitor)
    const moments = own.map((each) => each.occurredAt)
    return {
      visitor,
      events: own.length,
      responses: new Set(own.flatMap(({ event }) => (isSurveyEvent(event) ? [event.response] : []))).size,
      firstAt: Math.min(...moments),
      lastAt: Math.max(...moments),
    }
  })
}

/** Overwrites what arrived before a moment. */
export async function retireDead(line: LogLine, site: number, before: Millis): Promise<void> {
  for await (const { content, number } of readDead(line))
    if (content?.site === site && content.pieces.every(({ receivedAt }) => receivedAt < before))
      await drop(line, number)
}

/**
 * Puts all that is ours into the log again.
 *
 * @returns how many
 */
export async function retryDead(line: LogLine): Promise<number> {
  const letters: DeadLetter[] = []
  for await (const letter of readDead(line)) if (letter.content) letters.push(letter)
  for (const { bytes, number } of letters) {
    await line.client.publish(line.names.subject(0), bytes)
    await drop(line, number)
  }
  return letters.length
}

function headOf(reason: string): MsgHdrs {
  const head = headers()
  head.set(deadHeaders.reason, reason)
  return head
}
