/** What can be done about storage that failed, and about rows that are damaged. */
import type { FeedbackEvent, Rejection } from '@earshot/contract'
import { pick, reach } from '../core/judge.ts'
import type { Memory } from '../core/remembered.ts'
import type { Line } from '../core/outbox.ts'
import { isRow, rowOf, type QueueRow } from '../core/queueRow.ts'
import type { Address, Rows, Work } from '../ports/database.ts'
import type { OutboxListener } from '../ports/delivery.ts'
import type { Keeper, KeeperParts } from '../ports/keeper.ts'
import { lossOf } from './evict.ts'

/** A disk that failed is tried this often. */
const often = 60_000
const all = 2 ** 31 - 1

type Place = (work: Work) => Promise<void>

export function createMend(parts: KeeperParts, listener: OutboxListener): Pick<Keeper, 'mend' | 'pick'> {
  const { store, clock, random } = parts
  let told: unknown
  let last = -Infinity

  /** Each in a transaction of its own: one that cannot be read spoils its transaction. */
  const sweep = async (place: Place): Promise<void> => {
    let keys: string[] = []
    await place(async (rows, at) => {
      keys = await rows.keys(at('q'))
    })
    for (const key of keys) {
      try {
        await place((rows, at) => putAside(rows, at, key))
      } catch (error) {
        // Any other fault is one of the disk, and says nothing of the row.
        if (!/^(NotReadable|Data|DataClone)Error$/.test((error as Error).name)) throw error
        await place((rows, at) => giveUp(rows, at, key))
      }
    }
  }
  const giveUp = async (rows: Rows, at: Address, key: string): Promise<void> => {
    if (!(await rows.keys(key)).length) return
    rows.delete(key)
    const memory = await rows.get<Memory>(at('m'))
    const now = new Date(clock.now()).toISOString()
    const event: FeedbackEvent = {
      id: key.slice(at('q').length),
      at: now,
      seq: 0,
      person: null,
      context: { channel: 'web' },
      visitor: memory?.visitor ?? 'unknown',
      session: memory?.session?.id ?? 'unknown',
      type: 'unknown' as 'optout',
      data: {},
    }
    const loss = lossOf({ reason: 'unreadable', rows: [{ v: 1, event }] }, random.id(), now)
    rows.put(at('q', loss.id), rowOf(loss))
    listener.emit({ name: 'evicted', detail: { reason: 'unreadable', ids: [event.id] } })
  }

  /** Brings what is in memory to the disk. */
  const move = async (from: Place, to: Place): Promise<QueueRow[]> => {
    let moved: QueueRow[] = []
    let aside: QueueRow[] = []
    let memory: Partial<Memory> | undefined
    let line: Line | undefined
    let known: QueueRow[] = []
    await from(async (rows, at) => {
      moved = await rows.list(at('q'), all)
      aside = await rows.list(at('d'), all)
      memory = await rows.get(at('m'))
      line = await rows.get(at('l'))
      known = moved
    })
    await to(async (rows, at) => {
      // A disk on which nothing can be deleted would have each event sent again and again.
      rows.put(at('p'), 1)
      rows.delete(at('p'))
      const kept = await rows.get<Partial<Memory>>(at('m'))
      const isDenied = [kept, memory].some((each) => each?.consent === 'denied')
      if (isDenied) {
        rows.clear(at('q'))
        rows.clear(at('d'))
        moved = []
        aside = []
      }
      const both = isDenied && kept?.consent !== 'denied' ? memory : merged(kept, memory)
      if (both) rows.put(at('m'), both)
      // The last word of the collector to this page.
      if (line && !isDenied) rows.put(at('l'), line)
      for (const row of moved) rows.put(at('q', row.event.id), row)
      for (const row of aside) rows.put(at('d', row.event.id), row)
    })
    // Only what was moved: more may have come meanwhile.
    await from(async (rows, at) => {
      for (const { event } of known) rows.delete(at('q', event.id))
      for (const kind of ['d', 'm', 'l', 't', 'o', 'c']) rows.clear(at(kind))
    })
    await to((rows, at) => rows.list(at('q'), all).then(() => {})).catch(() => sweep(to))
    return moved
  }

  return {
    async pick(line) {
      const read = (): Promise<QueueRow[]> => store.peek(reach(line))
      let found = await read()
      if (!found.every(isRow)) {
        await sweep(store.change)
        found = await read()
      }
      return pick(found.filter(isRow), line)
    },
    async mend() {
      const fault = store.fault()
      if (fault !== told) {
        told = fault
        listener.emit({ name: 'error', detail: { code: 'storage', message: String(fault) } })
      }
      if (Math.abs(clock.now() - last) < often) return
      last = clock.now()
      let moved: QueueRow[] = []
      await store.heal(async (second, first, address, use) => {
        const from: Place = (work) => second.transact((rows) => work(rows, address))
        const to: Place = (work) => first.transact((rows) => work(rows, address))
        const refusal = await agree(from, to)
        if (refusal) {
          // From here on it is heard as one that another tab has just heard.
          await from(async (rows, at) => rows.put(at('m'), refusal))
          await parts.listen()
          return
        }
        // What is written meanwhile finds the disk, or fails and goes to memory as before.
        use(first, undefined)
        try {
          moved = await move(from, to)
        } catch (error) {
          use(second, fault)
          throw error
        }
      })
      told = undefined
      for (const { event } of moved)
        listener.emit({ name: 'queued', detail: { id: event.id, type: event.type, durable: true } })
    },
  }
}

/** What cannot be an event is kept where it is in nobody's way. */
async function putAside(rows: Rows, at: Address, key: string): Promise<void> {
  const row = await rows.get<QueueRow>(key)
  // Another tab may have been faster.
  if (row === undefined || isRow(row)) return
  const id = key.slice(at('q').length)
  const rejection: Rejection = {
    id,
    code: 'invalid_event',
    message: 'the stored row is none that this version can read',
    path: '',
  }
  rows.put(at('d', id), { found: row, rejection })
  rows.delete(key)
}

/**
 * The memory goes to the disk before any row does. Or there is a refusal there, of which this page did not know: then it
 * is that which counts, and is given back.
 */
async function agree(from: Place, to: Place): Promise<Partial<Memory> | undefined> {
  let memory: Partial<Memory> | undefined
  let refusal: Partial<Memory> | undefined
  await from(async (rows, at) => {
    memory = await rows.get(at('m'))
  })
  await to(async (rows, at) => {
    const kept = await rows.get<Partial<Memory>>(at('m'))
    const known = memory?.erase ?? ''
    // Who consents after a refusal takes along whom that one was about: nobody has refused since.
    const isTakenBack =
      memory?.consent === 'granted' && (kept?.erase ?? '').split(' ').every((each) => known.includes(each))
    if (memory?.consent === 'denied') return
    if (kept?.consent === 'denied' && !isTakenBack) refusal = kept
    else if (memory)
      rows.put(at('m'), kept?.consent === 'denied' ? { ...memory, erase: kept.erase } : merged(kept, memory))
  })
  return refusal
}

/** What is on the disk stands; what this page learned while it could not be reached is added. */
function merged(
  kept: Partial<Memory> | undefined,
  memory: Partial<Memory> | undefined,
): Partial<Memory> | undefined {
  if (!kept || !memory) return kept ?? memory
  const { asks = [], surveys } = kept
  const known = new Set(asks.map(({ response }) => response))
  const added = (memory.asks ?? []).filter(({ response }) => !known.has(response))
  return {
    ...kept,
    asks: [...asks, ...added].slice(-50),
    surveys: { ...surveys, ...memory.surveys },
    optedOut: kept.optedOut || memory.optedOut || false,
  }
}
