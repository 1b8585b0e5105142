/** What a store promises about those who are to be forgotten. */
import type { Anonymised } from '../core/anonymise.ts'
import type { Millis } from '../core/time.ts'

/** Forgets visitors. */
export interface ErasureStore {
  /**
   * Deletes the events of a visitor, and the places; folds the responses anew from what others sent under the same ids, which
   * in good order is nothing; and keeps a hash of the visitor, by which `append` knows what comes late. All in one
   * transaction. The hash of a visitor of whom there was no event is kept as long as `strangerSpan` and `mostStrangers` say.
   *
   * @returns how many events were deleted
   */
  erase(site: number, visitor: string, at: Millis): Promise<number>
  /**
   * The same, and stores in that transaction what `anonymise` makes of each response of the visitor: it counts as it did, wherever
   * nothing is asked about people, and is nobody's. It is no arrival, and nothing follows from it. Where the visitor was deleted
   * whole before, that is what is remembered.
   */
  anonymise(site: number, visitor: string, at: Millis): Promise<Anonymised>
}
