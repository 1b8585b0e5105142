import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Receipt } from '@earshot/contract'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { startCluster, type RunningCluster } from '../../../../scripts/postgresCluster.ts'
import { freePort, startPostgres, type RunningPostgres } from '../../../../scripts/postgres.ts'
import { createDatabase } from '../../../../scripts/postgresDatabase.ts'
import { answer, envelope, keys, uuid } from '../fixtures.ts'
import { createCollector } from '../index.ts'
import { assertFolded } from './postgresSuite.ts'

/** How often the collector is killed. `pnpm test:postgres` takes 50. */
const kills = Number(process.env.EARSHOT_KILLS ?? 3)
/** Clients that send at the same time, one request each. */
const clients = 12
/** Responses that all of them write to, so that folds meet. */
const responses = 40

const program = fileURLToPath(new URL('../cli.ts', import.meta.url))

/** Sends until it is told to end; each request is sent again until there is a receipt. */
function startLoad(send: (body: string) => Promise<Receipt>) {
  const acknowledged = new Set<string>()
  const sentIds = new Set<string>()
  let count = 0
  let isOver = false
  let heard = (): void => undefined
  const types = [
    { type: 'display', data: { trigger: 'show' } },
    { type: 'answer', data: { question: 'score', value: 9, revision: 0 } },
    { type: 'answer', data: { question: 'why', value: 'because', revision: 0 } },
    { type: 'complete', data: {} },
  ]
  const client = async (): Promise<void> => {
    while (!isOver) {
      const events = Array.from({ length: 1 + (count % 4) }, () => {
        const number = ++count
        // A response takes 200 events, so there are new ones after some time.
        const response = uuid('response', (number % responses) + responses * Math.floor(number / 4000))
        const kind = types[number % types.length]
        return answer(number, 0, { response, visitor: `visitor-of-${response}`, seq: number, ...kind })
      })
      const ids = events.map((each) => String(each.id))
      for (const id of ids) sentIds.add(id)
      const body = JSON.stringify(envelope(keys.writeKey, events))
      for (;;) {
        const receipt = await send(body).catch(() => null)
        if (receipt) {
          expect(receipt.rejected).toEqual([])
          expect([...receipt.accepted, ...receipt.duplicates].toSorted()).toEqual(ids.toSorted())
          for (const id of ids) acknowledged.add(id)
          heard()
          break
        }
        // Whatever answers next is a new process, or a new primary; asking it in a tight loop would only keep it busy.
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    }
  }
  const running = Promise.all(Array.from({ length: clients }, client))
  return {
    acknowledged,
    sentIds,
    /** Resolves after so many more receipts. */
    receipts: (more: number) =>
      new Promise<void>((resolve) => {
        let left = more
        heard = () => {
          if (--left <= 0) resolve()
        }
      }),
    async end() {
      isOver = true
      await running
    },
  }
}

async function post(url: string, body: string): Promise<Receipt> {
  const response = await fetch(`${url}/v1/feedback`, {
    method: 'POST',
    body,
    signal: AbortSignal.timeout(20_000),
  })
  if (response.status !== 200) throw new Error(String(response.status))
  return (await response.json()) as Receipt
}

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
        const args = ['--conditions=@earshot/source', program, 'serve', '--port', String(port)]
        const started = spawn(process.execPath, args, {
          stdio: ['ignore', 'pipe', 'ignore'],
          env: {
            PATH: process.env.PATH ?? '',
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
        const request = new Request('http://localhost/v1/feedback', { method: 'POST', body })
        const response = await collector?.fetch(request)
        if (response?.status !== 200) throw new Error(String(response?.status))
        return (await response.json()) as Receipt
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
