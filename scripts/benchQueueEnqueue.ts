/** How long it takes until an event is durable, beside one bare put and commit in IndexedDB, by turns in one page. */
import type { Page } from 'playwright'

export interface Enqueued {
  queued: number
  /** Milliseconds, in the order in which they were measured; a pair is measured one right after the other. */
  ours: number[]
  raw: number[]
  /** Tasks of the main thread over 50 ms meanwhile. */
  longTasks: number[]
}

/** What runs on the page; it knows nothing of this file but its arguments. */
async function measure([url, queued, samples]: readonly [string, number, number]): Promise<Enqueued> {
  type Any = any // oxlint-disable-line typescript/no-explicit-any -- the bundle has no types here
  const { createIdbDatabase, createMemoryDatabase, createStore, rowOf }: Any = await import(url)
  const settle = (request: Any): Promise<Any> =>
    new Promise((resolve, reject) => {
      request.oncomplete = request.onsuccess = () => resolve(request.result)
      request.onerror = request.onabort = () => reject(request.error)
    })
  for (const name of ['earshot', 'raw']) await settle(indexedDB.deleteDatabase(name))
  const opened = async (name: string): Promise<IDBDatabase> => {
    const request = indexedDB.open(name)
    request.onupgradeneeded = () => request.result.createObjectStore('kv')
    return settle(request)
  }
  let count = 0
  const id = (): string => `01a20000-0000-7000-8000-${String(count++).padStart(12, '0')}`
  /** As the runtime makes it for a click on a score. */
  const event = (): object => ({
    id: id(),
    at: new Date().toISOString(),
    visitor: '01a20000-0000-7000-9000-000000000001',
    person: null,
    session: '01a20000-0000-7000-9000-000000000002',
    seq: count,
    context: {
      url: 'https://shop.example/checkout/thanks',
      locale: 'en',
      channel: 'web',
      touchpoint: 'checkout',
    },
    type: 'answer',
    survey: 'nps',
    surveyVersion: 1,
    response: '01a20000-0000-7000-9000-000000000003',
    data: { question: 'why-detractor', value: 'The parcel came late. '.repeat(25), revision: count },
  })
  const raw = await opened('raw')
  const filled = await opened('earshot')
  for (const database of [raw, filled]) {
    count = 0
    const fill = database.transaction('kv', 'readwrite')
    for (let row = 0; row < queued; row++) {
      const value = rowOf(event())
      fill.objectStore('kv').put(value, `pk_bench:q:${value.event.id}`)
    }
    await settle(fill)
  }
  filled.close()
  const store = createStore('pk_bench', createIdbDatabase(), createMemoryDatabase(), () => {})
  const longTasks: number[] = []
  const observer = new PerformanceObserver((list) =>
    longTasks.push(...list.getEntries().map(({ duration }) => duration)),
  )
  observer.observe({ entryTypes: ['longtask'] })

  const ways = {
    ours: async () => {
      const durable = await store.append(rowOf(event()))
      if (!durable) throw new Error('The queue has left IndexedDB.')
    },
    raw: async () => {
      const value = { v: 1, event: event() }
      const transaction = raw.transaction('kv', 'readwrite', { durability: 'strict' })
      transaction.objectStore('kv').put(value, `pk_bench:q:${(value.event as { id: string }).id}`)
      transaction.commit()
      await settle(transaction)
    },
  }
  const times = { ours: [] as number[], raw: [] as number[] }
  const warm = 30
  for (let sample = -warm; sample < samples; sample++) {
    const order = sample % 2 ? (['ours', 'raw'] as const) : (['raw', 'ours'] as const)
    for (const way of order) {
      const before = performance.now()
      await ways[way]()
      if (sample >= 0) times[way].push(performance.now() - before)
      // A turn of the event loop, as between two clicks.
      await new Promise((resolve) => setTimeout(resolve))
    }
  }
  observer.disconnect()
  store.close()
  raw.close()
  return { queued, ...times, longTasks }
}

export const enqueue = (page: Page, url: string, queued: number, samples: number): Promise<Enqueued> =>
  page.evaluate(measure, [url, queued, samples] as const)
