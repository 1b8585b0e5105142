/** What gives responses and their events back, in the order of arrival. */
import type { FeedbackEvent, SurveyEvent } from '@earshot/contract'
import type { Lines, LinesPage } from '../core/lines.ts'
import type { KeptResponse, ResponseStatus } from '../core/project.ts'
import type { Millis } from '../core/time.ts'

/** Which responses are meant. A missing bound or name is no limit. */
export interface ResponseFilter {
  survey?: string | undefined
  status?: ResponseStatus | undefined
  variant?: string | undefined
  /** `firstAt` at or after. */
  from?: Millis | undefined
  /** `firstAt` before. */
  to?: Millis | undefined
}

/** A response with its place in the order of arrival, which never changes. */
export interface ResponseRow {
  /** Counts up from 1. */
  row: number
  response: KeptResponse
}

/** An event as a reader gets it back. */
export interface EventRow {
  event: FeedbackEvent
  receivedAt: Millis
  occurredAt: Millis
}

/** Gives responses and their events. */
export interface ResponseStore {
  /** Newest arrivals first: those with a row below `before`, at most `limit`. */
  newest(
    site: number,
    filter: ResponseFilter,
    page: { before?: number | undefined; limit: number },
  ): Promise<ResponseRow[]>
  /** In the order of arrival: those with a row above `after`, at most `limit`. */
  oldest(site: number, filter: ResponseFilter, page: { after: number; limit: number }): Promise<ResponseRow[]>
  /**
   * The same as lines of JSON, in UTF-8, for stores that make them faster than `JSON.stringify` does.
   *
   * @returns the lines, how many they are, and the row of the last; its `row` is `after` when there was none
   */
  lines?(site: number, filter: ResponseFilter, page: LinesPage): Promise<Lines>
  /** One response by its id, or null. */
  response(site: number, id: string): Promise<KeptResponse | null>
  /** The events of a response id, in the order of arrival; also those that the response ignores. */
  events(site: number, response: string): Promise<(EventRow & { event: SurveyEvent })[]>
}
