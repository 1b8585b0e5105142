/** Keeps a list of who was erased beside the database, so that nobody comes back with a backup, also when the database is lost. */
import { appendFileSync, closeSync, existsSync, fsyncSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Millis } from '../core/time.ts'
import { hashOf } from './sqliteId.ts'

/** Somebody who is gone. */
export interface Erasure {
  /** Of whose visitors it was one; null in lists of older programs, which knew only one site. */
  site: number | null
  /** SHA-256 of the visitor id, in hexadecimal digits. */
  visitor: string
  at: Millis
  /** Whether there were events. Of others the hash is kept for a time only. */
  known: boolean
  /** Whether the counts were kept. Where anything says that all was deleted, all is. */
  kept: boolean
}

/**
 * The list of a directory of data: a line for each visitor, `<hash> <moment> <site>`. Where the counts were kept, the same line
 * stands once more, with `counts` behind it, so that programs that do not know of it delete all.
 */
export const erasedListIn = (data: string): string => join(data, 'earshot.erased')

/**
 * Reads a list. A line that was cut off is left out.
 *
 * @example
 * readErasedList('./earshot-data/earshot.erased') // [{ site: 1, visitor: '9f86…', at: 1795348800000, known: true, kept: false }]
 */
export function readErasedList(path: string): Erasure[] {
  if (!existsSync(path)) return []
  const text = readFileSync(path, 'utf8')
  const counted = new Set([...text.matchAll(/^(.+) counts$/gm)].map(([, line]) => line))
  return [...text.matchAll(/^([0-9a-f]{64}) (\S+)(?: (\d+))?$/gm)].flatMap(
    ([line, visitor = '', moment = '', site]) => {
      const at = Date.parse(moment)
      return Number.isNaN(at)
        ? []
        : [
            {
              site: site === undefined ? null : Number(site),
              visitor,
              at,
              known: true,
              kept: counted.has(line),
            },
          ]
    },
  )
}

/**
 * Adds one visitor of whom there were events; on the disk when it returns.
 *
 * @param kept whether the counts were kept
 */
export function appendErased(path: string, site: number, visitor: string, at: Millis, kept: boolean): void {
  write(path, [{ site, visitor: Buffer.from(hashOf(visitor)).toString('hex'), at, known: true, kept }])
}

/**
 * Reads who was erased from a database.
 *
 * @throws when it cannot be read
 */
export function erasuresOf(database: DatabaseSync): Erasure[] {
  const { count } =
    database.prepare("SELECT count(*) AS count FROM sqlite_schema WHERE name = 'erased'").get() ?? {}
  if (count !== 1) return []
  return database
    .prepare('SELECT * FROM erased')
    .all()
    .map((row) => ({
      site: Number(row.site),
      visitor: Buffer.from(row.visitor as Uint8Array).toString('hex'),
      at: Number(row.at),
      // Formats before 4 knew no difference.
      known: row.known !== 0,
      // Formats before 21 deleted all.
      kept: row.kept === 1,
    }))
}

/** Adds to the list whom only the database knows: those of older programs, and of one that was killed in between. */
export function completeErasedList(path: string, file: string): void {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    const listed = new Set(readErasedList(path).map(({ site, visitor }) => `${site ?? ''} ${visitor}`))
    write(
      path,
      erasuresOf(database).filter(
        ({ site, visitor, known }) =>
          known && !listed.has(`${site ?? ''} ${visitor}`) && !listed.has(` ${visitor}`),
      ),
    )
  } finally {
    database.close()
  }
}

function write(path: string, erasures: readonly Erasure[]): void {
  if (erasures.length === 0) return
  const file = openSync(path, 'a', 0o600)
  try {
    // Begins anew after a line that was cut off.
    const lines = erasures.map(({ site, visitor, at, kept }) => {
      const line = `${visitor} ${new Date(at).toISOString()}${site === null ? '' : ` ${site}`}`
      return `\n${line}\n${kept ? `${line} counts\n` : ''}`
    })
    appendFileSync(file, lines.join(''))
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
