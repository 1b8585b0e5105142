/** What finds everything of a person. */
import type { HistoryWish } from '../core/history.ts'
import type { StoredEvent } from '../core/project.ts'
import type { Millis } from '../core/time.ts'
import type { EventRow } from './responseStore.ts'

/** A visitor of whom there are events. */
export interface KnownVisitor {
  visitor: string
  events: number
  /** Ids of responses that the events name. */
  responses: number
  firstAt: Millis
  lastAt: Millis
}

/** Finds everything of a person. */
export interface PeopleStore {
  /** The visitor of this id, or all visitors who ever sent something under the name of this person. */
  visitorsOf(site: number, id: string): Promise<KnownVisitor[]>
  /** Visitors who ever sent something under the name of this person. */
  devicesOf(site: number, person: string): Promise<string[]>
  /** Those of the events of visitors that are wanted, in any order, found without a look at the others. */
  happened(site: number, visitors: readonly string[], wish: HistoryWish): Promise<StoredEvent[]>
  /** All events of a visitor in the order of arrival: those with a row above `after`, at most `limit`. */
  eventsOf(
    site: number,
    visitor: string,
    page: { after: number; limit: number },
  ): Promise<(EventRow & { row: number })[]>
  /**
   * Who was heard of: visitors of the events of a part of what arrived before row `before` (with null: until now), the newest
   * part first. A part is at most `limit` rows of all sites, so it may have nobody; `next` is where to go on, and null at the
   * beginning of everything. `at` is when the first of the part arrived; null where it has nobody.
   */
  heardOf(
    site: number,
    page: { before: number | null; limit: number },
  ): Promise<{ visitors: string[]; at: Millis | null; next: number | null }>
  /** Places that are kept for a visitor. */
  placesOf(site: number, visitor: string): Promise<{ survey: string; response: string; until: Millis }[]>
}
