/** What a rule that watches a number would have done in time that is past: the same judgement, look after look. */
import {
  alertCauseId,
  lastLook,
  lookAt,
  nextLook,
  plannedBy,
  type AlertCause,
  type AlertWatch,
  type Finding,
} from './alerts.ts'
import type { FollowUpPlan, PlanRule } from './followUpPlan.ts'
import { decide } from './followUps.ts'
import { goOn, type Trial, type TrialSpan, type Waiting } from './simulateFollowUps.ts'
import { day, type Millis } from './time.ts'

/** Plays one rule; it is told of each look in turn. */
export interface AlertTrial {
  /** The look whose finding is needed; null when there is none left. */
  next(): Millis | null
  /** What that look has found; null where there was nothing to count. */
  add(finding: Finding | null): void
  /** What would have been begun, in its order. */
  trials(): Trial[]
}

/**
 * Begins to play. Looks begin a window before the first that may lead to something in the span, so that what lasts already is not
 * taken for new.
 *
 * @example
 * const trial = createAlertTrial(plan, rule, span)
 * for (let at = trial.next(); at !== null; at = trial.next()) trial.add(await find(at))
 */
export function createAlertTrial(
  plan: FollowUpPlan,
  rule: PlanRule & { after: AlertCause },
  { since, from, to }: TrialSpan,
): AlertTrial {
  const { after, delay, expires, reminders = [] } = rule
  const reach = delay + (reminders.length > 0 ? expires : 0)
  const begin = Math.max(since, from - (reach + after.days) * day)
  const last = lastLook(after, to)
  const trials = new Map<string, Trial>()
  let waiting: Waiting[] = []
  let at = nextLook(after, begin - 1)
  let watch: AlertWatch | null = null
  let found: Finding | null = null

  /** Decides about what is due before a moment, by what was found last. */
  const catchUp = (until: Millis): void => {
    for (;;) {
      const [next] = waiting.filter((each) => each.due < until).toSorted((a, b) => a.due - b.due)
      if (!next) return
      const { planned, due: now } = next
      const isFollowing = planned.step > 0 || delay > 0
      const isOver = isFollowing && planned.alert !== undefined && found?.lasts(planned.alert.side) === false
      const none = { history: [], response: null, survey: null, contacts: [], isOver }
      if (!goOn(next, decide(plan, planned, none, now))) waiting = waiting.filter((each) => each !== next)
    }
  }

  return {
    next: () => (at <= last ? at : null),
    add(finding) {
      catchUp(at)
      if (finding) found = finding
      const looked = lookAt(after, watch, finding, at)
      watch = looked.watch
      if (looked.fires) {
        const planned = plannedBy(rule, looked.fires, alertCauseId(looked.fires, at), at)
        const { id, due, alert } = planned
        if (!trials.has(id)) {
          const trial: Trial = { id, rule: rule.id, response: null, at, sent: [], held: [], end: null, alert }
          trials.set(id, trial)
          waiting.push({ planned, trial, due })
        }
      }
      at = nextLook(after, at)
    },
    trials() {
      catchUp(to + 1)
      return [...trials.values()]
    },
  }
}
