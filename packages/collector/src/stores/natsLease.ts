/** Shares the partitions of the log out among the workers that are there: one worker for each partition at a time. */
import { nuid } from '@nats-io/transport-node'
import type { LogLine } from './natsConnection.ts'
import { codeOf, codes } from './natsError.ts'

/** What a worker is told. */
export interface LeaseHolder {
  /** The partition is ours. */
  take(partition: number): void
  /** It is not ours any more, or shall not be; resolves when nothing of it is under way. */
  leave(partition: number): Promise<void>
}

/** The share of one worker. */
export interface Leases {
  /** Partitions that are ours. */
  held(): number[]
  /** Leaves all of them. */
  close(): Promise<void>
}

/** How often a lease is renewed within its time. */
const beats = 5

/**
 * Takes part in the sharing. A lease is a message that nobody else may write as long as it is there, and that is gone when it
 * is not renewed. What is written hangs on no lease: when two workers think that a partition is theirs, both write the same
 * events, and the database keeps each once.
 *
 * @param partitionsNow asked at each beat
 */
export function createLeases(
  { client, manager, names, times, isAway }: LogLine,
  partitionsNow: () => Promise<number[]>,
  holder: LeaseHolder,
): Leases {
  const id = nuid.next()
  const held = new Map<number, { sequence: number; until: number }>()
  let timer: NodeJS.Timeout | undefined
  let beating: Promise<void> | undefined
  let isClosed = false
  const beat = times.lease / beats
  const subjectOf = (partition: number): string => `${names.leaseSubject}.partition.${partition}`

  /** Resolves with whether it is ours; rejects when the log did not say. */
  const write = async (partition: number, before: number): Promise<boolean> => {
    const asked = performance.now()
    try {
      const { seq } = await client.publish(subjectOf(partition), id, {
        expect: { lastSubjectSequence: before },
        timeout: beat,
      })
      held.set(partition, { sequence: seq, until: asked + times.lease })
      return true
    } catch (error) {
      if (codeOf(error) === codes.wrongLastSequence) return false
      throw error
    }
  }

  const lose = async (partition: number): Promise<void> => {
    held.delete(partition)
    await holder.leave(partition)
  }

  const give = async (partition: number): Promise<void> => {
    await lose(partition)
    // It is gone by itself when nobody renews it.
    if (isAway()) return
    await manager.streams.purge(names.leases, { filter: subjectOf(partition) })
  }

  const renew = async (partition: number, lease: { sequence: number; until: number }): Promise<void> => {
    const kept = await write(partition, lease.sequence).catch(() => performance.now() < lease.until - beat)
    if (!kept) await lose(partition)
  }

  const turn = async (): Promise<void> => {
    await client.publish(`${names.leaseSubject}.worker.${id}`, id, { timeout: beat })
    const partitions = await partitionsNow()
    const { state } = await manager.streams.info(names.leases, { subjects_filter: `${names.leaseSubject}.>` })
    const subjects = Object.keys(state.subjects ?? {})
    const workers = subjects.filter((each) => each.startsWith(`${names.leaseSubject}.worker.`)).length
    const share = Math.ceil(partitions.length / Math.max(workers, 1))
    for (const partition of [...held.keys()].slice(share)) await give(partition)
    const free = partitions.filter((each) => !held.has(each) && !subjects.includes(subjectOf(each)))
    // Not all from the front: others look at the same list.
    const from = Math.floor(Math.random() * free.length)
    for (const partition of [...free.slice(from), ...free.slice(0, from)]) {
      if (held.size >= share || isClosed) return
      if (await write(partition, 0)) holder.take(partition)
    }
  }

  const run = async (): Promise<void> => {
    try {
      await Promise.all([...held].map(([partition, lease]) => renew(partition, lease)))
      await turn()
    } catch {
      // The log did not answer. What could not be renewed in time was left above.
    }
    beating = undefined
    if (!isClosed) timer = setTimeout(start, beat)
  }
  const start = (): void => {
    beating = run()
  }
  start()

  return {
    held: () => [...held.keys()],
    async close() {
      isClosed = true
      clearTimeout(timer)
      await beating
      for (const partition of held.keys()) await give(partition).catch(() => undefined)
      if (isAway()) return
      await manager.streams
        .purge(names.leases, { filter: `${names.leaseSubject}.worker.${id}` })
        .catch(() => undefined)
    },
  }
}
