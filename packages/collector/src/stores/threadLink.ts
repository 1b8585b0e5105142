/** Calls a store in a thread of its own, and starts the thread again when it broke down. */
import { Worker } from 'node:worker_threads'
import { isStoreFailure, storeFailure, type StoreFailureCode } from '../core/failure.ts'
import type { Log } from '../ports/world.ts'
import type { SqliteStore } from './sqlite.ts'
import { packBodies, unpackReceipts, type BodyCall } from './packBodies.ts'
import type { ThreadCall, ThreadAnswer, ThreadData, ThreadOrder, ThreadResult } from './sqliteThread.ts'

/** A thread that may be called. */
export interface ThreadLink {
  /**
   * Calls a method of the store there. Rejects with a failure that says to try again when the thread breaks down meanwhile,
   * or when too much is waiting already.
   *
   * @param weight bytes that wait with it
   * @param moved memory among what is given that is handed over
   */
  call<Method extends keyof SqliteStore>(
    method: Method,
    given: unknown[],
    weight?: number,
    moved?: ArrayBuffer,
  ): ReturnType<SqliteStore[Method]>
  /** Calls `take` there. All bodies of one turn of the loop go in one piece of memory, which is handed over, not copied again. */
  take: NonNullable<SqliteStore['take']>
  /** Finishes what was called, closes the store and ends the thread. */
  close(): Promise<void>
  /** Ends the thread as a crash would. For tests. */
  crash(): Promise<void>
}

interface Pending {
  resolve: (value: never) => void
  reject: (error: unknown) => void
  weight: number
}

/** Bounds of a thread. */
export interface ThreadLimits {
  /** Most bytes that may wait for it. */
  most: number
  /** How long after its start a thread that broke down is not started again, in milliseconds: a file that breaks each of them must not keep the machine busy. */
  pause: number
}

// A writer that takes 10,000 events a second is done with that much within seconds.
const defaultLimits: ThreadLimits = { most: 32 * 1024 * 1024, pause: 1000 }
/** What a call takes besides, in bytes. */
const callWeight = 500

const isSource = import.meta.url.endsWith('.ts')
const entry = new URL(isSource ? './sqliteThread.ts' : './sqliteThread.js', import.meta.url)

/** Room for new objects of a thread. With what Node gives, two of them take 100 MB more under load, and are no faster: what they make is gone after each group. */
const youngMegabytes = 24

/**
 * Starts a thread.
 *
 * @example
 * const writer = createThreadLink({ path, role: 'writer' }, log)
 * await writer.call('erase', [site, visitor, at])
 */
export function createThreadLink(
  data: ThreadData,
  log: Log,
  { most, pause }: ThreadLimits = defaultLimits,
): ThreadLink {
  const pending = new Map<number, Pending>()
  let waiting = 0
  let calls: ThreadCall[] = []
  let moving: ArrayBuffer[] = []
  let bodies: BodyCall[] = []
  let last = 0
  let isClosing = false
  let startedAt = -Infinity
  let worker: Worker | undefined

  const settle = (id: number): Pending | undefined => {
    const found = pending.get(id)
    pending.delete(id)
    waiting -= found?.weight ?? 0
    return found
  }
  const failAll = (code: StoreFailureCode, reason: string, cause?: unknown): void => {
    calls = []
    moving = []
    bodies = []
    const failure = storeFailure(code, reason, cause)
    for (const id of pending.keys()) settle(id)?.reject(failure)
  }

  const start = (): Worker => {
    startedAt = performance.now()
    const made = new Worker(entry, {
      workerData: data,
      resourceLimits: { maxYoungGenerationSizeMb: youngMegabytes },
      // Sources need the same condition to find the sources of the other packages.
      ...(isSource && { execArgv: ['--conditions=@earshot/source'] }),
    })
    worker = made
    made.on('message', ({ results, taken }: ThreadAnswer) => {
      if (taken) unpackReceipts(taken, (id, told) => settle(id)?.resolve(told as never))
      for (const result of results) {
        const found = settle(result.id)
        if ('value' in result) found?.resolve(result.value as never)
        else found?.reject(remake(result))
      }
      if (pending.size === 0) made.unref()
    })
    let reason: unknown
    made.on('error', (error) => {
      reason = error
    })
    made.on('exit', () => {
      if (worker === made) worker = undefined
      if (isClosing) {
        failAll('store_interrupted', 'the collector is shutting down')
        return
      }
      const said = `the ${data.role} of the database broke down`
      log.error(`${said}; it is started again`, reason ?? new Error('the thread ended'))
      failAll('store_interrupted', said, reason)
    })
    made.unref()
    return made
  }

  const post = (): void => {
    if (calls.length === 0 && bodies.length === 0) return
    if (!worker && performance.now() - startedAt < pause) {
      failAll('store_unavailable', `the ${data.role} of the database broke down a moment ago`)
      return
    }
    const target = worker ?? start()
    target.ref()
    const packed = bodies.length > 0 ? packBodies(bodies) : null
    const order: ThreadOrder = { calls, bodies: packed }
    target.postMessage(order, packed ? [packed.bytes.buffer, ...moving] : moving)
    calls = []
    moving = []
    bodies = []
  }

  /** Adds what waits, and has it sent with all else of this turn of the loop; nothing waits longer than that. */
  const wait = <Result>(weight: number, add: (id: number) => void): Promise<Result> => {
    const size = weight + callWeight
    if (waiting + size > most)
      return Promise.reject(storeFailure('store_overloaded', 'more is waiting to be written than fits'))
    const id = ++last
    waiting += size
    if (calls.length === 0 && bodies.length === 0) setImmediate(post)
    add(id)
    return new Promise((resolve, reject) => pending.set(id, { resolve, reject, weight: size }))
  }

  // The writer is needed soon in any case, and takes a moment.
  if (data.role === 'writer') start()
  return {
    call: (method, given, weight = 0, moved) =>
      wait(weight, (id) => {
        calls.push([id, method, given])
        if (moved) moving.push(moved)
      }) as never,
    take: (site, key, body, policy, at, watched) =>
      wait(body.byteLength, (id) => {
        bodies.push({ id, site, key, body, policy, at, watched })
      }),
    async close() {
      isClosing = true
      if (!worker) return
      // One that breaks down now has nothing left to lose.
      await this.call('close', []).catch(() => undefined)
      await worker?.terminate()
    },
    async crash() {
      await worker?.terminate()
    },
  }
}

function remake({ message, stack, code }: Extract<ThreadResult, { message: string }>): Error {
  const error = code === undefined ? new Error(message) : storeFailure(code as StoreFailureCode, message)
  if (stack !== undefined) error.stack = stack
  return isStoreFailure(error) ? error : Object.assign(error, { name: 'StoreThreadError' })
}
