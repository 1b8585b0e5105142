/** What a card has in common with the chunk that few cards need: where it is, and in which words it speaks. */
import type { Showing } from '../core/model.ts'
import type { CardHost } from '../ports/card.ts'
import type { Worded, Words } from '../words/words.ts'

/** Filled in for a card in a corner of the screen; the chunk puts other things in their place. */
export interface Place {
  readonly showing: Showing
  readonly cardHost: CardHost
  /** Element that stands in the page. */
  readonly host: HTMLElement
  readonly root: ShadowRoot
  /** Over as soon as the card is on its way out. */
  readonly signal: AbortSignal
  /** Rules besides those of the card, each sheet for itself. */
  sheets: string[]
  /** Whether the last of its sheets is the theme's. */
  isThemed?: boolean
  /** What the card is drawn into. */
  target: ParentNode & Node
  /** Where words are missing, the card speaks English. */
  words: Partial<Words>
  /** Whether it stands behind a tab, to which closing leads back. */
  isTab?: boolean | undefined
  /** Whether it makes no room when the page puts its focus behind it. */
  stays?: boolean
  /** Brings it to the screen. */
  attach(): void
  /** What had the focus last on the card. */
  last?: HTMLElement
  /** Around what had the focus before the card had it. It stays where that was when the page removes it. */
  from?: Range
  /** Takes it from the screen. */
  detach?: () => void
  fold(isFolded: boolean): void
  /** Takes the survey's lock again. */
  hold(how: LockOptions): void
  /** After it was made small, or large again. */
  folded?: (isFolded: boolean) => void
  /** Takes over the survey in other words. */
  speak(worded: Worded): void
  /** Closes it as the key does: not when something was typed. */
  escape(): void
  /** Closes it without a word. */
  close(): void
}
