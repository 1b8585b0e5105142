import { envelopeSchema } from '@earshot/contract/schema'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { startPostgres, type RunningPostgres } from '../../../../scripts/postgres.ts'
import { createDatabase, order, type FreshDatabase } from '../../../../scripts/postgresDatabase.ts'
import { judge, readBatch, receiptFor } from '../core/ingest.ts'
import { answer, envelope, keys, now, start } from '../fixtures.ts'
import type { EventStore } from '../ports/eventStore.ts'
import { createPostgresStore, type PostgresOptions } from './postgres.ts'

// A server of its own, with which a test may do what it likes. It syncs, as one that is run in earnest.
let server: RunningPostgres
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.remove())

let database: FreshDatabase
let store: EventStore | undefined
beforeEach(async () => {
  database = await createDatabase(server.url('postgres'))
})
afterEach(async () => {
  await store?.close()
  store = undefined
})

/** What the advisory locks of a site begin with; see postgresPool.ts. */
const lockClass = 0x45415253

async function open(timeouts: PostgresOptions['timeouts'] = {}): Promise<EventStore> {
  store = await createPostgresStore(database.url, { timeouts })
  await store.saveSite(() => ({ writeKey: 'pk_1', tokenHash: new Uint8Array(32) }), now)
  return store
}

async function send(to: EventStore, number: number, site = 1) {
  const batch = readBatch(envelopeSchema.parse(envelope('pk_1', [answer(number)])), now)
  const policy = { inline: 'accept', most: 9 } as const
  const { verdict, inserted } = await to.append(site, batch, (known) => judge(batch, known, policy), now)
  return receiptFor(verdict, inserted)
}

async function withClient<Result>(use: (client: Client) => Promise<Result>): Promise<Result> {
  const client = new Client({ connectionString: database.url })
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}

/** Backends of the store that match a condition. */
const backends = (where: string): Promise<{ pid: number }[]> =>
  order(
    database.url,
    `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'earshot' AND ${where}`,
  )
const someBackend = (where: string): Promise<number> =>
  vi.waitFor(async () => {
    const [found] = await backends(where)
    if (!found) throw new Error(`no backend ${where}`)
    return found.pid
  }, 10_000)

const unavailable = { code: 'store_unavailable' }

describe('a database that goes away', () => {
  it('is answered with 503 and Retry-After, and with receipts again when it is back, without a restart', async () => {
    const quiet = { info: () => undefined, error: () => undefined }
    const { post, send: deliver, read, collector } = await start({ store: database.url, log: quiet })
    expect((await deliver([answer(1)])).accepted).toHaveLength(1)
    await server.kill()
    const body = JSON.stringify(envelope(keys.writeKey, [answer(2)]))
    for (const refused of [await post(body), await post(body)]) {
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '30'])
      expect(await refused.json()).toMatchObject({
        code: 'store_unavailable',
        detail: expect.stringContaining('the database is not reachable'),
      })
    }
    await server.start()
    expect((await deliver([answer(1), answer(2)])).duplicates).toHaveLength(1)
    expect(await read('/v1/stats')).toMatchObject({ accepted: 2, events: 2 })
    await collector.close()
  })

  it('in order takes no write that was under way, and none is half done', async () => {
    const open1 = await open()
    const sending = Array.from({ length: 200 }, (_, index) => send(open1, index))
    await sending[0]
    await server.stop()
    const results = await Promise.allSettled(sending)
    await server.start()
    const stored = (await open1.stats(1)).events
    const acknowledged = results.filter((each) => each.status === 'fulfilled').length
    expect(stored).toBeGreaterThanOrEqual(acknowledged)
    for (const each of results) if (each.status === 'rejected') expect(each.reason).toMatchObject(unavailable)
    const rows = await order<{ count: string }>(
      database.url,
      `SELECT count(*) FROM earshot.events UNION ALL SELECT count(*) FROM earshot.responses
       UNION ALL SELECT count(*) FROM earshot.answers`,
    )
    expect(new Set(rows.map((each) => each.count))).toEqual(new Set([String(stored)]))
  })
})

describe('a connection that breaks', () => {
  it('before the commit costs nothing: the write is done on another one', async () => {
    const open1 = await open()
    await withClient(async (other) => {
      await other.query(`SELECT pg_advisory_lock(${lockClass}, 1)`)
      const sending = send(open1, 1)
      const pid = await someBackend("wait_event = 'advisory'")
      await other.query('SELECT pg_terminate_backend($1)', [pid])
      await someBackend(`wait_event = 'advisory' AND pid <> ${pid}`)
      await other.query(`SELECT pg_advisory_unlock(${lockClass}, 1)`)
      expect((await sending).accepted).toHaveLength(1)
    })
  })

  it('while nobody uses it is replaced', async () => {
    const open1 = await open()
    await send(open1, 1)
    const idle = await backends('true')
    expect(idle.length).toBeGreaterThan(0)
    for (const { pid } of idle) await order(database.url, `SELECT pg_terminate_backend(${pid})`)
    expect((await send(open1, 2)).accepted).toHaveLength(1)
    expect((await open1.stats(1)).events).toBe(2)
  })
})

describe('a database that takes too long', () => {
  it('is given up, with all who wait, and taken again when it is free', async () => {
    const open1 = await open({ statement: 300 })
    await withClient(async (other) => {
      await other.query(`SELECT pg_advisory_lock(${lockClass}, 1)`)
      const results = await Promise.allSettled([send(open1, 1), send(open1, 2), open1.erase(1, 'x', now)])
      for (const each of results) expect(each).toMatchObject({ status: 'rejected', reason: unavailable })
      // Reads need no lock.
      expect((await open1.stats(1)).events).toBe(0)
    })
    expect((await send(open1, 1)).accepted).toHaveLength(1)
  })
})

describe('a database that cannot write', () => {
  it('because its disk is full stores nothing of the group, and recovers', async () => {
    const open1 = await open()
    await send(open1, 1)
    // The same error as from the disk, in the middle of the statement that writes.
    await order(
      database.url,
      `CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;
       CREATE TRIGGER full_disk BEFORE INSERT ON earshot.answers FOR EACH ROW EXECUTE FUNCTION full_disk()`,
    )
    const results = await Promise.allSettled([send(open1, 2), send(open1, 3)])
    for (const each of results)
      expect(each).toMatchObject({
        status: 'rejected',
        reason: { ...unavailable, message: 'the disk of the database is full' },
      })
    expect(await open1.stats(1)).toMatchObject({ accepted: 1, events: 1, responses: 1 })
    await order(database.url, 'DROP TRIGGER full_disk ON earshot.answers')
    expect((await send(open1, 2)).accepted).toHaveLength(1)
  })

  it('because it is set to read only says so', async () => {
    const open1 = await open()
    const name = new URL(database.url).pathname.slice(1)
    await order(server.url('postgres'), `ALTER DATABASE ${name} SET default_transaction_read_only = on`)
    for (const { pid } of await backends('true'))
      await order(database.url, `SELECT pg_terminate_backend(${pid})`)
    await expect(send(open1, 1)).rejects.toMatchObject({
      ...unavailable,
      message: expect.stringContaining('standby, or set to read only'),
    })
    await order(server.url('postgres'), `ALTER DATABASE ${name} RESET default_transaction_read_only`)
    for (const { pid } of await backends('true'))
      await order(server.url('postgres'), `SELECT pg_terminate_backend(${pid})`)
    expect((await send(open1, 1)).accepted).toHaveLength(1)
  })

  it('because others change the same tries again', async () => {
    const open1 = await open()
    await order(
      database.url,
      `CREATE SEQUENCE tries; CREATE FUNCTION busy() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         IF nextval('tries') < 3 THEN RAISE EXCEPTION 'deadlock' USING ERRCODE = 'deadlock_detected'; END IF;
         RETURN NEW; END $$;
       CREATE TRIGGER busy BEFORE INSERT ON earshot.answers FOR EACH ROW EXECUTE FUNCTION busy()`,
    )
    expect((await send(open1, 1)).accepted).toHaveLength(1)
    expect(await open1.stats(1)).toMatchObject({ accepted: 1, duplicates: 0 })
  })
})

describe('a database that is to wait for standbys of which there is none', () => {
  // Settings of the command line come first, so it starts anew with them.
  const wait = async (names: string): Promise<void> => {
    await server.stop()
    await server.start({ synchronous_standby_names: names })
  }
  afterEach(() => wait(''))

  it('acknowledges nothing, also when somebody cancels the wait, and the write is known when it is sent again', async () => {
    const open1 = await open({ commit: 1000 })
    await wait('ANY 1 (somewhere)')
    await expect(send(open1, 1)).rejects.toMatchObject(unavailable)
    await store?.close()
    store = await createPostgresStore(database.url)
    const sending = send(store, 2).catch((error: unknown) => error)
    // The first one still waits there, and holds the lock of the site.
    const cancelled = new Set<number>()
    while (cancelled.size < 2) {
      const pid = await someBackend(`wait_event = 'SyncRep' AND pid NOT IN (${[0, ...cancelled].join()})`)
      await order(database.url, `SELECT pg_cancel_backend(${pid})`)
      cancelled.add(pid)
    }
    expect(await sending).toMatchObject({ ...unavailable, message: expect.stringContaining('standby') })
    await wait('')
    expect((await send(store, 1)).duplicates).toHaveLength(1)
    expect((await send(store, 2)).duplicates).toHaveLength(1)
    expect((await store.stats(1)).events).toBe(2)
  })
})
