/** What keeps doubted responses apart. */
import type { Suspect } from '../core/suspicion.ts'
import type { Millis } from '../core/time.ts'
import type { ResponseFilter } from './responseStore.ts'

/** Keeps apart what looks as if no person had given it. */
export interface SuspectStore {
  /** How many responses of a survey are doubted, and not cleared. */
  suspects(
    site: number,
    filter: Pick<ResponseFilter, 'from' | 'to' | 'variant'> & { survey: string },
  ): Promise<number>
  /** Those that are doubted, also what was cleared, the newest first. */
  listSuspects(
    site: number,
    filter: Pick<ResponseFilter, 'survey' | 'from' | 'to'>,
    limit: number,
  ): Promise<Suspect[]>
  /**
   * Doubts, as of a burst, the responses to which these visitors have sent answers since a moment. Of what was cleared nothing
   * changes.
   */
  doubt(site: number, visitors: readonly string[], since: Millis): Promise<void>
  /** Lets a response count like any other, for good. False when it is not doubted. */
  clearSuspect(site: number, response: string): Promise<boolean>
}
