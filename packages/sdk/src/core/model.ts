/** The vocabulary of the core: what is known (State), what happens (Input), what is to be done (Effect). */
import type { FeedbackEvent, Rejection, Scalar, Survey } from '@earshot/contract'
import type { Instant } from './time.ts'

/** When something last happened with one survey on this browser. */
export interface SurveyMemory {
  /** A tab claimed the right to show it. */
  shown?: Instant | undefined
  answered?: Instant
  /** Closed without an answer. */
  dismissed?: Instant
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
}

export type Consent = 'granted' | 'denied'

/** A change to the memory, applied inside one transaction, so that no tab overwrites what another one learned. */
export type MemoryChange =
  | { survey: string; patch: SurveyMemory }
  | { survey?: undefined; patch: Partial<Pick<Memory, 'person' | 'consent' | 'optedOut'>> }

/** Why a survey appeared. */
export type Cause = 'show' | 'event' | 'page'

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
  | 'vetoed'

/** A decision says why, and when it may turn out otherwise. */
export type Decision = { show: true } | { show: false; reason: Reason; until?: Instant | undefined }

/** The survey that holds the screen. How far the respondent is in it, the flow knows. */
export interface Showing {
  survey: Survey
  response: string
  cause: Cause
}

export interface State {
  /** Null until the memory was read; nothing is decided before. */
  memory: Memory | null
  /** Whether the site asks for consent first. */
  consentRequired: boolean
  /** Surveys that the page brought along. */
  inline: readonly Survey[]
  /** Inline and served surveys, merged by id. */
  surveys: readonly Survey[]
  /** Whether memory and surveys are there: only then does time alone show a survey. */
  ready: boolean
  paused: boolean
  /** When the page was entered; null before the first page view. */
  pageSince: Instant | null
  /** Surveys whose page trigger has fired on this page. */
  pageFired: readonly string[]
  /** A claim under way. */
  claiming: string | null
  showing: Showing | null
}

/** An event before id, sequence number, visitor and context are put on. */
export type EventDraft = FeedbackEvent extends infer Each
  ? Each extends FeedbackEvent
    ? Omit<Each, 'id' | 'at' | 'visitor' | 'person' | 'session' | 'seq' | 'context'>
    : never
  : never

/** Facts, with their time. */
export type Input =
  | { type: 'remembered'; at: Instant; memory: Memory }
  | { type: 'served'; at: Instant; surveys: readonly Survey[] }
  | { type: 'page'; at: Instant }
  | { type: 'tick'; at: Instant }
  | { type: 'track'; at: Instant; name: string; props: Record<string, Scalar> }
  | { type: 'identify'; at: Instant; person: string; traits: Record<string, Scalar> }
  | { type: 'show'; at: Instant; survey: string; force: boolean }
  | { type: 'claimed'; memory: Memory; survey: string; response: string; cause: Cause; decision: Decision }
  | { type: 'viewFailed'; at: Instant; message: string }
  | { type: 'closed' }
  | { type: 'learn'; change: MemoryChange }
  | { type: 'consent'; at: Instant; consent: Consent }
  | { type: 'optOut'; at: Instant }
  | { type: 'pause' }
  | { type: 'resume'; at: Instant }

/** Why a card was closed. */
export type DismissReason = 'close' | 'escape' | 'command'

/** What the site hears, by name. Each is also a `CustomEvent('earshot:<name>')` on `window`. */
export interface EarshotEvents {
  /** Memory and surveys are there; from now on surveys can appear. */
  ready: { surveys: string[] }
  /** A survey was at least half visible for one second. */
  shown: { survey: string; response: string }
  /** An answer is stored on this device. `durable` is false when only memory could be used. */
  answered: {
    survey: string
    response: string
    question: string
    value: number | string
    id: string
    durable: boolean
  }
  /** The respondent reached the end, and all of it is stored on this device. */
  completed: { survey: string; response: string; durable: boolean }
  dismissed: { survey: string; response: string; reason: DismissReason }
  /** An event entered the outbox. */
  queued: { id: string; type: FeedbackEvent['type']; durable: boolean }
  /** The collector confirmed these ids by its receipt. */
  delivered: { ids: string[] }
  /** The collector refused these; they are kept in quarantine. */
  rejected: { rejections: Rejection[] }
  /** A survey was due and was not shown. */
  suppressed: { survey: string; reason: Reason; until?: number | undefined }
  /** Something failed; nothing was lost by it. `code` is stable. */
  error: { code: string; message: string }
}

/** Name and payload of one emission. */
export type Emission = {
  [Name in keyof EarshotEvents]: { name: Name; detail: EarshotEvents[Name] }
}[keyof EarshotEvents]

/** Orders to the shell. */
export type Effect =
  /** Decide again inside a transaction, and mark the survey as shown if it may be. */
  | { type: 'claim'; survey: Survey; cause: Cause; force: boolean }
  | { type: 'remember'; change: MemoryChange }
  | { type: 'record'; at: Instant; draft: EventDraft }
  | { type: 'render'; showing: Showing | null }
  | { type: 'wake'; at: Instant }
  /** Fetch what the collector serves. */
  | { type: 'configure' }
  /** Fetch the card's code: some survey may still be shown to this visitor. */
  | { type: 'warm' }
  /** Delete queue and memory of this site on this device. */
  | { type: 'forget' }
  | { type: 'emit'; emission: Emission }

export interface Step {
  state: State
  effects: readonly Effect[]
}
