/** What keeps the record of what admins did. */
import type { Millis } from '../core/time.ts'

/** What somebody with a token, or at the command line, did or looked at. Holds no personal data but names of ours. */
export interface AuditEntry {
  at: Millis
  /** Id of the token; `cli` for the command line. */
  who: string
  /** Null: all sites. */
  site: number | null
  /** Method and route, or the command. */
  action: string
  /** What it was about: the name of a survey, a key, a token; of a person the hash. */
  about: string | null
  /** Of the answer; 200 for a command that was done. */
  status: number
}

/** Keeps what admins did. Entries are added, and neither changed nor deleted. */
export interface AuditStore {
  record(entry: AuditEntry): Promise<void>
  /** Newest first: those with a row below `before`, at most `limit`; of one site, or with null of all. */
  recorded(
    site: number | null,
    page: { before?: number | undefined; limit: number },
  ): Promise<(AuditEntry & { row: number })[]>
}
