import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { FeedbackEvent } from '@earshot/contract'
import { eventSchema } from '@earshot/contract/schema'
import { resume } from '../core/memory.ts'
import type { Emission } from '../core/emission.ts'
import type { Instant } from '../core/time.ts'
import { createKeeper } from '../keeper/main.ts'
import { createFakeClock, createFakePage, createFakeTransport, freeLocks } from '../testing.ts'
import { browser } from '../ui/browserStage.fixtures.ts'
import { formats } from './formats.fixtures.ts'
import { createIdbDatabase } from './idbDatabase.ts'
import { createMemoryDatabase } from './memoryDatabase.ts'
import { createOutbox } from './outbox.ts'
import { createRandom } from './random.ts'
import { createStore, type Store } from './store.ts'

/** All connections that were opened. */
const connections: IDBDatabase[] = []
const { open: openReally } = IDBFactory.prototype

const answered = <Result>(request: IDBRequest<Result>): Promise<Result> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })

const stores: Store[] = []
beforeEach(async () => {
  IDBFactory.prototype.open = function (...input) {
    const request = openReally.apply(this, input)
    request.addEventListener('success', () => connections.push(request.result))
    return request
  }
  await answered(indexedDB.deleteDatabase('earshot'))
})
afterEach(async () => {
  IDBFactory.prototype.open = openReally
  for (const store of stores.splice(0)) store.close()
  for (const connection of connections.splice(0)) connection.close()
  await answered(indexedDB.deleteDatabase('earshot'))
})

/** A page with the real database. Its clock stands still until it is moved. */
function setup() {
  const clock = createFakeClock()
  const transport = createFakeTransport()
  const random = createRandom(clock)
  const page = createFakePage()
  const store = createStore('pk', createIdbDatabase(), createMemoryDatabase(), () => {})
  stores.push(store)
  const heard: Emission[] = []
  const parts = {
    store,
    clock,
    random,
    page,
    transport,
    locks: freeLocks,
    isOpen: () => true,
    listen: async () => {},
    loadKeeper: async () => ({ createKeeper }),
  }
  const outbox = createOutbox('pk', parts, { emit: (each) => void heard.push(each), line: () => {} })
  const add = (id: string) => store.append({ v: 1, event: { id, type: 'answer' } as FeedbackEvent })
  const mend = async () => (await outbox.keeper()).mend()
  const sent = () => transport.sent.flatMap(({ body }) => body.events.map((each) => each.id))
  const errors = () => heard.flatMap((each) => (each.name === 'error' ? [each.detail.code] : []))
  return { add, clock, errors, heard, mend, outbox, sent, store, transport }
}
/** What is on the disk, seen by somebody else. */
const onDisk = async (): Promise<unknown[]> => {
  const database = createIdbDatabase()
  const rows = await database.transact((all) => all.list<{ event: FeedbackEvent }>('pk:q:', 100))
  database.close()
  return rows.map(({ event }) => event.id)
}

describe('a connection', () => {
  it('that is dead without a word is opened again', async () => {
    const { add, store } = setup()
    await add('a')
    connections.at(-1)?.close()
    expect(await add('b')).toBe(true)
    expect(store.fault()).toBeUndefined()
    expect(await onDisk()).toEqual(['a', 'b'])
  })
  it('that the browser closed is opened again', async () => {
    const { add } = setup()
    await add('a')
    const last = connections.at(-1)
    last?.close()
    last?.dispatchEvent(new Event('close'))
    expect(await add('b')).toBe(true)
    expect(await onDisk()).toEqual(['a', 'b'])
  })
  it('is closed for whoever wants to delete the database, and a new one is made: what comes is stored', async () => {
    const { add, outbox, sent, errors } = setup()
    await add('a')
    await answered(indexedDB.deleteDatabase('earshot'))
    expect(await add('b')).toBe(true)
    expect(await onDisk()).toEqual(['b'])
    await outbox.flush()
    expect(sent()).toEqual(['b'])
    expect(errors()).toEqual([])
  })
  it('survives that the browser clears the data of the site', async () => {
    const { add, outbox, sent, errors } = setup()
    await add('a')
    await browser().send('Storage.clearDataForOrigin', { origin: location.origin, storageTypes: 'indexeddb' })
    expect(await add('b')).toBe(true)
    expect(await onDisk()).toEqual(['b'])
    await outbox.flush()
    expect(sent()).toEqual(['b'])
    expect(errors()).toEqual([])
  })
})

describe('a database', () => {
  it('that is never opened costs patience, not answers, and is used once it works', async () => {
    const { add, errors, heard, mend, store } = setup()
    const tracked = IDBFactory.prototype.open
    IDBFactory.prototype.open = () => ({}) as IDBOpenDBRequest
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const added = add('a')
    // One attempt, and one more.
    await vi.advanceTimersByTimeAsync(5000)
    await vi.advanceTimersByTimeAsync(5000)
    vi.useRealTimers()
    expect(await added).toBe(false)
    IDBFactory.prototype.open = tracked
    await mend()
    expect(errors()).toEqual(['storage'])
    expect(heard).toContainEqual({ name: 'queued', detail: { id: 'a', type: 'answer', durable: true } })
    expect(store.fault()).toBeUndefined()
    expect(await onDisk()).toEqual(['a'])
  })
  it('that cannot be opened for a while keeps rows in memory for as long, and throws nothing', async () => {
    const { add, clock, mend, store } = setup()
    const tracked = IDBFactory.prototype.open
    IDBFactory.prototype.open = () => {
      throw new DOMException('Internal error opening backing store', 'UnknownError')
    }
    expect(await add('a')).toBe(false)
    await expect(mend()).rejects.toThrow('backing store')
    expect(await add('b')).toBe(false)
    IDBFactory.prototype.open = tracked
    await clock.advance(60_000)
    await mend()
    expect(store.fault()).toBeUndefined()
    expect(await add('c')).toBe(true)
    expect(await onDisk()).toEqual(['a', 'b', 'c'])
  })
  it('of a later version is used as far as it is known', async () => {
    const request = indexedDB.open('earshot', 9)
    request.onupgradeneeded = () => {
      request.result.createObjectStore('kv')
      request.result.createObjectStore('more')
    }
    ;(await answered(request)).close()
    const { add } = setup()
    expect(await add('a')).toBe(true)
    expect(await onDisk()).toEqual(['a'])
  })
  it('of a later version without what is known leaves rows in memory, and is not changed', async () => {
    const request = indexedDB.open('earshot', 9)
    request.onupgradeneeded = () => request.result.createObjectStore('other')
    ;(await answered(request)).close()
    const { add, outbox, sent, errors } = setup()
    expect(await add('a')).toBe(false)
    await outbox.flush()
    expect(sent()).toEqual(['a'])
    expect(errors()).toEqual(['storage'])
    const later = await answered(indexedDB.open('earshot'))
    expect([later.version, [...later.objectStoreNames]]).toEqual([9, ['other']])
  })
  it('whose upgrade is blocked by an old tab is waited for, and then gone on without', async () => {
    const old = await answered(openReally.call(indexedDB, 'earshot', 1))
    const upgrade = openReally.call(indexedDB, 'earshot', 2)
    upgrade.onupgradeneeded = () => upgrade.result.createObjectStore('kv')
    await new Promise((blocked) => (upgrade.onblocked = blocked))
    const { add, mend } = setup()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const added = add('a')
    await vi.advanceTimersByTimeAsync(5000)
    await vi.advanceTimersByTimeAsync(5000)
    vi.useRealTimers()
    expect(await added).toBe(false)
    old.close()
    ;(await answered(upgrade)).close()
    await mend()
    expect(await onDisk()).toEqual(['a'])
    // What was opened too late stands in nobody's way.
    const deletion = openReally.call(indexedDB, 'earshot', 3)
    const blocked = new Promise((_done, fail) => (deletion.onblocked = () => fail(new Error('blocked'))))
    await Promise.race([answered(deletion).then((database) => database.close()), blocked])
  })
})

describe('a transaction', () => {
  it('that never ends costs patience, not answers, and what comes later is stored', async () => {
    const { add, heard, mend, store } = setup()
    expect(await add('a')).toBe(true)
    // Another connection does not let go: ours waits for its turn.
    const other = await answered(openReally.call(indexedDB, 'earshot'))
    let isHeld = true
    const hold = (): void => {
      const request = held.objectStore('kv').get('x')
      request.onsuccess = () => isHeld && hold()
    }
    const held = other.transaction('kv', 'readwrite')
    hold()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    let isKept: boolean | undefined
    const added = add('b').then((kept) => (isKept = kept))
    try {
      // One attempt, and one more.
      while (isKept === undefined) {
        await new Promise(requestAnimationFrame)
        await vi.advanceTimersByTimeAsync(1000)
      }
    } finally {
      vi.useRealTimers()
      isHeld = false
    }
    await added
    await new Promise((done) => (held.oncomplete = done))
    other.close()
    await mend()
    expect(heard).toContainEqual({ name: 'queued', detail: { id: 'b', type: 'answer', durable: true } })
    expect(store.fault()).toBeUndefined()
    expect(await onDisk()).toEqual(['a', 'b'])
  })
})

describe('a stored row', () => {
  it('that cannot be read any more is counted and taken out; all others stay', async () => {
    const { add, heard, outbox, sent, store } = setup()
    for (const id of ['a', 'b', 'c']) await add(id)
    // Chromium keeps large values in files of their own, and one may be gone.
    const { get, getAll } = IDBObjectStore.prototype
    let isLost = true
    const lost = (objectStore: IDBObjectStore): IDBRequest => {
      const request = get.call(objectStore, 'pk:q:b')
      queueMicrotask(() => {
        request.dispatchEvent(new Event('error'))
      })
      Object.defineProperty(request, 'error', { value: new DOMException('Data lost', 'NotReadableError') })
      return request
    }
    IDBObjectStore.prototype.getAll = function (...input) {
      const range = input[0] as IDBKeyRange | undefined
      return isLost && range?.includes?.('pk:q:b') ? lost(this) : getAll.apply(this, input)
    }
    IDBObjectStore.prototype.get = function (key) {
      return isLost && key === 'pk:q:b' ? lost(this) : get.call(this, key)
    }
    const { delete: remove } = IDBObjectStore.prototype
    IDBObjectStore.prototype.delete = function (key) {
      if (key === 'pk:q:b') isLost = false
      return remove.call(this, key)
    }
    try {
      await outbox.flush()
    } finally {
      Object.assign(IDBObjectStore.prototype, { get, getAll, delete: remove })
    }
    expect(store.fault()).toBeUndefined()
    expect(heard).toContainEqual({ name: 'evicted', detail: { reason: 'unreadable', ids: ['b'] } })
    expect(sent().filter((id) => /^[abc]$/.test(id))).toEqual(['a', 'c'])
    expect(sent()).toHaveLength(3)
  })
})

describe('what an earlier version left', () => {
  it.each(formats)('is read and delivered: $name', async ({ rows }) => {
    const request = indexedDB.open('earshot', 1)
    request.onupgradeneeded = () => request.result.createObjectStore('kv')
    const database = await answered(request)
    const transaction = database.transaction('kv', 'readwrite')
    for (const [key, value] of Object.entries(rows)) transaction.objectStore('kv').put(value, key)
    await new Promise((done) => (transaction.oncomplete = done))
    database.close()

    const { outbox, store, transport, errors } = setup()
    const next = await store.changeMemory((stored) =>
      resume(stored, 1_800_000_000_000 as Instant, () => 'new'),
    )
    expect(next).toMatchObject({ visitor: 'old-visitor', consent: 'granted', surveys: { nps: {} } })
    expect(next.surveys.nps?.answered).toBe(Date.parse('2026-11-21T10:00:00.000Z'))
    expect(Array.isArray(next.asks)).toBe(true)
    expect(await (await outbox.keeper()).inspect()).toMatchObject({
      queued: [{ type: 'display' }, { type: 'answer' }],
      rejected: [{ rejection: { code: 'unknown_survey' } }],
      failures: 2,
    })
    await outbox.flush()
    const events = transport.sent.flatMap(({ body }) => body.events)
    expect(events.map((each) => each.type)).toEqual(['display', 'answer'])
    for (const each of events) expect(eventSchema.parse(each)).toEqual(each)
    expect(await onDisk()).toEqual([])
    expect(errors()).toEqual([])
    // What was refused can be sent again by the present version.
    expect(await (await outbox.keeper()).retry()).toBe(1)
    await outbox.flush()
    expect(transport.sent).toHaveLength(2)
  })
})
