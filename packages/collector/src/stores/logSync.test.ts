import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { temporaryDirectory } from '../fixtures.ts'
import { createCommitGroup, type CommitSync } from './commitGroup.ts'
import { createLogSync } from './logSync.ts'

function open(path: string): DatabaseSync {
  const database = new DatabaseSync(path)
  onTestFinished(() => database.close())
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE TABLE IF NOT EXISTS t (a)')
  return database
}

/** A disk whose syncs end when they are told to. */
function slowDisk(): CommitSync & {
  syncs: { end: () => void; fail: (error: Error) => void }[]
  mended: number
} {
  const disk: ReturnType<typeof slowDisk> = {
    syncs: [],
    mended: 0,
    sync: () => new Promise((end, fail) => disk.syncs.push({ end, fail })),
    mend: () => void disk.mended++,
  }
  return disk
}

/** Turns of the loop, in which all that can go on does. */
async function turns(count = 10): Promise<void> {
  for (let index = 0; index < count; index++) await new Promise((resolve) => setImmediate(resolve))
}

describe('a group of commits with a disk of its own', () => {
  const start = () => {
    const database = open(':memory:')
    const disk = slowDisk()
    const { run, drain } = createCommitGroup(database, undefined, 1000, {}, disk)
    const insert = database.prepare('INSERT INTO t VALUES (?)')
    const confirmed: number[] = []
    const write = (value: number): Promise<void> =>
      run(() => void insert.run(value)).then(() => void confirmed.push(value))
    const stored = (): number => Number(database.prepare('SELECT count(*) AS n FROM t').get()?.n)
    return { disk, run, drain, write, confirmed, stored }
  }

  it('confirms nothing before it is synced', async () => {
    const { disk, write, confirmed, stored, drain } = start()
    void write(1)
    await turns()
    expect([stored(), disk.syncs.length, confirmed]).toEqual([1, 1, []])
    disk.syncs[0]?.end()
    await drain()
    expect(confirmed).toEqual([1])
  })

  it('writes the next group meanwhile when it has as many, and syncs it after', async () => {
    const { disk, write, confirmed, stored } = start()
    void write(1)
    void write(2)
    await turns()
    void write(3)
    await turns()
    // It has fewer.
    expect(stored()).toBe(2)
    void write(4)
    await turns()
    expect([stored(), disk.syncs.length, confirmed]).toEqual([4, 1, []])
    disk.syncs[0]?.end()
    await turns()
    expect([disk.syncs.length, confirmed]).toEqual([2, [1, 2]])
    disk.syncs[1]?.end()
    await turns()
    expect(confirmed).toEqual([1, 2, 3, 4])
  })

  it('lets fewer wait no longer than the sync', async () => {
    const { disk, write, stored } = start()
    void write(1)
    void write(2)
    await turns()
    void write(3)
    await turns()
    disk.syncs[0]?.end()
    await turns()
    expect([stored(), disk.syncs.length]).toEqual([3, 2])
  })

  it('fails what could not be synced, and writes again only when all before it is safe', async () => {
    const { disk, write, confirmed } = start()
    const first = write(1)
    await turns()
    disk.syncs[0]?.fail(new Error('EIO'))
    await expect(first).rejects.toMatchObject({ code: 'store_unavailable' })
    expect(disk.mended).toBe(0)
    void write(2)
    await turns()
    expect(disk.mended).toBe(1)
    disk.syncs[1]?.end()
    await turns()
    expect(confirmed).toEqual([2])
    const third = write(3)
    await turns()
    expect(disk.mended).toBe(1)

    disk.syncs[2]?.fail(new Error('EIO'))
    await expect(third).rejects.toMatchObject({ code: 'store_unavailable' })
    disk.mend = () => {
      throw Object.assign(new Error('no'), { errcode: 10 })
    }
    await expect(write(4)).rejects.toMatchObject({ code: 'store_unavailable' })
    disk.mend = () => undefined
    void write(5)
    await turns()
    expect(disk.syncs.length).toBe(4)
  })
})

it('confirms nothing that was written behind what could not be synced, until all of it is safe', async () => {
  const disk = slowDisk()
  const { run } = createCommitGroup(open(':memory:'), undefined, 1000, {}, disk)
  const first = run(() => 1)
  await turns()
  const second = run(() => 2)
  await turns()
  disk.syncs[0]?.fail(new Error('EIO'))
  await expect(first).rejects.toMatchObject({ code: 'store_unavailable' })
  await turns()
  expect([disk.mended, disk.syncs.length]).toEqual([1, 2])
  disk.syncs[1]?.end()
  expect(await second).toBe(2)

  const third = run(() => 3)
  await turns()
  const fourth = run(() => 4)
  await turns()
  disk.mend = () => {
    throw Object.assign(new Error('no'), { errcode: 10 })
  }
  disk.syncs[2]?.fail(new Error('EIO'))
  await expect(third).rejects.toMatchObject({ code: 'store_unavailable' })
  await expect(fourth).rejects.toMatchObject({ code: 'store_unavailable' })
})

describe('createLogSync', () => {
  it('syncs the log, and mends by bringing all of it into the database', async () => {
    const path = join(temporaryDirectory(), 'a.sqlite')
    const database = open(path)
    const log = createLogSync(database, path)
    onTestFinished(() => log.close())
    database.exec('INSERT INTO t VALUES (1)')
    await log.sync()
    log.mend()
    const reader = new DatabaseSync(path, { readOnly: true })
    onTestFinished(() => reader.close())
    reader.exec('BEGIN')
    expect(reader.prepare('SELECT count(*) AS n FROM t').get()).toEqual({ n: 1 })
    database.exec('INSERT INTO t VALUES (2)')
    // Who reads what is older needs the log.
    expect(() => log.mend()).toThrow(/could not be brought into the database/)
  })
})
