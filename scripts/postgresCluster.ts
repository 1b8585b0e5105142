/** A primary with two standbys, and one address that leads to whoever is the primary, as a proxy or a service of a cloud gives it. */
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { freePort, startPostgres, type RunningPostgres } from './postgres.ts'
import { order } from './postgresDatabase.ts'

/** Three servers that run. */
export interface RunningCluster {
  primary: RunningPostgres
  /** `postgres://…` of a database of whoever is the primary. */
  url(database: string): string
  /** Kills the primary, and makes the standby that has most of it the new one. */
  failOver(): Promise<void>
  /** Ends all of them. */
  remove(): Promise<void>
}

/** Settings by which a commit waits until one of the two standbys has it on its disk. */
export const quorum: Readonly<Record<string, string>> = { synchronous_standby_names: 'ANY 1 (one, two)' }

/**
 * Starts the servers.
 *
 * @param settings - Of the primary, besides those that replication needs.
 */
export async function startCluster(
  settings: Readonly<Record<string, string>> = quorum,
): Promise<RunningCluster> {
  const started: RunningPostgres[] = []
  const sockets = new Set<Socket>()
  let target = 0
  const proxy = createServer((near) => {
    const far = connect(target, '127.0.0.1')
    for (const each of [near, far]) {
      sockets.add(each)
      each.on('error', () => undefined)
    }
    near.pipe(far).on('close', () => near.destroy())
    far.pipe(near).on('close', () => far.destroy())
  })
  const remove = async (): Promise<void> => {
    for (const each of sockets) each.destroy()
    proxy.close()
    await Promise.all(started.map((each) => each.remove()))
  }
  try {
    const port = await freePort()
    proxy.listen(port, '127.0.0.1')
    await once(proxy, 'listening')
    const primary = await startPostgres({ wal_level: 'replica', wal_keep_size: '512MB' })
    started.push(primary)
    target = primary.port
    await primary.stop()
    for (const name of ['one', 'two']) {
      const conninfo = `host=127.0.0.1 port=${primary.port} user=earshot application_name=${name}`
      started.push(await startPostgres({ primary_conninfo: conninfo }, primary))
    }
    await primary.start(settings)
    await untilStreaming(primary)
    return {
      primary,
      url: (database) => `postgres://earshot@127.0.0.1:${port}/${database}`,
      async failOver() {
        await primary.kill()
        const standbys = await Promise.all(
          started.slice(1).map(async (server) => ({ server, has: await received(server) })),
        )
        const [best] = standbys.toSorted((a, b) => Number(b.has - a.has))
        if (!best) throw new Error('There is no standby.')
        await order(best.server.url('postgres'), 'SELECT pg_promote(true, 60)')
        target = best.server.port
        for (const each of sockets) each.destroy()
      },
      remove,
    }
  } catch (error) {
    await remove()
    throw error
  }
}

/** How far a standby has got, in bytes. */
async function received(server: RunningPostgres): Promise<bigint> {
  const [row] = await order<{ bytes: string }>(
    server.url('postgres'),
    `SELECT (pg_last_wal_receive_lsn() - '0/0'::pg_lsn)::text AS bytes`,
  )
  return BigInt(row?.bytes ?? 0)
}

async function untilStreaming(primary: RunningPostgres): Promise<void> {
  const streaming = `SELECT 1 FROM pg_stat_replication WHERE state = 'streaming'`
  const end = Date.now() + 30_000
  while ((await order(primary.url('postgres'), streaming)).length < 2) {
    if (Date.now() > end) throw new Error('The standbys do not follow the primary.')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
