/** Puts a backup in the place of a database. Who was erased since stays erased, and who may come in stays as it was. */
import { copyFileSync, existsSync, linkSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Millis } from '../core/time.ts'
import { createSqliteStore } from './sqlite.ts'
import { hashOf, keyToVisitor, visitorToKey } from './sqliteId.ts'
import { erasedListIn, erasuresOf, readErasedList, type Erasure } from './erasedList.ts'
import { makeFolder } from './folder.ts'
import { databaseName } from './keptBeside.ts'
import { inspectSqlite, sync, type Contents } from './sqliteBackup.ts'
import { carryOver } from './sqliteCarry.ts'
import { takeData } from './sqliteLease.ts'

/** What was restored. */
export interface Restored {
  /** What the backup held. */
  backup: Contents
  /** What is there now. */
  contents: Contents
  /** Visitors who were in the backup and had been erased since. */
  erasedAgain: number
  /** Where the database is that was there before; null when there was none. */
  kept: string | null
  /** What could not be asked for who was erased. */
  unread: string[]
}

/** What to restore. */
export interface RestoreOptions {
  data: string
  from: string
  /** Whether to replace a database that is there. */
  force: boolean
  /** Newer backups, or lists of erased visitors, which know of erasures too. */
  erased: readonly string[]
  now: Millis
}

/**
 * Restores a backup. All is made ready and checked in a file beside; the database that was there is kept under another name.
 *
 * @throws when the backup is not good, a collector is running, or a database is there and `force` is not given; then nothing
 * was changed
 */
export async function restoreSqlite({ data, from, force, erased, now }: RestoreOptions): Promise<Restored> {
  const backup = inspectSqlite(from)
  makeFolder(data)
  const target = join(data, databaseName)
  const release = takeData(data)
  const made = `${target}.restoring`
  try {
    const isThere = existsSync(target)
    if (isThere && !force)
      throw new Error(
        `There is a database in ${data} already. With --force it is kept under another name, and the backup takes its place.`,
      )
    removeDatabase(made)
    copyFileSync(from, made)
    const list = erasedListIn(data)
    const sources = [...erased, ...(isThere ? [target] : []), ...(existsSync(list) ? [list] : [])]
    const { erasures, unread } = readErasures(sources, new Set(erased))
    const erasedAgain = await eraseAgain(made, erasures, now)
    carryOver(isThere ? target : null, made, now)
    const contents = inspectSqlite(made)
    sync(made)
    const kept = isThere ? keep(target, now) : null
    renameSync(made, target)
    sync(data)
    return { backup, contents, erasedAgain, kept, unread }
  } finally {
    removeDatabase(made)
    release()
  }
}

/** @param needed must be readable; the others may be what is to be replaced because it is damaged */
function readErasures(
  sources: readonly string[],
  needed: ReadonlySet<string>,
): { erasures: Erasure[]; unread: string[] } {
  const unread: string[] = []
  const erasures = sources.flatMap((source) => {
    try {
      return source.endsWith('.erased') ? readErasedList(source) : erasuresIn(source)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      if (needed.has(source))
        throw new Error(`${source} cannot be asked who was erased: ${reason}`, { cause: error })
      unread.push(`${source} (${reason})`)
      return []
    }
  })
  return { erasures, unread }
}

function erasuresIn(path: string): Erasure[] {
  const database = new DatabaseSync(path, { readOnly: true })
  try {
    return erasuresOf(database)
  } finally {
    database.close()
  }
}

const nameIn = ({ person }: Record<string, unknown>): string => String(person)

/** One erasure of each: where one of several deleted all, that one is done again. */
function byVisitor(erasures: readonly Erasure[]): Map<string, Erasure> {
  const found = new Map<string, Erasure>()
  for (const each of erasures) {
    const kept = each.kept && (found.get(each.visitor)?.kept ?? true)
    found.set(each.visitor, { ...each, kept })
  }
  return found
}

/** Erases whom the erasures name, as they were, and the mail of who has said nothing besides. */
async function eraseAgain(path: string, erasures: readonly Erasure[], now: Millis): Promise<number> {
  // Opening brings an older backup to the tables of today.
  const store = createSqliteStore(path)
  let count = 0
  try {
    const database = new DatabaseSync(path)
    try {
      const sites = database.prepare('SELECT id FROM sites').all()
      const visitors = database.prepare(
        `SELECT DISTINCT visitor FROM events WHERE site = ?
         UNION SELECT visitor FROM places WHERE site = ?`,
      )
      const named = database.prepare(
        `SELECT person FROM addresses WHERE site = ?
         UNION SELECT person FROM unsubscribed WHERE site = ? AND person IS NOT NULL`,
      )
      const personsOf = database.prepare(
        'SELECT DISTINCT person FROM events WHERE site = ? AND visitor = ? AND person IS NOT NULL',
      )
      const isHeardOf = database.prepare('SELECT 1 FROM events WHERE site = ? AND person = ? LIMIT 1')
      const remember = database.prepare(
        `INSERT INTO erased (site, visitor, at, known, kept) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (site, visitor) DO UPDATE SET known = max(known, excluded.known), kept = min(kept, excluded.kept)`,
      )
      for (const { id } of sites) {
        const site = Number(id)
        const own = erasures.filter((each) => each.site === null || each.site === site)
        const gone = byVisitor(own)
        const erasureOf = (who: string): Erasure | undefined =>
          gone.get(Buffer.from(hashOf(who)).toString('hex'))
        const isGone = (who: string): boolean => erasureOf(who) !== undefined
        // An id of a person may have been erased of whom there were no events.
        const forgotten = new Set(named.all(site, site).map(nameIn).filter(isGone))
        for (const visitor of new Set(visitors.all(site, site).map((row) => keyToVisitor(row.visitor)))) {
          const erasure = erasureOf(visitor)
          if (!erasure) continue
          for (const row of personsOf.all(site, visitorToKey(visitor))) forgotten.add(nameIn(row))
          await store[erasure.kept ? 'anonymise' : 'erase'](site, visitor, now)
          count++
        }
        for (const person of forgotten) if (!isHeardOf.get(site, person)) await store.forgetMail(site, person)
        database.exec('BEGIN IMMEDIATE')
        for (const { visitor, at, known, kept } of gone.values())
          remember.run(site, Buffer.from(visitor, 'hex'), at, known ? 1 : 0, kept ? 1 : 0)
        database.exec('COMMIT')
      }
      // All in the one file, which is what is checked and moved.
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    } finally {
      database.close()
    }
  } finally {
    await store.close()
  }
  return count
}

/** Brings what is in the log of a database into its file, so that the file is whole by itself, whenever this program is killed. */
function settle(path: string): void {
  try {
    const database = new DatabaseSync(path)
    try {
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    } finally {
      database.close()
    }
  } catch {
    // It may be damaged, and is replaced for that.
  }
}

function keep(target: string, now: Millis): string {
  settle(target)
  const kept = `${target}.before-restore-${new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, '')}`
  try {
    linkSync(target, kept)
  } catch {
    // A file system without links.
    copyFileSync(target, kept)
  }
  // What is in the log belongs to the old file, and must not get into the new one. There is a database at every moment.
  if (existsSync(`${target}-wal`)) renameSync(`${target}-wal`, `${kept}-wal`)
  rmSync(`${target}-shm`, { force: true })
  return kept
}

function removeDatabase(path: string): void {
  for (const each of [path, `${path}-wal`, `${path}-shm`]) rmSync(each, { force: true })
}
