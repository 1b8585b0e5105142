/** What counts answers and showings for the reports. */
import type { ColumnPlan } from '../core/columnTally.ts'
import type { DayPlan } from '../core/days.ts'
import type { Tallied } from '../core/tally.ts'
import type { Millis } from '../core/time.ts'
import type { ResponseFilter } from './responseStore.ts'

/** Which answers a report counts. */
export interface ScoreQuery {
  survey: string
  /** Versions that share the scale. */
  versions: readonly number[]
  question: string
  variant?: string | undefined
  from?: Millis | undefined
  to?: Millis | undefined
  /** `all` answers, or the `latest` of each person (of each visitor where no person is known). */
  basis: 'all' | 'latest'
  /** Whether answers that are doubted count. Default `exclude`. */
  suspects?: 'include' | 'exclude' | undefined
}

/** How often a score was given. */
export interface ScoreCount {
  score: number
  count: number
}

/** How many showings of a survey came how far. Those that were completed beyond the quota are left out. */
export interface ResponseCounts {
  /** All responses: whoever answered or closed a survey saw it, also when the event that says so is missing. */
  shown: number
  /** At least one answer. */
  answered: number
  /** At least one answer, and the end was reached. */
  completed: number
  /** Closed before the end, with or without an answer. */
  dismissed: number
}

/** What happened at a site since its first start. */
export interface Stats {
  accepted: number
  duplicates: number
  rejected: number
  /** Events that devices gave up before they could be sent, as far as they told. */
  lost: number
  events: number
  responses: number
}

/** Counts. */
export interface CountStore {
  /** Answers by score, lowest score first; scores that nobody gave are missing. */
  scores(site: number, query: ScoreQuery): Promise<ScoreCount[]>
  responseCounts(
    site: number,
    filter: Pick<ResponseFilter, 'from' | 'to' | 'variant'> &
      Pick<ScoreQuery, 'suspects'> & { survey: string },
  ): Promise<ResponseCounts>
  /**
   * Counts the responses of a survey by what they have, as `createTally` does, for stores that need not look at each of them.
   *
   * @returns null where they must be looked at all the same
   */
  tally?(site: number, survey: string, plan: ColumnPlan): Promise<Tallied | null>
  /**
   * Counts all answers, or showings, of whole days in UTC by the counts that the store keeps, all periods of a report at once.
   *
   * @returns null where a period begins or ends within a day, but for the last one
   */
  tallyDays?(site: number, survey: string, plan: DayPlan): Promise<Tallied | null>
  /** Responses that were completed beyond the quota, which neither `scores` nor `responseCounts` count. */
  overQuota(
    site: number,
    filter: Pick<ResponseFilter, 'from' | 'to' | 'variant'> & { survey: string },
  ): Promise<number>
  /** Events that the responses of a survey ignore, because another visitor sent them under the same id. */
  ignored(site: number, filter: Pick<ResponseFilter, 'from' | 'to'> & { survey: string }): Promise<number>
  /** Events of a survey that devices gave up before they could be sent, since the beginning. */
  lost(site: number, survey: string): Promise<number>
  stats(site: number): Promise<Stats>
}
