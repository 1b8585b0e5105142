/** What keeps the work that goes out. */
import type { FollowUpPlan } from '../core/followUpPlan.ts'
import type { Job, JobFilter, JobState, NewJob, Settled, Settlement } from '../core/jobs.ts'
import type { Millis } from '../core/time.ts'
import type { Webhook } from '../core/webhook.ts'
import type { EventRow } from './responseStore.ts'

/** Keeps what goes out: the plan, where it goes, and the work that there is. */
export interface OutboundStore {
  /** Null until it was put. */
  plan(site: number): Promise<FollowUpPlan | null>
  /**
   * Keeps the plan, and with it the work of its rules that watch a number: what is known of each stays, and each looks again now,
   * also where somebody looks with the plan before.
   *
   * @param instead of which it takes the place, null for none; default of any
   * @returns false, and nothing is put, where another one stands there
   */
  putPlan(site: number, plan: FollowUpPlan, at?: Millis, instead?: FollowUpPlan | null): Promise<boolean>
  /** In the order of their ids. */
  webhooks(site: number): Promise<Webhook[]>
  /** Adds one or replaces the one of this id. */
  putWebhook(site: number, webhook: Webhook): Promise<void>
  /** False when there is none. What was to go there is stopped. */
  dropWebhook(site: number, id: string, at: Millis): Promise<boolean>
  /** One event by its id, or null. */
  event(site: number, id: string): Promise<EventRow | null>
  /** When the first job is due that nobody works on now; null when there is none. */
  nextJob(now: Millis): Promise<Millis | null>
  /**
   * Takes jobs that are due, of all sites, for so long; whoever has not settled them by then has lost them. Of a lane the first
   * one alone is taken.
   *
   * @param busy targets that shall get nothing more now; null: all of them, so that only work that goes nowhere is taken
   */
  claimJobs(
    owner: string,
    time: { now: Millis; until: Millis },
    busy: readonly string[] | null,
    limit: number,
  ): Promise<Job[]>
  /** Writes down what became of a job that the owner has. */
  settleJob(row: number, owner: string, settlement: Settlement, at: Millis): Promise<Settled>
  /** Puts work down; what is there already under its id stays as it is. */
  addJobs(site: number, jobs: NewJob[], at: Millis): Promise<void>
  /**
   * Newest first: those with a row below `before`, at most `limit`. Those of the kinds `event` and `watch` are among those that
   * were given up alone.
   */
  jobs(
    site: number,
    state: JobState | null,
    page: { before?: number | undefined; limit: number } & JobFilter,
  ): Promise<Job[]>
  /**
   * Has a delivery or a message that has ended, or anything that was given up, done again from now on, under the same id. False
   * when there is none.
   */
  retryJob(site: number, row: number, at: Millis): Promise<boolean>
  /** Forgets deliveries that ended before a moment, and contacts before another one. */
  forgetJobs(before: { deliveries: Millis; contacts: Millis }): Promise<void>
  /** When a person or visitor was reached, since then. */
  contacts(site: number, who: readonly string[], since: Millis): Promise<Millis[]>
}
