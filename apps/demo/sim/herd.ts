/** Ten thousand visitors who all have something to send, and when it arrives once they can: the real outbox, a clock, and a collector that counts. */
import type { FeedbackEvent } from '@earshot/contract'
import type { Instant } from '../../../packages/sdk/src/core/time.ts'
import type { DurableDatabase } from '../../../packages/sdk/src/ports/database.ts'
import type { Clock } from '../../../packages/sdk/src/ports/world.ts'
import { createMemoryDatabase } from '../../../packages/sdk/src/shell/memoryDatabase.ts'
import { createOutbox } from '../../../packages/sdk/src/shell/outbox.ts'
import { createStore } from '../../../packages/sdk/src/shell/store.ts'
import { acceptAll, freeLocks } from '../../../packages/sdk/src/testing.ts'
import { createChance } from './chance.ts'

export interface HerdSetting {
  clients: number
  /** Milliseconds until it is over. */
  outage: number
  /** `collector`: it answers nothing. `network`: no visitor is online, and then all are at the same moment. */
  cause: 'collector' | 'network'
  seed: number
}

export interface Herd {
  /** Requests per second, from the end of the outage on. */
  arrivals: number[]
  /** Requests during the outage. */
  before: number
  /** Events that arrived. */
  delivered: number
}

const second = 1000

/** Time in slices of ten milliseconds: what is due in one happens together. */
function createSlices(): { clock: Clock; run(until: number): Promise<void> } {
  const slices = new Map<number, Set<() => void>>()
  const slice = 10
  let now = 0
  const clock: Clock = {
    now: () => (1_800_000_000_000 + now) as Instant,
    wait(milliseconds, callback) {
      const due = Math.max(Math.ceil((now + milliseconds) / slice), now / slice + 1)
      const waiting = slices.get(due) ?? new Set()
      slices.set(due, waiting.add(callback))
      return () => waiting.delete(callback)
    },
  }
  return {
    clock,
    async run(until) {
      for (; now < until; now += slice) {
        const due = slices.get(now / slice)
        slices.delete(now / slice)
        if (!due) continue
        for (const callback of due) callback()
        await new Promise((settled) => setImmediate(settled))
      }
    },
  }
}

export async function herd({ clients, outage, cause, seed }: HerdSetting): Promise<Herd> {
  const chance = createChance(seed)
  const { clock, run } = createSlices()
  const began = clock.now()
  const arrivals: number[] = []
  let before = 0
  let delivered = 0
  let isOver = false
  const backs: (() => void)[] = []
  const online = (): boolean => isOver || cause === 'collector'
  const ids = new Set<string>()
  for (let client = 0; client < clients; client++) {
    const random = { id: () => String(chance.next()), chance: () => chance.next() }
    const first: DurableDatabase = { ...createMemoryDatabase(), durable: true, exists: async () => true }
    const store = createStore('pk', first, createMemoryDatabase(), () => {})
    const outbox = createOutbox(
      'pk',
      {
        store,
        clock,
        random,
        page: { online },
        locks: freeLocks,
        isOpen: () => true,
        listen: async () => {},
        loadKeeper: () => Promise.reject(new Error('not needed')),
        transport: {
          async send(body) {
            const at = Math.floor((clock.now() - began - outage) / second)
            if (!isOver) before++
            else arrivals[at] = (arrivals[at] ?? 0) + 1
            await new Promise<void>((answered) => clock.wait(50, answered))
            if (!isOver) return { status: 0, body: '', retryAfter: null }
            const sent = JSON.parse(body)
            for (const each of sent.events) ids.add(each.id)
            delivered = ids.size
            return acceptAll(sent)
          },
        },
      },
      { emit: () => {}, line: () => {} },
    )
    backs.push(outbox.back)
    await store.append({ v: 1, event: { id: `e${client}`, type: 'answer' } as FeedbackEvent })
    // The worst that can be: all of them begin at the same moment.
    outbox.nudge()
  }
  await run(outage)
  isOver = true
  if (cause === 'network') for (const back of backs) back()
  await run(outage + 600 * second)
  return { arrivals: Array.from(arrivals, (count) => count ?? 0), before, delivered }
}

/** The curve of arrivals, in lines of ten seconds. */
export function curve({ arrivals }: Herd): string {
  const lines: string[] = []
  for (let from = 0; from < arrivals.length; from += 10) {
    const count = arrivals.slice(from, from + 10).reduce((sum, each) => sum + each, 0)
    lines.push(
      `${String(from).padStart(4)} s ${String(count).padStart(6)} ${'▇'.repeat(Math.ceil(count / 60))}`,
    )
  }
  return lines.join('\n')
}
