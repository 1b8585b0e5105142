/** What keeps cases. */
import type { Case, CaseDecision, CaseEntry, CaseFilter } from '../core/cases.ts'
import type { NewJob } from '../core/jobs.ts'
import type { Millis } from '../core/time.ts'

/** Keeps cases and their histories. They are opened by `settleJob`. */
export interface CaseStore {
  /** Newest first: those with a row below `before`, at most `limit`. */
  cases(
    site: number,
    filter: CaseFilter,
    page: { before?: number | undefined; limit: number },
  ): Promise<(Case & { row: number })[]>
  /** One case by its id, or null. */
  case(site: number, id: string): Promise<Case | null>
  /** Its history, the oldest line first. */
  caseEntries(site: number, id: string): Promise<CaseEntry[]>
  /**
   * Lets `decide` say what becomes of a case, and stores it with the work that follows; in one transaction, with no other
   * change of this case meanwhile.
   *
   * @returns null when there is no such case
   */
  changeCase(
    site: number,
    id: string,
    decide: (stored: Case) => CaseDecision & { jobs?: NewJob[] | undefined },
    at: Millis,
  ): Promise<CaseDecision | null>
}
