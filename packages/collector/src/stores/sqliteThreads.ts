/** The SQLite store with a thread that writes and one that reads, so that neither holds up the requests or the other. */
import type { Keyring } from '../core/keyring.ts'
import type { Log } from '../ports/world.ts'
import { packBatch } from './packBatch.ts'
import { createSqliteStore, type SqliteStore } from './sqlite.ts'
import { createThreadLink, type ThreadLimits, type ThreadLink } from './threadLink.ts'

/** The store, and for tests its threads. */
export interface ThreadedStore extends SqliteStore {
  threads: { writer: ThreadLink; reader: ThreadLink }
}

/**
 * Opens the store of a file. What pages send is written by a thread of its own: all that arrives during one commit is the
 * next one. What may read much is read by another thread. Where a function of the caller decides, which gets to no other
 * thread, and for the few small reads of each request, this thread has a connection too.
 *
 * @throws when the file is no Earshot database, is damaged, or was written by a newer program
 * @example
 * const store = createThreadedStore('./earshot-data/earshot.sqlite', log)
 */
export function createThreadedStore(path: string, log: Log, limits?: ThreadLimits): ThreadedStore {
  // Opened first, so that the tables are there and a file that is not ours is refused here and now.
  const own = createSqliteStore(path, log)
  const writer = createThreadLink({ path, role: 'writer' }, log, limits)
  const reader = createThreadLink({ path, role: 'reader' }, log, limits)
  let ring: Promise<Keyring> | undefined
  let closed: Promise<void> | undefined

  const read =
    <Method extends ReadingMethod>(method: Method) =>
    (...given: Parameters<SqliteStore[Method]>): ReturnType<SqliteStore[Method]> =>
      reader.call(method, given)

  return {
    ...own,
    // A key that another process changes counts from the next turn of the loop on; requests of one turn share the look.
    keyring() {
      if (!ring) {
        ring = own.keyring()
        setImmediate(() => {
          ring = undefined
        })
      }
      return ring
    },
    saveSite(decide, at) {
      ring = undefined
      return own.saveSite(decide, at)
    },
    changeAccess(decide) {
      ring = undefined
      return own.changeAccess(decide)
    },
    ingest(siteId, batch, policy, at) {
      const packed = packBatch(batch, at)
      let weight = 0
      for (const part of packed.parts) if (typeof part === 'string') weight += part.length
      return writer.call('ingest', [siteId, packed, policy, at], weight)
    },
    take: writer.take,
    place: (...given) => writer.call('place', given),
    erase: (...given) => writer.call('erase', given),
    anonymise: (...given) => writer.call('anonymise', given),
    countDaily: (...given) => writer.call('countDaily', given),
    newest: read('newest'),
    oldest: read('oldest'),
    // The memory goes to the thread, and comes back with the lines.
    lines: (...given) => reader.call('lines', given, 0, given[2].room),
    response: read('response'),
    events: read('events'),
    scores: read('scores'),
    tally: read('tally'),
    responseCounts: read('responseCounts'),
    overQuota: read('overQuota'),
    ignored: read('ignored'),
    arrivals: read('arrivals'),
    moments: read('moments'),
    search: read('search'),
    late: read('late'),
    visitorsOf: read('visitorsOf'),
    devicesOf: read('devicesOf'),
    happened: read('happened'),
    eventsOf: read('eventsOf'),
    heardOf: read('heardOf'),
    retain: (...given) => writer.call('retain', given),
    doubt: (...given) => writer.call('doubt', given),
    suspects: read('suspects'),
    listSuspects: read('listSuspects'),
    stats: read('stats'),
    claimJobs: (...given) => writer.call('claimJobs', given),
    settleJob: (...given) => writer.call('settleJob', given),
    holdJob: (...given) => writer.call('holdJob', given),
    close() {
      closed ??= Promise.all([writer.close(), reader.close()]).then(own.close)
      return closed
    },
    threads: { writer, reader },
  }
}

/** What may read many rows, or rows that are large. */
type ReadingMethod =
  | 'newest'
  | 'oldest'
  | 'response'
  | 'events'
  | 'scores'
  | 'tally'
  | 'responseCounts'
  | 'overQuota'
  | 'ignored'
  | 'arrivals'
  | 'moments'
  | 'search'
  | 'late'
  | 'visitorsOf'
  | 'devicesOf'
  | 'happened'
  | 'eventsOf'
  | 'heardOf'
  | 'suspects'
  | 'listSuspects'
  | 'stats'
