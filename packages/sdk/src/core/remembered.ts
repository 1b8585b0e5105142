/** What one browser remembers of a site, as it is stored, and what may change about it. */
import type { AnswerValue, DisplayEvent, Scalar } from '@earshot/contract'
import type { Reason } from './decision.ts'
import type { Instant } from './time.ts'

/** How far a showing came that has not ended, so that a reload can go on with it. */
export interface Progress {
  response: string
  at: Instant
  /** Of the survey: with another one nobody can go on. */
  version: number
  variant?: string | undefined
  /** What the display event tells of the showing. */
  about: DisplayEvent['data']
  /** As in the showing. */
  facts?: Readonly<Record<string, AnswerValue | null>> | undefined
  answers: Record<string, AnswerValue>
  /** Per question: how often it was answered. */
  revisions: Record<string, number>
}

/** When something last happened with one survey on this browser. When it was shown, `Memory.asks` tells. */
export interface SurveyMemory {
  answered?: Instant
  /** Closed without an answer. */
  dismissed?: Instant
  /** Asked to wait then, for that many days. */
  snoozed?: Instant | undefined
  snooze?: number | undefined
  /** Response that was really seen last; takes `unseen` from its showing. */
  seen?: string
  progress?: Progress | undefined
}

/** A tab claimed the right to show a survey. */
export interface Ask {
  survey: string
  response: string
  at: Instant
  session: string
  /** Identity of the follow-up that it is. */
  followUp?: string | undefined
  /** Until somebody had the time to see it; see `SurveyMemory.seen`. */
  unseen?: true | undefined
}

/** A follow-up that waits for its time, or for its answer. Kept by its identity. */
export interface Plan {
  survey: string
  rule: string
  cause: string
  /** Of the response that the prompt will be. */
  response: string
  /** When `due` was set. */
  at: Instant
  due: Instant
  expires: Instant
  /** Reminders that are left after the next showing, -1 after the last. */
  left: number
  /** Whether it was shown. */
  shown: boolean
  /** Version of the survey when it was planned. */
  version: number
  /** What the event that caused it says to the keys of the rule's `cancel`. */
  keys?: Record<string, string>
  /** What it was like before the last showing, in case that did not take place. */
  before?: Pick<Plan, 'at' | 'due' | 'left' | 'shown'>
  /** What stood against it when it was due. */
  refused?: Reason
  /** When it came to its end. It stays for its identity, so that nothing is planned twice. */
  ended?: Instant
}

/** What one person's events on a site have in common with a rule that counts them. */
export interface Trace {
  /** Which steps of which trigger of which survey. */
  key: string
  at: Instant
}

/** What survives a reload, one record per site key, shared by all tabs. */
export interface Memory {
  /** Anonymous id of this browser. */
  visitor: string
  person: string | null
  /** Null until the visitor was asked. */
  consent: Consent | null
  optedOut: boolean
  /** Page views so far, for sequence numbers. */
  pages: number
  session: { id: string; seen: Instant }
  surveys: Record<string, SurveyMemory>
  /** The latest showings, oldest first. */
  asks: readonly Ask[]
  /** Visits so far, this one included. */
  sessions?: number
  /** When this visitor was first seen. */
  since?: Instant
  traits?: Record<string, Scalar>
  /** Account or team, with its traits; `id` is among them. */
  group?: Record<string, Scalar>
  /** How often an event with a rule that counts happened, by trace key. */
  counts?: Record<string, number>
  /** Steps of sequences, oldest first. */
  trail?: readonly Trace[]
  plans?: Record<string, Plan>
  /** Changes that wait for the rules, which were not there when they happened. */
  missed?: readonly { at: Instant; change: MemoryChange }[]
  /** Visitors whose withdrawal the collector has not confirmed, with blanks between. */
  erase?: string | undefined
}

export type Consent = 'granted' | 'denied'

/** A change to the memory, applied inside one transaction, so that no tab overwrites what another one learned. */
export type MemoryChange =
  | { kind: 'survey'; survey: string; patch: SurveyMemory }
  | { kind: 'visitor'; patch: Partial<Pick<Memory, 'person' | 'consent' | 'optedOut' | 'traits' | 'group'>> }
  | { kind: 'ask'; ask: Ask }
  /** The card of that response was never seen: so it was never asked. */
  | { kind: 'unask'; response: string }
  | { kind: 'event'; id: string; name: string; props: Record<string, Scalar> }
  /** Time went by, or the rules arrived. `refused`: what stands against follow-ups that are due, by their identity. */
  | { kind: 'time'; refused?: Readonly<Record<string, Reason>> }
