/** Fakes of the ports, for tests of the shell in Node: a clock that is moved by hand, a page, and a collector that answers as told. */
import type { Answer } from './core/outbox.ts'
import type { Instant } from './core/time.ts'
import { createKeeper } from './keeper/main.ts'
import type { Transport } from './ports/collector.ts'
import type { Locks } from './ports/delivery.ts'
import type { KeeperChunk } from './ports/keeper.ts'
import type { LoadOutbox } from './ports/outbox.ts'
import type { Clock, Happening, Page } from './ports/world.ts'
import { createOutbox } from './shell/outbox.ts'

export interface FakeClock extends Clock {
  /** Moves time, lets everything due happen in order, and waits for what follows from it. */
  advance(milliseconds: number): Promise<void>
  /** How many timers have called back so far. */
  wakings(): number
}

/** Lets all promises that need no timer settle. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 200; turn++) await Promise.resolve()
}

/** @param settle waits for what follows from a moment; give another where more than promises must settle */
export function createFakeClock(start = 1_800_000_000_000, settle: () => Promise<void> = settled): FakeClock {
  let now = start
  let wakings = 0
  const timers = new Set<{ due: number; callback: () => void }>()
  return {
    now: () => now as Instant,
    wait(milliseconds, callback) {
      const timer = { due: now + milliseconds, callback }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    wakings: () => wakings,
    async advance(milliseconds) {
      const end = now + milliseconds
      for (;;) {
        await settle()
        const next = [...timers].filter((each) => each.due <= end).sort((a, b) => a.due - b.due)[0]
        if (!next) break
        timers.delete(next)
        now = Math.max(now, next.due)
        wakings++
        next.callback()
      }
      now = end
      await settle()
    },
  }
}

/** A body that was sent, read back. */
export interface SentBody {
  key: string
  surveys?: { id: string }[]
  events: { id: string; type: string }[]
}

export interface FakeTransport extends Transport {
  sent: { body: SentBody; leaving: boolean }[]
}

/** Answers each request by `reply`; the default is a receipt that names every id. */
export function createFakeTransport(
  reply: (body: SentBody) => Answer | Promise<Answer> = acceptAll,
): FakeTransport {
  const sent: FakeTransport['sent'] = []
  return {
    sent,
    async send(text, leaving) {
      const body = JSON.parse(text) as SentBody
      sent.push({ body, leaving })
      return reply(body)
    },
  }
}

/** Locks that nobody else wants. */
export const freeLocks: Locks = {
  request: (_name, _options, work) => work(true),
  query: async () => ({}),
}

const loadKeeper = async (): Promise<KeeperChunk> => ({ createKeeper })

/** The outbox over such a transport, with no other tab to wait for. */
export function loadOutboxOver(transport: Transport): LoadOutbox {
  return async () => ({
    startOutbox: (key, tools, listener) =>
      createOutbox(key, { ...tools, transport, locks: freeLocks, loadKeeper }, listener),
  })
}

/** A receipt for everything. */
export function acceptAll(body: SentBody): Answer {
  const accepted = body.events.map((each) => each.id)
  return { status: 200, body: JSON.stringify({ accepted, duplicates: [], rejected: [] }), retryAfter: null }
}

export interface FakePage extends Page {
  isOnline: boolean
  leave(): void
  /** The network is back, or what the event says. */
  back(event?: Happening): void
}

export function createFakePage(): FakePage {
  const leavers = new Set<() => void>()
  const returners = new Set<(event?: Happening) => void>()
  const page: FakePage = {
    isOnline: true,
    leave: () => leavers.forEach((each) => each()),
    back: (event = { type: 'online' }) => returners.forEach((each) => each(event)),
    url: () => 'https://shop.example/basket',
    locale: () => 'en',
    online: () => page.isOnline,
    privacyControl: () => false,
    entered: () => undefined,
    onNavigate: () => () => {},
    onVisit(leave, back) {
      leavers.add(leave)
      returners.add(back)
      return () => {
        leavers.delete(leave)
        returners.delete(back)
      }
    },
    announce: () => {},
  }
  return page
}
