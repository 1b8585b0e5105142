/** The lazy chunk of delivery. */
import type { QueueRow } from '../core/queueRow.ts'
import type { Ask } from './collector.ts'
import type { OutboxListener, OutboxTools } from './delivery.ts'
import type { Keeper, LoadKeeper } from './keeper.ts'
import type { Happening } from './world.ts'

/** What the lazy chunk of delivery is given, besides. */
export interface DeliveryTools extends OutboxTools {
  ask: Ask
  loadKeeper: LoadKeeper
}

export interface Outbox {
  /** Knows a row that is being stored, so that it can be sent at once when the page goes away. */
  add(row: QueueRow): void
  /** Sends what is stored; only a wait that the collector asked for is kept. Resolves when there is nothing left or it failed. */
  flush(): Promise<void>
  /** Sends as soon as the line allows: at once, or when a few more events had time to join. */
  nudge(now?: boolean): void
  /** Sends now what this page still has, in a request that outlives it. */
  leave(): void
  /** Sends again, since the network or the respondent may be back; the former is told by an event `online`. */
  back(event?: Happening): void
  /** Forgets what this page has and aborts nothing that already left. */
  clear(): void
  /** Fetches the code for what goes wrong. */
  keeper(): Promise<Keeper>
  close(): void
}

/** The lazy chunk of delivery. */
export interface OutboxChunk {
  startOutbox(key: string, tools: DeliveryTools, listener: OutboxListener): Outbox
}

/** Loads that chunk. */
export type LoadOutbox = () => Promise<OutboxChunk>
