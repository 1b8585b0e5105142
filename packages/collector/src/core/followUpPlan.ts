/** The plan of a site for follow-ups outside of the page, and what its rules say. */
import type { Rule } from '@earshot/contract'
import type { CaseRoute } from './cases.ts'
import type { QuietHours } from './quietHours.ts'
import type { ReportMetric } from './reportPlan.ts'

/** What begins a follow-up. */
export type PlanCause =
  | {
      /** An answer to a survey. Looked at again before anything goes out. */
      on: 'answer'
      survey: string
      /** Over `answer.…`, `band.…`, `hidden.…`, `channel` and the like; default any answer. */
      when?: Rule | undefined
    }
  | {
      on: 'event'
      name: string
      /** Over `event.…`: the properties of the event. */
      where?: Rule | undefined
      /** Property that names the case: one follow-up for each. Default one for each event. */
      key?: string | undefined
    }
  | {
      /** A survey was shown by itself, and neither answered nor closed. */
      on: 'silence'
      survey: string
    }
  | {
      /**
       * A number of a survey has changed, or is beyond a bound, by more than chance explains. One of `change`, `below` and
       * `above`. It concerns no person, so what follows goes to staff.
       */
      on: 'alert'
      survey: string
      metric: ReportMetric
      /** Default the one that the report of this metric is about. */
      question?: string | undefined
      /** Length of the window, which ends with the last look, and of the window before. */
      days: number
      /** The window minus the window before: its interval leaves out 0. */
      change?: 'fall' | 'rise' | 'either' | undefined
      /** The whole interval of the window is under this value, in the unit of the metric. */
      below?: number | undefined
      /** The whole interval of the window is over this value. */
      above?: number | undefined
      /** Fewest answers (showings in `response`) of the window, and for a change of the one before too. Default 30. */
      minimum?: number | undefined
      /** Confidence of the intervals. Default 0.99. */
      level?: number | undefined
      /** Hours from look to look. Default 1. */
      every?: number | undefined
    }

/** What is said, by language; `en` and the like. */
export type Texts = Readonly<Record<string, string>>

/** Where it goes: to a webhook, into the inbox of the staff as a case, or by mail to the person. */
export type PlanAction =
  | {
      /** Id of a webhook. */
      webhook: string
      /**
       * Who hears of it in the end. A `person` has quiet hours, a budget and may have opted out; `staff` has none of that.
       */
      reaches: 'person' | 'staff'
    }
  | { case: CaseRoute }
  | { mail: PlanMail }

/** A message to the person, with a link to a survey. */
export interface PlanMail {
  /** Id of a survey that the collector serves. */
  survey: string
  /** Default a usual one, in the language of the person. */
  subject?: Texts | undefined
}

/** When something happened, after a while something else is done, unless. All spans are days of 24 elapsed hours; parts are fine. */
export interface PlanRule {
  /** Unique in the plan. */
  id: string
  /** Survey that is asked by it. Its identity has it, as `followUpId` says, and an answer to it stops the follow-up. */
  survey?: string | undefined
  after: PlanCause
  /** Days from the cause until it is due; 0 is at once. */
  delay: number
  /** Days from then until it is given up. */
  expires: number
  do: PlanAction
  text?: Texts | undefined
  /** Again, so many days after the time before, while nothing stops it; each with words of its own. */
  reminders?: { after: number; text?: Texts | undefined; subject?: Texts | undefined }[] | undefined
  unless?:
    | {
        /** An answer to one of these surveys since the cause, on whatever channel. */
        answered?: string[] | undefined
        /** One of these events since the cause. With `key`, only for the case that the property of that name names. */
        events?: { name: string; key?: string | undefined }[] | undefined
      }
    | undefined
}

/** The whole plan of a site. */
export interface FollowUpPlan {
  rules: PlanRule[]
  /** When no person is reached. Default never. */
  quiet?: QuietHours | undefined
  /** Zone of those of whom no trait `timezone` tells it. Default UTC. */
  zone?: string | undefined
  /** Each is a most number of contacts with one person in so many days: of what goes out and of cards that were shown. */
  limits?: { most: number; days: number }[] | undefined
}

/** Whether somebody is reached who has a budget, and may have opted out. */
export function reachesPerson({ do: action }: Pick<PlanRule, 'do'>): boolean {
  return 'mail' in action || ('webhook' in action && action.reaches === 'person')
}

/** The survey that is asked by a rule; undefined where it asks none. */
export function askedBy(rule: Pick<PlanRule, 'do' | 'survey'>): string | undefined {
  return rule.survey ?? ('mail' in rule.do ? rule.do.mail.survey : undefined)
}

/** What a message says besides the question, by language: of the first one, or of a reminder, which may have words of its own. */
export function wordingAt(rule: PlanRule, step: number): { subject: Texts | null; text: Texts | null } {
  const reminder = step === 0 ? undefined : rule.reminders?.[step - 1]
  const usual = 'mail' in rule.do ? rule.do.mail.subject : undefined
  return { subject: reminder?.subject ?? usual ?? null, text: reminder?.text ?? rule.text ?? null }
}

/** Surveys an answer to which, since the cause, stops a follow-up of the rule. */
export function answersThatStop(rule: PlanRule): string[] {
  const own = askedBy(rule)
  const silent = rule.after.on === 'silence' ? [rule.after.survey] : []
  return [...(rule.unless?.answered ?? []), ...(own === undefined ? [] : [own]), ...silent]
}
