/** Decides about follow-ups outside of the page: what an event causes, and whether what is due may go out now. */
import {
  followUpId,
  judgeRule,
  type DisplayEvent,
  type Facts,
  type Rule,
  type Scalar,
  type Survey,
} from '@earshot/contract'
import type { AlertFacts } from './alerts.ts'
import type { CaseRoute } from './cases.ts'
import { isSurveyEvent, type StoredEvent, type StoredResponse } from './project.ts'
import type { ReportMetric } from './reportPlan.ts'
import { meets } from './responseFacts.ts'
import { endOfQuiet, type QuietHours } from './quietHours.ts'
import type { Millis } from './time.ts'
import { isZone } from './zone.ts'

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

/** A follow-up that is under way. */
export interface Planned {
  /** By `followUpId`. */
  id: string
  rule: string
  /** Id of the response or event that caused it, or the case that the event names; of an alert what and when. */
  cause: string
  /** Response that caused it, where one did. */
  response: string | null
  /** The numbers of the alert that caused it, where one did. */
  alert?: AlertFacts | undefined
  /** When the cause happened. */
  at: Millis
  due: Millis
  expires: Millis
  /** How often it went out. */
  step: number
}

/** What is known of whom it concerns. */
export interface Circumstances {
  /** All events of the person, or those that `wishFor` wants, in any order; repetitions change nothing. */
  history: readonly StoredEvent[]
  /** The response that caused it, as it is now; null when there is none, or none any more. */
  response: StoredResponse | null
  /** Definition of that response. */
  survey: Survey | null
  /** When anything went out to the person. */
  contacts: readonly Millis[]
  /** Whether the alert that caused it is over; default that it lasts. */
  isOver?: boolean | undefined
}

/** What becomes of it now. */
export type Decision =
  | { do: 'stop'; reason: string }
  | { do: 'wait'; until: Millis; reason: string }
  | {
      do: 'send'
      texts: Texts | null
      /** When it is due again; null after the last reminder. */
      next: Millis | null
      /** What must still hold when it is written down that it went out: contacts since then, and the most of them. */
      budgets: { since: Millis; most: number }[]
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

const day: Millis = 86_400_000
const anytime = Number.POSITIVE_INFINITY

/**
 * What one event begins.
 *
 * @param response that the event belongs to, as it is now
 * @param survey its definition
 * @example
 * causedBy(plan, event, response, survey).map((each) => each.id) // ['/call-back/018f…']
 */
export function causedBy(
  plan: FollowUpPlan,
  stored: StoredEvent,
  response: StoredResponse | null,
  survey: Survey | null,
): Planned[] {
  const { event, occurredAt: at } = stored
  return plan.rules.flatMap((rule) => {
    const cause = causeOf(rule.after, stored, response, survey)
    if (cause === null) return []
    const due = at + rule.delay * day
    const id = followUpId(askedBy(rule) ?? '', rule.id, cause)
    const from = isSurveyEvent(event) ? event.response : null
    return [{ id, rule: rule.id, cause, response: from, at, due, expires: due + rule.expires * day, step: 0 }]
  })
}

function causeOf(
  after: PlanCause,
  { event }: StoredEvent,
  response: StoredResponse | null,
  survey: Survey | null,
): string | null {
  if (after.on === 'event') {
    if (event.type !== 'track' || event.data.name !== after.name) return null
    if (after.where && judgeRule(after.where, eventFacts(event.data.props)) !== true) return null
    return after.key === undefined ? event.id : caseOf(event.data.props, after.key)
  }
  if (after.on === 'alert') return null
  if (!response || !isSurveyEvent(event) || response.survey !== after.survey) return null
  if (after.on === 'silence')
    // Silence about what was already a follow-up causes nothing more.
    return event.type === 'display' && event.data.trigger !== 'followup' ? response.id : null
  const isAnswer = event.type === 'answer' || event.type === 'complete'
  return isAnswer && holds(after, response, survey) ? response.id : null
}

function caseOf(props: Readonly<Record<string, Scalar>>, key: string): string | null {
  const value = Object.hasOwn(props, key) ? props[key] : null
  return value === null || value === undefined || value === '' ? null : String(value)
}

function eventFacts(props: Readonly<Record<string, Scalar>>): Facts {
  return (fact) => {
    const name = fact.startsWith('event.') ? fact.slice(6) : ''
    return Object.hasOwn(props, name) ? props[name] : undefined
  }
}

function holds(
  after: Extract<PlanCause, { on: 'answer' }>,
  response: StoredResponse,
  survey: Survey | null,
): boolean {
  if (Object.keys(response.answers).length === 0) return false
  return !after.when || meets(after.when, response, survey)
}

/** Surveys an answer to which, since the cause, stops a follow-up of the rule. */
export function answersThatStop(rule: PlanRule): string[] {
  const own = askedBy(rule)
  const silent = rule.after.on === 'silence' ? [rule.after.survey] : []
  return [...(rule.unless?.answered ?? []), ...(own === undefined ? [] : [own]), ...silent]
}

/** Why it is never to go out again; null while nothing speaks against it. */
export function stopReason(rule: PlanRule, planned: Planned, now: Circumstances): string | null {
  const { after, unless = {} } = rule
  const { history, response } = now
  // The plan may have changed under it.
  if ((after.on === 'alert') !== (planned.alert !== undefined)) return 'changed'
  if (after.on === 'alert') return now.isOver ? 'over' : null
  if (after.on !== 'event') {
    if (!response) return 'gone'
    if (after.on === 'answer' && !holds(after, response, now.survey)) return 'changed'
    if (after.on === 'silence') {
      if (Object.keys(response.answers).length > 0 || response.completedAt !== null) return 'answered'
      if (response.dismissedAt !== null) return 'dismissed'
    }
  }
  const isPerson = reachesPerson(rule)
  const own = askedBy(rule)
  const asked = answersThatStop(rule)
  // What was begun in the browser is gone on with by mail, so that its end is the answer.
  if ('mail' in rule.do && response && response.survey === own && response.completedAt !== null)
    return 'answered'
  for (const { event, occurredAt } of history) {
    if (event.type === 'optout' && isPerson) return 'opted-out'
    if (event.type === 'followup' && event.data.followUp === planned.id) {
      if (event.data.state === 'answered' || event.data.state === 'cancelled') return event.data.state
    }
    if (event.type === 'snooze' && after.on === 'silence' && event.response === planned.response)
      return 'snoozed'
    if (occurredAt < planned.at) continue
    const isElsewhere =
      isSurveyEvent(event) && (event.response !== planned.response || event.context.channel === 'mail')
    if (event.type === 'answer' && isElsewhere && asked.includes(event.survey)) return 'answered'
    if (event.type !== 'track') continue
    for (const { name, key } of unless.events ?? [])
      if (event.data.name === name && (key === undefined || caseOf(event.data.props, key) === planned.cause))
        return 'event'
  }
  return null
}

/** The zone that a person told last, as far as it is one. */
function zoneOf(plan: Pick<FollowUpPlan, 'zone'>, history: readonly StoredEvent[]): string {
  let best: { zone: string; at: Millis; id: string } | undefined
  for (const { event, occurredAt: at } of history) {
    if (event.type !== 'identify' || !Object.hasOwn(event.data.traits, 'timezone')) continue
    const { timezone: zone } = event.data.traits
    if (typeof zone !== 'string' || !isZone(zone)) continue
    if (!best || at > best.at || (at === best.at && event.id > best.id)) best = { zone, at, id: event.id }
  }
  return best?.zone ?? plan.zone ?? 'UTC'
}

/** Until when a limit holds it back, over all that reached the person; null where it may go. */
function heldBy(
  limits: NonNullable<FollowUpPlan['limits']>,
  reached: readonly Millis[],
  now: Millis,
): Millis | null {
  let until: Millis | null = null
  for (const { most, days } of limits) {
    const recent = reached.filter((at) => at > now - days * day).toSorted((a, b) => b - a)
    const hindering = recent[most - 1]
    if (hindering !== undefined) until = Math.max(until ?? 0, hindering + days * day)
  }
  return until
}

/**
 * Decides about a follow-up that is planned.
 *
 * @param now by the collector's clock
 * @example
 * decide(plan, planned, { history, response, survey, contacts: [] }, clock.now()) // { do: 'wait', until, reason: 'quiet' }
 */
export function decide(
  plan: FollowUpPlan,
  planned: Planned,
  circumstances: Circumstances,
  now: Millis,
): Decision {
  const rule = plan.rules.find((each) => each.id === planned.rule)
  if (!rule) return { do: 'stop', reason: 'no-rule' }
  const reason = stopReason(rule, planned, circumstances)
  if (reason !== null) return { do: 'stop', reason }
  if (now > planned.expires) return { do: 'stop', reason: 'expired' }
  if (now < planned.due) return { do: 'wait', until: planned.due, reason: 'not-due' }
  const reach = reachesPerson(rule) ? mayReach(plan, circumstances, now) : { budgets: [] }
  if ('until' in reach) return { do: 'wait', ...reach }
  const reminders = rule.reminders ?? []
  const reminder = planned.step === 0 ? undefined : reminders[planned.step - 1]
  if (planned.step > 0 && !reminder) return { do: 'stop', reason: 'done' }
  const following = reminders[planned.step]
  // From now, so that what was held up does not come in a row.
  const next = now + (following?.after ?? anytime) * day
  return {
    do: 'send',
    texts: wordingAt(rule, planned.step).text,
    next: next <= planned.expires ? next : null,
    budgets: reach.budgets,
  }
}

/** Whether a showing is that of a page behind a link of a message, which is counted as a contact itself. */
function isOfMail({ context, data }: DisplayEvent): boolean {
  return context.channel === 'mail' && data.trigger === 'followup'
}

/**
 * Whether a person may be reached now: not in quiet hours, and not beyond the limits.
 *
 * @returns until when not and why, or else what must still hold when it is written down that it went out
 */
export function mayReach(
  plan: Pick<FollowUpPlan, 'quiet' | 'zone' | 'limits'>,
  { history, contacts }: Pick<Circumstances, 'history' | 'contacts'>,
  now: Millis,
): { until: Millis; reason: 'quiet' | 'limit' } | { budgets: { since: Millis; most: number }[] } {
  if (plan.quiet) {
    const until = endOfQuiet(plan.quiet, now, zoneOf(plan, history))
    if (until > now) return { until, reason: 'quiet' }
  }
  const shown = history.filter(({ event }) => event.type === 'display' && !isOfMail(event))
  // The same showing may be told of more than once.
  const displays = [...new Map(shown.map((each) => [each.event.id, each.occurredAt])).values()]
  const limits = plan.limits ?? []
  const until = heldBy(limits, [...contacts, ...displays], now)
  if (until !== null && until > now) return { until, reason: 'limit' }
  const budgets = limits.map(({ most, days }) => {
    const since = now - days * day
    return { since, most: most - displays.filter((at) => at > since).length }
  })
  return { budgets }
}
