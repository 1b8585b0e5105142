/** What came of a simulation: which surveys were asked, what stood against others, and what became of follow-ups. */
import type { AnswerValue, Cause, FollowUpEvent } from '@earshot/contract'
import type { Reason } from '../core/decision.ts'
import type { Effect, EventDraft, Showing } from '../core/model.ts'

/** One survey that was asked. */
export interface SimulatedAsk {
  survey: string
  /** When the card appeared, milliseconds since 1970. */
  at: number
  /** What made it appear: `page`, `event`, `followup`, … */
  cause: Cause
  /** Identity of the follow-up that it was: `survey/rule/cause`. */
  followUp?: string | undefined
  /** Arm of the experiment, where the survey has one. */
  variant?: string | undefined
  /** Id of the response. A reminder of a follow-up has the one of its first showing. */
  response: string
  /**
   * How it ended: `completed` to the end, `partial` with an answer but no end, `dismissed` or `snoozed` without an answer,
   * else `ignored`; `unseen` where the page was left before anybody could see it, which is no asking.
   */
  outcome: 'completed' | 'partial' | 'dismissed' | 'snoozed' | 'ignored' | 'unseen'
  /** By question id. */
  answers: Record<string, AnswerValue>
  /** When it was gone on with after a reload, milliseconds since 1970. */
  resumed: number[]
}

/** Something asked for a survey, and it was not shown. */
export interface SimulatedRefusal {
  survey: string
  /** Milliseconds since 1970. */
  at: number
  reason: Reason
  /** When that reason is gone by itself, milliseconds since 1970; missing where time alone does not help. */
  until?: number | undefined
}

/** Something became of a follow-up. */
export interface SimulatedFollowUp {
  /** Identity: `survey/rule/cause`. */
  followUp: string
  survey: string
  /** Milliseconds since 1970. */
  at: number
  state: FollowUpEvent['data']['state']
  /** When a planned one is due, ISO 8601 in UTC. */
  due?: string | undefined
  /** Why it was given up. */
  reason?: string | undefined
}

/** All that a visitor was asked, and was not. */
export interface Outcome {
  /** In order of time, as are the others. */
  asks: SimulatedAsk[]
  refusals: SimulatedRefusal[]
  followUps: SimulatedFollowUp[]
}

/** Takes down what happens in a world. */
export interface Witness {
  outcome: Outcome
  told(effect: Effect, at: number): void
  mounted(showing: Showing, at: number): void
}

export function createWitness(): Witness {
  const outcome: Outcome = { asks: [], refusals: [], followUps: [] }
  const { asks, refusals, followUps } = outcome

  const heard = (draft: EventDraft, at: number): void => {
    if (draft.type === 'followup') {
      const { survey, data } = draft
      followUps.push({ survey, at, ...data })
      return
    }
    if (!('response' in draft)) return
    const ask = asks.findLast((each) => each.response === draft.response)
    // Whoever closes the thanks has come to the end all the same.
    if (!ask || ask.outcome === 'completed') return
    const isAnswered = Object.keys(ask.answers).length > 0
    if (draft.type === 'display' && ask.outcome === 'unseen') ask.outcome = 'ignored'
    else if (draft.type === 'answer') {
      ask.answers[draft.data.question] = draft.data.value
      ask.outcome = 'partial'
    } else if (draft.type === 'complete') ask.outcome = 'completed'
    else if (draft.type === 'snooze') ask.outcome = isAnswered ? 'partial' : 'snoozed'
    else if (draft.type === 'dismiss') ask.outcome = isAnswered ? 'partial' : 'dismissed'
  }

  return {
    outcome,
    told(effect, at) {
      if (effect.type === 'record') heard(effect.draft, at)
      if (effect.type !== 'emit' || effect.emission.name !== 'suppressed') return
      const { survey, reason, until } = effect.emission.detail
      refusals.push({ survey, at, reason, ...(until !== undefined && { until }) })
    },
    mounted({ survey, response, about, variant }, at) {
      const before = about.trigger === 'resume' && asks.findLast((each) => each.response === response)
      if (before) {
        before.resumed.push(at)
        return
      }
      asks.push({
        survey: survey.id,
        at,
        cause: about.trigger,
        ...(about.followUp !== undefined && { followUp: about.followUp }),
        ...(variant !== undefined && { variant }),
        response,
        outcome: 'unseen',
        answers: {},
        resumed: [],
      })
    },
  }
}
