/** A log in front of the database: answers are acknowledged when a quorum of NATS servers has them, and written by workers. */
import type { Receipt } from '@earshot/contract'
import { storeFailure } from '../core/failure.ts'
import { batchOf, judge, receiptFor, type Batch, type Known, type Verdict } from '../core/ingest.ts'
import type { EventStore } from '../ports/eventStore.ts'
import type { Log } from '../ports/world.ts'
import { readLogAddress } from './natsAddress.ts'
import { askServers, closeLine, openLine, warningsOf, type LogLine } from './natsConnection.ts'
import { eraseDead, retireDead, visitorsInDead, type Gone } from './natsDead.ts'
import { explainLog } from './natsError.ts'
import { createKnownKeys, createKnownSite, type KnownSite } from './natsKnown.ts'
import { cutBatch, sealBatch, type Piece } from './natsMessage.ts'
import { createMeasures } from './natsMeasure.ts'
import { createPublisher } from './natsPublish.ts'
import { createShared } from './postgresQueue.ts'
import type { LogTimes } from './natsStreams.ts'
import { startWorker } from './natsWorker.ts'

/** How a log is set up besides its address. */
export interface LogOptions {
  /** Told what the operator should know. */
  log?: Log | undefined
  /** Whether this process also brings what is in the log into the database. Default true. */
  worker?: boolean | undefined
  times?: Partial<LogTimes> | undefined
}

/**
 * Puts a log in front of a database. What pages send goes into the log; all else is asked of the database and told to it.
 * Closing it closes the database.
 *
 * @param address `nats://user:password@one:4222,two:4222,three:4222?partitions=8`
 * @throws when the log cannot be reached, or is not as it must be
 * @example
 * const store = await createLogStore('nats://one,two,three', await createPostgresStore('postgres://localhost/earshot'))
 */
export async function createLogStore(
  address: string,
  database: EventStore,
  options: LogOptions = {},
): Promise<EventStore> {
  const line = await open(address, options)
  const { address: read } = line
  const publisher = createPublisher(line)
  const worker = (options.worker ?? true) ? startWorker({ line, database, log: options.log }) : null
  const keys = createKnownKeys(database)
  const sites = new Map<number, KnownSite>()
  const knownSite = (site: number): KnownSite => {
    const known = sites.get(site) ?? createKnownSite(database, site)
    sites.set(site, known)
    return known
  }
  const measures = createMeasures(line, {
    waiting: publisher.waiting,
    held: () => worker?.held().length ?? 0,
  })

  const putPart = async (
    site: number,
    partition: number,
    given: Omit<Piece, 'repeated'>,
  ): Promise<Receipt> => {
    const known = knownSite(site)
    const batch = await known.complete(given.batch)
    const verdict = await known.judge(batch, given.policy)
    // What is to be taken out of texts is out of them by now.
    const policy = { ...given.policy, redact: undefined }
    const piece: Piece = { ...given, policy, batch: sealBatch(batch, verdict), repeated: 0 }
    const ids = verdict.accepted.map(({ stored }) => stored.event.id)
    const published = await publisher.publish(partition, site, piece).catch((error: unknown) => {
      if (error instanceof Error && 'isTooLarge' in error) return writeDirectly(site, piece)
      throw error
    })
    known.note(verdict.surveys)
    if (!('isRepeated' in published)) return published
    if (!published.isRepeated) return (await published.receipt) ?? receiptFor(verdict, new Set(ids))
    // The database hears only that it came again, and counts it.
    const counted = publisher
      .publish(partition, site, { ...piece, batch: batchOf([], new Map()), repeated: ids.length })
      .then((each) => each.receipt)
      .catch(() => null)
    if (read.confirm > 0) await counted
    return receiptFor(verdict, new Set())
  }

  /** What no message of the log has room for. */
  const writeDirectly = async (site: number, { batch, policy, receivedAt }: Piece): Promise<Receipt> => {
    const decide = (known: Known): Verdict => judge(batch, known, policy)
    const { verdict, inserted } = await database.append(site, batch, decide, receivedAt)
    return receiptFor(verdict, inserted)
  }

  const gone: Gone[] = []
  // All dead letters are read for it, so those who come meanwhile share the next look: anybody may ask for an erasure.
  const eraseGone = createShared(() => eraseDead(line, gone.splice(0)))
  // What is still in the log is dropped on its way, since the database knows by now who is gone.
  const dropGone = async (site: number, visitor: string): Promise<void> => {
    gone.push({ site, visitor })
    await eraseGone().catch((error: unknown) => {
      throw explainLog(error)
    })
  }

  const afterChange = async <Result>(site: number, change: Promise<Result>): Promise<Result> => {
    const result = await change
    sites.get(site)?.forget()
    return result
  }

  return {
    ...database,
    site: async () => (await keys.get()).site,
    keyring: async () => (await keys.get()).ring,
    async saveSite(decide, at) {
      const site = await database.saveSite(decide, at)
      keys.forget()
      return site
    },
    async changeAccess(decide) {
      const result = await database.changeAccess(decide)
      keys.forget()
      return result
    },
    async ingest(site, batch, policy, at) {
      const parts = [...cutBatch(batch, read.partitions)]
      const put = await Promise.allSettled(
        parts.map(([partition, each]) => putPart(site, partition, { batch: each, policy, receivedAt: at })),
      )
      const receipts = put.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
      const failed = put.find((each) => each.status === 'rejected')
      if (failed && receipts.length > 0)
        throw storeFailure('store_interrupted', 'the log has only part of it', failed.reason)
      if (failed) throw failed.reason
      return joined(receipts, batch)
    },
    putSurvey: (site, survey, decide, at) => afterChange(site, database.putSurvey(site, survey, decide, at)),
    dropSurvey: (site, id, version) => afterChange(site, database.dropSurvey(site, id, version)),
    async erase(site, visitor, at) {
      const erased = await database.erase(site, visitor, at)
      await dropGone(site, visitor)
      return erased
    },
    async anonymise(site, visitor, at) {
      const done = await database.anonymise(site, visitor, at)
      await dropGone(site, visitor)
      return done
    },
    async visitorsOf(site, id) {
      const stored = await database.visitorsOf(site, id)
      const dead = await visitorsInDead(line, site, id).catch((error: unknown) => {
        throw explainLog(error)
      })
      const known = new Set(stored.map((each) => each.visitor))
      return [...stored, ...dead.filter((each) => !known.has(each.visitor))]
    },
    async retain(site, before, page, at) {
      const step = await database.retain(site, before, page, at)
      if (step.next === null)
        await retireDead(line, site, before).catch((error: unknown) => {
          throw explainLog(error)
        })
      return step
    },
    async ready() {
      if (line.isAway()) throw storeFailure('store_unavailable', 'the log is not reachable')
      try {
        for (const partition of Array.from({ length: read.partitions }).keys())
          await line.manager.streams.info(line.names.stream(partition))
      } catch (error) {
        throw explainLog(error)
      }
    },
    measures,
    async close() {
      await publisher.drain()
      await worker?.close()
      publisher.close()
      await closeLine(line)
      await database.close()
    },
  }
}

/**
 * Runs a worker alone: it takes no answers, and brings those that are in the log into the database.
 *
 * @throws when the log cannot be reached, or is not as it must be
 * @example
 * const worker = await createLogWorker('nats://one,two,three', await createPostgresStore('postgres://localhost/earshot'))
 */
export async function createLogWorker(
  address: string,
  database: EventStore,
  options: Omit<LogOptions, 'worker'> = {},
): Promise<{ held(): number[]; close(): Promise<void> }> {
  const line = await open(address, options)
  const worker = startWorker({ line, database, log: options.log })
  return {
    held: worker.held,
    async close() {
      await worker.close()
      await closeLine(line)
      await database.close()
    },
  }
}

async function open(address: string, { log, times }: LogOptions): Promise<LogLine> {
  const read = readLogAddress(address)
  const line = await openLine(read, log, times)
  const { version = '' } = line.connection.info ?? {}
  for (const warning of warningsOf(version, await askServers(read.monitors), read.replicas))
    log?.error('the log is not as safe as it can be', new Error(warning))
  return line
}

/** One receipt for a request that was cut, in the order of its events. */
function joined(receipts: readonly Receipt[], { candidates }: Batch): Receipt {
  const [only] = receipts
  if (receipts.length === 1 && only) return only
  const places = new Map(candidates.map(({ sentId }, index) => [sentId, index]))
  const placeOf = (id: string): number => places.get(id) ?? 0
  return {
    accepted: receipts.flatMap((each) => each.accepted).toSorted((a, b) => placeOf(a) - placeOf(b)),
    duplicates: receipts.flatMap((each) => each.duplicates).toSorted((a, b) => placeOf(a) - placeOf(b)),
    rejected: receipts.flatMap((each) => each.rejected).toSorted((a, b) => placeOf(a.id) - placeOf(b.id)),
  }
}
