/** Looks again whether what a follow-up has to bring may leave: before each try, since it may be tried for days. */
import type { Survey } from '@earshot/contract'
import { reachesPerson, type FollowUpPlan, type PlanRule } from '../core/followUpPlan.ts'
import { decide, type Planned } from '../core/followUps.ts'
import { wishFor } from '../core/history.ts'
import type { Job, Settlement } from '../core/jobs.ts'
import type { KeptResponse, StoredEvent } from '../core/project.ts'
import type { Millis } from '../core/time.ts'
import type { EventStore } from '../ports/eventStore.ts'
import type { Clock } from '../ports/world.ts'
import { contactsSince, historyOf } from './subject.ts'

/** A follow-up as its job keeps it. */
export interface FollowUpBody extends Planned {
  /** Null of an alert. */
  visitor: string | null
  person: string | null
  /** Row of its job, under which it is counted that a person was reached; in what leaves alone. */
  row?: number | undefined
  /** Whom it was mailed to, and what was asked, once it was. */
  mailed?: { person: string; survey: string } | undefined
}

/** What a job that brings a follow-up keeps of it, to be looked at again before each try. */
export interface Kept {
  planned?: FollowUpBody | undefined
  /** When it is counted that the person was reached; default when the job was put down. */
  counted?: Millis | undefined
}

/** Whom it concerns: the names under which contacts are counted, and what happened that the decision hangs on. */
export async function subjectOf(
  store: EventStore,
  site: number,
  planned: FollowUpBody,
  response: KeptResponse | null,
  plan: Pick<FollowUpPlan, 'quiet' | 'limits'>,
  rule: PlanRule,
  now: Millis,
): Promise<{ who: string[]; history: StoredEvent[] }> {
  const { visitor, person } = planned
  const wish = wishFor(plan, rule, planned, response?.person ?? person, now)
  return wish && visitor !== null ? historyOf(store, site, visitor, wish) : { who: [], history: [] }
}

/** What a look before a try has found. */
export interface Again {
  /** What becomes of it instead; null when it may leave now. */
  held: Settlement | null
  /** What is written down besides, once it has left. */
  reached(body: unknown): Pick<Settlement, 'moved' | 'body'>
}

/**
 * What has stopped a follow-up meanwhile stops what it has to bring, and quiet hours hold for each try. It is counted as sent
 * already, and then as sent when it was. Messages of a person, which go out one after the other, keep to the limits in this too:
 * else all that had waited for the mail server would arrive at once. Others wait for nobody's limits: what staff is told of the
 * same response stands behind them.
 */
export async function lookAgain(
  job: Job,
  planned: FollowUpBody,
  response: KeptResponse | null,
  survey: Survey | null,
  { store, clock }: { store: EventStore; clock: Clock },
): Promise<Again> {
  const { site, tries, madeAt } = job
  const { counted: from = madeAt } = job.body as Kept
  const held = (settlement: Settlement): Again => ({ held: settlement, reached: () => ({}) })
  const plan = await store.plan(site)
  const rule = plan?.rules.find((each) => each.id === planned.rule)
  if (!plan || !rule) return held({ state: 'stopped', tries, reason: 'no-rule' })
  const now = clock.now()
  const limited = { ...plan, limits: job.kind === 'mail' ? plan.limits : [] }
  const { who, history } = await subjectOf(store, site, planned, response, limited, rule, now)
  const contacts = reachesPerson(rule) ? await contactsSince(store, site, who, now) : []
  const own = contacts.indexOf(from)
  const others = contacts.filter((_, index) => index !== own)
  const found = decide(limited, planned, { history, response, survey, contacts: others }, now)
  if (found.do === 'stop') return held({ state: 'stopped', tries, reason: found.reason })
  if (found.do === 'wait') return held({ state: 'waiting', due: found.until, tries, reason: found.reason })
  return {
    held: null,
    reached(body) {
      const { row } = planned
      const to = clock.now()
      if (row === undefined || own < 0 || to <= from) return { body }
      return { moved: { who, row, from, to }, body: { ...(body as object), counted: to } }
    },
  }
}
