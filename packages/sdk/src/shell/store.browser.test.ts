import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FeedbackEvent } from '@earshot/contract'
import { nps } from '../core/builders.ts'
import { changeMemory, resume } from '../core/memory.ts'
import type { Memory } from '../core/remembered.ts'
import { clearLine } from '../core/outbox.ts'
import { initialState } from '../core/step.ts'
import { mayShow } from '../core/throttle.ts'
import type { Instant } from '../core/time.ts'
import { createKeeper } from '../keeper/main.ts'
import type { KeeperParts } from '../ports/keeper.ts'
import { acceptAll, createFakeClock, createFakePage, freeLocks } from '../testing.ts'
import { createIdbDatabase } from './idbDatabase.ts'
import { createMemoryDatabase } from './memoryDatabase.ts'
import { createRandom } from './random.ts'
import { createStore, type Store } from './store.ts'

const opened: Store[] = []
const open = (key = 'pk'): Store => {
  const store = createStore(key, createIdbDatabase(), createMemoryDatabase(), (message, detail) => {
    throw new Error(message, { cause: detail })
  })
  opened.push(store)
  return store
}
const wipe = () =>
  new Promise<void>((resolve, reject) => {
    for (const store of opened.splice(0)) store.close()
    const request = indexedDB.deleteDatabase('earshot')
    request.onsuccess = () => resolve()
    request.onerror = request.onblocked = () => reject(new Error('the database is still open'))
  })
beforeEach(wipe)
afterEach(wipe)

const add = (store: Store, id: string) => store.append({ v: 1, event: { id } as FeedbackEvent })
const ids = async (store: Store) => (await store.peek(1000)).map((row) => row.event.id)
/** What looks after the queue where something is odd, with requests that are answered as told. */
const keeperOf = (
  store: Store,
  post: KeeperParts['post'] = () => Promise.reject(new Error('nothing is to be sent')),
) => {
  const clock = createFakeClock()
  const parts = {
    store,
    clock,
    random: createRandom(clock),
    page: createFakePage(),
    locks: freeLocks,
    post,
    schedule: () => {},
  }
  return createKeeper(
    'pk',
    { ...parts, isOpen: () => true, listen: async () => {} },
    { emit: () => {}, line: () => {} },
  )
}
const at = 1_800_000_000_000 as Instant
const fresh = () => 'v'

describe('the queue', () => {
  it('is durable: another connection finds it, in order', async () => {
    const store = open()
    for (const id of ['01', '02', '03']) expect(await add(store, id)).toBe(true)
    store.close()
    expect(await ids(open())).toEqual(['01', '02', '03'])
  })
  it('takes what two tabs write at once, and loses nothing', async () => {
    const [one, two] = [open(), open()]
    await Promise.all(Array.from({ length: 100 }, (_, index) => add(index % 2 ? one : two, `id-${index}`)))
    expect(new Set(await ids(open())).size).toBe(100)
  })
  it('deletes by id, moves what was refused to quarantine, and keeps the rest', async () => {
    const store = open()
    for (const id of ['a', 'b', 'c']) await add(store, id)
    const rejection = { id: 'b', code: 'invalid_event', message: 'no', path: '' } as const
    const body = JSON.stringify({ accepted: ['a', 'unknown'], duplicates: [], rejected: [rejection] })
    const answer = { status: 200, body, retryAfter: null }
    await keeperOf(store).settle(answer, ['a', 'b'], { ...clearLine, failures: 3 }, () => true)
    expect(await ids(store)).toEqual(['c'])
    expect(await store.read('l')).toEqual(clearLine)
    const kept = await createIdbDatabase().transact((rows) => rows.list('pk:d:', 10))
    expect(kept).toMatchObject([{ event: { id: 'b' }, rejection }])
  })
  it('deletes what was confirmed as one range, and row by row when another tab stored one in between', async () => {
    const [here, there] = [open(), open()]
    const { delete: remove } = IDBObjectStore.prototype
    let deletions = 0
    IDBObjectStore.prototype.delete = function (key) {
      deletions++
      return remove.call(this, key)
    }
    let meanwhile = async (): Promise<void> => {}
    const keeper = keeperOf(here, async (rows) => {
      await meanwhile()
      return acceptAll({ key: 'pk', events: rows.map(({ event: { id, type } }) => ({ id, type })) })
    })
    const hurry = () =>
      keeper.hurry(
        clearLine,
        () => true,
        () => true,
      )
    try {
      for (const id of ['b', 'a', 'c']) await add(here, id)
      expect(await hurry()).toBeUndefined()
      expect(await ids(there)).toEqual([])
      expect(deletions).toBe(1)
      for (const id of ['e', 'g']) await add(here, id)
      meanwhile = async () => {
        meanwhile = async () => {}
        expect(await add(there, 'f')).toBe(true)
      }
      await hurry()
      expect(await ids(there)).toEqual(['f'])
      expect(deletions).toBe(3)
      await hurry()
      expect(await ids(there)).toEqual([])
    } finally {
      IDBObjectStore.prototype.delete = remove
    }
  })
  it('of one site key never meets that of another', async () => {
    await add(open('pk'), 'a')
    await add(open('pk2'), 'b')
    await open('pk').clear()
    expect(await ids(open('pk'))).toEqual([])
    expect(await ids(open('pk2'))).toEqual(['b'])
  })
})

describe('durability', () => {
  /** What the transactions of real connections were asked for, in order. */
  const asked = async (work: () => Promise<unknown>): Promise<string[]> => {
    const { transaction } = IDBDatabase.prototype
    const seen: string[] = []
    IDBDatabase.prototype.transaction = function (...input) {
      const made = transaction.apply(this, input)
      seen.push(made.durability)
      return made
    }
    await work().finally(() => (IDBDatabase.prototype.transaction = transaction))
    return seen
  }
  it('is strict for what nobody could give once more: an answer, and what is remembered', async () => {
    const store = open()
    const next = () => resume({}, at, fresh)
    expect(await asked(() => add(store, 'a'))).toEqual(['strict'])
    expect(await asked(() => store.changeMemory(next))).toEqual(['strict'])
    expect(await asked(() => store.clear(next()))).toContain('strict')
    expect(await asked(() => store.clear(next()))).not.toContain('relaxed')
  })
  it('is relaxed for what is sent once more if a power cut undoes it', async () => {
    const store = open()
    await add(store, 'a')
    const drained = () =>
      store.peek(10).then(() => store.change(async (rows, key) => rows.delete(key('q', 'a'))))
    expect(await asked(drained)).toEqual(['relaxed', 'relaxed'])
    expect(await ids(store)).toEqual([])
  })
})

describe('a transaction', () => {
  it('that fails half way changes nothing', async () => {
    const database = createIdbDatabase()
    const work = database.transact(async (rows) => {
      rows.put('pk:q:x', 1)
      rows.put('pk:q:y', () => 'a function cannot be stored')
    })
    await expect(work).rejects.toThrow()
    expect(await database.transact((rows) => rows.list('pk:q:', 10))).toEqual([])
    database.close()
  })
  it('opens again when the connection was closed for another page’s upgrade', async () => {
    const store = open()
    await add(store, 'a')
    const upgraded = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open('earshot', 5)
      request.onsuccess = () => resolve(request.result)
      request.onerror = request.onblocked = () => reject(new Error('our connection was in the way'))
    })
    upgraded.close()
    await add(store, 'b')
    expect(await ids(store)).toEqual(['a', 'b'])
  })
})

describe('the memory', () => {
  it('lets only one of two tabs claim a survey', async () => {
    const survey = nps({ id: 'nps', name: 'A' })
    const state = { ...initialState(false, [survey]), plain: ['nps'] }
    const claim = async (store: Store): Promise<boolean> => {
      let won = false
      await store.changeMemory((stored) => {
        const known = resume(stored, at, fresh)
        won = mayShow(state, known, survey, at, { survey: 'nps', cause: 'show' }).show
        const ask = { survey: 'nps', response: 'r', at, session: 's' }
        return won ? changeMemory(known, { kind: 'ask', ask }) : known
      })
      return won
    }
    const won = await Promise.all(Array.from({ length: 20 }, () => claim(open())))
    expect(won.filter(Boolean)).toHaveLength(1)
  })
  it('is not asked for, and no database made, where nothing was ever stored', async () => {
    const store = open()
    expect(await store.readMemory()).toBeUndefined()
    await store.clear()
    expect((await indexedDB.databases()).map(({ name }) => name)).not.toContain('earshot')
  })
  it('after a withdrawal holds the refusal and nothing else', async () => {
    const store = open()
    await store.changeMemory((stored) => resume(stored, at, fresh))
    await add(store, 'a')
    await store.clear({ consent: 'denied' } satisfies Partial<Memory>)
    const all = await createIdbDatabase().transact((rows) => rows.list('', 100))
    expect(all).toEqual([{ consent: 'denied' }])
  })
})
