/** Keeps notes of the staff, and which answers they are about, in PostgreSQL. */
import type { Note } from '../core/notes.ts'
import type { NoteStore } from '../ports/noteStore.ts'
import { isUuid } from '../core/text.ts'
import type { Millis } from '../core/time.ts'
import type { Ask, Postgres } from './postgresPool.ts'
import { keyText } from './postgresText.ts'
import { noteConditions } from './sqliteNotes.ts'

/** The step of the schema that brings the tables; see `noteTables` of the SQLite store. */
export const noteTables = `
  CREATE TABLE earshot.notes (
    row bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    site integer NOT NULL,
    id text COLLATE "C" NOT NULL,
    at bigint NOT NULL,
    body text NOT NULL,
    UNIQUE (site, id)
  );
  CREATE INDEX notes_by_row ON earshot.notes (site, row);

  CREATE TABLE earshot.note_answers (
    site integer NOT NULL,
    note text COLLATE "C" NOT NULL,
    response text COLLATE "C" NOT NULL,
    survey text COLLATE "C" NOT NULL,
    visitor text COLLATE "C" NOT NULL,
    PRIMARY KEY (site, note, response)
  );
  CREATE INDEX note_answers_by_response ON earshot.note_answers (site, response);
  CREATE INDEX note_answers_by_survey ON earshot.note_answers (site, survey);
  CREATE INDEX note_answers_by_visitor ON earshot.note_answers (site, visitor);
`

/** Deletes the notes about a visitor; inside a transaction which has the site for itself. */
export async function dropNotesOf(ask: Ask, site: number, visitor: string): Promise<void> {
  const ofVisitor = 'SELECT note FROM earshot.note_answers WHERE site = $1 AND visitor = $2'
  const given = [site, keyText(visitor)]
  await ask(`DELETE FROM earshot.notes WHERE site = $1 AND id IN (${ofVisitor})`, given)
  await ask(`DELETE FROM earshot.note_answers WHERE site = $1 AND note IN (${ofVisitor})`, given)
}

/** Deletes notes from before a moment; inside a transaction. */
export async function dropOldNotes(ask: Ask, site: number, before: Millis): Promise<void> {
  await ask(
    `DELETE FROM earshot.note_answers WHERE site = $1 AND note IN
       (SELECT id FROM earshot.notes WHERE site = $1 AND at < $2)`,
    [site, before],
  )
  await ask('DELETE FROM earshot.notes WHERE site = $1 AND at < $2', [site, before])
}

/** The methods of the store. */
export function createPostgresNotes({ read, transaction }: Postgres): NoteStore {
  return {
    async notes(site, filter, { before = Number.MAX_SAFE_INTEGER, limit }) {
      let place = 3
      const { sql, values } = noteConditions(filter, () => `$${++place}`, 'earshot.')
      const rows = await read(
        `SELECT n.row AS row, n.body AS body FROM earshot.notes AS n
         WHERE n.site = $1 AND n.row < $2${sql} ORDER BY n.row DESC LIMIT $3`,
        [site, before, limit, ...values.map((value) => (typeof value === 'string' ? keyText(value) : value))],
      )
      return rows.map((row) => ({ row: Number(row.row), ...(JSON.parse(String(row.body)) as Note) }))
    },
    async note(site, id) {
      const [row] = await read('SELECT body FROM earshot.notes WHERE site = $1 AND id = $2', [
        site,
        keyText(id),
      ])
      return row ? (JSON.parse(String(row.body)) as Note) : null
    },
    addNote: (site, note) =>
      // Nobody is erased meanwhile.
      transaction({ site, mode: 'shared' }, async (ask) => {
        const found = await ask(
          `SELECT id::text AS id, survey, visitor FROM earshot.responses
           WHERE site = $1 AND id = ANY($2::uuid[]) AND row IS NOT NULL`,
          [site, note.responses.filter(isUuid)],
        )
        const known = new Set(found.map((row) => String(row.id)))
        const missing = note.responses.filter((id) => !known.has(id))
        if (missing.length > 0) return missing
        await ask('INSERT INTO earshot.notes (site, id, at, body) VALUES ($1, $2, $3, $4)', [
          site,
          keyText(note.id),
          note.at,
          JSON.stringify(note),
        ])
        for (const { id, survey, visitor } of found)
          await ask(
            `INSERT INTO earshot.note_answers (site, note, response, survey, visitor) VALUES ($1, $2, $3, $4, $5)`,
            [site, keyText(note.id), id, survey, visitor],
          )
        return []
      }),
    dropNote: (site, id) =>
      transaction({ site, mode: 'shared' }, async (ask) => {
        await ask('DELETE FROM earshot.note_answers WHERE site = $1 AND note = $2', [site, keyText(id)])
        const gone = await ask('DELETE FROM earshot.notes WHERE site = $1 AND id = $2 RETURNING 1', [
          site,
          keyText(id),
        ])
        return gone.length > 0
      }),
  }
}
