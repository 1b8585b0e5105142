/** Measures what a log in front of PostgreSQL costs and what it takes off it, as ratios of one run: `pnpm bench:nats`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { judge, type Batch } from '../packages/collector/src/core/ingest.ts'
import type { EventStore } from '../packages/collector/src/ports/eventStore.ts'
import { createLogStore, createLogWorker } from '../packages/collector/src/stores/nats.ts'
import { createPostgresStore } from '../packages/collector/src/stores/postgres.ts'
import { batchOf, timed, type Speed } from './benchBatches.ts'
import { startNats } from './nats.ts'
import { startPostgres } from './postgres.ts'
import { createDatabase, order } from './postgresDatabase.ts'

const perRound = Number(process.env.EARSHOT_BENCH_EVENTS ?? 6000)
const inFlight = Number(process.env.EARSHOT_BENCH_CLIENTS ?? 200)
const rounds = Number(process.env.EARSHOT_BENCH_ROUNDS ?? 5)
const quiet = { info: () => undefined, error: () => undefined }
const policy = { inline: 'accept', most: 9 } as const

const makeBatches = (size: number): Batch[] => Array.from({ length: perRound / size }, () => batchOf(size))

/** From so many clients, each of which waits for its receipt. */
function load(store: EventStore, batches: readonly Batch[]): Promise<Speed> {
  let next = 0
  const client = async (): Promise<void> => {
    for (let batch = batches[next++]; batch; batch = batches[next++]) {
      const each = batch
      if (store.ingest) await store.ingest(1, each, policy, Date.now())
      else await store.append(1, each, (known) => judge(each, known, policy), Date.now())
    }
  }
  return timed(
    batches.reduce((sum, each) => sum + each.candidates.length, 0),
    async () => {
      await Promise.all(Array.from({ length: inFlight }, client))
    },
  )
}

/** Processor time that processes have taken so far, in microseconds; those that they have started count too. Linux only. */
function cpuOf(parents: readonly number[]): number {
  let ticks = 0
  for (const entry of existsSync('/proc/self/stat') ? readdirSync('/proc') : []) {
    if (!/^\d+$/.test(entry)) continue
    try {
      const fields = readFileSync(`/proc/${entry}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')
      if (parents.includes(Number(entry)) || parents.includes(Number(fields[1])))
        ticks += Number(fields[11]) + Number(fields[12])
    } catch {
      // It has ended.
    }
  }
  return ticks * 10_000
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN

function report(name: string, pairs: readonly (readonly [Speed, Speed])[]): void {
  const ratio = median(pairs.map(([a, b]) => a.rate / b.rate))
  const of = (side: 0 | 1, what: keyof Speed): string =>
    median(pairs.map((each) => each[side][what])).toFixed(0)
  process.stdout.write(
    `${name.padEnd(62)} ${ratio.toFixed(2)} ×   (${of(0, 'rate')} / ${of(1, 'rate')} events a second; ${of(0, 'cpu')} / ${of(1, 'cpu')} µs of this process an event)\n`,
  )
}

const postgres = await startPostgres()
const nats = await startNats(3)
try {
  const servers = nats.servers.map((each) => each.pid())
  const postmaster = [Number(readFileSync(join(postgres.data, 'postmaster.pid'), 'utf8').split('\n')[0])]
  const walAt = async (): Promise<number> => {
    const at = "SELECT pg_current_wal_lsn() - '0/0'::pg_lsn AS at"
    const [row] = await order<{ at: string }>(postgres.url('postgres'), at)
    return Number(row?.at)
  }
  process.stdout.write(
    `nats-server ${nats.version}, three servers, three replicas; ${inFlight} requests in flight\n`,
  )
  const { url } = await createDatabase(postgres.url('postgres'))
  const log = (query: string): string => nats.url(`replicas=3&partitions=4&${query}`)
  const direct = await createPostgresStore(url)
  await direct.saveSite(() => ({ writeKey: 'pk_1', tokenHash: new Uint8Array(32) }), 0)
  const open = async (name: string, worker: boolean): Promise<EventStore> =>
    createLogStore(log(`name=${name}`), await createPostgresStore(url), { log: quiet, worker })
  const front = await open('front', false)
  const both = await open('both', true)
  const single = await createLogStore(
    nats.url('replicas=1&partitions=4&name=single'),
    await createPostgresStore(url),
    { log: quiet, worker: false },
  )
  const inLog = async (name: string): Promise<number> =>
    ((await front.measures?.()) ?? [])
      .filter((each) => each.name === name)
      .reduce((sum, each) => sum + each.value, 0)
  const lag = (): Promise<number> => inLog('earshot_log_messages')
  // Partition, definition and code are warm.
  for (const store of [direct, front, both, single]) await load(store, makeBatches(1).slice(0, 500))
  /** What the servers take for an event. */
  const takeApart = async (): Promise<void> => {
    const [database, wal] = [cpuOf(postmaster), await walAt()]
    await load(direct, makeBatches(1))
    const databaseCpu = (cpuOf(postmaster) - database) / perRound
    const walBytes = ((await walAt()) - wal) / perRound
    const [log1, held] = [cpuOf(servers), await inLog('earshot_log_bytes')]
    await load(front, makeBatches(1))
    const [log2, held2] = [cpuOf(servers), await inLog('earshot_log_bytes')]
    await load(front, makeBatches(20))
    const log3 = cpuOf(servers)
    process.stdout.write(
      `an event takes ${databaseCpu.toFixed(0)} µs of PostgreSQL and ${walBytes.toFixed(0)} bytes of its log of changes; ${((log2 - log1) / perRound).toFixed(0)} µs of all three servers and ${((held2 - held) / perRound).toFixed(0)} bytes in each of them; in batches of 20 ${((log3 - log2) / perRound).toFixed(0)} µs\n`,
    )
  }
  const [acked, batched, drained, together, replicas]: [Speed, Speed][][] = [[], [], [], [], []]
  for (let round = 0; round < rounds; round++) {
    const plain = await load(direct, makeBatches(1))
    const before = await lag()
    acked?.push([await load(front, makeBatches(1)), plain])
    replicas?.push([await load(front, makeBatches(1)), await load(single, makeBatches(1))])
    batched?.push([await load(front, makeBatches(20)), await load(direct, makeBatches(20))])
    const events = 3 * perRound + (round === 0 ? 500 : 0)
    if (before > 0 && round > 0) throw new Error('The last round was not drained.')
    const worker = await createLogWorker(log('name=front'), await createPostgresStore(url), { log: quiet })
    drained?.push([
      await timed(events, async () => {
        while ((await lag()) > 0) await new Promise((resolve) => setTimeout(resolve, 20))
      }),
      plain,
    ])
    await worker.close()
    together?.push([await load(both, makeBatches(1)), plain])
  }
  await takeApart()
  report('log, acknowledged by a quorum / PostgreSQL, committed', acked ?? [])
  report('the same with batches of 20', batched ?? [])
  report('log with three replicas / with one', replicas ?? [])
  report('one worker that empties the log / PostgreSQL, committed', drained ?? [])
  report('log with the worker in the same process / PostgreSQL', together ?? [])
  for (const store of [front, both, single, direct]) await store.close()
} finally {
  await Promise.all([postgres.remove(), nats.remove()])
}
