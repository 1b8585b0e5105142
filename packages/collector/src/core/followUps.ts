/** Decides about follow-ups outside of the page: what an event causes, and whether what is due may go out now. */
import { followUpId, judgeRule, type Facts, type Scalar, type Survey } from '@earshot/contract'
import type { AlertFacts } from './alerts.ts'
import {
  answersThatStop,
  askedBy,
  reachesPerson,
  wordingAt,
  type FollowUpPlan,
  type PlanCause,
  type PlanRule,
  type Texts,
} from './followUpPlan.ts'
import { isSurveyEvent, type StoredEvent, type StoredResponse } from './project.ts'
import { mayReach } from './reach.ts'
import { meets } from './responseFacts.ts'
import { day, type Millis } from './time.ts'

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
