import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Receipt } from '@earshot/contract'
import { envelopeSchema } from '@earshot/contract/schema'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readBatch } from '../core/ingest.ts'
import { answer, envelope, now, temporaryDirectory, uuid } from '../fixtures.ts'
import type { Log } from '../ports/world.ts'
import { createThreadedStore, type ThreadedStore } from './sqliteThreads.ts'
import type { ThreadLimits } from './threadLink.ts'

interface Opened {
  store: ThreadedStore
  file: string
  errors: string[]
  /** Sends one event. */
  send(number: number): Promise<Receipt>
}

async function open(limits?: ThreadLimits): Promise<Opened> {
  const file = join(temporaryDirectory(), 'earshot.sqlite')
  const errors: string[] = []
  const log: Log = { info: () => undefined, error: (message) => void errors.push(message) }
  const store = createThreadedStore(file, log, limits)
  onTestFinished(() => store.close())
  await store.saveSite(() => ({ writeKey: 'pk_1', tokenHash: new Uint8Array(32) }), now)
  return {
    store,
    file,
    errors,
    send: (number) =>
      store.ingest(
        1,
        readBatch(envelopeSchema.parse(envelope('pk_1', [answer(number)])), now),
        { inline: 'accept', most: 9 },
        now,
      ),
  }
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1)

describe('the thread that writes', () => {
  it('answers those under way with a failure when it breaks down, says so once, and is started again', async () => {
    const { store, send, errors } = await open({ most: 1_000_000, pause: 0 })
    expect((await send(1)).accepted).toEqual([uuid('event', 1)])
    const under = numbers(20).map((number) => send(number + 1))
    const settled = Promise.allSettled(under)
    await store.threads.writer.crash()
    for (const each of await settled)
      if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'store_interrupted' })
    expect((await settled).some((each) => each.status === 'rejected')).toBe(true)
    expect(errors).toEqual(['the writer of the database broke down; it is started again'])
    // Sent again, as a client does: each is stored once, whether it was before or not.
    const again = await Promise.all(numbers(20).map((number) => send(number + 1)))
    for (const each of again) expect(each.accepted.length + each.duplicates.length).toBe(1)
    expect(await store.stats(1)).toMatchObject({ events: 21, responses: 21, accepted: 21 })
  })

  it('is not started again and again by a breakdown at once', async () => {
    const { store, send } = await open({ most: 1_000_000, pause: 60_000 })
    await send(1)
    await store.threads.writer.crash()
    await expect(send(2)).rejects.toMatchObject({ code: 'store_unavailable' })
    expect((await store.stats(1)).events).toBe(1)
  })

  it('lets only so much wait; who comes then is told so at once, and later there is room again', async () => {
    const { store, send, errors } = await open({ most: 20_000, pause: 0 })
    const settled = await Promise.allSettled(numbers(100).map(send))
    const refused = settled.filter((each) => each.status === 'rejected')
    expect(refused.length).toBeGreaterThan(50)
    for (const each of refused) expect(each.reason).toMatchObject({ code: 'store_overloaded' })
    expect((await store.stats(1)).events).toBe(100 - refused.length)
    expect((await send(100)).duplicates.length + (await send(200)).accepted.length).toBeGreaterThan(0)
    expect(errors).toEqual([])
  })

  it('finishes what waits before it closes', async () => {
    const { store, send, file } = await open()
    const all = Promise.all(numbers(200).map(send))
    await store.close()
    expect((await all).flatMap((each) => each.accepted)).toHaveLength(200)
    const database = new DatabaseSync(file)
    expect(database.prepare('SELECT count(*) AS count FROM events').get()).toEqual({ count: 200 })
    database.close()
  })

  it('takes all that arrives during a commit as the next one', async () => {
    const { send, file } = await open()
    await send(1000)
    const database = new DatabaseSync(file)
    const version = (): number => Number(database.prepare('PRAGMA data_version').get()?.data_version)
    const seen = new Set<number>()
    const all = numbers(300).map((number) => send(number).then(() => seen.add(version())))
    await Promise.all(all)
    // As many commits as the file had versions; one for each would be 300.
    expect(seen.size).toBeLessThan(30)
    database.close()
  })
})

describe('the thread that reads', () => {
  it('does not wait while another process holds the lock', async () => {
    const { store, send, file } = await open()
    await send(1)
    // Started already: on a busy machine that takes longer than a writer waits for a lock.
    await store.oldest(1, {}, { after: 0, limit: 9 })
    const other = new DatabaseSync(file)
    other.exec('BEGIN IMMEDIATE')
    const waiting = send(2)
    const rows = await store.oldest(1, {}, { after: 0, limit: 9 })
    expect(rows.map((each) => each.response.id)).toEqual([uuid('response', 1)])
    other.exec('ROLLBACK')
    other.close()
    expect((await waiting).accepted).toHaveLength(1)
    expect((await store.stats(1)).events).toBe(2)
  })

  it('gives lines of JSON that say what the rows do', async () => {
    const { store, send } = await open()
    await Promise.all(numbers(7).map(send))
    const { bytes, count, row } = await store.lines(1, {}, { after: 2, limit: 3 })
    const wanted = await store.oldest(1, {}, { after: 2, limit: 3 })
    const lines = new TextDecoder().decode(bytes).trimEnd().split('\n')
    expect(lines.map((each) => JSON.parse(each))).toEqual(wanted.map((each) => each.response))
    expect([count, row]).toEqual([3, wanted.at(-1)?.row])
    expect(await store.lines(1, { survey: 'nobody' }, { after: 5, limit: 3 })).toEqual({
      bytes: new Uint8Array(),
      count: 0,
      row: 5,
    })
  })
})
