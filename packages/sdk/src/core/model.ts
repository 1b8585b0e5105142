/** The vocabulary of the core: what is known (State), what happens (Input), what is to be done (Effect). */
import type {
  AnswerValue,
  Cause,
  DisplayEvent,
  FeedbackEvent,
  Scalar,
  SiteSettings,
  Survey,
} from '@earshot/contract'
import type { DismissReason, EarshotEvents, Emission } from './emission.ts'
import type { Instant } from './time.ts'

export type { Cause }
export type { DismissReason, EarshotEvents, Emission }

/** How far a showing came that has not ended, so that a reload can go on with it. */
export interface Progress {
  response: string
  at: Instant
  /** Of the survey: with another one nobody can go on. */
  version: number
  variant?: string | undefined
  about: ShowingAbout
  facts?: Showing['facts']
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

/** What the display event tells of a showing. */
export type ShowingAbout = DisplayEvent['data']

/** The survey that holds the screen. How far the respondent is in it, the flow knows. */
export interface Showing {
  /** As it is shown: in the words of its variant. */
  survey: Survey
  response: string
  about: ShowingAbout
  variant?: string | undefined
  /** What the rules of its questions may look at, as it was at the beginning. */
  facts?: Readonly<Record<string, AnswerValue | null>>
  /** Where a reload broke it off. */
  progress?: Progress | undefined
  /** Whether each question has a page of its own. */
  paged?: boolean
  /** How it was asked for. */
  wish?: Wish | undefined
}

/** How somebody asks for a survey. */
export interface Wish {
  survey: string
  cause: Cause
  /** Passes over all that protects from too many questions, for a feedback button. */
  force?: boolean | undefined
  /** Identity of the follow-up that is due. */
  followUp?: string | undefined
  hidden?: Record<string, Scalar> | undefined
  /** CSS selector of the element that it is put into. */
  into?: string | undefined
  /** Properties of the event that caused it. */
  event?: Record<string, Scalar> | undefined
}

/** What can be told of the page that a survey would appear on. */
export interface PageFacts {
  /** Whole address, with query and fragment. It never leaves the browser. */
  url: string
  referrer: string
  device: 'phone' | 'tablet' | 'desktop'
  width: number
  height: number
  locale: string
  /** IANA name. */
  zone: string
}

/** A trigger that an event completed. It asks when its delay is over. */
export interface Fired extends Wish {
  /** Which trigger of the survey. */
  key: string
  due: Instant
}

/** What only the rules need to know of this page. */
export interface RichState {
  facts: PageFacts
  /** Page triggers, signals and follow-ups that had their turn on this page view, by key. */
  fired: readonly string[]
  pending: readonly Fired[]
  /** When the page view began that `fired` and `shown` are about. */
  since?: Instant | null
  /** Responses that were shown on this page view. */
  shown?: readonly string[]
  /** What the sensors look out for. */
  watched?: readonly Signal[]
}

/** Something that a sensor saw. */
export interface Signal {
  on: 'time' | 'scroll' | 'exit' | 'idle' | 'seen' | 'click' | 'rage'
  /** Seconds visible or idle, or per cent scrolled, that were reached. */
  value?: number
  selector?: string
}

/** Where in a customer's day the visitor is. Filed with every event, and facts for targeting. */
export interface JourneyContext {
  /** `web`, `app`, `kiosk`, …; default `web`. */
  channel?: string
  /** For example `checkout`. A survey's own wins over it. */
  touchpoint?: string
  /** Customer-journey stage, for example `purchase`. A survey's own wins over it. */
  stage?: string
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
  /** Ids of the surveys that do without the rules. */
  plain: readonly string[]
  /** What the page said for itself. */
  own: SiteSettings
  /** The same over what the collector says; the limits as a whole, and privacy as a whole. */
  settings: SiteSettings
  /** Filed with every event, and facts for targeting. */
  context: JourneyContext
  /** Whether memory and surveys are there: only then does time alone show a survey. */
  ready: boolean
  paused: boolean
  /** When the page was entered; null before the first page view. */
  pageSince: Instant | null
  /** Surveys whose page trigger has fired on this page. */
  pageFired: readonly string[]
  /** A claim under way. */
  claiming: Wish | null
  showing: Showing | null
  /** Null while the rules are not loaded. */
  rich: RichState | null
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
  | {
      type: 'served'
      at: Instant
      surveys: readonly Survey[]
      /** Ids of those that do without the rules. */
      plain?: readonly string[] | undefined
      settings?: SiteSettings | undefined
    }
  | { type: 'page'; at: Instant; facts?: PageFacts | undefined; context?: JourneyContext | undefined }
  | { type: 'tick'; at: Instant }
  | { type: 'track'; at: Instant; id: string; name: string; props: Record<string, Scalar> }
  | {
      type: 'identify'
      at: Instant
      person: string | null
      traits: Record<string, Scalar>
      /** `consented`: only where the visitor has granted consent. */
      merge?: boolean | 'consented' | undefined
    }
  | { type: 'show'; at: Instant; wish: Wish }
  | { type: 'claimed'; at: Instant; memory: Memory; wish: Wish; response: string; decision: Decision }
  | { type: 'closed'; at: Instant }
  | { type: 'learn'; at: Instant; change: MemoryChange }
  | { type: 'consent'; at: Instant; consent: Consent }
  | { type: 'optOut'; at: Instant }
  | { type: 'pause' }
  | { type: 'resume'; at: Instant }
  /** The rules are there. */
  | { type: 'enriched'; at: Instant; facts: PageFacts }
  /** The memory after a change, by the rules. */
  | ({ type: 'revised'; at: Instant } & Omit<Revision, 'drafts'>)
  | { type: 'signal'; at: Instant; signal: Signal }
  | { type: 'group'; at: Instant; group: string; traits: Record<string, Scalar> }
  | { type: 'snooze'; at: Instant; days?: number | undefined }

/** Orders to the shell. */
export type Effect =
  /** Decide again inside a transaction, and mark the survey as shown if it may be. */
  | { type: 'claim'; survey: Survey; wish: Wish }
  | { type: 'remember'; at: Instant; change: MemoryChange }
  /** `locale`: the language that the respondent saw. */
  | { type: 'record'; at: Instant; draft: EventDraft; id?: string; locale?: string }
  | { type: 'render'; showing: Showing | null }
  | { type: 'wake'; at: Instant }
  /** Fetch what the collector serves. */
  | { type: 'configure' }
  /** Fetch the card's code: some survey may still be shown to this visitor. */
  | { type: 'warm' }
  /** Fetch the code for the questions of these surveys too. */
  | { type: 'warmKinds'; surveys: readonly Survey[] }
  /** Fetch the rules: some survey, setting or command needs them. */
  | { type: 'enrich' }
  /** What the sensors are to look out for, from now on. */
  | { type: 'watch'; signals: readonly Signal[] }
  /** Delete queue and memory of this site on this device, and have the collector do the same. */
  | { type: 'forget' }
  /** Begin a new visitor, who has that in common with the one before, and go on. */
  | { type: 'renew'; kept: Partial<Memory>; next: Input }
  | { type: 'emit'; emission: Emission }

export interface Step {
  state: State
  effects: readonly Effect[]
}

/** One step of the basic engine; see `step` in core/step.ts. */
export type Advance = (state: State, input: Input, rules?: Rules) => Step

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

/** What the rules do to the memory. */
export interface Revision {
  memory: Memory
  /** What became of follow-ups. */
  drafts: readonly EventDraft[]
  /** Triggers that the change completed. */
  fired: readonly Fired[]
  /** Events that were looked at, oldest first: they may call a survey off. */
  events: readonly { name: string; at: Instant }[]
}

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
