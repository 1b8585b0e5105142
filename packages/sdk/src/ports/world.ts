/** What the SDK needs of the machine and of the host page. */
import type { Instant } from '../core/time.ts'

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

/** Where faults are told; silent unless the site asked for it. */
export type Log = (message: string, detail?: unknown) => void
