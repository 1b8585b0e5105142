/** What finds by more than the survey, and what tells what is new. */
import type { AnswerEvent } from '@earshot/contract'
import type { MomentRow } from '../core/moments.ts'
import type { Millis } from '../core/time.ts'
import type { EventRow, ResponseFilter, ResponseRow } from './responseStore.ts'

/** Keeps what is found by more than the survey: moments of people, texts, and what came late. */
export interface FindingStore {
  /**
   * Life-cycle events and what was told about people, in the order of arrival: those with a row above `after`, at most `limit`.
   * They go with their events.
   */
  moments(
    site: number,
    filter: { names: readonly string[]; to?: Millis | undefined },
    page: { after: number; limit: number },
  ): Promise<MomentRow[]>
  /** Responses in whose texts all the terms are, as `searchTerms` gives them; newest arrivals first, like `newest`. */
  search(
    site: number,
    terms: readonly string[],
    filter: ResponseFilter,
    page: { before?: number | undefined; limit: number },
  ): Promise<ResponseRow[]>
  /** Events of a survey that happened in a period and arrived an hour and more after it, by hours since 1970. */
  late(
    site: number,
    survey: string,
    period: { from: Millis; to: Millis },
  ): Promise<{ hour: number; arrived: number; count: number }[]>
}

/** Tells what is new. */
export interface ArrivalStore {
  /**
   * Answers in the order of arrival: those with a row above `after`, at most `limit`; with null only where the end is now. What
   * is written at the same time may become visible in another order than it was numbered in, so a store may repeat answers from
   * shortly before: who reads leaves out what it has had.
   */
  arrivals(
    site: number,
    page: { after: number | null; limit: number },
  ): Promise<{ rows: (EventRow & { row: number; event: AnswerEvent })[]; last: number }>
}
