/** What the site hears. */
import type { AnswerValue, FeedbackEvent, FollowUpEvent, LossEvent, Rejection } from '@earshot/contract'
import type { Reason } from './decision.ts'

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
    value: AnswerValue
    id: string
    durable: boolean
  }
  /** The respondent reached the end, and all of it is stored on this device. */
  completed: { survey: string; response: string; durable: boolean }
  dismissed: { survey: string; response: string; reason: DismissReason }
  /** The respondent wants to be asked later, not before `until` (milliseconds since 1970). */
  snoozed: { survey: string; response: string; until: number }
  /** A planned prompt came to be, was shown, or came to its end. */
  followUp: {
    followUp: string
    survey: string
    state: FollowUpEvent['data']['state']
    reason?: string | undefined
  }
  /** An event entered the outbox. */
  queued: { id: string; type: FeedbackEvent['type']; durable: boolean }
  /** The collector confirmed these ids by its receipt. */
  delivered: { ids: string[] }
  /** The collector refused these; they are kept in quarantine. */
  rejected: { rejections: Rejection[] }
  /** These were given up, because there were too many, they were too old or could not be read; the collector is told how many. */
  evicted: { reason: LossEvent['data']['reason']; ids: string[] }
  /** A survey was due and was not shown. */
  suppressed: { survey: string; reason: Reason; until?: number | undefined }
  /** Something failed; nothing was lost by it. `code` is stable. */
  error: { code: string; message: string }
}

/** Name and payload of one emission. */
export type Emission = {
  [Name in keyof EarshotEvents]: { name: Name; detail: EarshotEvents[Name] }
}[keyof EarshotEvents]
