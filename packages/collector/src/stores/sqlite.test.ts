import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createCommitGroup } from './commitGroup.ts'
import { createSqliteStore } from './sqlite.ts'
import { openDatabase, schemaVersion } from './sqliteSchema.ts'
import { storeSuite } from './storeSuite.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'earshot-store-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

const file = (): string => join(directory, 'earshot.sqlite')

describe.each(['a file', ':memory:'])('SQLite in %s', (place) => {
  it.each(storeSuite)('$name', async ({ run }) => {
    const store = createSqliteStore(place === ':memory:' ? place : file())
    try {
      await run(store)
    } finally {
      await store.close()
    }
  })
})

describe('the file', () => {
  it('is in WAL mode and syncs every commit', () => {
    const database = openDatabase(file())
    expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' })
    expect(database.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 })
    expect(database.prepare('PRAGMA foreign_keys').get()).toEqual({ foreign_keys: 1 })
    database.close()
  })

  it('is refused when a newer program wrote it, and stays as it was', () => {
    const newer = new DatabaseSync(file())
    newer.exec(`CREATE TABLE later (x); PRAGMA user_version = ${schemaVersion + 1}`)
    newer.close()
    const before = readFileSync(file())
    expect(() => createSqliteStore(file())).toThrow(/newer Earshot \(format 2; this program knows up to 1\)/)
    expect(readFileSync(file()).equals(before)).toBe(true)
  })

  it('is refused when it belongs to another program', () => {
    const other = new DatabaseSync(file())
    other.exec('CREATE TABLE bookmarks (x)')
    other.close()
    expect(() => createSqliteStore(file())).toThrow(/another program/)
  })

  it('is refused when it is no database, and stays as it was', () => {
    writeFileSync(file(), 'my diary, not a database, but long enough to look at'.repeat(100))
    expect(() => createSqliteStore(file())).toThrow(/damaged or no SQLite database.*Nothing was changed/s)
    expect(readFileSync(file(), 'utf8')).toMatch(/^my diary/)
  })

  it('answers reports from an index, not from a scan', () => {
    const database = openDatabase(file())
    const plan = database
      .prepare(
        `EXPLAIN QUERY PLAN SELECT score, count(*) FROM answers WHERE site = ? AND survey = ? AND question = ?
         AND at >= ? AND at < ? AND score IS NOT NULL GROUP BY score`,
      )
      .all(1, 'nps', 'score', 0, 1)
    expect(plan.map((each) => each.detail).join()).toMatch(
      /SEARCH answers USING COVERING INDEX answers_by_time/,
    )
    database.close()
  })
})

describe('the commit group', () => {
  it('puts writes of one turn into one transaction', async () => {
    const database = openDatabase(file())
    const { run } = createCommitGroup(database)
    const put = database.prepare('INSERT INTO sites VALUES (?, ?, ?, ?)')
    const exec = vi.spyOn(database, 'exec')
    await Promise.all([1, 2, 3].map((id) => run(() => put.run(id, `pk_${id}`, new Uint8Array(32), 0))))
    expect(exec.mock.calls.filter(([sql]) => sql === 'COMMIT')).toHaveLength(1)
    expect(database.prepare('SELECT count(*) AS n FROM sites').get()).toEqual({ n: 3 })
    database.close()
  })

  it('acknowledges nothing when the commit itself fails, and goes on', async () => {
    const database = openDatabase(file())
    const { run } = createCommitGroup(database)
    const put = database.prepare('INSERT INTO counters VALUES (?, ?, 0)')
    const orphan = run(() => {
      // A foreign key that is checked at the commit: every statement before it succeeds.
      database.exec('PRAGMA defer_foreign_keys = ON')
      put.run(99, 'orphan')
      return 'done'
    })
    const neighbour = run(() => 'done')
    const results = await Promise.allSettled([orphan, neighbour])
    expect(results.map((each) => each.status)).toEqual(['rejected', 'rejected'])
    expect(database.prepare('SELECT count(*) AS n FROM counters').get()).toEqual({ n: 0 })
    await expect(run(() => 'again')).resolves.toBe('again')
    database.close()
  })

  it('says that it cannot write while another process holds the lock, and recovers', async () => {
    const database = openDatabase(file())
    database.exec('PRAGMA busy_timeout = 0')
    const { run } = createCommitGroup(database)
    const other = new DatabaseSync(file())
    other.exec('BEGIN IMMEDIATE')
    const put = database.prepare('INSERT INTO sites VALUES (1, ?, ?, 0)')
    const write = (): Promise<unknown> => run(() => put.run('pk_1', new Uint8Array(32)))
    await expect(write()).rejects.toMatchObject({ code: 'store_unavailable' })
    other.exec('ROLLBACK')
    await expect(write()).resolves.toMatchObject({ changes: 1 })
    other.close()
    database.close()
  })

  it('says that the disk is full, stores nothing, and recovers', async () => {
    const database = openDatabase(file())
    const { run } = createCommitGroup(database)
    const pages = Number(database.prepare('PRAGMA page_count').get()?.page_count)
    database.exec(`PRAGMA max_page_count = ${pages}`)
    const put = database.prepare('INSERT INTO sites VALUES (?, ?, ?, 0)')
    const write = (id: number): Promise<unknown> =>
      run(() => put.run(id, `pk_${id}`, new Uint8Array(100_000)))
    const results = await Promise.allSettled([write(1), write(2)])
    expect(results.map((each) => each.status)).toEqual(['rejected', 'rejected'])
    expect(results[0]).toMatchObject({ reason: { code: 'store_unavailable' } })
    expect(database.prepare('SELECT count(*) AS n FROM sites').get()).toEqual({ n: 0 })
    database.exec('PRAGMA max_page_count = 100000')
    await expect(write(1)).resolves.toMatchObject({ changes: 1 })
    database.close()
  })
})
