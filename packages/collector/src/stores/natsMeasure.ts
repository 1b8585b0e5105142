/** What the monitoring is told of the log: how much waits, since when, and what could not be written. */
import type { Measure } from '../ports/eventStore.ts'
import type { LogLine } from './natsConnection.ts'
import { partitionsOf } from './natsWorker.ts'

/** What only this process knows. */
export interface OwnMeasures {
  waiting(): number
  held(): number
}

/** Asks the log when somebody asks for the measures. */
export function createMeasures(line: LogLine, own: OwnMeasures): () => Promise<Measure[]> {
  const { manager, names } = line
  const tell = (isReachable: boolean): Measure[] => [
    { name: 'earshot_log_reachable', help: 'Whether the log answers', value: isReachable ? 1 : 0 },
    {
      name: 'earshot_log_bytes_waiting',
      help: 'Bytes of requests in this process that the log has not confirmed',
      value: own.waiting(),
    },
    { name: 'earshot_log_partitions_held', help: 'Partitions that this process writes', value: own.held() },
  ]
  return async () => {
    if (line.isAway()) return tell(false)
    try {
      const partitions = await partitionsOf(line)
      const found = await Promise.all(
        partitions.map(async (partition) => {
          const { state } = await manager.streams.info(names.stream(partition))
          return { labels: { partition: String(partition) }, state }
        }),
      )
      const { state: dead } = await manager.streams.info(names.dead)
      const lag = { name: 'earshot_log_messages', help: 'Messages that are not written to the database yet' }
      const bytes = { name: 'earshot_log_bytes', help: 'Their bytes' }
      const age = { name: 'earshot_log_oldest_seconds', help: 'Since when the oldest of them waits' }
      return [
        ...tell(true),
        ...found.map(({ labels, state }) => ({ ...lag, labels, value: state.messages })),
        ...found.map(({ labels, state }) => ({ ...bytes, labels, value: state.bytes })),
        ...found.map(({ labels, state }) => ({
          ...age,
          labels,
          value: state.messages > 0 ? ageOf(state.first_ts) : 0,
        })),
        {
          name: 'earshot_log_dead_letters',
          help: 'What was taken and cannot be written',
          value: dead.messages,
        },
      ]
    } catch {
      return tell(false)
    }
  }
}

function ageOf(moment: string): number {
  return Math.max(0, (Date.now() - Date.parse(moment)) / 1000)
}
