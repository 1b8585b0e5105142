import { describe, expect, it } from 'vitest'
import type { FeedbackEvent, LossEvent } from '@earshot/contract'
import type { Emission } from '../core/emission.ts'
import type { Answer } from '../core/outbox.ts'
import { type QueueRow, rowOf } from '../core/queueRow.ts'
import type { DurableDatabase } from '../ports/database.ts'
import type { Locks } from '../ports/delivery.ts'
import { createMemoryDatabase } from '../shell/memoryDatabase.ts'
import { createOutbox } from '../shell/outbox.ts'
import { createRandom } from '../shell/random.ts'
import { createStore } from '../shell/store.ts'
import {
  acceptAll,
  createFakeClock,
  createFakePage,
  createFakeTransport,
  freeLocks,
  type FakeTransport,
  type SentBody,
  settled,
} from '../testing.ts'
import { bounds as usual, type Bounds } from './evict.ts'
import { createKeeper } from './main.ts'

const durable = (): DurableDatabase => ({
  ...createMemoryDatabase(),
  durable: true,
  exists: async () => true,
})

/** Locks as a browser has them: who is first has it until it lets go, or until it is stolen. */
function createTestLocks(): Locks {
  let lose: ((error: Error) => void) | undefined
  return {
    request: (_name, { steal }, work) =>
      new Promise((resolve, reject) => {
        if (lose && !steal) return void work(null).then(resolve, reject)
        lose?.(new Error('AbortError'))
        const mine = (lose = reject)
        work(true)
          .then(resolve, reject)
          .finally(() => lose === mine && (lose = undefined))
      }),
    query: async () => ({ held: lose ? [{ name: 'earshot:pk', clientId: 'c' }] : [] }),
  }
}

interface Setting {
  transport?: FakeTransport
  first?: DurableDatabase
  bounds?: Partial<Bounds>
  locks?: Locks | undefined
  clock?: ReturnType<typeof createFakeClock>
  /** Whether its code cannot be had. */
  isCut?: boolean
}

/** A page. Pages over one database and one clock are tabs of one browser. */
function setup(setting: Setting = {}) {
  const { transport = createFakeTransport(), first = durable(), clock = createFakeClock() } = setting
  const random = { ...createRandom(clock), chance: () => 0.5 }
  const page = createFakePage()
  const store = createStore('pk', first, createMemoryDatabase(), () => {})
  const heard: Emission[] = []
  const listener = { emit: (each: Emission) => void heard.push(each), line: () => {} }
  const loads: number[] = []
  let isOpen = true
  /** As the runtime does with a refusal that was given in another tab. */
  const listen = async (): Promise<void> => {
    if (!isOpen || (await store.readMemory())?.consent !== 'denied') return
    isOpen = false
    await store.clear({ consent: 'denied' })
  }
  const outbox = createOutbox(
    'pk',
    {
      store,
      transport,
      clock,
      random,
      page,
      isOpen: () => isOpen,
      listen,
      locks: 'locks' in setting ? setting.locks : createTestLocks(),
      async loadKeeper() {
        loads.push(clock.now())
        if (setting.isCut) throw new Error('no line')
        return {
          createKeeper: (key, parts, told) => createKeeper(key, parts, told, { ...usual, ...setting.bounds }),
        }
      },
    },
    listener,
  )
  let made = 0
  const add = async (type: FeedbackEvent['type'] = 'track', at: number = clock.now()) => {
    const id = `0000-${String(made++).padStart(4, '0')}`
    const base = { id, type, at: new Date(at).toISOString(), visitor: 'v', person: null, session: 's' }
    await store.append(rowOf({ ...base, seq: made, context: { channel: 'web' }, data: {} } as never))
    return id
  }
  const rows = async () => store.peek(10_000)
  const types = async () => (await rows()).map(({ event }) => event.type)
  const errors = () => heard.flatMap((each) => (each.name === 'error' ? [each.detail.code] : []))
  return { add, clock, errors, first, heard, loads, outbox, page, rows, store, transport, types }
}
const refuse = (status: number) => (): Answer => ({ status, body: '', retryAfter: null })
const sentIds = (transport: FakeTransport) =>
  transport.sent.map(({ body }) => body.events.map(({ id }) => id))

describe('a page in good health', () => {
  it('never loads it, also when a whole request is to be sent', async () => {
    const { add, loads, outbox, types } = setup()
    for (let count = 0; count < 99; count++) await add()
    await outbox.flush()
    expect(await types()).toEqual([])
    expect(loads).toEqual([])
  })
})

describe('bounds', () => {
  it('are kept while nothing can be sent: answers stay, and what goes is counted in an event', async () => {
    const { add, clock, heard, outbox, types, rows } = setup({
      transport: createFakeTransport(refuse(503)),
      bounds: { rows: 200 },
    })
    const answer = await add('answer')
    for (let count = 0; count < 250; count++) await add()
    outbox.nudge()
    await clock.advance(7_200_000)
    const left = await types()
    expect(left.filter((type) => type === 'track')).toHaveLength(179)
    expect((await rows()).map(({ event }) => event.id)).toContain(answer)
    const [loss] = (await rows()).filter(({ event }) => event.type === 'loss')
    expect((loss!.event as LossEvent).data).toMatchObject({ reason: 'room', events: { track: 71 } })
    const evicted = heard.flatMap((each) => (each.name === 'evicted' ? [each.detail] : []))
    expect(evicted).toMatchObject([{ reason: 'room' }])
    expect(evicted[0]?.ids).toHaveLength(71)
  })
  it('tell the collector with the next batch, once', async () => {
    let isUp = false
    const taken = new Map<string, SentBody['events'][number]>()
    const transport = createFakeTransport((body) => {
      if (!isUp) return refuse(503)()
      for (const each of body.events) taken.set(each.id, each)
      // The first receipt is lost on its way.
      return taken.size && transport.sent.length % 2 ? refuse(0)() : acceptAll(body)
    })
    const { add, clock, outbox, types } = setup({ transport, bounds: { rows: 100 } })
    for (let count = 0; count < 150; count++) await add()
    outbox.nudge()
    await clock.advance(7_200_000)
    isUp = true
    await clock.advance(3_600_000)
    expect(await types()).toEqual([])
    const losses = [...taken.values()].filter(({ type }) => type === 'loss') as unknown as LossEvent[]
    expect(losses.map(({ data }) => data.events)).toEqual([{ track: 60 }])
    expect(taken.size).toBe(91)
  })
  it('of age are believed only after a day: a clock that was wrong for an hour costs nothing', async () => {
    const day = 86_400_000
    const { add, clock, outbox, types } = setup({ transport: createFakeTransport(refuse(503)) })
    await add('display', clock.now() - 40 * day)
    outbox.nudge()
    await clock.advance(20 * 3_600_000)
    expect(await types()).toEqual(['display'])
    await clock.advance(10 * 3_600_000)
    expect(await types()).toEqual(['loss'])
  })
})

describe('a turn', () => {
  /** Its first request is never answered, as in a tab that is frozen. */
  const frozen = (): { transport: FakeTransport; thaw: (answer: Answer) => void } => {
    let thaw = (_answer: Answer): void => {}
    const transport = createFakeTransport(() => new Promise((resolve) => (thaw = resolve)))
    return { transport, thaw: (answer) => thaw(answer) }
  }
  it.each([
    ['with locks', createTestLocks],
    ['without them', () => undefined],
  ])('is taken from a tab that does nothing with it, %s', async (_name, locks) => {
    const shared = { clock: createFakeClock(), first: durable(), locks: locks() }
    const stuck = frozen()
    const clock = { ...shared.clock, wait: () => () => {} }
    const one = setup({ ...shared, clock, transport: stuck.transport })
    const two = setup(shared)
    const id = await one.add()
    void one.outbox.flush()
    await settled()
    two.outbox.nudge()
    await shared.clock.advance(20_000)
    expect(two.transport.sent).toEqual([])
    await shared.clock.advance(120_000)
    expect(sentIds(two.transport)).toEqual([[id]])
    expect(await two.types()).toEqual([])
    // It thaws: what it hears is not to spoil what the other one learned, and it sends no more beside it.
    const before = await two.store.read('l')
    await two.add()
    stuck.thaw(refuse(503)())
    await settled()
    expect(await two.store.read('l')).toEqual(before)
    expect(one.errors()).toEqual([])
    expect(stuck.transport.sent).toHaveLength(1)
  })
  it.each([
    ['with locks', createTestLocks],
    ['without them', () => undefined],
  ])('is not taken from a tab that is busy, %s', async (_name, locks) => {
    const shared = { clock: createFakeClock(), first: durable(), locks: locks() }
    let most = 0
    let now = 0
    const slow = async (body: SentBody): Promise<Answer> => {
      most = Math.max(most, ++now)
      await new Promise<void>((go) => shared.clock.wait(15_000, go))
      now--
      return acceptAll(body)
    }
    const one = setup({ ...shared, transport: createFakeTransport(slow) })
    const two = setup({ ...shared, transport: createFakeTransport(slow) })
    for (let count = 0; count < 2000; count++) await one.add()
    void one.outbox.flush()
    await settled()
    two.outbox.nudge()
    await shared.clock.advance(600_000)
    expect(await two.types()).toEqual([])
    expect(most).toBe(1)
    expect(two.transport.sent).toEqual([])
  })
  it('is not taken from a tab that has only just begun it', async () => {
    const clock = createFakeClock()
    let holder = 0
    let stolen = 0
    // It is always held, by one tab after the other.
    const locks: Locks = {
      request: (_name, { steal }, work) => work(steal ? stolen++ >= 0 : null),
      query: async () => ({ held: [{ name: 'earshot:pk', clientId: String(holder) }] }),
    }
    const { add, outbox } = setup({ clock, locks })
    await add()
    outbox.nudge()
    for (let minute = 0; minute < 10; minute++) {
      for (let second = 0; second < 60; second += 20) {
        holder++
        await clock.advance(20_000)
      }
    }
    expect(stolen).toBe(0)
    await clock.advance(120_000)
    expect(stolen).toBe(1)
  })
  it('is not taken when it was with another tab in between', async () => {
    const clock = createFakeClock()
    let stolen = 0
    let holder = 'one'
    const locks: Locks = {
      request: (_name, { steal }, work) => work(steal ? stolen++ >= 0 : null),
      query: async () => ({ held: [{ name: 'earshot:pk', clientId: holder }] }),
    }
    const { add, outbox } = setup({ clock, locks })
    await add()
    outbox.nudge()
    // Of each ten seconds a few are the other one's, so that the same one has it whenever thirty are over.
    for (let round = 0; round < 60; round++) {
      holder = 'one'
      await clock.advance(4000)
      holder = 'two'
      await clock.advance(6000)
    }
    expect(stolen).toBe(0)
  })
  it('that ended while it was being prolonged is over', async () => {
    const shared = { clock: createFakeClock(), first: durable(), locks: undefined }
    const one = setup({
      ...shared,
      // Answers a moment after the turn began to be prolonged.
      transport: createFakeTransport(
        (body) => new Promise((resolve) => shared.clock.wait(9992, () => resolve(acceptAll(body)))),
      ),
    })
    const change = one.store.change
    one.store.change = async (work) => {
      await change(work)
      await new Promise<void>((go) => shared.clock.wait(10, go))
    }
    const two = setup(shared)
    await one.add()
    void one.outbox.flush()
    await shared.clock.advance(60_000)
    expect(await one.types()).toEqual([])
    expect(await one.store.read('t')).toBeUndefined()
    const id = await two.add()
    void two.outbox.flush()
    await shared.clock.advance(1000)
    expect(sentIds(two.transport)).toEqual([[id]])
  })
  it('is taken from a tab that does nothing with it, also after the clock was set back', async () => {
    const shared = { clock: createFakeClock(), first: durable(), locks: createTestLocks() }
    const stuck = frozen()
    const one = setup({
      ...shared,
      clock: { ...shared.clock, wait: () => () => {} },
      transport: stuck.transport,
    })
    let back = 0
    const now = () => (shared.clock.now() - back) as ReturnType<typeof shared.clock.now>
    const two = setup({ ...shared, clock: { ...shared.clock, now } })
    const id = await one.add()
    void one.outbox.flush()
    await settled()
    two.outbox.nudge()
    await shared.clock.advance(10_000)
    back = 86_400_000
    await shared.clock.advance(120_000)
    expect(sentIds(two.transport)).toEqual([[id]])
  })
  it('goes on without a lock where the code for it cannot be had either', async () => {
    const { add, outbox, transport, types } = setup({ locks: undefined, isCut: true })
    await add()
    await outbox.flush()
    expect(transport.sent).toHaveLength(1)
    expect(await types()).toEqual([])
  })
})

describe('a disk that cannot be read', () => {
  it('is looked at again where the code that heals it could not be had', async () => {
    const setting: Setting = { first: durable(), isCut: true }
    const disk = setting.first as DurableDatabase
    const { transact } = disk
    const one = setup(setting)
    const id = await one.add()
    // One read fails; afterwards nobody comes by and asks for anything.
    let isRead = false
    disk.transact = (work, durability) => {
      if (isRead) return transact(work, durability)
      isRead = true
      return Promise.reject(new DOMException('gone', 'NotReadableError'))
    }
    await one.outbox.flush()
    expect(one.transport.sent).toEqual([])
    setting.isCut = false
    await one.clock.advance(200_000)
    expect(sentIds(one.transport)).toEqual([[id]])
  })
})

describe('quarantine', () => {
  const poison = (body: SentBody): Answer => {
    const rejected = body.events.map(({ id }) => ({
      id,
      code: 'unknown_survey',
      message: 'no',
      path: 'survey',
    }))
    return { status: 200, body: JSON.stringify({ accepted: [], duplicates: [], rejected }), retryAfter: null }
  }
  it('keeps what was refused with its reason, shows it, and gives it another chance', async () => {
    let isWiser = false
    const transport = createFakeTransport((body) => (isWiser ? acceptAll(body) : poison(body)))
    const { add, outbox } = setup({ transport })
    const id = await add('answer')
    await outbox.flush()
    const keeper = await outbox.keeper()
    expect(await keeper.inspect()).toMatchObject({
      queued: [],
      rejected: [{ event: { id, type: 'answer' }, rejection: { code: 'unknown_survey', message: 'no' } }],
      durable: true,
    })
    isWiser = true
    expect(await keeper.retry(['other'])).toBe(0)
    expect(await keeper.retry([id])).toBe(1)
    expect((await keeper.inspect()).queued).toMatchObject([{ id, type: 'answer' }])
    await outbox.flush()
    expect(await keeper.inspect()).toMatchObject({ queued: [], rejected: [] })
  })
  it('has a bound: the newest stay', async () => {
    const { add, outbox } = setup({ transport: createFakeTransport(poison), bounds: { aside: 3 } })
    for (let count = 0; count < 5; count++) {
      await add()
      await outbox.flush()
    }
    await settled()
    const { rejected } = await (await outbox.keeper()).inspect()
    expect(rejected.map(({ rejection }) => rejection.id)).toEqual(['0000-0002', '0000-0003', '0000-0004'])
  })
})

describe('a damaged row', () => {
  it.each([
    ['nothing', null],
    ['a text', 'junk'],
    ['no event', { v: 1 }],
    ['an event without an id', { v: 1, event: { type: 'answer' } }],
    ['a shape of later', { v: 2, body: 'x' }],
  ])('is put aside, and the queue goes on: %s', async (_name, junk) => {
    const { add, outbox, store, transport, types, errors } = setup()
    await store.change(async (rows, at) => rows.put(at('q', '0000'), junk))
    const id = await add('answer')
    await outbox.flush()
    await outbox.flush()
    expect(sentIds(transport)).toEqual([[id]])
    expect(errors()).toEqual([])
    expect((await (await outbox.keeper()).inspect()).rejected).toMatchObject([
      { rejection: { id: '0000', code: 'invalid_event' } },
    ])
    expect(await types()).toEqual([])
  })
})

describe('a damaged row that two tabs find at once', () => {
  it('is put aside once, as it was found', async () => {
    const shared = { clock: createFakeClock(), first: durable(), locks: freeLocks }
    const tabs = [setup(shared), setup(shared)]
    await tabs[0]!.store.change(async (rows, at) => rows.put(at('q', '0000-0001'), 'junk'))
    await Promise.all(tabs.map(({ outbox }) => outbox.flush()))
    const aside = await shared.first.transact((rows) => rows.list('pk:d:', 9))
    expect(aside).toMatchObject([{ found: 'junk', rejection: { id: '0000-0001' } }])
  })
})

describe('many damaged rows', () => {
  it('do not keep back what comes after them', async () => {
    const { add, outbox, store, types } = setup()
    await store.change(async (rows, at) => {
      for (let count = 0; count < 250; count++) rows.put(at('q', `0000-${1000 + count}`), 'junk')
    })
    for (let count = 0; count < 3; count++) await add('answer')
    await store.change(async (rows, at) => {
      for (let count = 0; count < 250; count++) rows.put(at('q', `0000-0000-${1000 + count}`), 'junk')
    })
    await outbox.flush()
    expect(await types()).toEqual([])
  })
})

describe('storage that heals', () => {
  /** A disk that can be broken and mended. */
  const flaky = () => {
    const memory = durable()
    const state = { works: true }
    const guard =
      <Given extends unknown[], Result>(work: (...given: Given) => Promise<Result>) =>
      (...given: Given): Promise<Result> =>
        state.works ? work(...given) : Promise.reject(new Error('quota'))
    const database: DurableDatabase = {
      ...memory,
      put: guard(memory.put),
      transact: guard(memory.transact as never),
    }
    /** Happens behind each transaction, while the disk works, that does not go by `database` itself. */
    const meddling = { during: async (): Promise<void> => {} }
    const meddled: DurableDatabase = {
      ...database,
      async transact(work, durability) {
        const result = await database.transact(work, durability)
        if (state.works) await meddling.during()
        return result
      },
    }
    return { state, database, meddling, meddled }
  }
  it('gets back what was in memory, and the page hears both', async () => {
    const { state, database } = flaky()
    const { add, clock, errors, heard, outbox, store } = setup({
      first: database,
      transport: createFakeTransport(refuse(503)),
    })
    state.works = false
    const id = await add('answer')
    outbox.nudge()
    await clock.advance(1000)
    expect(errors()).toEqual(['storage'])
    expect(await (await outbox.keeper()).inspect()).toMatchObject({ durable: false, queued: [{ id }] })
    state.works = true
    await clock.advance(600_000)
    expect(errors()).toEqual(['storage'])
    expect(heard).toContainEqual({ name: 'queued', detail: { id, type: 'answer', durable: true } })
    expect(store.fault()).toBeUndefined()
    const onDisk = await database.transact((rows) => rows.list<QueueRow>('pk:q:', 10))
    expect(onDisk.map(({ event }) => event.id)).toEqual([id])
  })
  it('keeps what went to memory while it healed', async () => {
    const { state, database, meddling, meddled } = flaky()
    const { add, outbox, store } = setup({
      first: meddled,
      transport: createFakeTransport(refuse(503)),
    })
    state.works = false
    const ids = [await add('answer')]
    meddling.during = async () => {
      meddling.during = async () => {}
      state.works = false
      ids.push(await add('answer'))
      state.works = true
    }
    state.works = true
    await outbox.flush()
    const onDisk = await database.transact((rows) => rows.list<QueueRow>('pk:q:', 10))
    const inMemory = store.fault() ? await store.peek(10) : []
    expect([...onDisk, ...inMemory].map(({ event }) => event.id)).toEqual(ids)
  })
  it('keeps the wait that the collector asked for meanwhile', async () => {
    const { state, database } = flaky()
    const { add, clock, outbox, transport } = setup({
      first: database,
      transport: createFakeTransport(() => ({ status: 503, body: '', retryAfter: 3_600_000 })),
    })
    state.works = false
    await add('answer')
    await outbox.flush()
    expect(transport.sent).toHaveLength(1)
    state.works = true
    await clock.advance(120_000)
    await outbox.flush()
    await outbox.flush()
    expect(transport.sent).toHaveLength(1)
  })
  it('keeps the memory of the disk, and adds what the page learned meanwhile', async () => {
    const { state, database } = flaky()
    const { add, outbox, store } = setup({ first: database })
    const ask = (response: string) => ({ survey: 'nps', response, at: 1, session: 's' })
    await store.changeMemory(() => ({ visitor: 'disk', asks: [ask('a')], surveys: {} }) as never)
    state.works = false
    await store.changeMemory(
      () => ({ visitor: 'page', asks: [ask('b')], surveys: { nps: { answered: 1 } } }) as never,
    )
    state.works = true
    await add()
    await outbox.flush()
    expect(await store.readMemory()).toMatchObject({
      visitor: 'disk',
      asks: [ask('a'), ask('b')],
      surveys: { nps: { answered: 1 } },
    })
  })
  it('lets a refusal win, wherever it was given', async () => {
    const { state, database } = flaky()
    const { add, outbox, store, transport } = setup({ first: database })
    await add()
    state.works = false
    await add()
    await store.changeMemory(() => ({ consent: null, visitor: 'v', asks: [], surveys: {} }) as never)
    state.works = true
    await database.transact(async (rows) => rows.put('pk:m:', { consent: 'denied' }))
    await outbox.flush()
    expect(transport.sent).toEqual([])
    expect(await database.transact((rows) => rows.list('pk:q:', 10))).toEqual([])
  })
  it('hears of a refusal on the disk before a row goes there, so that none is said to be kept', async () => {
    const { state, database, meddling, meddled } = flaky()
    const { add, outbox, store } = setup({
      first: meddled,
    })
    state.works = false
    await add()
    await store.changeMemory(() => ({ consent: null, visitor: 'v', asks: [], surveys: {} }) as never)
    state.works = true
    await database.transact(async (rows) => rows.put('pk:m:', { consent: 'denied' }))
    let isDurable: boolean | undefined
    meddling.during = async () => {
      meddling.during = async () => {}
      isDurable = await store.append(rowOf({ id: '0000-9999', type: 'track' } as never))
    }
    await outbox.flush()
    expect(isDurable).toBe(false)
    expect(await database.transact((rows) => rows.list('pk:q:', 10))).toEqual([])
  })
  it.each([
    ['after a refusal it knew of', 'w', 1],
    ['and has not heard of a later refusal', 'w x', 0],
  ])('keeps what was given by who consented %s', async (_name, erase, sent) => {
    const { state, database } = flaky()
    const { add, outbox, store, transport } = setup({ first: database })
    await database.transact(async (rows) => rows.put('pk:m:', { consent: 'denied', erase }))
    state.works = false
    await store.changeMemory(
      () => ({ consent: 'granted', erase: 'w', visitor: 'v', asks: [], surveys: {} }) as never,
    )
    await add('answer')
    state.works = true
    await outbox.flush()
    expect(transport.sent).toHaveLength(sent)
    expect(await database.transact((rows) => rows.get('pk:m:'))).toMatchObject(
      sent ? { consent: 'granted', erase: 'w', visitor: 'v' } : { consent: 'denied' },
    )
  })
})
