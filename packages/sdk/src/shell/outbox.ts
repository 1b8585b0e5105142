/** Carries out what the outbox policy says: store first, send in batches, delete what a receipt names. */
import type { FeedbackRequest } from '@earshot/contract'
import { waitOf } from '../core/backOff.ts'
import { clearLine, fit, judge, type Line, lockName, longestStay, reach, surveysOf } from '../core/outbox.ts'
import { isRow, type QueueRow } from '../core/queueRow.ts'
import { raw } from '../core/raw.ts'
import type { Keeper, KeeperChunk, KeeperParts, Outbox, OutboxListener, Transport } from '../ports.ts'
import { once } from './once.ts'
import { settle } from './settle.ts'
import { sdkName } from './version.ts'

/** What the outbox works with. */
export interface OutboxParts extends KeeperParts {
  transport: Transport
  loadKeeper: () => Promise<KeeperChunk>
}

/** Answers given within this span share a request. */
const gathering = 600
/** Two attempts are never closer than this. */
const closest = 1000
/** Those who come back together, because their network does, send within this span. */
const rush = 30_000
/** So often is looked whether another tab has ended its turn. */
const turnCheck = 5000
/** So long nobody asks what it does. */
const longTurn = 30_000

export function createOutbox(key: string, parts: OutboxParts, listener: OutboxListener): Outbox {
  const { store, transport, clock, random, page, locks } = parts
  /** Rows of this page that nobody has tried to send: readable at once when the page goes away. */
  const own = new Map<string, QueueRow>()
  let line: Line = clearLine
  let lastTry = 0
  let cancel: (() => void) | undefined
  let running: Promise<void> | null = null
  let again = false
  let closed = false
  let offline = false
  /** Since when another tab has had the turn. */
  let since = 0
  let closeKeeper = (): void => {}

  const keeper = once(async () => {
    const made = (await parts.loadKeeper()).createKeeper(key, parts, listener)
    closeKeeper = made.close
    return made
  })
  /** Where its code cannot be had, the next pass tries again. */
  const help = (work: (keeper: Keeper) => Promise<void>): Promise<void> =>
    keeper()
      .then(work)
      .catch(() => {})

  const isOld = (row?: QueueRow): boolean => clock.now() - Date.parse(row?.event.at as string) > longestStay

  /** Plans the next pass, if none is planned. */
  const schedule = (milliseconds: number): void => {
    if (!closed) cancel ??= clock.wait(milliseconds, () => void drain(false))
  }

  const sendOnce = async (
    rows: readonly QueueRow[],
    leaving: boolean,
    isOurs = () => true,
  ): Promise<boolean> => {
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
    await store.change((stored, at) => settle(stored, at, verdict, isOurs()))
    if (closed) return false
    listener.line(verdict.up)
    if (confirmed.length) listener.emit({ name: 'delivered', detail: { ids: confirmed } })
    if (refused.length) {
      listener.emit({ name: 'rejected', detail: { rejections: refused } })
      await help((it) => it.trim())
    }
    if (fault) listener.emit({ name: 'error', detail: fault })
    return verdict.up
  }

  const pass = async (urgent: boolean, isOurs: () => boolean): Promise<void> => {
    since = 0
    if (store.fault()) await help((it) => it.mend())
    await parts.listen()
    const fault = store.fault()
    const before = line
    const stored = await store.read<Line>('l')
    // What the leaving page heard while it read is newer than what it read.
    if (line === before) line = { ...clearLine, ...stored }
    let wait = urgent && !line.held ? 0 : waitOf(line, clock.now())
    while (!wait && !closed && isOurs()) {
      const found = await store.peek(reach(line))
      const rows = fit(found.filter(isRow), line)
      if (!found.every(isRow)) {
        await help((it) => it.sweep())
        if (!rows.length) return
      }
      // What could be read no more may be mended, or is in memory now.
      again ||= store.fault() !== fault
      if (!rows.length || !parts.isOpen()) return
      // While it read, the leaving page may have asked, and heard that it must wait.
      wait = line.held ? waitOf(line, clock.now()) : 0
      if (wait || !isOurs()) break
      offline = !page.online()
      const isUp = !offline && (await sendOnce(rows, false, isOurs))
      // More than one request takes, or too old, and it cannot be sent: it may have to be less. Not asked for each time.
      if (!isUp && !(line.failures & 7) && (found.length >= reach(line) || isOld(rows[0])))
        await help((it) => it.trim())
      // No timer: the browser tells when it is back.
      if (offline) return listener.line(false)
      if (!isUp) wait = waitOf(line, clock.now())
    }
    schedule(wait)
  }

  /** One tab at a time. Without locks, and without the code that does without them, the collector takes each event once. */
  const turn = async (urgent: boolean): Promise<void> => {
    let isOurs = true
    let begun = false
    const work = (isStill: () => boolean): Promise<void> => {
      begun = true
      return pass(urgent, isStill).catch((error: unknown) =>
        listener.emit({ name: 'error', detail: { code: 'outbox', message: String(error) } }),
      )
    }
    if (since && clock.now() - since > longTurn) {
      since = 0
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
          since ||= clock.now()
          schedule(turnCheck)
        },
      )
    } catch {
      // Another tab may have taken it, because this one did nothing for long.
      isOurs = false
      if (!begun)
        await keeper().then(
          (it) => it.lease(work),
          () => work(() => true),
        )
    }
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
        await turn(urgent)
      }
    })().finally(() => (running = null))
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
      if (offline && page.online()) {
        offline = false
        schedule(random.chance() * rush)
      } else if (Math.abs(clock.now() - lastTry) >= closest) void drain(true)
    },
    clear: () => own.clear(),
    keeper,
    close() {
      closed = true
      cancel?.()
      closeKeeper()
    },
  }
}
