import { describe, expect, it, vi } from 'vitest'
import type { FeedbackEvent } from '@earshot/contract'
import { rowOf } from '../core/queueRow.ts'
import type { DurableDatabase } from '../ports/database.ts'
import type { LoadOutbox } from '../ports/outbox.ts'
import { createFakeClock, createFakePage, createFakeTransport, loadOutboxOver, settled } from '../testing.ts'
import { createDelivery } from './delivery.ts'
import { createMemoryDatabase } from './memoryDatabase.ts'
import { createRandom } from './random.ts'
import { createStore } from './store.ts'

const durable = (): DurableDatabase => ({
  ...createMemoryDatabase(),
  durable: true,
  exists: async () => true,
})

/** A page whose code for delivery cannot be fetched, and counts how often it was asked for. */
async function setup() {
  const clock = createFakeClock()
  const page = createFakePage()
  const first = durable()
  const store = createStore('pk', first, createMemoryDatabase(), () => {})
  const isLost = (): void => {
    first.transact = () => Promise.reject(new DOMException('Data lost', 'NotReadableError'))
  }
  const loads: number[] = []
  const lines: boolean[] = []
  const loadOutbox: LoadOutbox = () => {
    loads.push(clock.now())
    return Promise.reject(new Error('offline'))
  }
  const parts = {
    store,
    clock,
    page,
    loadOutbox,
    random: createRandom(clock),
    ask: () => Promise.reject(new Error('not here')),
    loadKeeper: () => Promise.reject(new Error('not here')),
    isOpen: () => true,
    listen: async () => {},
  }
  const listener = { emit: () => {}, line: (up: boolean) => void lines.push(up) }
  const delivery = createDelivery('pk', parts, listener)
  await store.append(rowOf({ id: 'a', type: 'answer' } as FeedbackEvent, undefined))
  return { clock, page, loads, lines, delivery, isLost }
}

describe('code for delivery that cannot be fetched', () => {
  it('is asked for less and less often, however many events come', async () => {
    const { clock, delivery, loads, lines } = await setup()
    for (let event = 0; event < 600; event++) {
      void delivery.nudge(false)
      await clock.advance(1000)
    }
    const spans = loads.slice(1).map((at, index) => at - (loads[index] as number))
    expect(spans.length).toBeGreaterThanOrEqual(1)
    for (const [index, span] of spans.entries()) {
      expect(span).toBeGreaterThanOrEqual(120_000 * 2 ** index)
      expect(span).toBeLessThanOrEqual(241_000 * 2 ** index)
    }
    expect(lines).toEqual(loads.map(() => false))
    await clock.advance(86_400_000)
    // Half an hour at most: whoever leaves the page open is not forgotten.
    expect(loads.length).toBeGreaterThan(45)
  })

  it('is asked for at once at the end of a showing and when somebody comes back, with one timer for all', async () => {
    const { clock, delivery, loads, page } = await setup()
    for (let showing = 0; showing < 5; showing++) await delivery.nudge(true)
    page.back()
    await clock.advance(119_000)
    expect(loads).toHaveLength(6)
    await clock.advance(122_000)
    expect(loads).toHaveLength(7)
  })

  it('is asked for no more when the page is done with', async () => {
    const { clock, delivery, loads, page } = await setup()
    await delivery.nudge(true)
    delivery.close()
    page.back()
    await clock.advance(600_000)
    expect(loads).toHaveLength(1)
  })
})

describe('a row that cannot be read', () => {
  it('brings the code that takes it out, though nothing can be seen of the queue', async () => {
    const { delivery, isLost, loads } = await setup()
    isLost()
    await delivery.nudge(true)
    expect(loads).toHaveLength(1)
    // Where nothing was ever stored there is nothing to take out.
    await delivery.nudge(true)
    expect(loads).toHaveLength(1)
  })
})

describe('what is given on a card', () => {
  const row = (event: object) => rowOf(event as FeedbackEvent)
  async function begun() {
    const clock = createFakeClock()
    const page = createFakePage()
    const transport = createFakeTransport()
    const store = createStore('pk', durable(), createMemoryDatabase(), () => {})
    const loadOutbox = vi.fn(loadOutboxOver(transport))
    const parts = {
      store,
      clock,
      page,
      loadOutbox,
      random: createRandom(clock),
      ask: () => Promise.reject(new Error('not here')),
      loadKeeper: () => Promise.reject(new Error('not here')),
      isOpen: () => true,
      listen: async () => {},
    }
    const delivery = createDelivery('pk', parts, { emit: () => {}, line: () => {} })
    return { delivery, page, transport, loadOutbox, clock }
  }

  it('leaves with a page that goes away at once', async () => {
    const { delivery, page, transport } = await begun()
    delivery.add(row({ id: 'a', type: 'answer', response: 'r' }))
    await settled()
    page.leave()
    await settled()
    expect(transport.sent.map(({ body, leaving }) => [body.events.map(({ id }) => id), leaving])).toEqual([
      [['a'], true],
    ])
  })

  it('has the code brought, and what the site tells has not', async () => {
    const { delivery, loadOutbox } = await begun()
    delivery.add(row({ id: 'a', type: 'track' }))
    await settled()
    expect(loadOutbox).not.toHaveBeenCalled()
    delivery.add(row({ id: 'b', type: 'answer', response: 'r' }))
    delivery.add(row({ id: 'c', type: 'answer', response: 'r' }))
    await settled()
    expect(loadOutbox).toHaveBeenCalledOnce()
  })

  it('asks for it no more once it could not be brought: then it is tried with the rest, and less often', async () => {
    const { clock, delivery, loads } = await setup()
    await delivery.nudge(true)
    for (let event = 0; event < 20; event++)
      delivery.add(row({ id: `e${event}`, type: 'answer', response: 'r' }))
    await clock.advance(1000)
    expect(loads).toHaveLength(1)
  })
})

describe('what was refused', () => {
  it('is sent when it is given another chance', async () => {
    const clock = createFakeClock()
    const store = createStore('pk', durable(), createMemoryDatabase(), () => {})
    const transport = createFakeTransport()
    const parts = {
      store,
      clock,
      page: createFakePage(),
      loadOutbox: loadOutboxOver(transport),
      random: createRandom(clock),
      ask: () => Promise.reject(new Error('not here')),
      loadKeeper: () => Promise.reject(new Error('not here')),
      isOpen: () => true,
      listen: async () => {},
    }
    const delivery = createDelivery('pk', parts, {
      emit: () => {},
      line: () => {},
    })
    const rejection = { id: 'a', code: 'unknown_survey', message: 'no', path: '' }
    const row = rowOf({ id: 'a', type: 'answer' } as FeedbackEvent)
    await store.change(async (rows, at) => rows.put(at('d', 'a'), { ...row, rejection }))
    expect(await delivery.retry()).toBe(1)
    await clock.advance(1000)
    expect(transport.sent.map(({ body }) => body.events.map(({ id }) => id))).toEqual([['a']])
  })
})
