import { expect, it } from 'vitest'
import type { Memory } from '../core/remembered.ts'
import type { Database, Work } from '../ports/database.ts'
import type { RuntimeTools } from '../ports/rules.ts'
import { createFakeClock } from '../testing.ts'
import { forgotten } from './forgotten.ts'
import { createMemoryDatabase } from './memoryDatabase.ts'
import { createRandom } from './random.ts'
import { createStore } from './store.ts'

/** A page whose own memory says so, over a database that another tab has, too. */
function setup(consent: 'denied' | 'granted', first: Database = createMemoryDatabase()) {
  const clock = createFakeClock()
  const disk = { ...first, durable: true, exists: async () => true } as const
  const store = createStore('pk', disk, createMemoryDatabase(), () => {})
  const state = () => ({ memory: { consent } })
  const tools = { clock, random: createRandom(clock), store, state } as unknown as RuntimeTools
  const write = (memory: Partial<Memory>): Promise<void> =>
    store.change(async (rows, at) => rows.put(at('m'), memory))
  const read = (): Promise<Partial<Memory> | undefined> => store.readMemory()
  return { store, tools, write, read }
}

it('leaves the refusal, and whom the collector has yet to forget', async () => {
  const { tools, write, read } = setup('denied')
  await write({ consent: 'denied', erase: 'one two three' })
  await forgotten(tools, ['one', 'three'])
  expect(await read()).toEqual({ consent: 'denied', erase: 'two' })
  await forgotten(tools, ['two'])
  expect(await read()).toEqual({ consent: 'denied', erase: undefined })
})

it('leaves alone what another tab stored that heard of consent meanwhile', async () => {
  const { store, tools, write, read } = setup('denied')
  await write({ consent: 'denied', erase: 'one' })
  const { change } = store
  let isFirst = true
  store.change = async (work: Work) => {
    if (isFirst) {
      isFirst = false
      await change(async (rows, at) => {
        rows.put(at('m'), { consent: 'granted', visitor: 'new', erase: 'one' })
        rows.put(at('q', 'row'), { v: 1, event: { id: 'row' } })
      })
    }
    return change(work)
  }
  await forgotten(tools, ['one'])
  expect(await read()).toMatchObject({ consent: 'granted', visitor: 'new', erase: undefined })
  expect(await store.peek(10)).toHaveLength(1)
})

it('writes nothing where the visitor has cleared the device', async () => {
  const { tools, read } = setup('denied')
  await forgotten(tools, ['one'])
  expect(await read()).toBeUndefined()
})

it('takes the wish out of the memory of whoever consents again', async () => {
  const { tools, write, read } = setup('granted')
  await write({ consent: 'granted', visitor: 'new', erase: 'one two' })
  await forgotten(tools, ['one'])
  expect(await read()).toMatchObject({ consent: 'granted', visitor: 'new', erase: 'two' })
})
