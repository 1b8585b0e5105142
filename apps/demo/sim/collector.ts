/** The collector: its real HTTP handler over its real SQLite store, which can be full, and can crash before and after a commit. */
import type { LossEvent } from '@earshot/contract'
import type { Verdict } from '../../../packages/collector/src/core/ingest.ts'
import { storeFailure } from '../../../packages/collector/src/core/failure.ts'
import { createHandler } from '../../../packages/collector/src/http/handler.ts'
import { createMetrics } from '../../../packages/collector/src/http/metrics.ts'
import { createStreams } from '../../../packages/collector/src/http/streams.ts'
import type { EventStore } from '../../../packages/collector/src/ports/eventStore.ts'
import { createSqliteStore } from '../../../packages/collector/src/stores/sqlite.ts'
import { systemHash } from '../../../packages/collector/src/system.ts'
import { beginning, type World } from './world.ts'

export const writeKey = 'pk_sim'

/** What comes back: text, because the network may cut it anywhere. */
export interface Reply {
  status: number
  body: string
  retryAfter: string | null
}

export interface Collector {
  state: 'up' | 'full' | 'down'
  /** Answers null when it crashed. */
  take(path: string, body: string): Promise<Reply | null>
  /** The next batch is committed, and then it crashes. */
  crashAfterCommit(): void
  /** Which of these events are stored. */
  stored(ids: readonly string[]): Promise<ReadonlySet<string>>
  /** How many events devices of these visitors gave up, word by word. */
  losses(visitors: ReadonlySet<string>): Promise<number[]>
  /** How many events this run has stored. */
  count(): Promise<number>
  store: EventStore
}

interface Opened {
  store: EventStore
  seeds: Set<string>
  site: number
}
let opened: Opened | undefined

/** Opening a store costs more than a run, so runs share one: their ids differ as their seeds do. */
async function openStore(seed: string): Promise<Opened> {
  if (opened && !opened.seeds.has(seed) && opened.seeds.size < 100) {
    opened.seeds.add(seed)
    return opened
  }
  await opened?.store.close()
  const store = createSqliteStore(':memory:')
  const site = await store.saveSite(() => ({ writeKey, tokenHash: systemHash.sha256('sk') }), beginning)
  opened = { store, site: site.id, seeds: new Set([seed]) }
  return opened
}

const metrics = createMetrics({ version: 'simulated', disk: async () => null })

export async function createCollector(world: World): Promise<Collector> {
  const { store, site } = await openStore(String(world.seed))
  const before = (await store.stats(site)).events
  let crashesNext = false
  const heardLosses: LossEvent[] = []
  const clock = { now: () => Math.floor(beginning + world.now()) }
  const handle = createHandler({
    store: {
      ...store,
      // So that everything that is stored passes here.
      ingest: undefined,
      async append(...given) {
        for (const { result } of given[1].candidates)
          if ('stored' in result && result.stored.event.type === 'loss') heardLosses.push(result.stored.event)
        if (collector.state === 'full') throw storeFailure('store_unavailable', 'the disk is full')
        if (world.switches.earlyReceipt) {
          const [, batch, judge] = given
          let verdict!: Verdict
          await store.append(given[0], batch, (known) => ((verdict = judge(known)), nothing), given[3])
          world.later(null, 'late commit', 3000, () => collector.state === 'up' && store.append(...given))
          return { verdict, inserted: new Set(verdict.accepted.map((each) => each.stored.event.id)) }
        }
        return store.append(...given)
      },
    },
    clock,
    random: { bytes: (count) => new Uint8Array(count) },
    hash: systemHash,
    log: {
      info: () => {},
      error: (message, error) => {
        if (message !== 'store unavailable')
          world.broken('the collector breaks at nothing', `${message} ${String(error)}`)
      },
    },
    policy: { inline: 'accept', most: 200 },
    origins: null,
    browserFiles: null,
    dashboardFiles: null,
    docsFiles: null,
    metrics,
    metricsTokenHash: null,
    room: null,
    guesses: { wait: () => 0, right: () => {}, wrong: () => {} },
    bursts: { isWatching: () => false, isBurst: () => false, look: () => undefined, due: () => [] },
    outbound: {
      urlFlaw: () => null,
      jobsOf: () => [],
      test: async () => {},
      compose: async () => null,
      finder: () => async () => null,
    },
    mail: {
      sender: null,
      read: async () => null,
      standing: async () => 'gone',
      hidden: async () => ({ who: '', mail: null }),
      rotate: async () => {},
      nameOf: async () => '',
      test: async () => null,
      preview: () => Promise.reject(new Error('nobody writes mail here')),
    },
    limits: { network: () => 0, key: () => 0 },
    daily: { take: async () => 0, settle: () => {}, measures: () => [], flush: async () => {} },
    uses: { note: () => {}, flush: async () => {} },
    streams: createStreams(),
    isClosing: () => false,
  })
  const nothing: Verdict = { accepted: [], dropped: [], duplicates: [], rejected: [], surveys: [] }

  const collector: Collector = {
    state: 'up',
    store,
    async take(path, body) {
      if (collector.state === 'down') return null
      const request =
        path === 'config'
          ? new Request(`http://collector/v1/config?key=${writeKey}`)
          : new Request(`http://collector/v1/${path}`, { method: 'POST', body })
      const response = await handle(request)
      const text = await response.text()
      if (crashesNext) {
        crashesNext = false
        collector.state = 'down'
        world.note('the collector crashed after its commit')
        world.later(null, 'collector is back', world.chance.whole(1000, 60_000), () => {
          collector.state = 'up'
        })
        return null
      }
      return { status: response.status, body: text, retryAfter: response.headers.get('retry-after') }
    },
    crashAfterCommit: () => void (crashesNext = true),
    async stored(ids) {
      let found: ReadonlySet<string> = new Set()
      const batch = {
        candidates: [],
        declared: new Map(),
        ids: [...ids],
        surveys: [],
        responses: [],
        visitors: [],
      }
      await store.append(site, batch, (known) => ((found = known.ids), nothing), clock.now())
      return found
    },
    async losses(visitors) {
      const all = heardLosses.filter(({ visitor }) => visitors.has(visitor))
      const kept = await collector.stored(all.map(({ id }) => id))
      const unique = new Map(all.filter(({ id }) => kept.has(id)).map((each) => [each.id, each]))
      return [...unique.values()].map(({ data }) =>
        Object.values(data.events).reduce((sum, each) => sum + each, 0),
      )
    },
    count: async () => (await store.stats(site)).events - before,
  }
  return collector
}
