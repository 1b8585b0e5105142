import { describe, expect, it } from 'vitest'
import type { FeedbackEvent } from '@earshot/contract'
import { nps } from '../core/builders.ts'
import type { Emission } from '../core/emission.ts'
import type { Memory } from '../core/remembered.ts'
import { type Answer, maxRows } from '../core/outbox.ts'
import { rowOf } from '../core/queueRow.ts'
import { createKeeper } from '../keeper/main.ts'
import type { DurableDatabase } from '../ports/database.ts'
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
import { createMemoryDatabase } from './memoryDatabase.ts'
import { createOutbox } from './outbox.ts'
import { createRandom } from './random.ts'
import { createStore } from './store.ts'

const survey = nps({ id: 'nps', name: 'Acme' })

/** Rows in memory that call themselves durable. */
const durable = (): DurableDatabase => ({
  ...createMemoryDatabase(),
  durable: true,
  exists: async () => true,
})

function setup(transport: FakeTransport = createFakeTransport(), first: DurableDatabase = durable()) {
  const clock = createFakeClock()
  const random = { ...createRandom(clock), chance: () => 0.5 }
  const page = createFakePage()
  const store = createStore('pk', first, createMemoryDatabase(), () => {})
  const heard: Emission[] = []
  const lines: boolean[] = []
  const listener = {
    emit: (emission: Emission) => void heard.push(emission),
    line: (up: boolean) => void lines.push(up),
  }
  const consent = { given: true, elsewhere: true }
  const isOpen = () => consent.given
  const loadKeeper = async () => ({ createKeeper })
  /** As what is stored says, which another tab may have written. */
  const listen = async () => void (consent.given &&= consent.elsewhere)
  const open = () => {
    const opened = createOutbox(
      'pk',
      { store, transport, clock, random, page, isOpen, listen, locks: freeLocks, loadKeeper },
      listener,
    )
    page.onVisit(opened.leave, opened.back)
    return opened
  }
  const outbox = open()
  const add = (id: string, definition?: typeof survey) => {
    const row = rowOf({ id, type: 'answer' } as FeedbackEvent, definition)
    outbox.add(row)
    return store.append(row)
  }
  const left = async () => (await store.peek(10_000)).map((row) => row.event.id)
  return { disk: first, consent, clock, page, store, heard, lines, outbox, open, add, left, transport }
}
const fail =
  (status: number, retryAfter: number | null = null) =>
  (): Answer => ({ status, body: '', retryAfter })
const ids = (sent: FakeTransport['sent']) => sent.map(({ body }) => body.events.map((each) => each.id))

describe('sending', () => {
  it('stores first, gathers for a moment, sends once, and deletes what the receipt names', async () => {
    const { add, outbox, clock, transport, left, heard } = setup()
    for (const id of ['a', 'b']) {
      await add(id)
      outbox.nudge()
    }
    expect(transport.sent).toEqual([])
    expect(await left()).toEqual(['a', 'b'])
    await clock.advance(1000)
    expect(ids(transport.sent)).toEqual([['a', 'b']])
    expect(await left()).toEqual([])
    expect(heard).toEqual([{ name: 'delivered', detail: { ids: ['a', 'b'] } }])
    await clock.advance(86_400_000)
    expect(transport.sent).toHaveLength(1)
  })
  it('says what its clock shows as it sends, so that the collector can correct what the events say', async () => {
    const { add, clock, outbox, transport } = setup()
    await add('a')
    await clock.advance(7_200_000)
    await outbox.flush()
    expect((transport.sent[0]!.body as unknown as { sentAt: string }).sentAt).toBe(
      new Date(clock.now()).toISOString(),
    )
  })
  it('sends the definition of an inline survey once per request', async () => {
    const { add, outbox, transport } = setup()
    await add('a', survey)
    await add('b', survey)
    await outbox.flush()
    expect(transport.sent[0]?.body.surveys?.map((each) => each.id)).toEqual(['nps'])
  })
  it('finds what an earlier page left behind', async () => {
    const { add, outbox, open, transport } = setup()
    await add('a')
    outbox.close()
    await open().flush()
    expect(ids(transport.sent)).toEqual([['a']])
  })
  it('sends what was added while a request was under way', async () => {
    let release = (): void => {}
    const gate = new Promise<void>((resolve) => (release = resolve))
    const { add, outbox, transport, left } = setup(
      createFakeTransport(async (body) => gate.then(() => acceptAll(body))),
    )
    await add('a')
    const first = outbox.flush()
    await settled()
    await add('b')
    const second = outbox.flush()
    release()
    await Promise.all([first, second])
    expect(ids(transport.sent)).toEqual([['a'], ['b']])
    expect(await left()).toEqual([])
  })
  it('sends a long queue in batches', async () => {
    const { add, outbox, transport, left } = setup()
    for (let index = 0; index < 600; index++) await add(String(index).padStart(4, '0'))
    await outbox.flush()
    // One to see whether anything comes through, and then as many as go.
    expect(transport.sent.map(({ body }) => body.events.length)).toEqual([maxRows, 400, 100])
    expect(await left()).toEqual([])
  })
})

describe('a refusal in another tab', () => {
  it('is heard before anything is sent', async () => {
    const { add, clock, consent, outbox, transport, left } = setup()
    await add('a')
    consent.elsewhere = false
    outbox.nudge()
    await clock.advance(5000)
    await outbox.flush()
    expect(transport.sent).toEqual([])
    expect(await left()).toEqual(['a'])
  })
})

describe('a refusal while a request is under way', () => {
  it('leaves nothing behind', async () => {
    let answer = (_answer: Answer): void => {}
    const { add, consent, outbox, store } = setup(
      createFakeTransport(() => new Promise((resolve) => (answer = resolve))),
    )
    await add('a')
    void outbox.flush()
    await settled()
    consent.given = false
    await store.clear()
    answer(fail(503)())
    await settled()
    expect(await store.read('l')).toBeUndefined()
  })
})

describe('failure', () => {
  it('keeps everything, backs off, and delivers when the collector is back', async () => {
    let isUp = false
    const { add, outbox, clock, transport, left, lines } = setup(
      createFakeTransport((body) => (isUp ? acceptAll(body) : fail(500)())),
    )
    await add('a')
    outbox.nudge()
    await clock.advance(3_600_000)
    // Doubling to five minutes with half jitter: not one request per second for an hour.
    expect(transport.sent.length).toBeGreaterThan(5)
    expect(transport.sent.length).toBeLessThanOrEqual(30)
    expect(await left()).toEqual(['a'])
    expect(lines.at(-1)).toBe(false)
    isUp = true
    await clock.advance(300_000)
    expect(await left()).toEqual([])
    expect(lines.at(-1)).toBe(true)
  })
  it('asks nothing while the browser is sure to be offline, and sends when it is back', async () => {
    const { add, outbox, clock, page, transport, left, lines } = setup()
    page.isOnline = false
    await add('a')
    outbox.nudge()
    await clock.advance(3_600_000)
    expect(transport.sent).toEqual([])
    expect(lines).toContain(false)
    page.isOnline = true
    page.back()
    // Whoever lost the network with us is back too: within half a minute, not at once.
    await settled()
    expect(transport.sent).toEqual([])
    await clock.advance(30_000)
    expect(await left()).toEqual([])
  })
  it('is not asked more often because somebody looks at the page again and again', async () => {
    const { add, outbox, clock, page, transport } = setup(createFakeTransport(fail(0)))
    await add('a')
    outbox.nudge()
    for (let look = 0; look < 360; look++) {
      page.back({ type: 'pageshow' })
      await clock.advance(10_000)
    }
    expect(transport.sent.length).toBeLessThanOrEqual(30)
  })
  it('tries at once for whoever asks while an attempt is under way that fails', async () => {
    const answers: ((answer: Answer) => void)[] = []
    const { add, clock, outbox, transport } = setup(
      createFakeTransport(() => new Promise((resolve) => answers.push(resolve))),
    )
    await add('a')
    outbox.nudge(true)
    await settled()
    void outbox.flush()
    answers[0]?.(fail(0)())
    await settled()
    expect(transport.sent).toHaveLength(2)
    await clock.advance(0)
  })
  it('has no timer while the browser is offline', async () => {
    const { add, outbox, clock, page } = setup()
    page.isOnline = false
    await add('a')
    outbox.nudge()
    await clock.advance(1000)
    const wakings = clock.wakings()
    await clock.advance(86_400_000)
    expect(clock.wakings()).toBe(wakings)
  })
  it('obeys Retry-After, even when the browser comes back online', async () => {
    const { add, outbox, clock, page, transport } = setup(createFakeTransport(fail(429, 60_000)))
    await add('a')
    await outbox.flush()
    await clock.advance(5000)
    page.back()
    await clock.advance(50_000)
    expect(transport.sent).toHaveLength(1)
    await clock.advance(10_000)
    expect(transport.sent).toHaveLength(2)
  })
  it('obeys it also where a refusal that was taken back left nothing of it on the disk', async () => {
    const { add, outbox, clock, page, store, transport } = setup(createFakeTransport(fail(503, 60_000)))
    await add('a')
    await outbox.flush()
    outbox.clear()
    await store.clear()
    await add('b')
    page.back({ type: 'online' })
    await clock.advance(50_000)
    expect(transport.sent).toHaveLength(1)
    await clock.advance(20_000)
    expect(ids(transport.sent)).toEqual([['a'], ['b']])
  })
  it('does not wait when the network itself was the fault and is back', async () => {
    let isUp = false
    const { add, outbox, clock, page, left } = setup(
      createFakeTransport((body) => (isUp ? acceptAll(body) : fail(0)())),
    )
    await add('a')
    for (let tries = 0; tries < 10; tries++) await outbox.flush()
    isUp = true
    await clock.advance(1500)
    page.back()
    await settled()
    expect(await left()).toEqual([])
  })
  it('quarantines one poisoned event by halving, and delivers its ninety-nine neighbours', async () => {
    const poison = (body: SentBody): Answer =>
      body.events.some((each) => each.id === '0042')
        ? { status: 400, body: '{"type":"urn:earshot:problem:invalid_envelope"}', retryAfter: null }
        : acceptAll(body)
    const { add, outbox, clock, heard, left } = setup(createFakeTransport(poison))
    for (let index = 0; index < 100; index++) await add(String(index).padStart(4, '0'))
    await outbox.flush()
    await clock.advance(60_000)
    const delivered = heard.flatMap((each) => (each.name === 'delivered' ? each.detail.ids : []))
    const refused = heard.flatMap((each) => (each.name === 'rejected' ? each.detail.rejections : []))
    expect(new Set(delivered).size).toBe(99)
    expect(refused.map((each) => each.id)).toEqual(['0042'])
    expect(await left()).toEqual([])
  })
  it('delivers the neighbours of an event that a firewall never lets through', async () => {
    const firewall = (body: SentBody): Answer =>
      body.events.some((each) => each.id === '0042')
        ? { status: 400, body: '<h1>Blocked</h1>', retryAfter: null }
        : acceptAll(body)
    const { add, outbox, clock, left, transport } = setup(createFakeTransport(firewall))
    for (let index = 0; index < 100; index++) await add(String(index).padStart(4, '0'))
    await outbox.flush()
    await clock.advance(3_600_000)
    expect(await left()).toEqual(['0042'])
    expect(transport.sent.length).toBeLessThan(70)
  })
  it('tries again after a request that outlasted the timer behind it', async () => {
    let release = (): void => {}
    let slow = true
    const { add, outbox, clock, transport, left } = setup(
      createFakeTransport(async (body) => {
        if (!slow) return acceptAll(body)
        await new Promise<void>((resolve) => (release = resolve))
        return fail(500)()
      }),
    )
    await add('a')
    void outbox.flush()
    await settled()
    await add('b')
    outbox.nudge()
    // The timer of the nudge fires while the request is under way; the request fails afterwards.
    await clock.advance(5000)
    slow = false
    release()
    await clock.advance(60_000)
    expect(transport.sent.length).toBeGreaterThan(1)
    expect(await left()).toEqual([])
  })
  it('keeps the wait that the collector asked for over a new page', async () => {
    const { add, outbox, open, page, clock, transport } = setup(createFakeTransport(fail(429, 60_000)))
    await add('a')
    await outbox.flush()
    outbox.close()
    await clock.advance(5000)
    open()
    page.back()
    await settled()
    expect(transport.sent).toHaveLength(1)
  })
  it('reads a line row of an older shape', async () => {
    const { add, outbox, store, left } = setup()
    await store.change(async (rows, at) => rows.put(at('l'), { failures: 0, notBefore: 0 }))
    for (const id of ['a', 'b']) await add(id)
    await outbox.flush()
    expect(await left()).toEqual([])
  })
  it('tells the site once an attempt when the key is refused, and keeps the answers', async () => {
    const { add, outbox, clock, heard, left, transport } = setup(createFakeTransport(fail(401)))
    await add('a')
    await outbox.flush()
    await clock.advance(3_000_000)
    expect(transport.sent).toHaveLength(1)
    expect(heard).toMatchObject([{ name: 'error', detail: { code: 'collector_401' } }])
    expect(await left()).toEqual(['a'])
  })
})

describe('leaving the page', () => {
  it('sends what nobody has tried to send, in a request that outlives the page', async () => {
    const { add, page, transport, left } = setup()
    await add('a')
    page.leave()
    await settled()
    expect(transport.sent).toMatchObject([{ leaving: true }])
    expect(await left()).toEqual([])
    page.leave()
    await settled()
    expect(transport.sent).toHaveLength(1)
  })
  it('keeps what it sent, and the next visit has a receipt for it', async () => {
    const known = new Set<string>()
    const collector = (body: SentBody): Answer => {
      const sent = body.events.map((each) => each.id)
      const duplicates = sent.filter((id) => known.has(id))
      const accepted = sent.filter((id) => !known.has(id))
      for (const id of sent) known.add(id)
      return { status: 200, body: JSON.stringify({ accepted, duplicates, rejected: [] }), retryAfter: null }
    }
    // The page is gone before it hears anything.
    const deaf = createFakeTransport((body) => {
      collector(body)
      return new Promise(() => {})
    })
    const first = setup(deaf)
    await first.add('a')
    first.page.leave()
    await settled()
    expect(deaf.sent).toMatchObject([{ leaving: true }])
    expect(await first.left()).toEqual(['a'])
    const second = setup(createFakeTransport(collector), first.disk)
    await second.outbox.flush()
    expect(ids(second.transport.sent)).toEqual([['a']])
    expect(second.heard).toEqual([{ name: 'delivered', detail: { ids: ['a'] } }])
    expect(await second.left()).toEqual([])
  })
  it('binds a pass that had begun before, when the collector asks for patience', async () => {
    const { store, ...first } = setup(createFakeTransport(fail(503, 60_000)))
    let release = (): void => {}
    const slow = new Promise<void>((resolve) => (release = resolve))
    const peek = store.peek
    store.peek = (limit) => slow.then(() => peek(limit))
    await first.add('a')
    void first.outbox.flush()
    await settled()
    first.page.leave()
    await settled()
    release()
    await settled()
    expect(first.transport.sent).toHaveLength(1)
  })
  it('hears more than a pass that was reading the line meanwhile: the newer word stays', async () => {
    const { add, clock, outbox, page, store, left, transport } = setup(createFakeTransport(fail(503, 60_000)))
    let release = (): void => {}
    const slow = new Promise<void>((resolve) => (release = resolve))
    const readNow = store.read
    // Read before the collector asked for patience, and given afterwards.
    store.read = async (kind) => {
      const read = await readNow<never>(kind)
      await slow
      return read
    }
    await add('a')
    void outbox.flush()
    await settled()
    page.leave()
    await settled()
    expect(transport.sent).toMatchObject([{ leaving: true }])
    release()
    await settled()
    await add('b')
    outbox.nudge(true)
    await clock.advance(30_000)
    page.leave()
    await settled()
    expect(transport.sent).toHaveLength(1)
    expect(await left()).toEqual(['a', 'b'])
    await clock.advance(120_000)
    expect(transport.sent.length).toBeGreaterThan(1)
  })
  it('holds only so much for that, however long nothing can be sent', async () => {
    const { add, page, transport } = setup()
    page.isOnline = false
    for (let event = 0; event < 1000; event++) await add(String(event).padStart(4, '0'))
    page.isOnline = true
    for (let time = 0; time < 10; time++) {
      page.leave()
      await settled()
    }
    expect(transport.sent.length).toBeLessThanOrEqual(2)
  })
  it('does nothing after it was closed', async () => {
    const { add, page, outbox, clock, transport } = setup()
    await add('a')
    outbox.close()
    page.leave()
    page.back()
    outbox.nudge()
    await clock.advance(100_000)
    expect(transport.sent).toEqual([])
  })
})

describe('without consent', () => {
  it('nothing is sent, not on return, not on leaving, not by flush', async () => {
    const { add, outbox, consent, page, clock, transport } = setup()
    await add('a')
    consent.given = false
    page.back()
    page.leave()
    await outbox.flush()
    outbox.nudge()
    await clock.advance(600_000)
    expect(transport.sent).toEqual([])
  })
})

describe('an event that cannot be written as JSON', () => {
  it.each([
    ['a BigInt', 10n],
    [
      'a circle',
      (() => {
        const circle: Record<string, unknown> = {}
        circle.self = circle
        return circle
      })(),
    ],
  ])('is refused at the door and blocks nothing: %s', async (_name, value) => {
    const { add, outbox, left, transport } = setup()
    const bad = { id: 'x', type: 'track', data: { name: 'n', props: { value } } } as unknown as FeedbackEvent
    expect(() => rowOf(bad)).toThrow()
    await add('a')
    await outbox.flush()
    expect(ids(transport.sent)).toEqual([['a']])
    expect(await left()).toEqual([])
  })
})

describe('storage that fails', () => {
  it('goes on in memory, says so, and still delivers', async () => {
    const broken: DurableDatabase = {
      durable: true,
      put: () => Promise.reject(new Error('no IndexedDB here')),
      transact: () => Promise.reject(new Error('no IndexedDB here')),
      exists: () => Promise.reject(new Error('no IndexedDB here')),
      close: () => {},
    }
    const { add, outbox, transport, left } = setup(createFakeTransport(), broken)
    expect(await add('a')).toBe(false)
    expect(await left()).toEqual(['a'])
    await outbox.flush()
    expect(ids(transport.sent)).toEqual([['a']])
    expect(await left()).toEqual([])
  })
  it('in between loses nothing: what is in memory goes back to the disk', async () => {
    let works = true
    const memory = durable()
    const flaky: DurableDatabase = {
      ...memory,
      put: (key, value) => (works ? memory.put(key, value) : Promise.reject(new Error('quota'))),
      transact: (work) => (works ? memory.transact(work) : Promise.reject(new Error('quota'))),
    }
    const first = setup(createFakeTransport(), flaky)
    expect(await first.add('a')).toBe(true)
    works = false
    expect(await first.add('b')).toBe(false)
    works = true
    await first.outbox.flush()
    expect(ids(first.transport.sent)).toEqual([['a', 'b']])
    expect(first.store.fault()).toBeUndefined()
  })
  it('after the receipt makes no storm: the page goes on in memory, and the row waits for the next', async () => {
    const memory = durable()
    const stuck: DurableDatabase = {
      ...memory,
      // Reads work, rows can be written, and nothing can be deleted.
      transact: (work) =>
        memory.transact((rows) => {
          const refuse = (): never => {
            throw new Error('quota')
          }
          return work({ ...rows, delete: refuse })
        }),
    }
    const { add, outbox, clock, transport } = setup(createFakeTransport(), stuck)
    await add('a')
    await outbox.flush()
    outbox.nudge()
    await clock.advance(600_000)
    expect(ids(transport.sent)).toEqual([['a']])
  })
  it('a refusal of consent clears both places', async () => {
    let works = true
    const memory = durable()
    const flaky: DurableDatabase = {
      ...memory,
      put: (key, value) => (works ? memory.put(key, value) : Promise.reject(new Error('quota'))),
    }
    const { add, store } = setup(createFakeTransport(), flaky)
    await add('a')
    works = false
    await add('b')
    works = true
    await store.clear({ consent: 'denied' })
    expect(await memory.transact((rows) => rows.list('', 10))).toEqual([{ consent: 'denied' }])
    expect(await store.peek(10)).toEqual([])
  })
  it('a refusal clears what is in memory, also where nothing on the disk can be looked at', async () => {
    const broken: DurableDatabase = {
      ...durable(),
      put: () => Promise.reject(new Error('gone')),
      transact: () => Promise.reject(new Error('gone')),
      exists: () => Promise.reject(new Error('gone')),
    }
    const { add, store, left } = setup(createFakeTransport(), broken)
    await add('a')
    await store.clear()
    expect(await left()).toEqual([])
  })
  it('after a refusal that was taken back finds no trace of it in memory', async () => {
    let works = true
    const memory = durable()
    const flaky: DurableDatabase = {
      ...memory,
      transact: (work) => (works ? memory.transact(work) : Promise.reject(new Error('quota'))),
    }
    const { store } = setup(createFakeTransport(), flaky)
    await store.clear({ consent: 'denied' })
    await store.changeMemory((stored) => ({ ...(stored as Memory), consent: 'granted' }))
    works = false
    expect((await store.readMemory())?.consent).not.toBe('denied')
  })
  it('an answer that another tab wrote after a refusal does not stay', async () => {
    const { add, store, left } = setup()
    await store.clear({ consent: 'denied' })
    await add('a')
    await store.readMemory()
    expect(await left()).toEqual([])
  })
  it('an answer that a tab wrote after a refusal, and died, is deleted by the next page that begins', async () => {
    const { add, store, left } = setup()
    await store.clear({ consent: 'denied' })
    await add('a')
    await store.changeMemory((stored) => stored as Memory)
    expect(await left()).toEqual([])
  })
  it('keeps a refusal that only memory could take', async () => {
    const memory = durable()
    const full: DurableDatabase = { ...memory, transact: () => Promise.reject(new Error('quota')) }
    const { store } = setup(createFakeTransport(), full)
    await store.clear({ consent: 'denied' })
    expect((await store.readMemory())?.consent).toBe('denied')
  })
})
