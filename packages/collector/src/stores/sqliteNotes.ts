/** Keeps notes of the staff, and which answers they are about, in SQLite. */
import type { DatabaseSync } from 'node:sqlite'
import type { Note, NoteFilter } from '../core/notes.ts'
import type { NoteStore } from '../ports/noteStore.ts'
import { isUuid } from '../core/text.ts'
import type { Millis } from '../core/time.ts'
import type { CommitGroup } from './commitGroup.ts'
import type { LogCleaner } from './sqliteErase.ts'
import { explained } from './sqliteError.ts'
import { idToBytes } from './sqliteId.ts'
import { readResponse } from './sqliteRows.ts'

/** The step of the schema that brings the tables. The body has all of the note. */
export const noteTables: string = `
  CREATE TABLE notes (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    site INTEGER NOT NULL,
    id TEXT NOT NULL,
    at INTEGER NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (site, id)
  ) STRICT;
  CREATE INDEX notes_by_row ON notes (site, row);

  -- The answers that a note is about, and whom it goes with.
  CREATE TABLE note_answers (
    site INTEGER NOT NULL,
    note TEXT NOT NULL,
    response TEXT NOT NULL,
    survey TEXT NOT NULL,
    visitor TEXT NOT NULL,
    PRIMARY KEY (site, note, response)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX note_answers_by_response ON note_answers (site, response);
  CREATE INDEX note_answers_by_survey ON note_answers (site, survey);
  CREATE INDEX note_answers_by_visitor ON note_answers (site, visitor);
`

const ofVisitor = 'SELECT note FROM note_answers WHERE site = ?1 AND visitor = ?2'
const ofTime = 'SELECT id FROM notes WHERE site = ?1 AND at < ?2'

/** Deletes the notes about a visitor, or those from before a moment; inside a transaction which the caller opened. */
export function createSqliteNoteDrops(database: DatabaseSync): {
  /** @returns how many rows there were */
  ofVisitor(site: number, visitor: string): number
  before(site: number, at: Millis): void
} {
  const notesOf = database.prepare(`DELETE FROM notes WHERE site = ?1 AND id IN (${ofVisitor})`)
  const answersOf = database.prepare(`DELETE FROM note_answers WHERE site = ?1 AND note IN (${ofVisitor})`)
  const oldAnswers = database.prepare(`DELETE FROM note_answers WHERE site = ?1 AND note IN (${ofTime})`)
  const oldNotes = database.prepare('DELETE FROM notes WHERE site = ?1 AND at < ?2')
  return {
    ofVisitor: (site, visitor) =>
      Number(notesOf.run(site, visitor).changes) + Number(answersOf.run(site, visitor).changes),
    before(site, at) {
      oldAnswers.run(site, at)
      oldNotes.run(site, at)
    },
  }
}

const latest = Number.MAX_SAFE_INTEGER

/** The methods of the store. */
export function createSqliteNotes(
  database: DatabaseSync,
  group: CommitGroup,
  cleaner: LogCleaner,
): NoteStore {
  const one = database.prepare('SELECT body FROM notes WHERE site = ? AND id = ?')
  const response = database.prepare('SELECT id, body, over_quota FROM responses WHERE site = ? AND id = ?')
  const add = database.prepare('INSERT INTO notes (site, id, at, body) VALUES (?, ?, ?, ?)')
  const addAnswer = database.prepare(
    'INSERT INTO note_answers (site, note, response, survey, visitor) VALUES (?, ?, ?, ?, ?)',
  )
  const drop = database.prepare('DELETE FROM notes WHERE site = ? AND id = ?')
  const dropAnswers = database.prepare('DELETE FROM note_answers WHERE site = ? AND note = ?')
  return {
    notes: (site, filter, { before = latest, limit }) =>
      explained(() => {
        const { sql, values } = noteConditions(filter, () => '?')
        return database
          .prepare(
            `SELECT row, body FROM notes AS n WHERE n.site = ? AND n.row < ?${sql} ORDER BY n.row DESC LIMIT ?`,
          )
          .all(site, before, ...values, limit)
          .map((row) => ({ row: Number(row.row), ...(JSON.parse(String(row.body)) as Note) }))
      }),
    note: (site, id) =>
      explained(() => {
        const row = one.get(site, id)
        return row ? (JSON.parse(String(row.body)) as Note) : null
      }),
    addNote: (site, note) =>
      group.run(() => {
        const found = note.responses.flatMap((id) => {
          const row = isUuid(id) ? response.get(site, idToBytes(id)) : undefined
          return row ? [readResponse(row)] : []
        })
        const known = new Set(found.map((each) => each.id))
        const missing = note.responses.filter((id) => !known.has(id))
        if (missing.length > 0) return missing
        add.run(site, note.id, note.at, JSON.stringify(note))
        for (const { id, survey, visitor } of found) addAnswer.run(site, note.id, id, survey, visitor)
        return []
      }),
    async dropNote(site, id) {
      const isDropped = await group.run(() => {
        dropAnswers.run(site, id)
        return Number(drop.run(site, id).changes) > 0
      })
      if (isDropped) cleaner.clean()
      return isDropped
    },
  }
}

/**
 * The conditions of a filter on notes `n`, in the words that both stores know.
 *
 * @param mark makes the mark of a value that is bound
 */
export function noteConditions(
  { survey, response, visitor, from, to }: NoteFilter,
  mark: (value: string | number) => string,
  schema = '',
): { sql: string; values: (string | number)[] } {
  const values: (string | number)[] = []
  const put = (value: string | number): string => {
    values.push(value)
    return mark(value)
  }
  const about = (column: string, value: string): string =>
    ` AND EXISTS (SELECT 1 FROM ${schema}note_answers AS a
       WHERE a.site = n.site AND a.note = n.id AND a.${column} = ${put(value)})`
  const sql = [
    survey === undefined ? '' : about('survey', survey),
    response === undefined ? '' : about('response', response),
    visitor === undefined ? '' : about('visitor', visitor),
    from === undefined ? '' : ` AND n.at >= ${put(from)}`,
    to === undefined ? '' : ` AND n.at < ${put(to)}`,
  ]
  return { sql: sql.join(''), values }
}
