/** What a plan would have done with what happened: the same planner, in time that is past, for one person after the other. */
import type { Survey, SurveyEvent } from '@earshot/contract'
import type { AlertFacts } from './alerts.ts'
import { type FollowUpPlan, reachesPerson } from './followUpPlan.ts'
import { causedBy, decide, type Decision, type Planned } from './followUps.ts'
import { isSurveyEvent, project, type StoredEvent, type StoredResponse } from './project.ts'
import { day, type Millis } from './time.ts'

/** Which time is looked at. */
export interface TrialSpan {
  /** Causes from here on count, since what they cause may fall into the span. */
  since: Millis
  /** What goes out from here on is told. */
  from: Millis
  /** The end: what is not done by then is still under way. */
  to: Millis
}

/** What would have become of one follow-up. */
export interface Trial {
  /** By `followUpId`. */
  id: string
  rule: string
  /** Response that caused it, where one did. */
  response: string | null
  /** The alert that caused it, where one did. */
  alert?: AlertFacts | undefined
  /** When the cause happened. */
  at: Millis
  /** When it would have gone out: first, then each reminder. */
  sent: Millis[]
  /** What held it back meanwhile, each once: `quiet` or `limit`. */
  held: string[]
  /** Why it ended, `done` after the last one went out; null while it is under way. */
  end: { at: Millis; reason: string } | null
}

/** A definition by its name; null where it is not known. */
export type FindSurvey = (id: string, version: number) => Survey | null

/** Follow-ups of one person, and events of one response: of whom there is more, a program made it, and it would take all the time. */
const mostTrials = 500
const mostOfResponse = 300
/** However long a plan waits, causes are looked for no longer before the span than this. */
const mostBefore: Millis = 90 * day

/**
 * From when on causes may lead to something in a span.
 *
 * @example
 * sinceOf({ rules: [{ delay: 14, expires: 30, … }] }, from) // 44 days before
 */
export function sinceOf(plan: FollowUpPlan, from: Millis): Millis {
  const longest = Math.max(0, ...plan.rules.map((each) => each.delay + each.expires))
  return from - Math.min(mostBefore, longest * day)
}

/** One that is under way. */
export interface Waiting {
  planned: Planned
  trial: Trial
  /** When it is looked at next. */
  due: Millis
}

/** Does what was decided about one that is due; whether it is still under way. */
export function goOn(at: Waiting, decision: Decision): boolean {
  const { planned, trial, due: now } = at
  if (decision.do === 'wait') {
    at.due = Math.max(decision.until, now + 1)
    return true
  }
  if (decision.do === 'send') {
    trial.sent.push(now)
    if (decision.next !== null) {
      at.planned = { ...planned, step: planned.step + 1, due: decision.next }
      at.due = decision.next
      return true
    }
  }
  trial.end = { at: now, reason: decision.do === 'stop' ? decision.reason : 'done' }
  return false
}

/**
 * Plays the plan over all that happened to one person, as if it had been in force and everything had arrived in the moment in
 * which it happened. Contacts are those that the plan itself makes, and the cards that were shown.
 *
 * @param events all of the person, in any order
 * @returns what would have been begun, in the order in which it would have been; null where it would be too much
 */
export function simulatePerson(
  plan: FollowUpPlan,
  events: readonly StoredEvent[],
  findSurvey: FindSurvey,
  { since, to }: TrialSpan,
): Trial[] | null {
  const unique = [...new Map(events.map((each) => [each.event.id, each])).values()]
  const inOrder = unique
    .filter(({ occurredAt }) => occurredAt <= to)
    .toSorted((a, b) => a.occurredAt - b.occurredAt || (a.event.id < b.event.id ? -1 : 1))
  const history: StoredEvent[] = []
  const ofResponse = new Map<string, StoredEvent<SurveyEvent>[]>()
  const contacts: Millis[] = []
  const trials = new Map<string, Trial>()
  let waiting: Waiting[] = []

  const lookUp = (response: string | null): { response: StoredResponse | null; survey: Survey | null } => {
    const own = response === null ? undefined : ofResponse.get(response)
    const found = own ? project(own) : null
    return { response: found, survey: found && findSurvey(found.survey, found.version) }
  }
  const begin = (stored: StoredEvent): void => {
    const { event } = stored
    const known = lookUp(isSurveyEvent(event) ? event.response : null)
    for (const planned of causedBy(plan, stored, known.response, known.survey)) {
      // What was begun once is not begun again.
      if (trials.has(planned.id)) continue
      const { id, rule, response, at, due } = planned
      const trial: Trial = { id, rule, response, at, sent: [], held: [], end: null }
      trials.set(id, trial)
      waiting.push({ planned, trial, due })
    }
  }
  const look = (at: Waiting): void => {
    const { planned, trial, due: now } = at
    const circumstances = { history, ...lookUp(planned.response), contacts }
    const decision = decide(plan, planned, circumstances, now)
    if (decision.do === 'wait' && !trial.held.includes(decision.reason)) trial.held.push(decision.reason)
    if (decision.do === 'send') {
      const rule = plan.rules.find((each) => each.id === planned.rule)
      if (rule && reachesPerson(rule)) contacts.push(now)
    }
    if (!goOn(at, decision)) waiting = waiting.filter((each) => each !== at)
  }
  /** Does what is due before a moment, in its order. */
  const catchUp = (until: Millis): void => {
    for (;;) {
      let next: Waiting | undefined
      for (const each of waiting) if (each.due <= until && (!next || each.due < next.due)) next = each
      if (!next) return
      look(next)
    }
  }

  for (const stored of inOrder) {
    // Of the same moment the event comes first, as with a plan that is in force.
    catchUp(stored.occurredAt - 1)
    history.push(stored)
    const { event } = stored
    if (isSurveyEvent(event)) {
      const own = ofResponse.get(event.response) ?? []
      own.push({ ...stored, event })
      if (own.length > mostOfResponse) return null
      ofResponse.set(event.response, own)
    }
    if (stored.occurredAt >= since) begin(stored)
    if (trials.size > mostTrials) return null
  }
  catchUp(to)
  return [...trials.values()]
}
