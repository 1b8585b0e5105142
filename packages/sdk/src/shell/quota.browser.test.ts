import { afterAll, expect, it, vi } from 'vitest'
import type { FeedbackEvent } from '@earshot/contract'
import { createKeeper } from '../keeper/main.ts'
import { createFakeClock, createFakePage } from '../testing.ts'
import { browser } from '../ui/browserStage.fixtures.ts'
import { createIdbDatabase } from './idbDatabase.ts'
import { createMemoryDatabase } from './memoryDatabase.ts'
import { createRandom } from './random.ts'
import { createStore } from './store.ts'

const quota = (quotaSize?: number) =>
  browser().send('Storage.overrideQuotaForOrigin', { origin: location.origin, quotaSize })
afterAll(() => quota())

const name = 'a database that is full takes nothing and says so; with room again it gets what was in memory'

it(name, { timeout: 90_000 }, async () => {
  const clock = createFakeClock()
  const random = createRandom(clock)
  const store = createStore('pk_full', createIdbDatabase(), createMemoryDatabase(), () => {})
  const post = () => Promise.reject(new Error('nothing is to be sent'))
  const parts = { store, clock, random, page: createFakePage(), locks: undefined, post, schedule: () => {} }
  const isOpen = () => true
  const keeper = createKeeper(
    'pk_full',
    { ...parts, isOpen, listen: async () => {} },
    { emit: () => {}, line: () => {} },
  )
  await quota(100_000)
  const small = { v: 1, event: { id: 'a', type: 'answer' } as FeedbackEvent } as const
  expect(await store.append(small)).toBe(true)
  // What compresses well takes no room.
  const large = Array.from({ length: 10 }, () => crypto.getRandomValues(new Uint8Array(50_000)).join())
  const event = { id: 'b', type: 'track', data: { large } } as unknown as FeedbackEvent
  // The browser remembers for half a minute how much room there was.
  const append = async () => expect(await store.append({ v: 1, event })).toBe(false)
  await vi.waitFor(append, { timeout: 60_000, interval: 1000 })
  expect(String(store.fault())).toMatch(/quota/i)
  await quota()
  await keeper.mend()
  expect(store.fault()).toBeUndefined()
  const database = createIdbDatabase()
  const rows = await database.transact((all) => all.list<typeof small>('pk_full:q:', 10))
  expect(rows.map((row) => row.event.id)).toEqual(['a', 'b'])
  database.close()
  await store.clear()
  store.close()
})
