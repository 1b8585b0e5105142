/** What keeps notes. */
import type { Note, NoteFilter } from '../core/notes.ts'

/** Keeps notes. */
export interface NoteStore {
  /** Newest first: those with a row below `before`, at most `limit`. */
  notes(
    site: number,
    filter: NoteFilter,
    page: { before?: number | undefined; limit: number },
  ): Promise<(Note & { row: number })[]>
  /** One note by its id, or null. */
  note(site: number, id: string): Promise<Note | null>
  /**
   * Keeps a note with the answers that it is about. It goes with each of their visitors: what it says of one of them cannot be
   * taken out of its text.
   *
   * @returns ids of answers that there are not; where there are some, nothing is kept
   */
  addNote(site: number, note: Note): Promise<string[]>
  /** Takes a note away. False when there is none. */
  dropNote(site: number, id: string): Promise<boolean>
}
