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
import type { Decision } from './decision.ts'
import type { Emission } from './emission.ts'
import type { Consent, Memory, MemoryChange, Progress } from './remembered.ts'
import type { Instant } from './time.ts'

/** The survey that holds the screen. How far the respondent is in it, the flow knows. */
export interface Showing {
  /** As it is shown: in the words of its variant. */
  survey: Survey
  response: string
  /** What the display event tells of it. */
  about: DisplayEvent['data']
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

/** The inputs of a type. */
export type InputOf<Type extends Input['type']> = Extract<Input, { type: Type }>

/** The effects of a type. */
export type EffectOf<Type extends Effect['type']> = Extract<Effect, { type: Type }>

export interface Step {
  state: State
  effects: readonly Effect[]
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
