/** Carries out what the outbox policy says: store first, send in batches, delete what a receipt names. */
import type { FeedbackRequest } from '@earshot/contract'
import { clearLine, fit, judge, type Line, reach, surveysOf, waitOf } from '../core/outbox.ts'
import type { QueueRow } from '../core/queueRow.ts'
import { raw } from '../core/raw.ts'
import type { Lock, Outbox, OutboxListener, OutboxTools, Transport } from '../ports.ts'
import { settle } from './settle.ts'
import { sdkName } from './version.ts'

/** What the outbox works with. */
export interface OutboxParts extends OutboxTools {
  transport: Transport
  lock: Lock
}

/** Answers given within this span share a request. */
const gathering = 600
/** Two attempts are never closer than this. */
const closest = 1000
/** A browser that says it is offline is asked again after this span, should it forget to tell. */
const offlineCheck = 60_000

export function createOutbox(key: string, parts: OutboxParts, listener: OutboxListener): Outbox {
  const { store, transport, clock, random, page } = parts
  /** Rows of this page that nobody has tried to send: readable at once when the page goes away. */
  const own = new Map<string, QueueRow>()
  let line: Line = clearLine
  let lastTry = 0
  let cancel: (() => void) | undefined
  let running: Promise<void> | null = null
  let again = false
  let closed = false

  /** Plans the next pass, if none is planned. */
  const schedule = (milliseconds: number): void => {
    if (!closed) cancel ??= clock.wait(milliseconds, () => void drain(false))
  }

  const sendOnce = async (rows: readonly QueueRow[], leaving: boolean): Promise<boolean> => {
    const ids = rows.map((row) => row.event.id)
    lastTry = clock.now()
    for (const id of ids) own.delete(id)
    const body: FeedbackRequest = {
      key,
      sentAt: new Date(clock.now()).toISOString(),
      sdk: sdkName,
      surveys: surveysOf(rows),
      events: rows.map((row) => row.event),
    }
    const answer = await transport.send(JSON.stringify(body, raw), leaving)
    const verdict = judge(answer, ids, line, clock.now(), random.chance())
    line = verdict.line
    const { confirmed, refused, fault } = verdict
    await store.change((stored, at) => settle(stored, at, verdict))
    if (closed) return false
    listener.line(verdict.up)
    if (confirmed.length) listener.emit({ name: 'delivered', detail: { ids: confirmed } })
    if (refused.length) listener.emit({ name: 'rejected', detail: { rejections: refused } })
    if (fault) listener.emit({ name: 'error', detail: fault })
    return verdict.up
  }

  const pass = async (urgent: boolean): Promise<void> => {
    await parts.listen()
    const before = line
    const stored = await store.readLine()
    // What the leaving page heard while it read is newer than what it read.
    if (line === before) line = { ...clearLine, ...stored }
    let wait = urgent && !line.held ? 0 : waitOf(line, clock.now())
    while (!wait && !closed) {
      const rows = fit(await store.peek(reach(line)), line)
      if (!rows.length || !parts.isOpen()) return
      // While it read, the leaving page may have asked, and heard that it must wait.
      wait = line.held ? waitOf(line, clock.now()) : 0
      if (wait) break
      if (!page.online()) {
        listener.line(false)
        wait = offlineCheck
      } else if (!(await sendOnce(rows, false))) wait = waitOf(line, clock.now())
    }
    schedule(wait)
  }

  /** One drain at a time in this page, one page at a time by the lock. What was added meanwhile gets a pass of its own. */
  const drain = async (urgent: boolean): Promise<void> => {
    cancel?.()
    cancel = undefined
    if (!parts.isOpen()) return
    again = true
    running ??= (async () => {
      while (again && !closed) {
        again = false
        await parts.lock(`earshot:${key}`, () => pass(urgent))
      }
    })()
      .catch((error: unknown) =>
        listener.emit({ name: 'error', detail: { code: 'outbox', message: String(error) } }),
      )
      .finally(() => (running = null))
    await running
  }

  return {
    add: (row) => void own.set(row.event.id, row),
    flush: () => drain(true),
    nudge(now) {
      const wait = waitOf(line, clock.now())
      if (now && !wait) void drain(false)
      else schedule(wait || gathering)
    },
    leave() {
      const rows = fit([...own.values()], clearLine)
      if (closed || !rows.length || waitOf(line, clock.now()) || !page.online() || !parts.isOpen()) return
      void sendOnce(rows, true)
    },
    back() {
      if (Math.abs(clock.now() - lastTry) >= closest) void drain(true)
    },
    clear: () => own.clear(),
    close() {
      closed = true
      cancel?.()
    },
  }
}
