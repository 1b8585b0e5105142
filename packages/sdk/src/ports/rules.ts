/** The lazy chunk of the rules, and what it needs of the rest. */
import type { FeedbackEvent, SiteSettings, Survey } from '@earshot/contract'
import type { Explanation } from '../core/decision.ts'
import type { Advance, Rules } from '../core/extension.ts'
import type { Effect, Input, PageFacts, State, Step } from '../core/model.ts'
import type { Memory } from '../core/remembered.ts'
import type { LoadKinds } from './card.ts'
import type { Work } from './database.ts'
import type { Clock, Random } from './world.ts'

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
