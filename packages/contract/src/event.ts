/** What crosses the wire: the facts that the SDK reports, the envelope around them, and the receipt that comes back. */
import type { AnswerValue } from './question.ts'
import type { SiteSettings, Survey } from './survey.ts'

/** A value that a trait or an event property may have. */
export type Scalar = string | number | boolean | null

/** Where an event happened. */
export interface EventContext {
  /** Origin and path of the page; the SDK drops query and fragment. */
  url?: string | undefined
  /** BCP 47 tag of the language shown. */
  locale?: string | undefined
  /** `web`, `app`, `kiosk`, `mail`, … An unknown channel is stored as it is. */
  channel: string
  touchpoint?: string | undefined
  stage?: string | undefined
}

/** What every event carries. */
export interface EventBase {
  /** UUIDv7 made by the client. The same id sent again is the same event. */
  id: string
  /** When it happened by the client's clock, ISO 8601 in UTC. */
  at: string
  /** Anonymous id of this browser, 1–64 characters. */
  visitor: string
  /** The site's own id for a signed-in person, or null. */
  person: string | null
  /** Id of this visit, 1–64 characters. */
  session: string
  /**
   * Page view of this visitor times `seqPerPage`, plus the number of the event on that page, both from 0 or 1 up by
   * one. A number that is missing below the highest of its page shows that something was lost.
   */
  seq: number
  context: EventContext
}

/** What an event about a survey carries besides. */
export interface SurveyEventBase extends EventBase {
  /** Survey id. */
  survey: string
  surveyVersion: number
  /** UUIDv7 of the response: one showing of a survey and all that follows from it. */
  response: string
  /** Id of the variant that was shown, where the survey has some. */
  variant?: string | undefined
}

/** What made a survey appear: the site's `show`, a trigger, a due follow-up, or a reload in the middle of it. */
export type Cause =
  | 'show'
  | 'event'
  | 'sequence'
  | 'page'
  | 'time'
  | 'scroll'
  | 'exit'
  | 'idle'
  | 'seen'
  | 'click'
  | 'rage'
  | 'followup'
  | 'resume'

/** At least half of the card was visible for one second. */
export interface DisplayEvent extends SurveyEventBase {
  type: 'display'
  data: {
    /** What made it appear. */
    trigger: Cause
    /** Identity of the follow-up that it is, by `followUpId`. */
    followUp?: string | undefined
    /** Values of the survey's hidden fields. */
    hidden?: Record<string, Scalar> | undefined
    /** Where on the screen, if not at the default place. */
    layout?: string | undefined
    /** In which wording, if not as it is written: language and version of the built-in texts, for example `de@1`. */
    wording?: string | undefined
  }
}

/** One question was answered, or its answer was changed. */
export interface AnswerEvent extends SurveyEventBase {
  type: 'answer'
  data: {
    /** Question id. */
    question: string
    /** A whole number inside the scale, a text, yes or no, or the ids of choices. */
    value: AnswerValue
    /** What was written beside the choice `other`. */
    other?: string | undefined
    /** Ids of the choices in the order in which they stood, where it was shuffled. */
    order?: string[] | undefined
    /** 0 for the first answer to this question in this response, then 1, 2, …; the highest stands. */
    revision: number
  }
}

/** The respondent reached the end. */
export interface CompleteEvent extends SurveyEventBase {
  type: 'complete'
  data: Record<string, never>
}

/** The card was closed before the end. */
export interface DismissEvent extends SurveyEventBase {
  type: 'dismiss'
  data: {
    /** `close`: the close button; `escape`: the key; `command`: the site called `dismiss()`. */
    reason: 'close' | 'escape' | 'command'
  }
}

/** "Ask me later." */
export interface SnoozeEvent extends SurveyEventBase {
  type: 'snooze'
  data: {
    /** Not before, ISO 8601 in UTC. */
    until: string
  }
}

/** A planned prompt came closer to its end. */
export interface FollowUpEvent extends SurveyEventBase {
  type: 'followup'
  data: {
    /** Identity by `followUpId`, alike in browser and collector. */
    followUp: string
    state: 'planned' | 'shown' | 'answered' | 'cancelled' | 'expired'
    /** Why it was cancelled or expired: a name such as `event`, `answered`, `opted-out`, `quiet-period`. */
    reason?: string | undefined
    /** When it is due, ISO 8601 in UTC; while planned. */
    due?: string | undefined
  }
}

/** "Never ask me again." */
export interface OptOutEvent extends EventBase {
  type: 'optout'
  data: Record<string, never>
}

/** The site told who this is, or something about an anonymous visitor; `person` carries the id. */
export interface IdentifyEvent extends EventBase {
  type: 'identify'
  data: {
    traits: Record<string, Scalar>
  }
}

/** The site told which account, team or company the visitor belongs to. */
export interface GroupEvent extends EventBase {
  type: 'group'
  data: {
    /** 1–200 characters. */
    group: string
    traits: Record<string, Scalar>
  }
}

/** Something happened on the site. */
export interface TrackEvent extends EventBase {
  type: 'track'
  data: {
    /** 1–100 characters. */
    name: string
    props: Record<string, Scalar>
  }
}

/**
 * Events that a device gave up before they could be sent. It stands in their place, with the `seq` of one of them, and is
 * itself never given up.
 */
export interface LossEvent extends EventBase {
  type: 'loss'
  data: {
    /** There was no `room` for all, they were beyond their `age`, or the browser could not read them any more. */
    reason: 'room' | 'age' | 'unreadable'
    /** How many, by type; `unknown` where that could not be read. */
    events: Record<string, number>
    /** How many of them belonged to a survey, by its id. */
    surveys: Record<string, number>
    /** When the first and the last of them happened, by the client's clock, ISO 8601 in UTC. */
    from: string
    to: string
  }
}

/** An event that belongs to a response. */
export type SurveyEvent =
  | DisplayEvent
  | AnswerEvent
  | CompleteEvent
  | DismissEvent
  | SnoozeEvent
  | FollowUpEvent

/** Any event, told apart by `type`. */
export type FeedbackEvent = SurveyEvent | OptOutEvent | IdentifyEvent | GroupEvent | TrackEvent | LossEvent

/** Body of `POST /v1/feedback`. */
export interface FeedbackRequest {
  /** Write key of the site. It can only add events, so it may be public. */
  key: string
  /** When the request left, by the client's clock, ISO 8601 in UTC. */
  sentAt: string
  /** Name and version of the sender, for example `js/0.1.0`. */
  sdk: string
  /** Definitions of the inline surveys that the events belong to; surveys that the collector serves need none. */
  surveys?: Survey[] | undefined
  /** 1–500 events. They are judged one by one. */
  events: FeedbackEvent[]
}

/** Why one event was not taken. The others of its batch were. */
export type RejectionCode =
  | 'invalid_event'
  | 'unknown_type'
  | 'unknown_survey'
  | 'unknown_question'
  | 'score_out_of_range'
  | 'wrong_answer_type'
  | 'invalid_survey'
  | 'survey_conflict'
  | 'too_many_surveys'

/** One refused event. */
export interface Rejection {
  /** Id of the event as it was sent; empty if it had none that could be read. */
  id: string
  code: RejectionCode
  /** What is wrong and how to mend it, for a developer. */
  message: string
  /** Where in the event, dotted: `data.value`. */
  path: string
}

/** Answer to `POST /v1/feedback`: every id that was sent is named in one of the lists. Sent after the commit. */
export interface Receipt {
  /** Stored now. */
  accepted: string[]
  /** Stored before; nothing changed. */
  duplicates: string[]
  rejected: Rejection[]
}

/** Answer to `GET /v1/config`. */
export interface Config {
  /** Version of this format. */
  version: 1
  surveys: Survey[]
  /** Ids of those that do without the SDK's rules, by `isPlain`; the rules are loaded for all others. */
  plain?: string[] | undefined
  settings?: SiteSettings | undefined
}

/** Body of `POST /v1/places`: asks for the right to show a survey that has a quota, or that is a follow-up. */
export interface PlaceRequest {
  key: string
  /** Survey id. */
  survey: string
  /** UUIDv7 of the response that will be. */
  response: string
  visitor: string
  person: string | null
  followUp?: string | undefined
}

/** Answer to `POST /v1/places`. */
export interface Place {
  granted: boolean
  /** Why not: the quota is full, or the person was asked or answered elsewhere. */
  reason?: 'quota-full' | 'answered-elsewhere' | 'opted-out' | undefined
  /** Answers given after this moment have no place any more, ISO 8601 in UTC. */
  until?: string | undefined
}

/** Body of `POST /v1/erase`: the visitor withdrew consent, and everything of this visitor is to be deleted. */
export interface EraseRequest {
  key: string
  visitor: string
  /**
   * What is kept, default nothing. `counts`: scores and choices go on being counted, with survey, version, variant, channel and
   * the day, each response as if it was of somebody of whom nothing is known.
   */
  keep?: 'counts' | undefined
}

/** An error of the HTTP interface, RFC 9457. */
export interface Problem {
  /** A URI that names the kind of problem. */
  type: string
  title: string
  /** HTTP status. */
  status: number
  /** Stable, for programs: `unknown_key`. */
  code: string
  /** What is wrong here and how to mend it. */
  detail: string
}
