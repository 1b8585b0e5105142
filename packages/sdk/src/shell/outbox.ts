/** Sends what is stored: in batches, one tab at a time, and deletes what a receipt names. What is odd or long it leaves to the keeper. */
import type { FeedbackRequest } from '@earshot/contract'
import { waitOf } from '../core/backOff.ts'
import { clearLine, fit, glance, type Line, lockName, maxRows, surveysOf } from '../core/outbox.ts'
import { isRow, type QueueRow } from '../core/queueRow.ts'
import { raw } from '../core/raw.ts'
import type { Transport } from '../ports/collector.ts'
import type { OutboxListener } from '../ports/delivery.ts'
import type { Keeper, KeeperChunk, KeeperParts } from '../ports/keeper.ts'
import type { Outbox } from '../ports/outbox.ts'
import { sdkName } from './version.ts'

/** What the outbox works with. */
export interface OutboxParts extends Omit<KeeperParts, 'post' | 'schedule'> {
  transport: Transport
  loadKeeper: () => Promise<KeeperChunk>
}

/** Answers given within this span share a request. */
const gathering = 600
/** Those who come back together, because their network does, send within this span. */
const rush = 30_000
/** Somebody who looks at the page again is no reason to try sooner than this after a failure. */
const seldom = 180_000
/** So often is looked whether another tab has ended its turn. */
const turnCheck = 5000
/** So many times nobody asks what it does. */
const manyChecks = 6

export function createOutbox(key: string, parts: OutboxParts, listener: OutboxListener): Outbox {
  const { store, transport, clock, random, page, locks } = parts
  /** Some rows of this page that nobody has tried to send: readable at once when the page goes away. */
  const own = new Map<string, QueueRow>()
  let line: Line = clearLine
  let cancel: (() => void) | undefined
  let running: Promise<void> | null = null
  let again = false
  let closed = false
  let offline = false
  /** How often in a row another tab had the turn. */
  let missed = 0
  /** How old a failure must be for the next turn to try before its time. */
  let age = Infinity
  let kept: Keeper | undefined

  const isOpen = (): boolean => !closed && parts.isOpen()
  /** How long nothing may be sent. */
  const left = (): number => waitOf(line, clock.now())

  const post: KeeperParts['post'] = (rows, leaving) => {
    for (const { event } of rows) own.delete(event.id)
    const body: FeedbackRequest = {
      key,
      sentAt: new Date(clock.now()).toISOString(),
      sdk: sdkName,
      surveys: surveysOf(rows),
      events: rows.map((row) => row.event),
    }
    return transport.send(JSON.stringify(body, raw), leaving)
  }

  const keeper = async (): Promise<Keeper> => {
    if (kept) return kept
    const { createKeeper } = await parts.loadKeeper()
    return (kept ??= createKeeper(key, { ...parts, post, schedule }, listener))
  }
  /** Where its code cannot be had, the next pass tries again. */
  const help = <Result>(work: (keeper: Keeper) => Promise<Result>): Promise<Result | void> =>
    keeper()
      .then(work)
      .catch(() => {})

  /** Plans the next pass, if none is planned. */
  const schedule = (milliseconds: number): void => {
    if (isOpen()) cancel ??= clock.wait(milliseconds, () => void drain())
  }

  const send = async (rows: readonly QueueRow[], leaving: boolean, isOurs = () => true): Promise<boolean> => {
    const ids = rows.map((row) => row.event.id)
    const answer = await post(rows, leaving)
    const before = line
    const seen = glance(answer, ids, before, clock.now(), random.chance())
    line = seen.line
    const settled = seen.isOdd && (await help((it) => it.settle(answer, ids, before, isOurs)))
    if (settled) {
      line = settled.line
      return settled.up
    }
    const { confirmed } = seen
    const isUp = confirmed.length > 0
    await store.change(async (stored, at) => {
      for (const id of confirmed) stored.delete(at('q', id))
      if (isOurs() && isOpen()) stored.put(at('l'), seen.line)
    })
    if (!isOpen()) return false
    listener.line(isUp)
    if (isUp) listener.emit({ name: 'delivered', detail: { ids: confirmed } })
    return isUp
  }

  const pass = async (least: number, isOurs: () => boolean): Promise<void> => {
    missed = 0
    if (store.fault()) await help((it) => it.mend())
    await parts.listen()
    const fault = store.fault()
    const before = line
    const stored = await store.read<Line>('l')
    // What the leaving page heard while it read is newer than what it read. A refusal leaves nothing to read: a wait holds all the same.
    if (line === before) line = { ...line, ...stored }
    let wait = !line.held && Math.abs(clock.now() - line.at) >= least ? 0 : left()
    const isStill = (): boolean => isOurs() && isOpen() && !left()
    while (!wait && isOpen() && isOurs()) {
      const found = await store.peek(maxRows)
      const sound = found.filter(isRow)
      const isOdd = sound.length < found.length || line.last.length > 0
      const rows = (isOdd && (await help((it) => it.pick(line)))) || fit(sound, line.limit)
      // What could be read no more may be mended, or is in memory now.
      again ||= store.fault() !== fault
      // What cannot be read waits for the code that takes it out.
      if (!rows.length || !isOpen()) return store.fault() && !kept ? schedule(seldom) : undefined
      // While it read, the leaving page may have asked, and heard that it must wait.
      wait = line.held ? left() : 0
      if (wait || !isOurs()) break
      const isLong = found.length >= maxRows
      offline = !page.online()
      let isUp = !offline && (await send(rows, false, isOurs))
      // What comes through so goes on faster.
      const ended = isUp && isLong && (await help((it) => it.hurry(line, isStill, isOurs)))
      if (ended) ({ line, up: isUp } = ended)
      // It may have to be less. Not asked for each time.
      if (!isUp && !(line.failures & 15) && (line.failures || isLong)) await help((it) => it.trim())
      // No timer: the browser tells when it is back.
      if (offline) return listener.line(false)
      if (!isUp) wait = left()
    }
    schedule(wait)
  }

  /** One tab at a time. Without locks, and without the code that does without them, the collector takes each event once. */
  const turn = async (least: number): Promise<void> => {
    let isOurs = true
    let begun = false
    const work = (isStill: () => boolean): Promise<void> => {
      begun = true
      return pass(least, isStill).catch((error: unknown) =>
        listener.emit({ name: 'error', detail: { code: 'outbox', message: String(error) } }),
      )
    }
    if (missed > manyChecks) {
      missed = 0
      await help((it) => it.seize(work))
      if (begun) return
    }
    try {
      // Without them this throws.
      await (locks as NonNullable<typeof locks>).request(
        lockName(key),
        { ifAvailable: true },
        async (lock) => {
          if (lock) return work(() => isOurs)
          missed++
          schedule(turnCheck)
        },
      )
    } catch {
      // Another tab may have taken it, because this one did nothing for long.
      isOurs = false
      if (!begun) await help((it) => it.lease(work))
      if (!begun) await work(() => true)
    }
  }

  /** One drain at a time in this page, one page at a time by the lock. What was added meanwhile gets a pass of its own. */
  const drain = async (least = Infinity): Promise<void> => {
    cancel?.()
    cancel = undefined
    if (!isOpen()) return
    again = true
    age = Math.min(age, least)
    running ??= (async () => {
      while (again && isOpen()) {
        const now = age
        again = false
        age = Infinity
        await turn(now)
      }
    })().finally(() => (running = null))
    await running
  }

  return {
    add: (row) => void (own.size < maxRows && own.set(row.event.id, row)),
    flush: () => drain(0),
    nudge(now) {
      const wait = left()
      if (now && !wait) void drain()
      else schedule(wait || gathering)
    },
    leave() {
      const rows = fit([...own.values()], maxRows)
      if (rows.length && !left() && page.online() && isOpen()) void send(rows, true)
    },
    back(event) {
      if (offline && page.online()) {
        offline = false
        schedule(random.chance() * rush)
      } else void drain(event?.type === 'online' ? 0 : seldom)
    },
    clear: () => own.clear(),
    keeper,
    close() {
      closed = true
      cancel?.()
      kept?.close()
    },
  }
}
