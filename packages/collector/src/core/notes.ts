/** Notes of the staff: what somebody made of one answer or of several, and who may take it away again. */
import type { Staff } from './cases.ts'
import type { Millis } from './time.ts'

/** Most answers that one note names. */
export const mostNoted = 100

/** A note. It is never changed: whoever thinks otherwise writes another. */
export interface Note {
  id: string
  at: Millis
  /** Id of the token of whoever wrote it. */
  who: string
  /** What several notes have in common, in a word or two; null: none. */
  theme: string | null
  text: string
  /** Ids of the responses that it is about; at least one, each once. */
  responses: string[]
}

/** Which notes are meant. A missing name is no limit. */
export interface NoteFilter {
  /** At least one of the answers is of this survey. */
  survey?: string | undefined
  /** This answer is one of them. */
  response?: string | undefined
  /** At least one of them is of this visitor. */
  visitor?: string | undefined
  /** Written at or after. */
  from?: Millis | undefined
  /** Written before. */
  to?: Millis | undefined
}

/** Whether somebody may take a note away: an admin any, others their own. */
export function mayDrop(staff: Staff, { who }: Pick<Note, 'who'>): boolean {
  return staff.role === 'admin' || staff.id === who
}
