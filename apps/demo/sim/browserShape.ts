/** What a browser of the simulation and its tabs are. */
import type { FeedbackEvent, Survey } from '@earshot/contract'
import type { Flow, stepFlow } from '../../../packages/sdk/src/core/flow.ts'
import type { Line } from '../../../packages/sdk/src/core/outbox.ts'
import type { QueueRow } from '../../../packages/sdk/src/core/queueRow.ts'
import type { Memory } from '../../../packages/sdk/src/core/remembered.ts'
import type { Instant } from '../../../packages/sdk/src/core/time.ts'
import type { Outbox } from '../../../packages/sdk/src/ports/outbox.ts'
import type { Runtime } from '../../../packages/sdk/src/shell/runtimeParts.ts'
import type { Chance } from './chance.ts'
import type { Disk } from './disk.ts'
import type { Network, Weather } from './network.ts'
import type { Life, World } from './world.ts'

/** An event as a visitor made it. */
export interface Told {
  event: FeedbackEvent
  /** Whether the page said that it is kept; undefined while it has said nothing. */
  durable?: boolean
  life: Life
}

export interface Tab {
  life: Life
  runtime: Runtime
  /** What the page's memory holds, where storage failed. */
  inMemory(): Promise<QueueRow[]>
  /** The card on the screen. */
  card: { flow: Flow; tell: (input: Parameters<typeof stepFlow>[1]) => void } | null
  hidden: boolean
  /** The moment by its clock. */
  now(): Instant
  /** A new id, as the client makes them. */
  id(): string
  hide(): void
  show(): void
  /** Has the queue looked over, as when it is long and cannot be sent. */
  trim(): void
}

export interface Browser {
  name: string
  disk: Disk
  tabs: Tab[]
  chance: Chance
  weather: Weather
  online: boolean
  /** How far its clock is off, milliseconds. */
  offset: number
  /** Whether its disk may get ill in this run. Half of the browsers stay healthy, so that the strictest promises can be asked of them. */
  mayBeIll: boolean
  /** Until everything is well again. */
  mayDie: boolean
  /** Whether a firewall stays before it for good: what has the forbidden word waits, and nothing else may wait for that. */
  isFiltered: boolean
  /** All events ever made in it. */
  told: Map<string, Told>
  /** Ids that its pages were told are with the collector, or refused. */
  delivered: Set<string>
  rejected: Map<string, string>
  /** Visitors of whom the collector said that they are forgotten. */
  erased: Set<string>
  /** Visitors who refused consent. */
  refused: Set<string>
  /** Requests with events so far, files that were not in the cache, and what was reason for a request. */
  requests: number
  loads: number
  reasons: number
  open(): Tab
  /** The network is back, and each tab hears of it; a frozen one when it thaws. */
  connect(): void
  /** Takes what chance may have made worse than usual: its locks, its clock, a firewall. */
  isHealthy(): void
  /** The visitor refuses consent. */
  refuse(tab: Tab): void
  /** The visitor consents. */
  grant(tab: Tab): void
  /** The page goes away in good order. */
  close(tab: Tab): void
  /** The process of the tab is killed. */
  crash(tab: Tab): void
  memory(): Partial<Memory> | undefined
  line(): Line | undefined
  queue(): QueueRow[]
  /** What another site key has on the same disk, as it was and as it is. */
  neighbour(): { before: string; now: string }
  /** What was refused; of a row that was damaged without its event. */
  quarantine(): { event?: FeedbackEvent; rejection: { id: string; code: string; message: string } }[]
}

export interface BrowserParts {
  world: World
  network: Network
  surveys: readonly Survey[]
  consentRequired: boolean
  /** Files that the browser has in its cache, or their share; default 0.7. */
  cached?: number | readonly string[]
  /** Whether its pages ask the collector for surveys, besides those that they bring along. */
  served?: boolean
}

/** A tab as its browser knows it. */
export interface SimTab extends Tab {
  /** Visitors for whom consent was refused in this very tab. */
  refusedHere: Set<string>
  /** Whether a request of its pass is under way. */
  isSending: boolean
  forgetWait(): void
  /** It may be of use to try again. */
  back(): void
  outbox?: Outbox
}
