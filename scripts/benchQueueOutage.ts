/** How many requests an origin sends while its collector is out of order for an hour: the real outbox and the real rows, under a clock that is moved by hand. */
import type { FeedbackEvent } from '../packages/contract/src/index.ts'
import type { Answer } from '../packages/sdk/src/core/outbox.ts'
import { rowOf } from '../packages/sdk/src/core/queueRow.ts'
import { createKeeper } from '../packages/sdk/src/keeper/main.ts'
import type { Locks } from '../packages/sdk/src/ports/delivery.ts'
import { createMemoryDatabase } from '../packages/sdk/src/shell/memoryDatabase.ts'
import { createOutbox } from '../packages/sdk/src/shell/outbox.ts'
import { createRandom } from '../packages/sdk/src/shell/random.ts'
import { createStore } from '../packages/sdk/src/shell/store.ts'
import { createFakeClock, createFakePage, createFakeTransport } from '../packages/sdk/src/testing.ts'

export interface Outage {
  /** What the collector answers; 0 when it cannot be reached. */
  status: number
  tabs: number
  queued: number
}

const minute = 60_000

/** Counts the requests of an hour in which somebody goes on giving an answer a minute. @param chance 0…1, for jitter */
export async function outage({ status, tabs, queued }: Outage, chance: () => number): Promise<number> {
  const clock = createFakeClock()
  const random = { ...createRandom(clock), chance }
  const rows = createMemoryDatabase()
  const store = createStore('pk', { ...rows, durable: true, exists: async () => true }, rows, () => {})
  const failing: Answer = { status, body: '', retryAfter: null }
  const transport = createFakeTransport(() => failing)
  let isTaken = false
  const locks: Locks = {
    async request(_name, _options, work) {
      if (isTaken) return work(null)
      isTaken = true
      await work(true).finally(() => (isTaken = false))
    },
    query: async () => ({}),
  }
  const outboxes = Array.from({ length: tabs }, () =>
    createOutbox(
      'pk',
      {
        store,
        transport,
        clock,
        random,
        locks,
        loadKeeper: async () => ({ createKeeper }),
        page: createFakePage(),
        isOpen: () => true,
        listen: async () => {},
      },
      { emit: () => {}, line: () => {} },
    ),
  )
  const answer = async (tab: number): Promise<void> => {
    const row = rowOf({ id: random.id(), type: 'answer' } as FeedbackEvent)
    outboxes[tab]?.add(row)
    await store.append(row)
    outboxes[tab]?.nudge(true)
  }
  for (let row = 0; row < queued; row++)
    await store.append(rowOf({ id: random.id(), type: 'answer' } as FeedbackEvent))
  for (const each of outboxes) each.nudge()
  for (let passed = 0; passed < 60; passed++) {
    await answer(passed % tabs)
    await clock.advance(minute)
  }
  for (const each of outboxes) each.close()
  return transport.sent.length
}
