/** A worker of the log: brings what the collectors have put there into the database, in its order, each event once. */
import type { LogLine } from './natsConnection.ts'
import { createLeases } from './natsLease.ts'
import { workOn, type PartitionWork, type WorkerParts } from './natsPartition.ts'

/** A worker that runs. */
export interface LogWorker {
  /** Partitions that it works on. */
  held(): number[]
  /** Finishes what is under way, and leaves its partitions to others. */
  close(): Promise<void>
}

/** Starts a worker. Any number of them share the partitions, also those of collectors with another number of them. */
export function startWorker(parts: WorkerParts): LogWorker {
  const works = new Map<number, PartitionWork>()
  return createLeases(parts.line, () => partitionsOf(parts.line), {
    take(partition) {
      works.set(partition, workOn(partition, parts))
    },
    async leave(partition) {
      const work = works.get(partition)
      works.delete(partition)
      await work?.end()
    },
  })
}

/** All partitions that there are. */
export async function partitionsOf({ manager, names }: LogLine): Promise<number[]> {
  const found: number[] = []
  for await (const stream of manager.streams.names(names.subjects)) {
    const partition = names.partitionOf(stream)
    if (partition !== null) found.push(partition)
  }
  return found.toSorted((a, b) => a - b)
}
