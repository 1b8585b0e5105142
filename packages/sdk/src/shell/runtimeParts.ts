/** What the runtime is given, and what it gives. */
import type { SiteSettings, Survey, Theme } from '@earshot/contract'
import type { Explanation } from '../core/decision.ts'
import type { EarshotEvents } from '../core/emission.ts'
import type { Input, JourneyContext, State } from '../core/model.ts'
import type { LoadKinds, MountCard } from '../ports/card.ts'
import type { Ask, Served } from '../ports/collector.ts'
import type { Inspection, LoadKeeper } from '../ports/keeper.ts'
import type { LoadOutbox } from '../ports/outbox.ts'
import type { LoadRules } from '../ports/rules.ts'
import type { Clock, Log, Page, Random } from '../ports/world.ts'
import type { Store } from './store.ts'

/** What a page says of itself once. */
export interface Settings {
  key: string
  collector: string
  surveys?: readonly Survey[]
  served?: boolean
  locale?: string
  context?: JourneyContext
  settings?: SiteSettings
  beforeShow?: (survey: Survey) => boolean | Promise<boolean>
}

/** The adapters. */
export interface Parts {
  clock: Clock
  random: Random
  store: Store
  ask: Ask
  /** What the collector serves; rejects when it could not be reached. */
  loadServed: () => Promise<Served>
  page: Page
  log: Log
  loadCard: () => Promise<{ mountCard: MountCard }>
  loadKinds: LoadKinds
  loadOutbox: LoadOutbox
  loadKeeper: LoadKeeper
  loadRules: LoadRules
}

export interface Runtime {
  state(): State
  /** Gives a command to the core (and fetches the rules first if only they understand it), after all earlier ones, once memory and surveys are there. What `make` throws is told as an error. */
  tell(make: () => Input, needsRules: unknown): void
  /** Speaks another language from now on, on a card that is shown too. */
  setLocale(locale: string): void
  setTheme(theme: Theme): void
  /** Closes the card as if the respondent had. */
  dismiss(): void
  on<Name extends keyof EarshotEvents>(name: Name, handler: (detail: EarshotEvents[Name]) => void): () => void
  /** Makes a new anonymous visitor; what was answered stays in the queue. */
  reset(): void
  flush(): Promise<void>
  /** Both reject only when the code for it could not be fetched. */
  inspect(): Promise<Inspection>
  retry(ids?: readonly string[]): Promise<number>
  /** Rejects only when the code for it could not be fetched. */
  explain(survey: string): Promise<Explanation>
  destroy(): void
}
