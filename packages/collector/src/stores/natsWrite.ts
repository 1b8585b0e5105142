/** Writes a message of the log to the database, and says what of it could not be written. */
import type { Receipt } from '@earshot/contract'
import { isStoreFailure } from '../core/failure.ts'
import { judge, receiptFor, type Batch, type Verdict } from '../core/ingest.ts'
import type { EventStore } from '../ports/eventStore.ts'
import { partOf, type LogMessage, type Piece } from './natsMessage.ts'

/** What became of a message. */
export interface Written {
  /** For each of its pieces. */
  receipts: Receipt[]
  /** What the database refused though the collector had taken it, and what no database can write. */
  dead: { piece: Piece; reason: string; isRefused: boolean }[]
  /** Whether something of it was of a visitor who is erased. */
  hasErased: boolean
}

/** Tries of a piece at which the database did not fail, but the writing did. */
const tries = 3

const nothing: Verdict = { accepted: [], dropped: [], duplicates: [], rejected: [], surveys: [] }

/**
 * Writes all pieces, each once: what is stored already is a duplicate.
 *
 * @throws a failure of the store; then nothing is lost and all of it is to be written again
 */
export async function writeMessage(database: EventStore, { site, pieces }: LogMessage): Promise<Written> {
  const written = await Promise.all(pieces.map((piece) => writePiece(database, site, piece)))
  return {
    receipts: written.map((each) => each.receipt),
    dead: written.flatMap((each) => each.dead),
    hasErased: written.some((each) => each.hasErased),
  }
}

interface WrittenPiece {
  receipt: Receipt
  dead: Written['dead']
  hasErased: boolean
}

async function writePiece(database: EventStore, site: number, piece: Piece): Promise<WrittenPiece> {
  const { batch, policy, receivedAt, repeated } = piece
  const decide =
    repeated > 0
      ? (): Verdict => ({ ...nothing, duplicates: Array.from({ length: repeated }, () => '') })
      : (known: Parameters<typeof judge>[1]): Verdict => judge(batch, known, policy)
  for (let count = 1; ; count++) {
    try {
      const { verdict, inserted } = await database.append(site, batch, decide, receivedAt)
      return {
        receipt: receiptFor(verdict, inserted),
        dead: refusedOf(batch, verdict, piece),
        hasErased: verdict.dropped.length > 0,
      }
    } catch (error) {
      if (isStoreFailure(error)) throw error
      if (count < tries) continue
      const reason = error instanceof Error ? error.message : String(error)
      return {
        receipt: { accepted: [], duplicates: [], rejected: [] },
        dead: [{ piece, reason, isRefused: false }],
        hasErased: false,
      }
    }
  }
}

/** Events that the collector took, and the database knew better. What the collector refused is no news. */
function refusedOf(batch: Batch, verdict: Verdict, piece: Piece): Written['dead'] {
  const reasons = new Map(verdict.rejected.map((each) => [each.id, each.code]))
  const refused = batch.candidates.filter(({ sentId, result }) => 'stored' in result && reasons.has(sentId))
  if (refused.length === 0) return []
  const reason = [...new Set(refused.map(({ sentId }) => reasons.get(sentId) ?? ''))].join(', ')
  return [{ piece: { ...piece, batch: partOf(batch, refused) }, reason, isRefused: true }]
}
