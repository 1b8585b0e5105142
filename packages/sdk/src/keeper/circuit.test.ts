import { describe, expect, it } from 'vitest'
import { clearLine } from '../core/outbox.ts'
import type { DurableDatabase } from '../ports/database.ts'
import { createMemoryDatabase } from '../shell/memoryDatabase.ts'
import { createRandom } from '../shell/random.ts'
import { createStore } from '../shell/store.ts'
import { createFakeClock, createFakePage, settled } from '../testing.ts'
import { createKeeper } from './main.ts'

/** Tabs over one database and one clock; each counts when it may ask. */
function setup(chance = 0.5) {
  const clock = createFakeClock()
  const first: DurableDatabase = { ...createMemoryDatabase(), durable: true, exists: async () => true }
  const random = { ...createRandom(clock), chance: () => chance }
  const store = createStore('pk', first, createMemoryDatabase(), () => {})
  const open = () => {
    const post = () => Promise.reject(new Error('nothing is to be sent'))
    const parts = {
      store,
      clock,
      random,
      page: createFakePage(),
      locks: undefined,
      isOpen: () => true,
      post,
      schedule: () => {},
    }
    const keeper = createKeeper(
      'pk',
      { ...parts, listen: async () => {} },
      { emit: () => {}, line: () => {} },
    )
    const asked: number[] = []
    const begun = clock.now()
    const ask = () => void asked.push(clock.now() - begun)
    return { again: (error?: object) => keeper.again(ask, error), asked, close: keeper.close }
  }
  const putLine = (line: object) =>
    store.change(async (rows, at) => rows.put(at('l'), { ...clearLine, ...line }))
  return { clock, open, putLine }
}

describe('the wait for surveys', () => {
  it.each([
    ['in seconds', '120'],
    ['as a date', new Date(1_800_000_000_000 + 120_000).toUTCString()],
  ])('is as long as the collector asks, %s, and all tabs and pages keep to it', async (_name, retryAfter) => {
    const { clock, open } = setup()
    const [one, two] = [open(), open()]
    one.again({ retryAfter })
    await settled()
    // Another tab, or the next page, which has asked for nothing yet.
    two.again()
    await clock.advance(120_000)
    expect([...one.asked, ...two.asked]).toEqual([])
    await clock.advance(120_000)
    // The one that looks first asks; the other one waits for what it hears.
    expect(one.asked.length + two.asked.length).toBe(1)
  })
  it('grows with each failure, and is not longer than six and a half minutes', async () => {
    const { clock, open } = setup(0.99)
    const { again, asked } = open()
    again({})
    for (let times = 0; times < 20; times++) {
      await clock.advance(400_000)
      expect(asked).toHaveLength(times + 1)
      again({})
    }
  })
  it('is over when what is in the queue need not wait either, unless only a firewall keeps that', async () => {
    const { clock, open, putLine } = setup()
    await putLine({ failures: 3, notBefore: clock.now() + 300_000, at: clock.now() })
    const waiting = open()
    waiting.again()
    await clock.advance(300_000)
    expect(waiting.asked).toEqual([])
    await clock.advance(100_000)
    expect(waiting.asked).toHaveLength(1)
    await putLine({ failures: 3, notBefore: clock.now() + 300_000, at: clock.now(), last: ['a'] })
    const free = open()
    free.again()
    await settled()
    expect(free.asked).toHaveLength(1)
  })
  it('ends with the page', async () => {
    const { clock, open } = setup()
    const { again, asked, close } = open()
    again({})
    await settled()
    close()
    await clock.advance(3_600_000)
    expect(asked).toEqual([])
  })
})
