/** Connections to PostgreSQL: single reads, and transactions that are tried again when others were in their way. */
import { Pool, types, type PoolClient } from 'pg'
import { storeFailure } from '../core/failure.ts'
import { copyRows, type TakeRow } from './postgresCopy.ts'
import { explain, isCollision, isLost } from './postgresError.ts'

/** A row as the driver gives it; 64-bit numbers are numbers, since none of ours is beyond 2^53. */
export type Row = Record<string, unknown>

/** Asks the database. Parameters are always bound, and no statement is named, so that any pooler may stand between. */
export interface Ask {
  (text: string, values?: unknown[]): Promise<Row[]>
}

/** Reads by a query without parameters; its rows are taken as they come, as bytes. */
export interface Copy {
  (select: string, take: TakeRow): Promise<void>
}

/** Whom a transaction keeps out: `exclusive` everybody else who writes to the site, `shared` only those who are exclusive. */
export interface Lock {
  site: number
  mode: 'shared' | 'exclusive'
}

/** How long to wait, in milliseconds. */
export interface PostgresTimeouts {
  /** For a connection. */
  connect: number
  /** For a statement of a transaction, and for a lock. */
  statement: number
  /** For a commit, which waits for standbys where the database is told to. */
  commit: number
  /** For a read outside of a transaction, such as a report. */
  read: number
}

/** The way to a database. */
export interface Postgres {
  /** A single statement, in a transaction of its own. */
  read: Ask
  /**
   * Runs `work` in a transaction, with the lock taken; resolves with its result after the commit. `work` is run anew when
   * somebody was in the way, so it must have no effect but on the database.
   *
   * @param lock asked for at each try
   */
  transaction<Result>(lock: Lock | (() => Lock), work: (ask: Ask) => Promise<Result>): Promise<Result>
  /** Runs `work`, which only reads: all that it asks is of one moment. */
  snapshot<Result>(work: (ask: Ask, copy: Copy) => Promise<Result>): Promise<Result>
  /** A single query, in a transaction of its own. */
  copy: Copy
  close(): Promise<void>
}

const usualTimeouts: PostgresTimeouts = { connect: 5000, statement: 10_000, commit: 10_000, read: 120_000 }
/** Most connections of a collector that it answers requests with. */
const mostConnections = 10
/** Most tries of one transaction. Its lock is exclusive after the first, so only deadlocks with others can follow. */
const mostTries = 5
/** First half of the keys of our advisory locks ("EARS"); the second is the number of the site, 0 for all of them. */
const lockClass = 0x45415253

/** The number of the type of whole numbers of 64 bits (https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_type.dat). */
const int8 = 20
const usualParserOf = types.getTypeParser as (oid: number, format?: 'text') => (text: string) => unknown
const parserOf: typeof usualParserOf = (oid, format) => (oid === int8 ? Number : usualParserOf(oid, format))

/** Takes the lock of a site besides, shared, for who learns only in the transaction which site it is about. */
export async function shareSite(ask: Ask, site: number): Promise<void> {
  await ask('SELECT pg_advisory_xact_lock_shared($1, $2)', [lockClass, site])
}

/** Tells that others changed what the transaction went by, so that it must begin anew. */
export function collision(): Error {
  return Object.assign(new Error('others changed the same at the same time'), { code: '40001' })
}

/**
 * Opens a pool; connections are made when they are needed.
 *
 * @param url `postgres://user:password@host:5432/database`, with the parameters of the driver
 * @param connections at most
 * @throws when the address cannot be read
 */
export function createPostgres(
  url: string,
  timeouts: Partial<PostgresTimeouts> = {},
  connections: number = mostConnections,
): Postgres {
  const wait = { ...usualTimeouts, ...timeouts }
  const pool = new Pool({
    connectionString: url,
    application_name: 'earshot',
    max: connections,
    connectionTimeoutMillis: wait.connect,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    types: { getTypeParser: parserOf as typeof types.getTypeParser },
  })
  // A connection that breaks while nobody uses it is replaced; one that is used tells whoever uses it.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => void client.on('error', () => undefined))

  // Local to the transaction, because behind a pooler the next one may be on another connection. A database that is set to
  // commit without a sync is overruled: what is acknowledged must be on the disk, and on a standby where there are some.
  const begin = ({ site, mode }: Lock): string => `BEGIN;
    SET LOCAL statement_timeout = ${wait.statement};
    SET LOCAL lock_timeout = ${wait.statement};
    SET LOCAL idle_in_transaction_session_timeout = ${2 * wait.statement};
    SELECT set_config('synchronous_commit',
        CASE current_setting('synchronous_commit') WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, true),
      pg_advisory_xact_lock${mode === 'shared' ? '_shared' : ''}(${lockClass}, ${site})`

  const asking = (client: PoolClient, most: number): Ask => {
    // The driver reads this option of a single query, which its types do not know.
    const limit = { query_timeout: most }
    return async (text, values = []) => (await client.query({ text, values, ...limit })).rows as Row[]
  }

  /** @throws when it is not sure that the commit is as durable as the database was told to make it */
  const commit = async (client: PoolClient): Promise<void> => {
    let warning: string | undefined
    const hear = (notice: { severity?: string | undefined; message?: string | undefined }): void => {
      if (notice.severity === 'WARNING') warning = notice.message ?? ''
    }
    client.on('notice', hear)
    try {
      const limit = { query_timeout: wait.commit }
      const { command } = await client.query({ text: 'COMMIT', ...limit })
      // "canceling wait for synchronous replication": the commit is local, and no standby has said that it has it.
      if (warning !== undefined) throw storeFailure('store_unavailable', `no standby has it yet: ${warning}`)
      if (command !== 'COMMIT') throw new Error(`the transaction ended with ${command}`)
    } finally {
      client.off('notice', hear)
    }
  }

  const once = async <Result>(
    lock: Lock,
    work: (ask: Ask) => Promise<Result>,
    onCommit: () => void,
  ): Promise<Result> => {
    const client = await pool.connect()
    let broken = true
    try {
      const limit = { query_timeout: 2 * wait.statement }
      await client.query({ text: begin(lock), ...limit })
      const result = await work(asking(client, 2 * wait.statement))
      onCommit()
      await commit(client)
      broken = false
      return result
    } catch (error) {
      if (!isLost(error)) {
        // It may hang as well; then the connection is given up.
        const limit = { query_timeout: wait.connect }
        broken = await client.query({ text: 'ROLLBACK', ...limit }).then(
          () => false,
          () => true,
        )
      }
      throw error
    } finally {
      client.release(broken)
    }
  }

  return {
    async read(text, values = []) {
      try {
        const limit = { query_timeout: wait.read }
        return (await pool.query({ text, values, ...limit })).rows as Row[]
      } catch (error) {
        throw explain(error)
      }
    },
    async transaction(lock, work) {
      for (let tries = 0; ; tries++) {
        let hasCommitted = false
        try {
          return await once(typeof lock === 'function' ? lock() : lock, work, () => {
            hasCommitted = true
          })
        } catch (error) {
          // A connection may have gone stale in the pool. But nobody knows what became of a commit whose answer is missing.
          const isStale = isLost(error) && !hasCommitted && tries === 0
          if (!(isCollision(error) || isStale) || tries + 1 >= mostTries) throw explain(error)
        }
        await pause(Math.random() * 10 * (tries + 1))
      }
    },
    async snapshot(work) {
      let client: PoolClient | undefined
      let broken = true
      try {
        client = await pool.connect()
        const own = client
        const ask = asking(own, wait.read)
        await ask('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
        const result = await work(ask, (select, take) => copyRows(own, select, take, wait.read))
        await ask('COMMIT')
        broken = false
        return result
      } catch (error) {
        throw explain(error)
      } finally {
        client?.release(broken)
      }
    },
    async copy(select, take) {
      let client: PoolClient | undefined
      let broken = true
      try {
        client = await pool.connect()
        await copyRows(client, select, take, wait.read)
        broken = false
      } catch (error) {
        throw explain(error)
      } finally {
        client?.release(broken)
      }
    },
    close: () => pool.end(),
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
