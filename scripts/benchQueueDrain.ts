/** How a page gets rid of a long queue: requests, time, and what it costs the main thread; and the least that IndexedDB, `fetch` and the collector need for it. */
import type { BrowserContext, CDPSession } from 'playwright'
import type { RunningCollector } from '../apps/demo/e2e/collector.ts'
import { mostRows } from '../packages/sdk/src/keeper/hurry.ts'
import type { TraceEvent } from './benchEmbedTrace.ts'

export interface Drained {
  events: number
  requests: number
  /** From the first request until the page is told of the last delivery. */
  seconds: number
  /** Of that, the seconds in which a request was on its way. */
  waiting: number
  /** Main-thread milliseconds in that time, by the clock of the thread. */
  mainThread: number
  /** The longest task in that time, milliseconds. */
  longestTask: number
}

const survey = 'drained'

/** `ours` puts the script tag on the page; `bare` reads, posts and deletes with nothing in between. */
const ways = { ours: deliver, bare: deliverBare }

/** Fills the queue of a profile in which no page of that host is open, has it sent, and waits for the last delivery. */
export async function drain(
  way: keyof typeof ways,
  context: BrowserContext,
  host: string,
  collector: RunningCollector,
  key: string,
  events: number,
): Promise<Drained> {
  const page = await context.newPage()
  try {
    await page.goto(host)
    await page.evaluate(fill, [key, survey, events] as const)
    const session = await context.newCDPSession(page)
    const stop = await record(session)
    const found = await page.evaluate(ways[way], [collector.url, key, events, mostRows] as const)
    const trace = await stop()
    await session.detach()
    return { events, ...found, ...costOf(trace) }
  } finally {
    await page.close()
  }
}

/** Rows as the SDK has them, 50 events to a response. */
async function fill([key, id, events]: readonly [string, string, number]): Promise<void> {
  const settle = <Value>(request: IDBRequest<Value> | IDBTransaction): Promise<void> =>
    new Promise((resolve, reject) => {
      const target = request as unknown as Record<string, unknown>
      target['oncomplete'] = target['onsuccess'] = resolve
      target['onerror'] = reject
    })
  const request = indexedDB.open('earshot')
  request.onupgradeneeded = () => request.result.createObjectStore('kv')
  await settle(request)
  const write = request.result.transaction('kv', 'readwrite')
  const run = crypto.randomUUID().slice(9)
  const uuid = (kind: string, number: number): string =>
    `${(0x1a20000 + number).toString(16).padStart(8, '0')}-${kind}${run.slice(2)}`
  const visitor = crypto.randomUUID()
  for (let row = 0; row < events; row++) {
    const event = {
      id: uuid('00', row).replace(/^(.{8})-(.{4})-.(.{3})-.(.{3})/, '$1-$2-7$3-8$4'),
      at: new Date(Date.now() - (events - row)).toISOString(),
      visitor,
      person: null,
      session: visitor,
      seq: row,
      context: { url: 'https://shop.example/checkout/thanks', locale: 'en', channel: 'web' },
      type: 'answer',
      survey: id,
      surveyVersion: 1,
      response: uuid('11', Math.floor(row / 50)).replace(/^(.{8})-(.{4})-.(.{3})-.(.{3})/, '$1-$2-7$3-8$4'),
      data: { question: 'score', value: row % 11, revision: row % 50 },
    }
    write.objectStore('kv').put({ v: 1, event }, `${key}:q:${event.id}`)
  }
  await settle(write)
  request.result.close()
}

interface Delivered {
  requests: number
  seconds: number
  waiting: number
}

async function deliver([collector, key, events]: readonly [
  string,
  string,
  number,
  number,
]): Promise<Delivered> {
  performance.setResourceTimingBufferSize(10_000)
  let delivered = 0
  const refused: unknown[] = []
  window.addEventListener('earshot:rejected', (event) => refused.push((event as CustomEvent).detail))
  const done = new Promise<void>((resolve) =>
    window.addEventListener('earshot:delivered', (event) => {
      delivered += (event as CustomEvent<{ ids: string[] }>).detail.ids.length
      if (delivered === events) resolve()
    }),
  )
  const script = document.createElement('script')
  script.src = `${collector}/earshot.js`
  script.dataset['key'] = key
  document.head.append(script)
  const patience = new Promise<never>((_resolve, reject) =>
    setTimeout(
      () => reject(new Error(`${delivered} of ${events} were delivered; ${JSON.stringify(refused)}`)),
      120_000,
    ),
  )
  await Promise.race([done, patience])
  performance.mark('drained')
  const end = performance.now()
  const sent = performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('/v1/feedback'))
  const first = sent[0]?.startTime ?? end
  performance.mark('draining', { startTime: first })
  const waiting = sent.reduce((sum, { duration }) => sum + duration, 0) / 1000
  return { requests: sent.length, seconds: (end - first) / 1000, waiting }
}

/** One range read, one request and one range deleted at a time, with no thought for faults, other tabs or a power cut. */
async function deliverBare([collector, key, events, batch]: readonly [
  string,
  string,
  number,
  number,
]): Promise<Delivered> {
  const settle = <Value>(request: IDBRequest<Value> | IDBTransaction): Promise<Value> =>
    new Promise((resolve, reject) => {
      const target = request as unknown as Record<string, unknown>
      target['oncomplete'] = target['onsuccess'] = () => resolve((request as IDBRequest<Value>).result)
      target['onerror'] = reject
    })
  const database = await settle(indexedDB.open('earshot'))
  const all = IDBKeyRange.bound(`${key}:q:`, `${key}:q:\uffff`)
  performance.mark('draining')
  const began = performance.now()
  let requests = 0
  let waiting = 0
  for (let left = events; left > 0;) {
    const read = database.transaction('kv').objectStore('kv').getAll(all, batch)
    const rows = (await settle(read)) as { event: { id: string } }[]
    const sent = performance.now()
    const answer = await fetch(`${collector}/v1/feedback`, {
      method: 'POST',
      body: JSON.stringify({
        key,
        sentAt: new Date().toISOString(),
        sdk: 'bare/1',
        events: rows.map(({ event }) => event),
      }),
    })
    const { accepted } = (await answer.json()) as { accepted: string[] }
    waiting += (performance.now() - sent) / 1000
    requests++
    if (accepted.length !== rows.length)
      throw new Error(`${accepted.length} of ${rows.length} were accepted.`)
    left -= rows.length
    const write = database.transaction('kv', 'readwrite', { durability: 'relaxed' })
    write
      .objectStore('kv')
      .delete(IDBKeyRange.bound(`${key}:q:${accepted[0]}`, `${key}:q:${accepted.at(-1)}`))
    await settle(write)
  }
  database.close()
  performance.mark('drained')
  return { requests, seconds: (performance.now() - began) / 1000, waiting }
}

async function record(session: CDPSession): Promise<() => Promise<TraceEvent[]>> {
  const events: TraceEvent[] = []
  session.on('Tracing.dataCollected', ({ value }) => void events.push(...(value as unknown as TraceEvent[])))
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: {
      includedCategories: ['disabled-by-default-devtools.timeline', 'devtools.timeline', 'blink.user_timing'],
    },
  })
  return async () => {
    const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve))
    await session.send('Tracing.end')
    await complete
    return events
  }
}

/** @throws when the trace has no marks */
export function costOf(trace: readonly TraceEvent[]): { mainThread: number; longestTask: number } {
  const mark = (name: string): TraceEvent => {
    const found = trace.find((event) => event.name === name && event.ph !== 'E')
    if (!found) throw new Error(`The trace has no mark "${name}".`)
    return found
  }
  const over = mark('drained')
  const began = Math.min(mark('draining').ts, over.ts)
  const tasks = trace.filter(
    ({ name, pid, tid, ts }) =>
      name === 'RunTask' && pid === over.pid && tid === over.tid && ts >= began && ts <= over.ts,
  )
  const times = tasks.map(({ tdur, dur }) => (tdur ?? dur ?? 0) / 1000)
  return { mainThread: times.reduce((sum, each) => sum + each, 0), longestTask: Math.max(0, ...times) }
}
