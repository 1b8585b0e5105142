import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { collectorCommand } from '../../../../scripts/collectorCommand.ts'
import { startCluster, type RunningCluster } from '../../../../scripts/postgresCluster.ts'
import { freePort, startPostgres, type RunningPostgres } from '../../../../scripts/postgres.ts'
import { createDatabase } from '../../../../scripts/postgresDatabase.ts'
import { bareEnvironment, keys } from '../fixtures.ts'
import { createCollector } from '../index.ts'
import { deliver, post, startLoad } from './loadSuite.ts'
import { assertFolded } from './postgresSuite.ts'

/** How often the collector is killed. `pnpm test:postgres` takes 50. */
const kills = Number(process.env.EARSHOT_KILLS ?? 3)

describe('a collector on PostgreSQL', () => {
  let server: RunningPostgres
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.remove())

  it(
    `that is killed ${kills} times under load loses nothing, doubles nothing, and its projections are what its events tell`,
    async () => {
      const { url: store } = await createDatabase(server.url('postgres'))
      const port = await freePort()
      const url = `http://127.0.0.1:${port}`
      let child: ChildProcess | undefined
      onTestFinished(() => void child?.kill('SIGKILL'))
      const serve = async (): Promise<void> => {
        const args = [...collectorCommand, 'serve', '--port', String(port)]
        const started = spawn(process.execPath, args, {
          stdio: ['ignore', 'pipe', 'ignore'],
          env: {
            ...bareEnvironment,
            EARSHOT_STORE: store,
            EARSHOT_WRITE_KEY: keys.writeKey,
            EARSHOT_ADMIN_TOKEN: keys.adminToken,
          },
        })
        child = started
        let said = ''
        for await (const chunk of started.stdout) {
          said += String(chunk)
          if (said.includes('</script>')) return
        }
        throw new Error(`the collector ended: ${said}`)
      }
      await serve()
      const load = startLoad((body) => post(url, body))
      for (let count = 0; count < kills; count++) {
        // So that the kill falls at another place of a transaction each time.
        await load.receipts(20 + Math.floor(Math.random() * 60))
        const ended = child && once(child, 'exit')
        child?.kill('SIGKILL')
        await ended
        // Nobody else writes now, but backends of the dead process may end what they have begun.
        const known = [...load.acknowledged]
        const stored = await assertFolded(store)
        expect(known.filter((id) => !stored.has(id))).toEqual([])
        await serve()
      }
      await load.receipts(20)
      await load.end()
      const stored = await assertFolded(store)
      expect([...load.acknowledged].filter((id) => !stored.has(id))).toEqual([])
      expect([...stored].toSorted()).toEqual([...load.sentIds].toSorted())
    },
    60_000 + kills * 20_000,
  )
})

describe('a primary with two standbys, of which one has to have each commit', () => {
  let cluster: RunningCluster
  beforeAll(async () => {
    cluster = await startCluster()
  }, 120_000)
  afterAll(() => cluster.remove())

  it('that is killed under load loses nothing that was acknowledged', async () => {
    const { url: direct } = await createDatabase(cluster.primary.url('postgres'))
    const store = cluster.url(new URL(direct).pathname.slice(1))
    const quiet = { info: () => undefined, error: () => undefined }
    const collectors = await Promise.all([1, 2].map(() => createCollector({ store, ...keys, log: quiet })))
    try {
      let turn = 0
      const load = startLoad(async (body) => {
        const collector = collectors[turn++ % collectors.length]
        if (!collector) throw new Error('There is no collector.')
        return deliver(collector, body)
      })
      await load.receipts(300)
      await cluster.failOver()
      const before = new Set(load.acknowledged)
      await load.receipts(100)
      await load.end()
      const stored = await assertFolded(store)
      expect(before.size).toBeGreaterThan(300)
      expect([...before].filter((id) => !stored.has(id))).toEqual([])
      expect([...stored].toSorted()).toEqual([...load.sentIds].toSorted())
    } finally {
      await Promise.all(collectors.map((each) => each.close()))
    }
  }, 180_000)
})
