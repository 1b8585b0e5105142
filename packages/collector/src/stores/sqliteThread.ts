/** What runs in a thread of its own: a SQLite store that is called by messages. Who calls it is in sqliteThreads.ts. */
import { parentPort, workerData, type Transferable } from 'node:worker_threads'
import type { Taken } from '../core/asUsual.ts'
import { isStoreFailure } from '../core/failure.ts'
import { unpackBatch, type PackedBatch } from './packBatch.ts'
import {
  packReceipts,
  unpackBodies,
  type BodyCall,
  type PackedBodies,
  type PackedReceipts,
} from './packBodies.ts'
import { createSqliteReader, createSqliteWriter, type SqliteStore } from './sqlite.ts'
import { explain } from './sqliteError.ts'

/** What the thread is told at its start. */
export interface ThreadData {
  path: string
  role: 'writer' | 'reader'
}

/** A call of a method of the store; `ingest` has its batch packed. */
export type ThreadCall = [id: number, method: keyof SqliteStore, given: unknown[]]

/** What one message brings. */
export interface ThreadOrder {
  calls: ThreadCall[]
  /** Calls of `take`. */
  bodies: PackedBodies | null
}

/** What came of a call. */
export type ThreadResult =
  | { id: number; value: unknown }
  | { id: number; message: string; stack?: string | undefined; code?: string | undefined }

/** What one message brings back. */
export interface ThreadAnswer {
  results: ThreadResult[]
  /** Of calls of `take`. */
  taken: PackedReceipts | null
}

/** Most writes per transaction. Nobody else waits for this thread, so a group may be as large as what came meanwhile. */
const mostGrouped = 1000

const { path, role } = workerData as ThreadData
let store: SqliteStore | undefined

/** Opened at the first call, so that a file which cannot be opened is an error of that call, and the next one tries again. */
function open(): SqliteStore {
  try {
    store ??= role === 'writer' ? createSqliteWriter(path, mostGrouped) : createSqliteReader(path)
    return store
  } catch (error) {
    throw explain(error)
  }
}

let results: ThreadResult[] = []
let taken: { id: number; taken: Taken }[] = []
let transfers: Transferable[] = []

// What one commit settles is settled in one row of microtasks, so it goes back in one message.
function answerSoon(): void {
  if (results.length > 0 || taken.length > 0) return
  queueMicrotask(() => {
    const answer: ThreadAnswer = { results, taken: taken.length > 0 ? packReceipts(taken) : null }
    parentPort?.postMessage(answer, transfers)
    results = []
    taken = []
    transfers = []
  })
}

function tell(result: ThreadResult): void {
  answerSoon()
  results.push(result)
}

async function take({ id, site, key, body, policy, at, watched }: BodyCall): Promise<void> {
  try {
    const told = await open().take(site, key, body, policy, at, watched)
    answerSoon()
    if (told) taken.push({ id, taken: told })
    else results.push({ id, value: null })
  } catch (error) {
    tellFailure(id, error)
  }
}

async function run([id, method, given]: ThreadCall): Promise<void> {
  try {
    if (method === 'close' && !store) {
      tell({ id, value: undefined })
      return
    }
    const called = open()
    if (method === 'ingest') {
      const [site, packed, policy, at] = given as [number, PackedBatch, never, number]
      tell({ id, value: await called.ingest(site, unpackBatch(packed), policy, at) })
      return
    }
    const value: unknown = await (called[method] as (...each: unknown[]) => Promise<unknown>)(...given)
    if (method === 'lines') transfers.push((value as { bytes: Uint8Array<ArrayBuffer> }).bytes.buffer)
    tell({ id, value })
  } catch (error) {
    tellFailure(id, error)
  }
}

function tellFailure(id: number, error: unknown): void {
  const { message, stack } = error instanceof Error ? error : new Error(String(error))
  tell({ id, message, stack, code: isStoreFailure(error) ? error.code : undefined })
}

parentPort?.on('message', ({ calls, bodies }: ThreadOrder) => {
  for (const call of calls) void run(call)
  if (bodies) unpackBodies(bodies, (call) => void take(call))
})
