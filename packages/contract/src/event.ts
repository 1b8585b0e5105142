/** What crosses the wire: the facts that the SDK reports, the envelope around them, and the receipt that comes back. */
import type { Survey } from './survey.ts'

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
}

/** At least half of the card was visible for one second. */
export interface DisplayEvent extends SurveyEventBase {
  type: 'display'
  data: {
    /** What made it appear. */
    trigger: 'show' | 'event' | 'page'
  }
}

/** One question was answered, or its answer was changed. */
export interface AnswerEvent extends SurveyEventBase {
  type: 'answer'
  data: {
    /** Question id. */
    question: string
    /** A whole number inside the scale, or text. */
    value: number | string
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
    state: 'planned' | 'shown' | 'cancelled' | 'expired'
  }
}

/** "Never ask me again." */
export interface OptOutEvent extends EventBase {
  type: 'optout'
  data: Record<string, never>
}

/** The site told who this is; `person` carries the id. */
export interface IdentifyEvent extends EventBase {
  type: 'identify'
  data: {
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

/** An event that belongs to a response. */
export type SurveyEvent =
  | DisplayEvent
  | AnswerEvent
  | CompleteEvent
  | DismissEvent
  | SnoozeEvent
  | FollowUpEvent

/** Any event, told apart by `type`. */
export type FeedbackEvent = SurveyEvent | OptOutEvent | IdentifyEvent | TrackEvent

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
