/** The dead letters: what was acknowledged and no database could or would take, kept until somebody looks. */
import { headers, type MsgHdrs } from '@nats-io/transport-node'
import { batchOf } from '../core/ingest.ts'
import type { Millis } from '../core/time.ts'
import type { LogLine } from './natsConnection.ts'
import { packMessage, packPiece, unpackMessage, type LogMessage } from './natsMessage.ts'
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

/** Overwrites what is there of a visitor; what others sent with it stays. */
export async function eraseDead(line: LogLine, site: number, visitor: string): Promise<void> {
  for await (const letter of readDead(line)) {
    const { content, number, reason } = letter
    if (content && content.site !== site) continue
    const kept = content?.pieces.map((piece) => ({
      ...piece,
      batch: batchOf(
        piece.batch.candidates.filter(
          ({ result }) => !('stored' in result) || result.stored.event.visitor !== visitor,
        ),
        piece.batch.declared,
      ),
    }))
    const isHit = content
      ? content.pieces.some(
          (piece, index) => piece.batch.candidates.length > (kept?.[index]?.batch.candidates.length ?? 0),
        )
      : Buffer.from(letter.bytes).includes(JSON.stringify(visitor).slice(1, -1))
    if (!isHit) continue
    const rest = kept?.filter((each) => each.batch.candidates.length > 0) ?? []
    if (rest.length > 0)
      await line.client.publish(line.names.deadSubject(0), packMessage(site, rest.map(packPiece)), {
        headers: headOf(reason),
      })
    await line.manager.streams.deleteMessage(line.names.dead, number, true)
  }
}

/** Overwrites what arrived before a moment. */
export async function retireDead(line: LogLine, site: number, before: Millis): Promise<void> {
  for await (const { content, number } of readDead(line))
    if (content?.site === site && content.pieces.every(({ receivedAt }) => receivedAt < before))
      await line.manager.streams.deleteMessage(line.names.dead, number, true)
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
    await line.manager.streams.deleteMessage(line.names.dead, number, true)
  }
  return letters.length
}

function headOf(reason: string): MsgHdrs {
  const head = headers()
  head.set(deadHeaders.reason, reason)
  return head
}
