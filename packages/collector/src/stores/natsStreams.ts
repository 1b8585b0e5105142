/** The streams of the log: one for each partition, one for what cannot be written, two for who works on what. */
import {
  AckPolicy,
  DeliverPolicy,
  DiscardPolicy,
  RetentionPolicy,
  StorageType,
  type JetStreamManager,
  type StreamConfig,
} from '@nats-io/jetstream'
import type { LogAddress } from './natsAddress.ts'
import { codeOf } from './natsError.ts'

/** How long things take, in milliseconds. */
export interface LogTimes {
  /** Within which a message that is sent again is recognised. */
  dedupe: number
  /** After which a worker that says nothing has lost its partitions. */
  lease: number
  /** After which a message that a worker took is given to another. Less than two thirds of `lease`, so that a worker which takes a partition over gets it first. */
  ack: number
  /** For the log to confirm one publication, and all tries of it. */
  confirm: number
  publish: number
}

/** The times of a log whose leases last so long, in milliseconds. */
export function timesOf(lease: number): LogTimes {
  // A server that is lost is noticed by the others after 4 to 9 seconds.
  return { dedupe: 120_000, lease, ack: Math.round(0.6 * lease), confirm: 1000, publish: 12_000 }
}

/** Messages of a partition that a worker may have in hand. */
export const mostInHand = 128
/** Bytes of what could not be written. Beyond, the log takes no more, and partitions wait. */
const deadBytes = 64 * 1024 * 1024
/**
 * The part of it for what the database refused though a collector had taken it. Whoever has a public key can make as much of
 * that as they like, so it must never take all the room: then partitions would wait, and nobody could answer any more.
 */
export const mostRefusedBytes: number = deadBytes / 2

/** Names of streams and subjects. */
export interface LogNames {
  stream(partition: number): string
  subject(partition: number): string
  /** Matches the subjects of all partitions. */
  subjects: string
  /** The partition of a stream; null when it is no partition. */
  partitionOf(stream: string): number | null
  /** What every partition is read by. */
  consumer: string
  dead: string
  deadSubject(partition: number): string
  /** What was tried by itself last in each partition. */
  tries: string
  triesSubject(partition: number): string
  leases: string
  leaseSubject: string
}

/** Names by the name of the log. */
export function namesOf(name: string): LogNames {
  const prefix = `${name}_events_`
  return {
    stream: (partition) => prefix + partition,
    subject: (partition) => `${name}.events.${partition}`,
    subjects: `${name}.events.*`,
    partitionOf: (stream) =>
      stream.startsWith(prefix) && /^\d+$/.test(stream.slice(prefix.length))
        ? Number(stream.slice(prefix.length))
        : null,
    consumer: 'writer',
    dead: `${name}_dead`,
    deadSubject: (partition) => `${name}.dead.${partition}`,
    tries: `${name}_tries`,
    triesSubject: (partition) => `${name}.tries.${partition}`,
    leases: `${name}_leases`,
    leaseSubject: `${name}.lease`,
  }
}

const nanos = (milliseconds: number): number => milliseconds * 1_000_000

/**
 * Makes what is missing, and raises the replicas of what has fewer than the address says.
 *
 * @throws when a stream is there that is not as it must be, or the servers cannot make one
 */
export async function openStreams(
  manager: JetStreamManager,
  address: LogAddress,
  times: LogTimes,
): Promise<void> {
  const { name, replicas, partitions, partitionBytes } = address
  const names = namesOf(name)
  const common = { storage: StorageType.File, discard: DiscardPolicy.New, num_replicas: replicas }
  await openStream(manager, {
    ...common,
    name: names.leases,
    subjects: [`${names.leaseSubject}.>`],
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.Old,
    max_msgs_per_subject: 1,
    max_age: nanos(times.lease),
    duplicate_window: nanos(Math.min(times.lease, times.dedupe)),
  })
  await openStream(manager, {
    ...common,
    name: names.dead,
    subjects: [names.deadSubject(0).replace(/0$/, '*')],
    retention: RetentionPolicy.Limits,
    max_bytes: deadBytes,
    duplicate_window: nanos(times.dedupe),
  })
  await openStream(manager, {
    ...common,
    name: names.tries,
    subjects: [names.triesSubject(0).replace(/0$/, '*')],
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.Old,
    max_msgs_per_subject: 1,
  })
  for (let partition = 0; partition < partitions; partition++) {
    const stream = names.stream(partition)
    await openStream(manager, {
      ...common,
      name: stream,
      subjects: [names.subject(partition)],
      // What is written to the database is gone from the log.
      retention: RetentionPolicy.Workqueue,
      max_bytes: partitionBytes,
      duplicate_window: nanos(times.dedupe),
    })
    const limits = { ack_wait: nanos(times.ack), max_ack_pending: 2 * mostInHand, max_deliver: -1 }
    await manager.consumers
      .add(stream, {
        durable_name: names.consumer,
        ack_policy: AckPolicy.Explicit,
        deliver_policy: DeliverPolicy.All,
        ...limits,
      })
      .catch(async (error: unknown) => {
        if (codeOf(error) !== consumerExists) throw error
        // With other times, which an operator may change.
        await manager.consumers.update(stream, names.consumer, limits)
      })
  }
}

type Wanted = Pick<StreamConfig, 'name' | 'retention' | 'storage' | 'num_replicas'> & Partial<StreamConfig>

async function openStream(manager: JetStreamManager, wanted: Wanted): Promise<void> {
  const { config } = await manager.streams.info(wanted.name).catch(async (error: unknown) => {
    if (codeOf(error) !== streamNotFound) throw error
    return manager.streams.add(wanted).catch((failed: unknown) => {
      throw cannotMake(wanted, failed)
    })
  })
  if (config.storage !== wanted.storage || config.retention !== wanted.retention)
    throw new Error(
      `The stream ${wanted.name} is there, with storage "${config.storage}" and retention "${config.retention}"; the log needs "${wanted.storage}" and "${wanted.retention}". Give the log another name with ?name=…, or remove that stream.`,
    )
  const { num_replicas, max_bytes = -1, max_age = 0 } = wanted
  const isOther = config.max_bytes !== max_bytes || config.max_age !== max_age
  if (config.num_replicas >= num_replicas && !isOther) return
  const { duplicate_window = config.duplicate_window } = wanted
  const replicas = Math.max(num_replicas, config.num_replicas)
  const change = { num_replicas: replicas, max_bytes, max_age, duplicate_window }
  await manager.streams.update(wanted.name, change).catch((failed: unknown) => {
    throw cannotMake(wanted, failed)
  })
}

const streamNotFound = 10059
const noRoom = 10047
const consumerExists = 10148

function cannotMake({ name, num_replicas, max_bytes = 0 }: Wanted, error: unknown): Error {
  const found = error instanceof Error ? error.message : String(error)
  const hint =
    codeOf(error) === noRoom
      ? ` The servers set aside ${max_bytes / 1024 ** 2} MiB for it: raise max_file_store in their section jetstream, or take less for each partition with ?bytes=….`
      : /replicas|peers|clustered/i.test(found)
        ? ` The log wants ${num_replicas} replicas, each on a server of its own. For a try on one server, which loses what it has acknowledged when its disk is lost: ?replicas=1.`
        : ''
  return new Error(`The log cannot make the stream ${name}: ${found}.${hint}`, { cause: error })
}
