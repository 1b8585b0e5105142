import { describe, expect, it } from 'vitest'
import type { FeedbackEvent } from '@earshot/contract'
import { rowOf } from '../core/queueRow.ts'
import type { DurableDatabase, LoadOutbox } from '../ports.ts'
import { createFakeClock, createFakePage } from '../testing.ts'
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
  const store = createStore('pk', durable(), createMemoryDatabase(), () => {})
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
    isOpen: () => true,
    listen: async () => {},
  }
  const listener = { emit: () => {}, line: (up: boolean) => void lines.push(up) }
  const delivery = createDelivery({ key: 'pk', collector: 'https://c.example' }, parts, listener)
  await store.append(rowOf({ id: 'a', type: 'answer' } as FeedbackEvent, undefined))
  return { clock, page, loads, lines, delivery }
}

describe('code for delivery that cannot be fetched', () => {
  it('is asked for once a minute, however many events come', async () => {
    const { clock, delivery, loads, lines } = await setup()
    for (let event = 0; event < 600; event++) {
      void delivery.nudge(false)
      await clock.advance(1000)
    }
    expect(loads.length).toBeGreaterThanOrEqual(9)
    expect(loads.length).toBeLessThanOrEqual(11)
    expect(lines).toEqual(loads.map(() => false))
  })

  it('is asked for at once at the end of a showing and when somebody comes back, with one timer for all', async () => {
    const { clock, delivery, loads, page } = await setup()
    for (let showing = 0; showing < 5; showing++) await delivery.nudge(true)
    page.back()
    await clock.advance(59_000)
    expect(loads).toHaveLength(6)
    await clock.advance(2000)
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
