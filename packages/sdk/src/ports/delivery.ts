/** What both the outbox and its keeper work with. */
import type { Emission } from '../core/emission.ts'
import type { QueueRow } from '../core/queueRow.ts'
import type { Address, Database, Work } from './database.ts'
import type { Clock, Page, Random } from './world.ts'

/** What the outbox works with, besides the way to the collector. */
export interface OutboxTools {
  store: {
    /** The one row of a kind. */
    read<Value>(kind: string): Promise<Value | undefined>
    /** The oldest rows, at most `limit`. */
    peek(limit: number): Promise<QueueRow[]>
    /** Changes rows of this site key in one transaction; `q` is the kind of the queue. */
    change(work: Work): Promise<void>
    /** Why rows are only in the memory of this page, since the durable database failed; undefined while it works. */
    fault(): unknown
    /**
     * For going back to the durable database, `to`. From `use` on all is written to the one it names; `why` is what
     * `fault` gives then.
     */
    heal(
      work: (
        from: Database,
        to: Database,
        at: Address,
        use: (next: Database, why: unknown) => void,
      ) => Promise<void>,
    ): Promise<void>
  }
  clock: Clock
  random: Random
  page: Pick<Page, 'online'>
  /** Whether consent lets anything be stored or sent. */
  isOpen(): boolean
  /** Hears of a refusal that was given in another tab. */
  listen(): Promise<unknown>
}

/** Who hears of it. */
export interface OutboxListener {
  emit(emission: Emission): void
  /** Whether the collector was reached. */
  line(up: boolean): void
}

/** Work of one tab at a time; it is to end when the turn is no longer ours. */
export type Turn = (isOurs: () => boolean) => Promise<void>

/** As much of the browser's `LockManager` as is used. */
export interface Locks {
  request(
    name: string,
    options: { ifAvailable?: boolean; steal?: boolean },
    work: (lock: unknown) => Promise<void>,
  ): Promise<void>
  query(): Promise<{ held?: readonly { name?: string; clientId?: string }[] }>
}
