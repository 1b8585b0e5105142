/** The lazy chunk for what goes wrong in delivery. */
import type { FeedbackEvent, Rejection } from '@earshot/contract'
import type { Answer, Line } from '../core/outbox.ts'
import type { QueueRow } from '../core/queueRow.ts'
import type { Locks, OutboxListener, OutboxTools, Turn } from './delivery.ts'

/** What came of a request. */
export interface Sent {
  line: Line
  /** Whether the collector was reached and could read us. */
  up: boolean
}

/** What happens only when something is wrong or much waits, or when somebody asks: a page in good health never loads it. */
export interface Keeper {
  /** Calls back when the collector may be asked for surveys again; `error` is why it could not be, just now. */
  again(ask: () => unknown, error?: unknown): void
  /** Keeps queue and quarantine within their bounds. What has to go is counted, told, and reported with the next batch. */
  trim(): Promise<void>
  /** The rows for the next request, where some are damaged, or come last; those that are no events are taken out. */
  pick(line: Line): Promise<QueueRow[]>
  /** Carries out what an answer means in which something was refused. */
  settle(answer: Answer, ids: readonly string[], line: Line, isOurs: () => boolean): Promise<Sent>
  /**
   * Sends a long queue fast, after a first batch came through, and tells what ended it, if not the end of the queue.
   *
   * @param isStill false when no further request may be made
   */
  hurry(line: Line, isStill: () => boolean, isOurs: () => boolean): Promise<Sent | undefined>
  /** Brings what is in the memory of this page back to the disk, if that works again. */
  mend(): Promise<void>
  /** Runs work when no other tab does, where the browser has no locks: by a row that says who, and until when. */
  lease(work: Turn): Promise<void>
  /** Takes the lock from a tab that has had it for long, if that tab does nothing with it, and runs work. */
  seize(work: Turn): Promise<void>
  inspect(): Promise<Inspection>
  retry(ids?: readonly string[]): Promise<number>
  close(): void
}

/** What it works with. */
export interface KeeperParts extends OutboxTools {
  /** Undefined where the browser has none. */
  locks: Locks | undefined
  /** Plans a pass over the queue, if none is planned. */
  schedule(milliseconds: number): void
  /** Makes a request of rows. */
  post(rows: readonly QueueRow[], leaving: boolean): Promise<Answer>
}

/** What waits on this device, and what was refused. */
export interface Inspection {
  /** Events that wait to be sent, oldest first. */
  queued: { id: string; type: FeedbackEvent['type']; at: string }[]
  /** Events that the collector refused for good, with the reason; the newest 100. `event` is missing where a stored row was damaged. */
  rejected: { event: FeedbackEvent | undefined; rejection: Rejection }[]
  /** Failed attempts in a row, and before when there is no next one (milliseconds since 1970; 0 for at once). */
  failures: number
  notBefore: number
  /** Whether what is stored now outlives the page. */
  durable: boolean
}

/** The lazy chunk of that. */
export interface KeeperChunk {
  createKeeper(key: string, parts: KeeperParts, listener: OutboxListener): Keeper
}

/** Loads that of the keeper. */
export type LoadKeeper = () => Promise<KeeperChunk>
