/** What the SDK needs from the outside world: interfaces only, one adapter each in `shell/`. */
import type { FeedbackEvent, Rejection, SiteSettings, Survey, Theme } from '@earshot/contract'
import type { FlowEffect, FlowInput } from './core/flow.ts'
import type {
  Advance,
  Effect,
  Emission,
  Explanation,
  Input,
  Memory,
  PageFacts,
  Rules,
  Showing,
  State,
  Step,
} from './core/model.ts'
import type { Wait } from './core/backOff.ts'
import type { Answer, Line } from './core/outbox.ts'
import type { QueueRow } from './core/queueRow.ts'
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
  /** The first rows, by key, whose keys begin with the prefix; or those from the first key to the last, if one is given. */
  list<Value>(prefix: string, limit: number, last?: string): Promise<Value[]>
  /** All of their keys. */
  keys(prefix: string, last?: string): Promise<string[]>
  /** Deletes them. */
  clear(prefix: string, last?: string): void
}

/** A place for rows. */
export interface Database {
  /** Writes one row, as fast as the platform can: nothing is read first, and the commit is ordered at once. */
  put(key: string, value: unknown): Promise<void>
  /** Whether a restart will find what was written. */
  durable: boolean
  /**
   * Runs work in a transaction of its own; resolves after the commit, and rejects if there was none. A power cut may
   * undo a `relaxed` one.
   */
  transact<Result>(work: (rows: Rows) => Promise<Result>, durability?: 'relaxed'): Promise<Result>
  close(): void
}

/** A place that outlives the page, and may not be there yet. */
export interface DurableDatabase extends Database {
  /** True when something may be stored. Creates nothing. */
  exists(): Promise<boolean>
}

/** Surveys and settings of the collector. */
export interface Served {
  surveys: Survey[]
  plain?: string[] | undefined
  settings?: SiteSettings | undefined
  /** While they cannot be had anew: what every tab must respect. */
  wait?: Wait | undefined
}

export interface Transport {
  /**
   * Posts a body; `leaving` lets the request outlive the page, where the browser can (elsewhere the rows wait for the
   * next page). Never rejects: no answer is status 0.
   */
  send(body: string, leaving: boolean): Promise<Answer>
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

/** As much of a browser's event as is looked at. */
export interface Happening {
  type: string
}

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
  /** Resolves when the page is one that somebody went to, and no longer one that the browser draws ahead. */
  entered(): Promise<unknown> | undefined
  /** Calls on navigation inside the page; the result stops it. */
  onNavigate(callback: () => void): () => void
  /** Calls when the page may never come back, and when it is back, visible, or online again; the result stops it. */
  onVisit(leave: () => void, back: (event?: Happening) => void): () => void
  /** Lets the page hear an event. */
  announce(name: string, detail: unknown): void
}

/** What a card needs of the rest. */
export interface CardHost {
  now(): Instant
  /** Tells the sites of one origin apart in the name of the lock that keeps a survey on one tab. */
  lock: string
  perform(effect: FlowEffect): void
  /** The respondent wants to be asked later, or never: the same as the site's own command. The card is gone already. */
  command(input: { type: 'snooze' } | { type: 'optOut' }): void
  /** Languages that are wanted, most wanted first. */
  locales(): readonly string[]
  /** How the site wants its cards to look; undefined for as they are. */
  theme?(): Theme | undefined
  /** The card is gone. */
  closed(): void
}

/** A mounted card with the flow behind it. */
export interface Card {
  /** When it is on the page, where something had to be waited for; rejects when it cannot be. */
  ready?: Promise<unknown> | undefined
  tell(input: FlowInput): void
  /** Takes it away without a word. Nothing happens the second time. */
  destroy(): void
}

/** What surveys with pages are drawn with: their kinds of questions, and the way between them. */
export interface KindsChunk {
  /** Makes the inside of a card, drawn by the card's own library: two copies of it would not fit together. */
  createKinds(h: never, words: () => object): object
}

/** Fetches the file of one type of question. */
export type LoadType = (type: string) => Promise<{ kind: unknown }>

/** The lazy chunk of such surveys, without the types of questions that are in files of their own. */
export interface PagesChunk {
  loadFor(surveys: readonly Survey[], load: LoadType): Promise<KindsChunk>
}

/** Loads that, with all types of questions that those surveys have. */
export type LoadKinds = (surveys: readonly Survey[]) => Promise<KindsChunk>

/** Mounts a card; the one export of the lazy chunk. A paged showing needs the kinds. */
export type MountCard = (showing: Showing, offline: boolean, host: CardHost, kinds?: KindsChunk) => Card

export interface View {
  /** Fetches the code of the card when the page is idle. */
  warm(): void
  render(showing: Showing | null): void
  /** Reaches the card on the screen, if there is one. */
  tell(input: FlowInput): void
}

/** What the lazy chunk of the rules may use of the runtime. */
export interface RuntimeTools {
  loadKinds: LoadKinds
  clock: Clock
  random: Random
  store: {
    readMemory(): Promise<Partial<Memory> | undefined>
    changeMemory(change: (stored: Partial<Memory> | undefined) => Memory): Promise<Memory>
    /** Changes rows of this site key in one transaction; `m` is the kind of the memory. */
    change(work: Work): Promise<void>
  }
  settings: {
    key: string
    collector: string
    beforeShow?: ((survey: Survey) => boolean | Promise<boolean>) | undefined
  }
  state(): State
  dispatch(input: Input): void
  perform(effect: Effect): void
  /**
   * Goes on with what is stored, if another tab has begun anew or heard a refusal. This page gets a number of its own in
   * it, for another tab may have the same one. Waits until it has, and is undefined if there is nothing to take over.
   */
  takeOver(stored: Memory): Promise<void> | undefined
  /** Begins a new visitor, who has that in common with the one before, and goes on with the input before any other command. */
  renew(kept: Partial<Memory>, input?: Input): Promise<void>
}

/** The lazy chunk of the rules: pure rules, and the eyes, ears and hands that they need on a page. */
export interface RulesChunk {
  rules: Rules
  /** Takes the place of the basic step, which it gets. */
  step(state: State, input: Input, advance: Advance): Step
  /** Has the collector forget the visitor that the memory names; until it has, the wish stays stored. */
  erase(tools: RuntimeTools): Promise<void>
  /** Looks at the page now. */
  pageFacts(): PageFacts
  /** Carries out what the rules order, and what they have a say in; undefined for all other effects. */
  carryOut(effect: Effect, tools: RuntimeTools): Promise<unknown> | undefined
  /** An event as it may leave the page: free text scrubbed, the address as the site allows it. */
  cleaned(event: FeedbackEvent, settings: SiteSettings, survey: Survey | undefined): FeedbackEvent
  /** Every rule of a survey, with what it sees once the code for it is there. */
  explain(tools: RuntimeTools, survey: string): Promise<Explanation>
  /** Stops whatever it listens to for that client; others on the page may share the chunk. */
  destroy(tools: RuntimeTools): void
}

/** Loads that chunk. */
export type LoadRules = () => Promise<RulesChunk>

/** Where a row of a site key is, by its kind and id. */
export type Address = (kind: string, id?: string) => string
/** Work on the rows of a site key in one transaction. */
export type Work = (rows: Rows, at: Address) => Promise<void>

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

/** Asks the collector; a path is one under its version. */
export type Ask = (path: string, init?: RequestInit) => Promise<Response>

/** What the lazy chunk of delivery is given, besides. */
export interface DeliveryTools extends OutboxTools {
  ask: Ask
  loadKeeper: LoadKeeper
}

/** Who hears of it. */
export interface OutboxListener {
  emit(emission: Emission): void
  /** Whether the collector was reached. */
  line(up: boolean): void
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

/** The lazy chunk of that. */
export interface KeeperChunk {
  createKeeper(key: string, parts: KeeperParts, listener: OutboxListener): Keeper
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

/** The lazy chunk of delivery. */
export interface OutboxChunk {
  startOutbox(key: string, tools: DeliveryTools, listener: OutboxListener): Outbox
}

/** Loads that of the keeper. */
export type LoadKeeper = () => Promise<KeeperChunk>

/** Loads that chunk. */
export type LoadOutbox = () => Promise<OutboxChunk>

/** Where faults are told; silent unless the site asked for it. */
export type Log = (message: string, detail?: unknown) => void
