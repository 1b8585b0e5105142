/** Why a survey is or is not shown: a decision, and all that was looked at for one. */
import type { Instant } from './time.ts'

/** Why a survey is not shown. */
export type Reason =
  | 'not-ready'
  | 'no-consent'
  | 'opted-out'
  | 'paused'
  | 'unknown-survey'
  | 'another-survey'
  | 'answered-recently'
  | 'dismissed-recently'
  | 'shown-recently'
  | 'quiet-period'
  | 'page-cap'
  | 'session-cap'
  | 'day-cap'
  | 'vetoed'
  | 'loading'
  | 'snoozed'
  | 'shown-too-often'
  | 'too-new'
  | 'not-targeted'
  | 'unknown-fact'
  | 'not-sampled'
  | 'held-out'
  | 'not-due'
  | 'other-tab'
  | 'quota-full'
  | 'quota-unknown'
  | 'answered-elsewhere'

/** A decision says why, and when it may turn out otherwise. */
export type Decision = { show: true } | { show: false; reason: Reason; until?: Instant | undefined }

/** One rule of a survey, with what it saw. */
export interface ExplainedRule {
  /** A stable name: `consent`, `recontact.answered`, `limits.quiet`, `sampling`, `targeting`, `trigger.0`, … */
  rule: string
  pass: boolean
  /** The value that it saw, as JSON allows it. */
  seen: unknown
  /** What it wants. */
  wanted: unknown
  reason?: Reason | undefined
  /** When it will pass by itself, milliseconds since 1970; missing where time alone does not help. */
  until?: Instant | undefined
}

/** Why a survey would or would not be shown now: the first rule that speaks against it, and all of them. */
export interface Explanation {
  survey: string
  show: boolean
  reason?: Reason | undefined
  /** When it will be possible if nothing else happens, milliseconds since 1970. */
  until?: Instant | undefined
  rules: ExplainedRule[]
  /** One sentence for a human. */
  summary: string
}
