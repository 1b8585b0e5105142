/** Keeps what was done on a hosted page until the collector has it, and hears from it how the response stands. */
import {
  type HostedAct,
  type HostedRow,
  type HostedState,
  emptyRow,
  withAct,
  withPassed,
  withState,
} from '../core/hosted.ts'
import type { Database } from '../ports/database.ts'
import type { Clock } from '../ports/world.ts'
import { createIdbDatabase } from '../shell/idbDatabase.ts'
import { createMemoryDatabase } from '../shell/memoryDatabase.ts'

/** Where the rows are; the SDK has others beside them. */
const prefix = 'hosted:'
/** Longer than any link works. */
const longest = 90 * 86_400_000
/** An answer that takes longer is none: what is done meanwhile must not wait for ever behind it. */
const patience = 20_000
/** Waits between attempts, in milliseconds: doubled from the first to the last. */
const [firstWait, lastWait] = [1000, 60_000]

/** By which codes the collector says that a link opens nothing. */
const shutting: readonly unknown[] = ['link_broken', 'link_expired', 'already_answered']

/** What the page hears. */
export interface HostedListener {
  /** How the response stands. `isNews`: there are answers from elsewhere, or it is over. */
  told(state: HostedState, isNews: boolean): void
  /** Whether the collector was reached. */
  line(up: boolean): void
  /** The link opens nothing any more. */
  shut(): void
}

export interface HostedQueue {
  /** Asks how the response stands, with what waits here for this link; null when that is not known. */
  open(): Promise<HostedState | null>
  /** What is known here. */
  row(): HostedRow
  /** Keeps what was done, and sends it. Resolves with whether it outlives the page, as soon as it does, or was delivered. */
  act(act: HostedAct): Promise<boolean>
  /** Keeps that a question was left without an answer. */
  pass(question: string): void
  /** Sends what waits, or asks again; for when the respondent or the line is back. */
  nudge(): void
}

/** @param link address of the page: path, and query for the first question to the collector */
export function createHostedQueue(
  link: { path: string; query: string },
  clock: Clock,
  listener: HostedListener,
): HostedQueue {
  let database: Database = createIdbDatabase()
  /** As it is known on this page. */
  let own = emptyRow
  let failures = 0
  let stopWaiting = (): void => {}
  let turn: Promise<unknown> = Promise.resolve()

  const transact: Database['transact'] = (work) =>
    database.transact(work).catch(() => {
      if (database.durable) database = createMemoryDatabase()
      return database.transact(work)
    })

  const change = async (path: string, edit: (row: HostedRow) => HostedRow): Promise<void> => {
    const isOwn = path === link.path
    const row = await transact(async (rows) => {
      const next = edit((await rows.get<HostedRow>(prefix + path)) ?? (isOwn ? own : emptyRow))
      rows.put(prefix + path, { ...next, at: clock.now() })
      return next
    })
    if (isOwn) own = row
  }

  /** What the collector says: the state, null for nothing that can be read, or false for a link that opens nothing. */
  const ask = async (address: string, acts: readonly HostedAct[]): Promise<HostedState | null | false> => {
    const now = clock.now()
    const body =
      acts[0] &&
      JSON.stringify({ acts: acts.map(({ at, ...act }) => ({ ...act, age: Math.max(0, now - at) })) })
    const headers = { accept: 'application/json', ...(body && { 'content-type': 'application/json' }) }
    const post = body && { method: 'POST', body, keepalive: body.length < 60_000 }
    try {
      const signal = AbortSignal.timeout(patience)
      const response = await fetch(address, { headers, cache: 'no-store', signal, ...post })
      const told = (await response.json()) as Partial<HostedState & { code: string }> | null
      // What is between here and the collector may answer in its place, with whatever status.
      if (response.ok) return typeof told?.response === 'string' ? (told as HostedState) : null
      return shutting.includes(told?.code) ? false : null
    } catch {
      return null
    }
  }

  /** Takes over what the collector has said. */
  const settle = async (
    path: string,
    told: HostedState | null | false,
    acts: readonly HostedAct[],
  ): Promise<boolean> => {
    const isOwn = path === link.path
    if (told === null) return false
    const before = own
    // What no attempt can deliver would be sent for ever.
    const state = told || { answers: {}, isDone: false }
    await change(path, (row) => withState(row, state, acts))
    if (!isOwn) return true
    if (!told) listener.shut()
    else {
      const isNew = Object.keys(told.answers).some((id) => !Object.hasOwn(before.answers, id))
      listener.told(told, told.isDone ? !before.isDone : isNew)
    }
    return true
  }

  const exchange = async (isAsking: boolean): Promise<void> => {
    stopWaiting()
    const { acts } = own
    if (!acts[0] && !isAsking) return
    const isUp = await settle(link.path, await ask(link.path, acts), acts)
    listener.line(isUp)
    failures = isUp ? 0 : failures + 1
    if (isUp) return own.acts[0] ? exchange(false) : undefined
    const wait = Math.min(firstWait * 2 ** (failures - 1), lastWait)
    stopWaiting = clock.wait(wait, () => void deliver())
  }
  /** One at a time. */
  const deliver = (isAsking = false): Promise<void> => {
    const next = turn.then(() => exchange(isAsking))
    turn = next.catch(() => {})
    return next
  }

  /** What other links of this device still wait for, after a page was closed without a line; and what is too old. */
  const sweep = async (): Promise<void> => {
    const oldest = clock.now() - longest
    const rows = await transact(async (kept) => {
      const keys = await kept.keys(prefix)
      const found = await Promise.all(keys.map((key) => kept.get<HostedRow>(key)))
      return keys.flatMap((key, index): [string, HostedRow][] => {
        const row = found[index]!
        if (row.at >= oldest) return [[key.slice(prefix.length), row]]
        kept.delete(key)
        return []
      })
    })
    for (const [path, { acts }] of rows)
      if (acts[0] && path !== link.path) await settle(path, await ask(path, acts), acts)
  }

  return {
    async open() {
      own = (await transact((rows) => rows.get<HostedRow>(prefix + link.path))) ?? emptyRow
      const { acts } = own
      const told = await ask(link.path + link.query, acts)
      if (told) await change(link.path, (row) => withState(row, told, acts))
      void sweep().catch(() => {})
      return told || null
    },
    row: () => own,
    async act(act) {
      await change(link.path, (row) => withAct(row, act))
      const delivered = deliver()
      if (!database.durable) await delivered
      return database.durable
    },
    pass(question) {
      void change(link.path, (row) => withPassed(row, question, clock.now())).catch(() => {})
    },
    nudge: () => void deliver(true),
  }
}
