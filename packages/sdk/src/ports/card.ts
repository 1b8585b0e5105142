/** The lazy chunk of the card, and what it needs of the rest. */
import type { Survey, Theme } from '@earshot/contract'
import type { FlowEffect, FlowInput } from '../core/flow.ts'
import type { Showing } from '../core/model.ts'
import type { Instant } from '../core/time.ts'

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
