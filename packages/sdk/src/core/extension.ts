/** What the rules are to the basic step. */
import type { Survey } from '@earshot/contract'
import type { Decision } from './decision.ts'
import type { Effect, Input, Revision, Showing, State, Step, Wish } from './model.ts'
import type { Memory, MemoryChange } from './remembered.ts'
import type { Instant } from './time.ts'

/** One step of the basic engine; see `step` in core/step.ts. */
export type Advance = (state: State, input: Input, rules?: Rules) => Step

/** What a moment means for surveys with rules. */
export interface Notice {
  state: State
  /** Surveys that ask for the screen now. */
  wishes: readonly Wish[]
  /** When to look again. */
  wake: Instant | null
  effects: readonly Effect[]
}

/**
 * Everything that few sites use, loaded when a survey, a setting or a command needs it. All of it is pure: the same
 * state and input give the same result.
 */
export interface Rules {
  /** What speaks against a survey besides the basic limits; null for nothing. */
  forbid(state: State, memory: Memory, survey: Survey, now: Instant, wish: Wish): Decision | null
  /** After any input but those of a claim under way. */
  notice(state: State, input: Input): Notice
  /** Inside the transaction of a change: the change is in `memory` already, what the rules make of it is not. */
  revise(
    state: Pick<State, 'surveys'>,
    memory: Memory,
    change: MemoryChange,
    at: Instant,
    newId: () => string,
  ): Revision
  /** The survey as this visitor gets it. */
  dress(state: State, survey: Survey, wish: Wish): Omit<Showing, 'response'>
  /** Commands that are rare. */
  command(state: State, input: Input): Step
  /** Whether each question of the survey has a page of its own. */
  isPaged(survey: Survey): boolean
  /** The response that a wish goes on with: of the progress for `resume`, of the plan for `followup`. */
  responseOf(memory: Memory, wish: Wish): string | undefined
}
