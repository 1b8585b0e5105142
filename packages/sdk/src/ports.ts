/** What the SDK needs from the outside world: interfaces only, one adapter each in `shell/`. */
import type { Survey } from '@earshot/contract'
import type { FlowEffect, FlowInput } from './core/flow.ts'
import type { Showing } from './core/model.ts'
import type { Answer } from './core/outbox.ts'
import type { Instant } from './core/time.ts'

export interface Clock {
  now(): Instant
  /** Calls back once after that many milliseconds; the result cancels. */
  wait(milliseconds: number, callback: () => void): () => void
}

export interface Random {
  /** A new UUIDv7. */
  id(): string
  /** A number in 0…1. */
  chance(): number
}

/** Rows in one transaction: all of the changes take place, or none. */
export interface Rows {
  get<Value>(key: string): Promise<Value | undefined>
  put(key: string, value: unknown): void
  delete(key: string): void
  /** The first rows, by key, whose keys begin with the prefix. */
  list<Value>(prefix: string, limit: number): Promise<Value[]>
  /** Deletes the rows whose keys begin with the prefix. */
  clear(prefix: string): void
}

/** A place for rows. */
export interface Database {
  /** Writes one row, as fast as the platform can: nothing is read first, and the commit is ordered at once. */
  put(key: string, value: unknown): Promise<void>
  /** Whether a restart will find what was written. */
  durable: boolean
  /** Runs work in a transaction of its own; resolves after the commit, and rejects if there was none. */
  transact<Result>(work: (rows: Rows) => Promise<Result>): Promise<Result>
  close(): void
}

/** A place that outlives the page, and may not be there yet. */
export interface DurableDatabase extends Database {
  /** True when something may be stored. Creates nothing. */
  exists(): Promise<boolean>
}

export interface Transport {
  /** Posts a body; `leaving` lets the request outlive the page. Never rejects: no answer is status 0. */
  send(body: string, leaving: boolean): Promise<Answer>
  /** Whether `send` can outlive the page here; if not, `beacon` is what is left. */
  keepsAlive: boolean
  /** Hands a body to the browser for after the page. What becomes of it is not told. */
  beacon(body: string): void
  /** Surveys that the collector serves; rejects when it could not be reached or answered otherwise. */
  surveys(): Promise<Survey[]>
}

/** Runs work while no other tab of this origin runs work under the same name. */
export type Lock = (name: string, work: () => Promise<void>) => Promise<void>

/** The host page, as far as the SDK looks at it. */
export interface Page {
  /** Origin and path, without query and fragment. */
  url(): string
  /** Language of the page, else of the browser. */
  locale(): string
  /** False only when the browser is sure to be offline. */
  online(): boolean
  /** Global Privacy Control. */
  privacyControl(): boolean
  /** Calls on navigation inside the page; the result stops it. */
  onNavigate(callback: () => void): () => void
  /** Calls when the page may never come back, and when it is back, visible, or online again; the result stops it. */
  onVisit(leave: () => void, back: () => void): () => void
  /** Lets the page hear an event. */
  announce(name: string, detail: unknown): void
}

/** What a card needs of the rest. */
export interface CardHost {
  now(): Instant
  perform(effect: FlowEffect): void
  /** The card is gone. */
  closed(): void
}

/** A mounted card with the flow behind it. */
export interface Card {
  tell(input: FlowInput): void
  /** Takes it away without a word. */
  destroy(): void
}

/** Mounts a card; the one export of the lazy chunk. */
export type MountCard = (showing: Showing, offline: boolean, host: CardHost) => Card

export interface View {
  /** Fetches the code of the card when the page is idle. */
  warm(): void
  render(showing: Showing | null): void
  /** Reaches the card on the screen, if there is one. */
  tell(input: FlowInput): void
}

/** Where faults are told; silent unless the site asked for it. */
export type Log = (message: string, detail?: unknown) => void
