/** Counts what a plan would have done: by rule and day, what was held back and why, and some of whom it would have reached. */
import { alertLines } from './alerts.ts'
import type { FollowUpPlan } from './followUpPlan.ts'
import type { Trial, TrialSpan } from './simulateFollowUps.ts'
import { formatMoment } from './time.ts'
import type { Span } from './zone.ts'

/** What one rule would have done in the span. */
export interface RuleTrial {
  rule: string
  /** Causes in the span. */
  begun: number
  /** Messages in the span, reminders among them. */
  sent: number
  /** Whom they would have gone to. */
  people: number
  /** Every day of the span, also those of nothing. */
  days: { day: string; sent: number }[]
  /** Follow-ups that were put off, by what: `quiet` hours, a `limit`. They may have gone out later. */
  held: Record<string, number>
  /** Follow-ups that ended in the span without another message, by the reason: `answered`, `opted-out` and the like. */
  stopped: Record<string, number>
  /** Under way at the end. */
  waiting: number
}

/** One follow-up of the sample, as it is shown. */
export interface TrialExample {
  rule: string
  followUp: string
  /** Null of an alert. */
  visitor: string | null
  person: string | null
  response: string | null
  /** The alert that caused it, in words. */
  alert: string | null
  causedAt: string
  sentAt: string[]
  heldBy: string[]
  /** `sent`: something went out in the span. */
  outcome: 'sent' | 'stopped' | 'waiting'
  reason: string | null
}

/** Takes what would have become of people, one after the other. */
export interface TrialTally {
  /** Null: what alerts have begun, which reaches nobody in particular. */
  add(who: { visitor: string; person: string | null } | null, trials: readonly Trial[]): void
  rules(): RuleTrial[]
  /** The newest that went out, then others. */
  sample(): TrialExample[]
}

/**
 * Begins to count. It keeps numbers, and of the follow-ups a sample alone.
 *
 * @param days of the span, as `cutPeriod` gives them
 * @param most of the sample, for each rule
 */
export function createTrialTally(
  plan: FollowUpPlan,
  { from, to }: TrialSpan,
  days: readonly Span[],
  most: number,
): TrialTally {
  const byRule = new Map(
    plan.rules.map(({ id }): [string, RuleTrial] => [
      id,
      {
        rule: id,
        begun: 0,
        sent: 0,
        people: 0,
        days: days.map(({ name }) => ({ day: name, sent: 0 })),
        held: {},
        stopped: {},
        waiting: 0,
      },
    ]),
  )
  const samples = new Map<string, Kept[]>(plan.rules.map(({ id }) => [id, []]))
  const isIn = (at: number): boolean => at >= from && at <= to

  const keep = (kept: Kept): void => {
    const list = samples.get(kept.example.rule)
    if (!list) return
    list.push(kept)
    if (list.length <= 4 * most) return
    list.sort(bySample)
    list.length = most
  }
  return {
    add(who, trials) {
      const reached = new Set<string>()
      for (const { id, rule, response, at, sent, held, end, alert } of trials) {
        const sum = byRule.get(rule)
        const messages = sent.filter(isIn)
        const isEnded = end !== null && isIn(end.at)
        // What was over before the span is no part of it.
        if (!sum || (!isIn(at) && messages.length === 0 && !isEnded && end !== null)) continue
        if (isIn(at)) sum.begun++
        sum.sent += messages.length
        if (messages.length > 0 && who) reached.add(rule)
        for (const each of messages) {
          const index = days.findIndex((span) => each >= span.from && each < span.to)
          const found = sum.days[index === -1 ? sum.days.length - 1 : index]
          if (found) found.sent++
        }
        for (const reason of held) sum.held[reason] = (sum.held[reason] ?? 0) + 1
        if (end === null) sum.waiting++
        else if (isEnded && end.reason !== 'done')
          sum.stopped[end.reason] = (sum.stopped[end.reason] ?? 0) + 1
        keep({
          at: messages.at(-1) ?? end?.at ?? at,
          example: {
            rule,
            followUp: id,
            visitor: who?.visitor ?? null,
            person: who?.person ?? null,
            response,
            alert: alert ? (alertLines(alert)[0] ?? null) : null,
            causedAt: formatMoment(at),
            sentAt: messages.map(formatMoment),
            heldBy: held,
            outcome: messages.length > 0 ? 'sent' : end === null ? 'waiting' : 'stopped',
            reason: end === null || end.reason === 'done' ? null : end.reason,
          },
        })
      }
      for (const rule of reached) {
        const sum = byRule.get(rule)
        if (sum) sum.people++
      }
    },
    rules: () => [...byRule.values()],
    sample: () =>
      [...samples.values()].flatMap((list) =>
        list
          .toSorted(bySample)
          .slice(0, most)
          .map((each) => each.example),
      ),
  }
}

/** One of the sample, and when it was heard of last. */
interface Kept {
  at: number
  example: TrialExample
}

const bySample = (a: Kept, b: Kept): number =>
  Number(b.example.outcome === 'sent') - Number(a.example.outcome === 'sent') || b.at - a.at
