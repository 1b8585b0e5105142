import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished, vi } from 'vitest'
import { collectorCommand } from '../../../../scripts/collectorCommand.ts'
import { startNats, type RunningNats, type RunningServers } from '../../../../scripts/nats.ts'
import { startPostgres, type RunningPostgres } from '../../../../scripts/postgres.ts'
import { createDatabase } from '../../../../scripts/postgresDatabase.ts'
import { bareEnvironment, keys } from '../fixtures.ts'
import { createCollector, type Collector } from '../index.ts'
import { deliver, startLoad, type Load } from './loadSuite.ts'
import { readLogAddress } from './natsAddress.ts'
import { openLine, type LogLine } from './natsConnection.ts'
import { assertFolded } from './postgresSuite.ts'

/** How often each thing is killed. `pnpm test:nats` takes 20. */
const kills = Number(process.env.EARSHOT_KILLS ?? 1)
const hasServer = inject('nats') !== ''
const quiet = { info: () => undefined, error: () => undefined }

let postgres: RunningPostgres
let nats: RunningServers
beforeAll(async () => {
  if (!hasServer) return
  postgres = await startPostgres()
  nats = await startNats(3)
}, 120_000)
afterAll(async () => {
  await Promise.all([postgres?.remove(), nats?.remove()])
})

let count = 0
async function open(workers: boolean) {
  const { url: store } = await createDatabase(postgres.url('postgres'))
  const eventLog = nats.url(`replicas=3&partitions=3&lease=2500&name=k${++count}`)
  const collectors: Collector[] = []
  for (const _ of [1, 2])
    collectors.push(await createCollector({ store, eventLog, worker: workers, ...keys, log: quiet }))
  onTestFinished(async () => {
    await Promise.all(collectors.map((each) => each.close()))
  })
  const line = await openLine(readLogAddress(eventLog), quiet)
  onTestFinished(() => line.connection.close())
  let turn = 0
  const load = startLoad((body) => {
    const collector = collectors[turn++ % collectors.length]
    if (!collector) throw new Error('There is no collector.')
    return deliver(collector, body)
  })
  return { store, eventLog, line, load }
}

/** The servers that lead the partitions of a log, with how many each of them leads. */
async function leaderOf({ manager, names }: LogLine): Promise<RunningNats> {
  const { cluster } = await manager.streams.info(names.stream(0))
  const leader = nats.servers[Number(cluster?.leader?.slice(1))]
  if (!leader) throw new Error('There is no leader.')
  return leader
}

/** All that was acknowledged is stored once, and nothing is left in the log or with the dead letters. */
async function assertAll(store: string, line: LogLine, load: Load): Promise<void> {
  await vi.waitFor(
    async () => {
      for (const partition of [0, 1, 2]) {
        const stream = line.names.stream(partition)
        const { state } = await line.manager.streams.info(stream)
        const left = { messages: state.messages, from: state.first_seq, to: state.last_seq }
        // What the consumer knows of it tells whether it was not given out, not let go of, or let go of and kept.
        const { num_pending, num_ack_pending, ack_floor, delivered } = await line.manager.consumers.info(
          stream,
          line.names.consumer,
        )
        expect({ ...left, num_pending, num_ack_pending, ack_floor, delivered }).toMatchObject({ messages: 0 })
      }
    },
    { timeout: 60_000, interval: 100 },
  )
  const stored = await assertFolded(store)
  expect([...load.acknowledged].filter((id) => !stored.has(id))).toEqual([])
  expect([...stored].toSorted()).toEqual([...load.sentIds].toSorted())
  const dead = await vi.waitFor(() => line.manager.streams.info(line.names.dead), 30_000)
  expect(dead.state.messages).toBe(0)
}

describe.skipIf(!hasServer)('three servers', () => {
  it(
    `of which any, and then the leader, is killed and comes back ${kills} times under load lose nothing and double nothing`,
    async () => {
      const { store, line, load } = await open(true)
      for (let round = 0; round < kills; round++) {
        const leader = await leaderOf(line)
        const others = nats.servers.filter((each) => each !== leader)
        for (const victim of [others[round % 2], leader]) {
          await load.receipts(40)
          await victim?.kill()
          // Two of three are a quorum, so it goes on.
          await load.receipts(100)
          await victim?.start()
          await load.receipts(40)
          await vi.waitFor(() => leaderOf(line), 30_000)
        }
      }
      await load.end()
      await assertAll(store, line, load)
      process.stdout.write(
        `    ${nats.version}: ${load.acknowledged.size} events acknowledged; longest time without a receipt ${Math.round(load.longestGap())} ms\n`,
      )
    },
    120_000 + kills * 60_000,
  )
})

describe.skipIf(!hasServer)('a worker', () => {
  it(
    `that is killed ${1 + kills} times in the middle of its work loses nothing and doubles nothing`,
    async () => {
      const { store, eventLog, line, load } = await open(false)
      const work = async (): Promise<ChildProcess> => {
        const args = [...collectorCommand, 'worker']
        const env = { ...bareEnvironment, EARSHOT_STORE: store, EARSHOT_LOG: eventLog }
        const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'ignore'] })
        onTestFinished(() => void child.kill('SIGKILL'))
        for await (const chunk of child.stdout) if (String(chunk).includes('nats://')) return child
        throw new Error('the worker ended')
      }
      const written = async (): Promise<number> => (await assertFolded(store)).size
      let worker = await work()
      for (let round = 0; round < 1 + kills; round++) {
        const before = await written()
        await vi.waitFor(async () => expect(await written()).toBeGreaterThan(before), 60_000)
        const ended = once(worker, 'exit')
        worker.kill('SIGKILL')
        await ended
        await load.receipts(20)
        worker = await work()
      }
      await load.end()
      await assertAll(store, line, load)
      const ended = once(worker, 'exit')
      worker.kill('SIGTERM')
      expect(await ended).toEqual([0, null])
    },
    120_000 + kills * 120_000,
  )
})
