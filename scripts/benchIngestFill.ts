/** Fills a database for the ingest benchmark with copies of the one response that is in it, each with ids of its own. */
import { DatabaseSync } from 'node:sqlite'

/** Rows of one transaction. */
const step = 100_000

/** Sixteen bytes in the order of time, as a browser makes them: milliseconds, then chance. */
const idOf = (offset: number): string =>
  `CAST(unhex(printf('%012x7%03x', CAST(?1 AS INTEGER) + (i + ${offset}) / 10, (i + ${offset}) % 10)) || randomblob(8) AS BLOB)`

/**
 * Adds responses of one answer; what is counted is counted too. All at once, since by requests ten million take an hour.
 *
 * @param path of a database that holds exactly one response, and that nobody else writes to
 * @example
 * fillResponses('./earshot-data/earshot.sqlite', 10_000_000)
 */
export function fillResponses(path: string, count: number): void {
  const database = new DatabaseSync(path)
  database.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -400000; PRAGMA journal_mode = DELETE')
  const { at, survey, question, score, version } =
    database.prepare('SELECT at, survey, question, score, version FROM answers').get() ?? {}
  if (typeof at !== 'number') throw new Error('there is no response to copy')
  database.exec(
    'CREATE TEMP TABLE made (i INTEGER PRIMARY KEY, event BLOB, response BLOB, visitor BLOB, at INTEGER)',
  )
  for (const table of ['event', 'response', 'answer'])
    database.exec(`CREATE TEMP TABLE first_${table} AS SELECT * FROM ${table}s`)
  const make = database.prepare(
    `INSERT INTO made WITH RECURSIVE n (i) AS (SELECT CAST(?2 AS INTEGER) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?3)
     SELECT i, ${idOf(0)}, ${idOf(1)}, ${idOf(2)}, CAST(?1 AS INTEGER) + i / 10 FROM n`,
  )
  const copies = [
    `INSERT INTO events SELECT NULL, e.site, made.event, made.response, e.kind, made.visitor, e.person, made.at, e.shift,
       e.follow_up, e.cancelled, e.body FROM made, first_event AS e ORDER BY i`,
    `INSERT INTO responses SELECT NULL, r.site, made.response, r.survey, r.version, r.status, r.answers, r.closed, made.at,
       r.ignored, r.variant, r.over_quota, r.follow_up, r.visitor, r.person, r.body
     FROM made, first_response AS r ORDER BY i`,
    `INSERT INTO answers SELECT a.site, a.survey, a.question, made.at, made.response, a.version, a.score, made.visitor, a.variant
     FROM made, first_answer AS a ORDER BY i`,
  ].map((sql) => database.prepare(sql))
  // All of them are older than what will come.
  const first = at - Math.ceil(count / 10) - 1000
  for (let start = 0; start < count; start += step) {
    database.exec('BEGIN')
    make.run(first, start, Math.min(count, start + step))
    for (const copy of copies) copy.run()
    database.exec('DELETE FROM made; COMMIT')
  }
  const day = Math.floor(at / 86_400_000)
  database
    .prepare(
      'UPDATE score_days SET count = count + ? WHERE survey = ? AND question = ? AND day = ? AND version = ? AND score = ?',
    )
    .run(count, survey ?? null, question ?? null, day, version ?? null, score ?? null)
  database.exec('PRAGMA journal_mode = WAL')
  database.close()
}
