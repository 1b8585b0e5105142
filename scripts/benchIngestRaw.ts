/** The floor of the ingest benchmark: the rows that a collector stored, inserted again into the same tables in groups, and nothing else. */
import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'

/** Tables that have rows for each response. */
const tables = ['events', 'responses', 'answers'] as const

/**
 * Inserts what the first database has into a new one with the same tables, indexes and triggers, in synced transactions of
 * `size` responses.
 *
 * @returns responses per second, and processor time of each in microseconds
 */
export function insertGrouped(from: string, directory: string, size: number): { rate: number; cpu: number } {
  const source = new DatabaseSync(from, { readOnly: true })
  const target = new DatabaseSync(join(directory, 'raw.sqlite'))
  target.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
  const schema = source
    .prepare(
      `SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'
         AND name NOT IN (SELECT name FROM pragma_table_list WHERE type = 'shadow') ORDER BY rowid`,
    )
    .all()
  for (const { sql } of schema) target.exec(String(sql))
  for (const row of source.prepare('SELECT * FROM sites').all()) inserting(target, 'sites', row)(row)
  const filled = tables.flatMap((name) => {
    const known = source.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(name)
    const rows = known ? source.prepare(`SELECT * FROM ${name}`).all() : []
    const [first] = rows
    return first ? [{ rows, insert: inserting(target, name, first) }] : []
  })
  const count = Math.max(...filled.map(({ rows }) => rows.length))
  const cpu = process.cpuUsage()
  const began = performance.now()
  for (let start = 0; start < count; start += size) {
    target.exec('BEGIN IMMEDIATE')
    for (const { rows, insert } of filled) for (const row of rows.slice(start, start + size)) insert(row)
    target.exec('COMMIT')
  }
  const seconds = (performance.now() - began) / 1000
  const { user, system } = process.cpuUsage(cpu)
  source.close()
  target.close()
  return { rate: count / seconds, cpu: (user + system) / count }
}

function inserting(
  database: DatabaseSync,
  table: string,
  like: Record<string, unknown>,
): (row: Record<string, unknown>) => void {
  const columns = Object.keys(like)
  const statement = database.prepare(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')}) ON CONFLICT DO NOTHING`,
  )
  return (row) => void statement.run(...columns.map((name) => row[name] as SQLInputValue))
}
