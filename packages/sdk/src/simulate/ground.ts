/** What a simulated page stands on and what it can: how the site is set up, what the world around it gives, what may be done to it. */
import type { SiteSettings, Survey } from '@earshot/contract'
import type { Effect, Input, PageFacts, Showing, Signal, State, Step, Wish } from '../core/model.ts'
import type { Ask, Memory } from '../core/remembered.ts'
import type { Clock } from '../ports/world.ts'
import type { HeadlessCard } from './card.ts'

/** What a site is set up with. */
export interface SiteOptions {
  surveys: readonly Survey[]
  settings?: SiteSettings | undefined
  context?: State['context'] | undefined
  consentRequired?: boolean | undefined
  /** The site's veto. */
  mayAppear?: ((survey: Survey) => boolean) | undefined
  /** Whether signals come from what the visitor does; else they are told as inputs. */
  sensing?: boolean | undefined
  /** Takes each step in the place of the page, for whoever wants to look at both sides of it. */
  around?: ((advance: (state: State, input: Input) => Step, state: State, input: Input) => Step) | undefined
}

/** What a page load needs of the world around it. */
export interface Ground extends Clock {
  newId(): string
  /** Runs work in a turn of its own. */
  later(run: () => void): void
  /** What is stored. */
  stored(): Partial<Memory> | undefined
  /** One transaction: nothing comes between reading and writing. */
  transact(change: (known: Partial<Memory> | undefined) => Memory): Memory
  /** Deletes what is stored, but for this. */
  clear(left?: Partial<Memory>): void
  isOnScreenElsewhere(survey: string): boolean
  /** Whether what is remembered may have been written by a clock that was ahead of this one. */
  mayLieAhead(): boolean
  /** Hears of each effect, before it is carried out. */
  told(effect: Effect): void
  /** Hears of each claim that was granted. */
  granted(ask: Ask, wish: Wish): void
  /** Hears of each card that is drawn. */
  mounted(showing: Showing): void
}

/** An input whose time the world adds. */
export type Untimed = Input extends infer Each ? (Each extends Input ? Omit<Each, 'at'> : never) : never

/** A page that is loaded. */
export interface Load {
  state(): State
  watched(): readonly Signal[]
  card(): HeadlessCard | null
  /** A command of the site; those that only the rules understand have them loaded first. */
  tell(input: Untimed, needsRules?: boolean): void
  /** Begins a new visitor. */
  reset(): void
  /** Has the rules loaded. */
  needRules(): void
  /** To another address without a load. */
  enter(facts: PageFacts): void
  /** The visitor did something that a sensor sees. */
  see(signal: Signal): void
  touch(): void
  /** The page is gone; what was ordered and is not yet done comes to nothing, but for transactions. */
  end(): void
}
