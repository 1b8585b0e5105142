/** What a follow-up is: a later prompt that an earlier answer, event or silence caused. */
import type { Rule } from './rule.ts'

/** What plans a follow-up. */
export type FollowUpCause =
  | {
      /** An answer to a survey. Looked at again with each answer of the response: what no longer holds is called off. */
      on: 'answer'
      /** Id of the survey that was answered, default the one that asks. */
      survey?: string | undefined
      /** Over `answer.…` and `band.…` of that response; default any answer. */
      when?: Rule | undefined
    }
  | {
      on: 'event'
      /** Name given to `earshot.track(name)`. */
      name: string
      /** Over `event.…`: the properties of the event. */
      where?: Rule | undefined
      /** Property that names the case, for example `ticket`: one follow-up per case. Default one per event. */
      key?: string | undefined
    }
  | {
      /** A survey was shown, and neither answered nor closed. */
      on: 'silence'
      /** Id of the survey that was shown, default the one that asks. */
      survey?: string | undefined
    }

/** When a survey asks later by itself. All spans are days of 24 elapsed hours; `1` is "in 24 hours", `0` is now. */
export interface FollowUpRule {
  /** Unique in the survey. */
  id: string
  after: FollowUpCause
  /** Days from the cause until the prompt is due. It appears at the next suitable moment after. */
  delay: number
  /** Days from the due time until it is given up. */
  expires: number
  /** Asks again while there is no answer: at most so many times, so many days apart. Default never. */
  reminders?: { most: number; every: number } | undefined
  /** Events that call it off. With `key`, only for the case that the property of that name names. */
  cancel?: { name: string; key?: string | undefined }[] | undefined
}

/** A prompt that is planned for a person. */
export interface FollowUp {
  /** By `followUpId`: mail and in-app prompt for one cause share it, so that nobody is asked twice. */
  id: string
  /** Survey that will ask. */
  survey: string
  /** Id of the rule that planned it. */
  rule: string
  /** Id of the response or event that caused it, or the case that the event names. */
  cause: string
  /** Not before, ISO 8601 in UTC. */
  due: string
  /** Not after, ISO 8601 in UTC. */
  expires: string
}
