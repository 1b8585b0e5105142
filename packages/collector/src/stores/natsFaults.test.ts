import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FeedbackEvent } from '@earshot/contract'
import { envelopeSchema } from '@earshot/contract/schema'
import type { JsMsg } from '@nats-io/jetstream'
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished, vi } from 'vitest'
import { startNats, type RunningServers } from '../../../../scripts/nats.ts'
import { startPostgres, type RunningPostgres } from '../../../../scripts/postgres.ts'
import { createDatabase, order } from '../../../../scripts/postgresDatabase.ts'
import { storeFailure } from '../core/failure.ts'
import { readBatch } from '../core/ingest.ts'
import { answer, envelope, keys, npsSurvey, now, uuid } from '../fixtures.ts'
import { erasePerson } from '../http/person.ts'
import { createCollector, type Collector, type CollectorOptions } from '../index.ts'
import type { EventStore } from '../ports/eventStore.ts'
import { createLogStore, createLogWorker } from './nats.ts'
import { readLogAddress } from './natsAddress.ts'
import { closeLine, openLine, type LogLine } from './natsConnection.ts'
import { readDead, retryDead } from './natsDead.ts'
import { partitionOf } from './natsMessage.ts'
import { workOn, type PartitionWork } from './natsPartition.ts'
import { systemHash } from '../system.ts'
import { createPostgresStore } from './postgres.ts'

const hasServer = inject('nats') !== ''
const quiet = { info: () => undefined, error: () => undefined }
const times = { publish: 3000 }
const policy = { inline: 'accept', most: 9 } as const

// Servers of their own, with which a test may do what it likes.
let postgres: RunningPostgres
let nats: RunningServers
beforeAll(async () => {
  if (hasServer) [postgres, nats] = await Promise.all([startPostgres(), startNats(1)])
})
afterAll(async () => {
  await Promise.all([postgres?.remove(), nats?.remove()])
})

const byNumber = (a: number, b: number): number => a - b

let count = 0
const freshLog = (query = ''): string =>
  // Nobody is to wait long for what a dead worker had in hand.
  nats.url(`replicas=1&partitions=2&name=f${++count}&${query || 'lease=1500'}`)
const freshDatabase = async (): Promise<string> => (await createDatabase(postgres.url('postgres'))).url

interface Place {
  store: string
  eventLog: string
}
const freshPlace = async (query?: string): Promise<Place> => ({
  store: await freshDatabase(),
  eventLog: freshLog(query),
})

/** A store that only puts things into the log. */
async function openFront({ store, eventLog }: Place, worker = false): Promise<EventStore> {
  const options = { log: quiet, worker, times }
  const front = await createLogStore(eventLog, await createPostgresStore(store), options)
  onTestFinished(() => front.close())
  await front.saveSite(() => ({ writeKey: 'pk_1', tokenHash: new Uint8Array(32) }), now)
  return front
}
async function openWorker({ store, eventLog }: Place): Promise<{ held(): number[]; close(): Promise<void> }> {
  const worker = await createLogWorker(eventLog, await createPostgresStore(store), { log: quiet, times })
  let closed: Promise<void> | undefined
  const close = (): Promise<void> => (closed ??= worker.close())
  onTestFinished(close)
  return { held: worker.held, close }
}
async function openLog({ eventLog }: Place): Promise<LogLine> {
  const line = await openLine(readLogAddress(eventLog), quiet, times)
  onTestFinished(() => line.connection.close())
  return line
}

const send = (
  store: EventStore,
  events: unknown[],
  bursts?: ReadonlySet<string>,
): ReturnType<NonNullable<EventStore['ingest']>> => {
  const batch = readBatch(envelopeSchema.parse(envelope('pk_1', events)), now)
  batch.bursts = bursts
  if (!store.ingest) throw new Error('no ingest')
  return store.ingest(1, batch, policy, now)
}

const waiting = async ({ manager, names }: LogLine): Promise<number> => {
  const infos = await Promise.all([0, 1].map((each) => manager.streams.info(names.stream(each))))
  return infos.reduce((sum, { state }) => sum + state.messages, 0)
}
const untilEmpty = (line: LogLine): Promise<void> =>
  vi.waitFor(async () => expect(await waiting(line)).toBe(0), { timeout: 20_000, interval: 20 })

const start = async (options: CollectorOptions): Promise<Collector & { url: string }> => {
  const collector = await createCollector({ ...keys, log: quiet, clock: { now: () => now }, ...options })
  onTestFinished(() => collector.close())
  return { ...collector, url: (await collector.listen({ port: 0 })).url }
}
const post = (url: string, events: unknown[]): Promise<Response> =>
  fetch(`${url}/v1/feedback`, { method: 'POST', body: JSON.stringify(envelope(keys.writeKey, events)) })

describe.skipIf(!hasServer)('a database that goes away', () => {
  it('keeps nobody from sending: answers wait in the log, and are written once when it is back', async () => {
    const place = await freshPlace()
    const { url } = await start(place)
    expect((await post(url, [answer(1)])).status).toBe(200)
    const line = await openLog(place)
    await untilEmpty(line)
    await postgres.kill()
    for (let number = 2; number < 40; number++)
      expect(await (await post(url, [answer(number)])).json()).toMatchObject({
        accepted: [uuid('event', number)],
      })
    // Nobody knows whether that survey is there, once it is a while ago that all of them were read.
    const other = { ...answer(99), survey: 'never-seen' }
    await vi.waitFor(async () => {
      const unknown = await post(url, [other])
      expect([unknown.status, unknown.headers.get('retry-after')]).toEqual([503, '30'])
    })
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    expect(await waiting(line)).toBeGreaterThan(0)
    await postgres.start()
    await untilEmpty(line)
    const rows = await order<{ id: string }>(place.store, 'SELECT id FROM earshot.events ORDER BY id')
    expect(rows.map((each) => each.id)).toEqual(
      Array.from({ length: 39 }, (_, index) => uuid('event', index + 1)),
    )
    await vi.waitFor(async () => expect((await post(url, [other])).status).toBe(200), 10_000)
  })
})

describe.skipIf(!hasServer)('a log that goes away', () => {
  it('is answered with 503 and Retry-After, and with receipts when it is back', async () => {
    const { url } = await start(await freshPlace())
    expect((await post(url, [answer(1)])).status).toBe(200)
    const [server] = nats.servers
    await server?.kill()
    const refused = await post(url, [answer(2)])
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([
      503,
      expect.stringMatching(/^\d+$/),
    ])
    expect(await refused.json()).toMatchObject({ code: expect.stringMatching(/^store_/) })
    expect((await fetch(`${url}/readyz`)).status).toBe(503)
    await server?.start()
    await vi.waitFor(async () => expect((await post(url, [answer(2)])).status).toBe(200), 20_000)
    await vi.waitFor(async () => expect((await fetch(`${url}/readyz`)).status).toBe(200), 10_000)
  })

  it('lets go whoever is done while it is away', async () => {
    const place = await freshPlace()
    const { store } = place
    const front = await createLogStore(place.eventLog, await createPostgresStore(store), {
      log: quiet,
      times,
    })
    const line = await openLine(readLogAddress(place.eventLog), quiet, times)
    const [server] = nats.servers
    await server?.kill()
    await vi.waitFor(() => expect(line.isAway()).toBe(true), 10_000)
    await Promise.all([closeLine(line), front.close()])
    expect(line.connection.isClosed()).toBe(true)
    await server?.start()
  })

  it('because it is full takes no more, and goes on when a worker has made room', async () => {
    const place = await freshPlace('lease=1500&bytes=1048576')
    const front = await openFront(place)
    const line = await openLog(place)
    let number = 0
    const acknowledged: number[] = []
    const fill = async (): Promise<void> => {
      for (;;) {
        const some = Array.from({ length: 100 }, () => ++number)
        await send(
          front,
          some.map((each) =>
            answer(each, 9, {
              response: uuid('response', 1),
              visitor: `v${each % 5}`,
              context: { channel: 'web', url: `https://shop.example/${'x'.repeat(900)}` },
            }),
          ),
        )
        acknowledged.push(...some)
      }
    }
    await expect(fill()).rejects.toMatchObject({ code: 'store_overloaded' })
    expect(acknowledged.length).toBeGreaterThan(100)
    await openWorker(place)
    await untilEmpty(line)
    expect((await send(front, [answer(100_000)])).accepted).toHaveLength(1)
    await untilEmpty(line)
    // Of one response 200 events are stored at most; the others are kept apart.
    const stored = new Set(
      (await order<{ id: string }>(place.store, 'SELECT id FROM earshot.events')).map((each) => each.id),
    )
    for await (const { content } of readDead(line))
      for (const { batch } of content?.pieces ?? []) for (const id of batch.ids) stored.add(id)
    expect(acknowledged.filter((each) => !stored.has(uuid('event', each)))).toEqual([])
  })
})

describe.skipIf(!hasServer)('what is sent twice', () => {
  it('is in the log once, is told to be a duplicate, and is counted', async () => {
    const place = await freshPlace()
    const front = await openFront(place)
    const line = await openLog(place)
    expect((await send(front, [answer(1)])).accepted).toHaveLength(1)
    const again = await send(front, [answer(1)])
    expect([again.accepted, again.duplicates]).toEqual([[], [uuid('event', 1)]])
    await openWorker(place)
    await untilEmpty(line)
    await vi.waitFor(async () =>
      expect(await front.stats(1)).toMatchObject({ accepted: 1, duplicates: 1, events: 1 }),
    )
  })

  it('in other company is stored once all the same', async () => {
    const place = await freshPlace()
    const front = await openFront(place)
    const line = await openLog(place)
    await Promise.all(
      Array.from({ length: 60 }, (_, index) => send(front, [answer(1), answer(2), answer(3 + (index % 7))])),
    )
    await Promise.all([openWorker(place), openWorker(place)])
    await untilEmpty(line)
    expect((await order(place.store, 'SELECT 1 FROM earshot.events')).length).toBe(9)
    expect(await front.stats(1)).toMatchObject({ accepted: 9, events: 9, responses: 9 })
  })
})

/** Takes the two messages that are there, as a worker does that says nothing any more. */
async function inHand(line: LogLine): Promise<{ first: JsMsg; second: JsMsg }> {
  const { state } = await line.manager.streams.info(line.names.stream(0))
  const stream = line.names.stream(state.messages > 0 ? 0 : 1)
  const consumer = await line.client.consumers.get(stream, line.names.consumer)
  const [first, second] = [await consumer.next(), await consumer.next()]
  if (!first || !second) throw new Error('There are no two messages.')
  return { first, second }
}

describe.skipIf(!hasServer)('a request that no message has room for', () => {
  it('is written to the database at once', async () => {
    const place = await freshPlace()
    const front = await openFront(place)
    const context = { channel: 'web', url: `https://shop.example/${'x'.repeat(1900)}` }
    const numbers = Array.from({ length: 3000 }, (_, index) => index)
      .filter(
        (each) => partitionOf({ type: 'answer', response: uuid('response', each) } as FeedbackEvent, 2) === 0,
      )
      .slice(0, 490)
    const receipt = await send(
      front,
      numbers.map((each) => answer(each, 9, { context })),
    )
    expect(receipt.accepted).toHaveLength(490)
    expect((await front.stats(1)).events).toBe(490)
  })
})

describe.skipIf(!hasServer)('an erased visitor', () => {
  /** Whether a text is in any file of the log. */
  const isOnDisk = (text: string): boolean => {
    const folder = nats.folder
    return readdirSync(folder, { recursive: true, withFileTypes: true }).some(
      (each) => each.isFile() && readFileSync(join(each.parentPath, each.name)).includes(text),
    )
  }

  it('does not come back from the log, nor stays in its files', async () => {
    const place = await freshPlace()
    const front = await openFront(place)
    const line = await openLog(place)
    const secret = 'a-visitor-who-wants-to-be-forgotten'
    const response = uuid('response', 1)
    await send(front, [answer(1, 9, { response, visitor: secret })])
    await send(front, [answer(2, 9, { response })])
    expect(isOnDisk(secret)).toBe(true)
    // Somebody has the second in hand: a file that has nothing left in it would go as a whole.
    const { first, second } = await inHand(line)
    first.nak()
    const holding = setInterval(() => second.working(), 200)
    onTestFinished(() => clearInterval(holding))
    await front.erase(1, secret, now)
    await openWorker(place)
    await vi.waitFor(async () => expect(await waiting(line)).toBe(1), 10_000)
    expect([isOnDisk(secret), isOnDisk('visitor-2')]).toEqual([false, true])
    clearInterval(holding)
    await untilEmpty(line)
    const rows = await order<{ visitor: string }>(place.store, 'SELECT visitor FROM earshot.events')
    expect(rows).toEqual([{ visitor: 'visitor-2' }])
  })

  it('is taken out of the dead letters, and leaves what others sent until that is old', async () => {
    const place = await freshPlace()
    const front = await openFront(place)
    const line = await openLog(place)
    const response = uuid('response', 1)
    const full = Array.from({ length: 200 }, (_, index) => answer(1000 + index, 9, { response }))
    await send(front, full)
    await send(
      front,
      [
        answer(1, 9, { response, visitor: 'gone' }),
        answer(2, 9, { response, visitor: 'stays' }),
        answer(4, 9, { response, visitor: 'first' }),
        answer(5, 9, { response, visitor: 'second' }),
        answer(3, 9, { response, visitor: 'named', person: 'ada@example.com' }),
      ],
      new Set(['gone', 'stays']),
    )
    await openWorker(place)
    await untilEmpty(line)
    const visitors = async (): Promise<string[]> => {
      const found: string[] = []
      for await (const { content } of readDead(line))
        for (const { batch } of content?.pieces ?? []) found.push(...batch.visitors)
      return found.toSorted()
    }
    expect(await visitors()).toEqual(['first', 'gone', 'named', 'second', 'stays'])
    // By two collectors at once: neither brings back whom the other one has taken out of the same letter.
    const other = await openFront(place)
    await Promise.all([
      ...['gone', 'first'].map((each) => front.erase(1, each, now)),
      other.erase(1, 'second', now),
    ])
    expect(await visitors()).toEqual(['named', 'stays'])
    // Of whom the database has nothing, but by whose name somebody may ask.
    const receipt = await erasePerson(front, 1, 'ada@example.com', now, systemHash)
    expect([receipt.visitors, receipt.left, await visitors()]).toEqual([1, 0, ['stays']])
    for await (const { content } of readDead(line))
      expect(content?.pieces.map(({ batch }) => [...(batch.bursts ?? [])])).toEqual([['stays']])
    const all = { after: null, limit: 500 }
    await front.retain(1, now, all, now)
    await front.retain(2, now + 1, all, now)
    expect(await visitors()).toEqual(['stays'])
    await front.retain(1, now + 1, all, now)
    expect(await visitors()).toEqual([])
  })
})

describe.skipIf(!hasServer)('what no database would take', () => {
  it('takes half of the room for what was refused, so that nobody can stop the log with it', async () => {
    const place = await freshPlace()
    const front = await openFront(place)
    const line = await openLog(place)
    const response = uuid('response', 1)
    await send(
      front,
      Array.from({ length: 200 }, (_, index) => answer(1000 + index, 9, { response })),
    )
    // As many as fit.
    const junk = Buffer.alloc(900_000)
    for (let isFull = false; !isFull;)
      await line.client.publish(line.names.deadSubject(0), junk).catch(() => {
        isFull = true
      })
    const { messages } = (await line.manager.streams.info(line.names.dead)).state
    await send(front, [answer(1, 9, { response })])
    await send(front, [answer(2)])
    await openWorker(place)
    await untilEmpty(line)
    expect((await front.stats(1)).events).toBe(201)
    expect((await line.manager.streams.info(line.names.dead)).state.messages).toBe(messages)
  }, 60_000)

  it('is kept with its reason, is counted, holds up nothing, and can be put back', async () => {
    const place = await freshPlace()
    const front = await openFront(place)
    const line = await openLog(place)
    await line.client.publish(line.names.subject(0), 'no message of ours')
    await line.client.publish(line.names.subject(1), '{"version":7,"site":1,"pieces":[]}')
    await Promise.all([1, 2, 3, 4, 5, 6].map((number) => send(front, [answer(number)])))
    // The fault is the database's own, and of one event alone.
    await order(
      place.store,
      `CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN IF NEW.visitor = 'visitor-3' THEN RAISE EXCEPTION 'broken on purpose'; END IF; RETURN NEW; END $$;
       CREATE TRIGGER broken BEFORE INSERT ON earshot.events_default FOR EACH ROW EXECUTE FUNCTION broken()`,
    )
    await openWorker(place)
    await untilEmpty(line)
    expect((await front.stats(1)).events).toBe(5)
    const reasons: string[] = []
    for await (const { reason } of readDead(line)) reasons.push(reason)
    expect(reasons).toHaveLength(3)
    expect(reasons.join()).toMatch(/version 7/)
    expect(reasons.join()).toMatch(/broken on purpose/)
    const measures = (await front.measures?.()) ?? []
    expect(measures.find((each) => each.name === 'earshot_log_dead_letters')?.value).toBe(3)
    await order(place.store, 'DROP TRIGGER broken ON earshot.events_default')
    expect(await retryDead(line)).toBe(1)
    await untilEmpty(line)
    expect((await front.stats(1)).events).toBe(6)
  })

  /** Works on the only message there is with a database that does not answer, and is lost. @returns once it has begun, how it ends */
  const begin = async (place: Place, line: LogLine): Promise<PartitionWork> => {
    const database = await createPostgresStore(place.store)
    onTestFinished(() => database.close())
    const partition = (await line.manager.streams.info(line.names.stream(0))).state.messages > 0 ? 0 : 1
    return new Promise((resolve) => {
      const append = (): Promise<never> =>
        new Promise((_, reject) => {
          const work = { end: () => (reject(storeFailure('store_unavailable', 'away')), running.end()) }
          resolve(work)
        })
      const running = workOn(partition, { line, database: { ...database, append } })
    })
  }
  const takeOften = async (line: LogLine): Promise<void> => {
    const partition = (await line.manager.streams.info(line.names.stream(0))).state.messages > 0 ? 0 : 1
    const consumer = await line.client.consumers.get(line.names.stream(partition), line.names.consumer)
    for (let taken = 0; taken < 12; taken++) (await consumer.next())?.nak()
  }

  it('is not what was taken often, nor what waited out a database that was away', async () => {
    const place = await freshPlace('lease=1000')
    const front = await openFront(place)
    const line = await openLog(place)
    await send(front, [answer(1)])
    await takeOften(line)
    for (let tries = 0; tries < 6; tries++) await (await begin(place, line)).end()
    await openWorker(place)
    await untilEmpty(line)
    expect((await front.stats(1)).events).toBe(1)
  })

  it('because it ends whoever takes it is given up after five times', async () => {
    const place = await freshPlace('lease=1000')
    const front = await openFront(place)
    const line = await openLog(place)
    await send(front, [answer(1)])
    await takeOften(line)
    for (let lives = 0; lives < 5; lives++) {
      const own = await openLine(readLogAddress(place.eventLog), quiet, times)
      const work = await begin(place, own)
      await own.connection.close()
      await work.end()
    }
    await openWorker(place)
    await untilEmpty(line)
    const { value: letter } = await readDead(line).next()
    expect(letter?.reason).toMatch(/ended whoever took it, 5 times/)
    expect(letter?.content?.pieces[0]?.batch.ids).toEqual([uuid('event', 1)])
  })
})

describe.skipIf(!hasServer)('several workers', () => {
  it('share the partitions, and one takes over what another leaves', async () => {
    const place = await freshPlace()
    await openFront(place)
    const first = await openWorker(place)
    await vi.waitFor(() => expect(first.held().toSorted(byNumber)).toEqual([0, 1]), 10_000)
    const second = await openWorker(place)
    await vi.waitFor(
      () => expect([first.held(), second.held()].map((each) => each.length)).toEqual([1, 1]),
      10_000,
    )
    expect([...first.held(), ...second.held()].toSorted(byNumber)).toEqual([0, 1])
    await first.close()
    await vi.waitFor(() => expect(second.held().toSorted(byNumber)).toEqual([0, 1]), 10_000)
  })

  it('store the events of a response in the order in which they came, also when they come and go', async () => {
    const place = await freshPlace()
    const front = await openFront(place)
    const line = await openLog(place)
    let workers = [await openWorker(place)]
    for (let number = 1; number <= 150; number++) {
      const response = uuid('response', number % 3)
      await send(front, [answer(number, 9, { response, visitor: `of-${response}`, seq: number })])
      if (number % 50 === 0) {
        const leaving = workers
        workers = [await openWorker(place), await openWorker(place)]
        await Promise.all(leaving.map((each) => each.close()))
      }
    }
    await untilEmpty(line)
    for (const each of [0, 1, 2]) {
      const events = await front.events(1, uuid('response', each))
      const seqs = events.map(({ event }) => event.seq)
      expect(seqs).toHaveLength(50)
      expect(seqs).toEqual(seqs.toSorted((a, b) => a - b))
    }
  })
})

describe.skipIf(!hasServer)('what a lost worker had in hand', () => {
  it('is written before what came later', async () => {
    const place = await freshPlace()
    const front = await openFront(place)
    const line = await openLog(place)
    const response = uuid('response', 1)
    const next = (number: number): ReturnType<typeof send> =>
      send(front, [answer(number, 9, { response, visitor: 'one', seq: number })])
    for (const number of [1, 2]) await next(number)
    await inHand(line)
    for (const number of [3, 4, 5]) await next(number)
    await openWorker(place)
    await untilEmpty(line)
    const events = await front.events(1, response)
    expect(events.map(({ event }) => event.seq)).toEqual([1, 2, 3, 4, 5])
  })
})

describe.skipIf(!hasServer)('a log that is opened anew', () => {
  it('has the lease and the room that it is given now', async () => {
    const place = await freshPlace()
    const config = async ({ manager, names }: LogLine): Promise<number[]> => {
      const [lease, events] = await Promise.all(
        [names.leases, names.stream(0)].map((each) => manager.streams.info(each)),
      )
      const { config: consumer } = await manager.consumers.info(names.stream(0), names.consumer)
      return [
        (lease?.config.max_age ?? 0) / 1e9,
        (consumer.ack_wait ?? 0) / 1e9,
        events?.config.max_bytes ?? 0,
      ]
    }
    const open = async (query: string): Promise<LogLine> => {
      const line = await openLine(readLogAddress(place.eventLog.replace('lease=1500', query)), quiet)
      onTestFinished(() => line.connection.close())
      return line
    }
    expect(await config(await open('lease=10000&bytes=2000000'))).toEqual([10, 6, 2_000_000])
    expect(await config(await open('lease=20000&bytes=3000000'))).toEqual([20, 12, 3_000_000])
  })
})

describe.skipIf(!hasServer)('a receipt', () => {
  it('without the database refuses what is wrong with an event, and takes what is wrong with none', async () => {
    const front = await openFront(await freshPlace())
    const receipt = await send(front, [answer(1, 99), answer(2, 9), answer(3, 9, { survey: 'other' })])
    expect(receipt.accepted).toEqual([uuid('event', 2)])
    expect(receipt.rejected.map(({ id, code }) => [id, code])).toEqual([
      [uuid('event', 1), 'score_out_of_range'],
      [uuid('event', 3), 'unknown_survey'],
    ])
  })

  it('goes by a survey that was put a moment ago by another collector', async () => {
    const place = await freshPlace()
    const [one, two] = [await openFront(place), await openFront(place)]
    await send(one, [answer(1)])
    const put = { ...npsSurvey, id: 'new' }
    await two.putSurvey(1, put, () => ({ kind: 'created', survey: put }), now)
    await vi.waitFor(async () =>
      expect((await send(one, [answer(2, 9, { survey: 'new' })])).accepted).toHaveLength(1),
    )
  })
})
