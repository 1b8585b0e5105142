/** Measures the PostgreSQL store: grouped ingest against plain inserts of the same rows, and commits on a quorum of standbys against local ones. */
import { createRequire } from 'node:module'
import type * as Driver from 'pg'
import { batchOf, timed, type Speed } from './benchBatches.ts'
import { judge, type Batch } from '../packages/collector/src/core/ingest.ts'
import { isSurveyEvent, project, type StoredEvent } from '../packages/collector/src/core/project.ts'
import type { EventStore } from '../packages/collector/src/ports/eventStore.ts'
import { createPostgresStore } from '../packages/collector/src/stores/postgres.ts'
import { monthOf } from '../packages/collector/src/stores/postgresMonth.ts'
import type { SurveyEvent } from '../packages/contract/src/event.ts'
import { quorum, startCluster, type RunningCluster } from './postgresCluster.ts'
import { createDatabase, order } from './postgresDatabase.ts'

const { Client } = createRequire(new URL('../packages/collector/package.json', import.meta.url))(
  'pg',
) as typeof Driver

/** Least ratios. */
const gates = { grouped: 0.6, quorum: 0.7 } as const
/** Requests in flight. Each has one event, and makes a response with an answer. */
const inFlight = 200
const perRound = Number(process.env.EARSHOT_BENCH_EVENTS ?? 6000)
const rounds = 5
/** Rows numbered so far. */
let count = 0

const makeBatches = (): Batch[] => Array.from({ length: perRound }, () => batchOf(1))

/** Through the store, as the route for feedback calls it. */
async function throughStore(store: EventStore, batches: readonly Batch[]): Promise<Speed> {
  const policy = { inline: 'accept', most: 9 } as const
  return timed(batches.length, async () => {
    let next = 0
    const client = async (): Promise<void> => {
      for (let batch = batches[next++]; batch; batch = batches[next++]) {
        const each = batch
        const { inserted } = await store.append(1, each, (known) => judge(each, known, policy), Date.now())
        if (inserted.size !== 1) throw new Error('An event was not stored.')
      }
    }
    await Promise.all(Array.from({ length: inFlight }, client))
  })
}

/** The same rows into the same tables, from memory: nothing is looked up, judged or folded while the clock runs. */
async function plainly(client: Driver.Client, batches: readonly Batch[], onlyEvents = false): Promise<Speed> {
  const events = batches.flatMap((each) =>
    each.candidates.flatMap(({ result }) => ('stored' in result ? [result.stored] : [])),
  )
  const groups = Array.from({ length: Math.ceil(events.length / inFlight) }, (_, index) =>
    statementsOf(events.slice(index * inFlight, (index + 1) * inFlight)).slice(0, onlyEvents ? 1 : 3),
  )
  return timed(events.length, async () => {
    for (const group of groups) {
      await client.query('BEGIN')
      for (const { text, values } of group) await client.query(text, values)
      await client.query('COMMIT')
    }
  })
}

function statementsOf(events: readonly StoredEvent[]): { text: string; values: unknown[] }[] {
  const own = events.flatMap((each) => (isSurveyEvent(each.event) ? [each as StoredEvent<SurveyEvent>] : []))
  const insert = (table: string, columns: Record<string, [type: string, values: unknown[]]>) => ({
    text: `INSERT INTO earshot.${table} (site, ${Object.keys(columns).join(', ')})
      SELECT 1, * FROM unnest(${Object.values(columns)
        .map(([type], index) => `$${index + 1}::${type}[]`)
        .join(', ')}) ON CONFLICT DO NOTHING`,
    values: Object.values(columns).map(([, values]) => values),
  })
  const folded = own.map((each) => ({ each, response: project([each]) }))
  return [
    insert('events', {
      id: ['uuid', own.map(({ event }) => event.id)],
      month: ['int', own.map(({ event }) => monthOf(event.id))],
      row: ['bigint', own.map(() => ++count)],
      response: ['uuid', own.map(({ event }) => event.response)],
      type: ['text', own.map(({ event }) => event.type)],
      survey: ['text', own.map(({ event }) => event.survey)],
      version: ['int', own.map(({ event }) => event.surveyVersion)],
      visitor: ['text', own.map(({ event }) => event.visitor)],
      at: ['bigint', own.map(({ at }) => at)],
      received_at: ['bigint', own.map(({ receivedAt }) => receivedAt)],
      occurred_at: ['bigint', own.map(({ occurredAt }) => occurredAt)],
      body: ['text', own.map(({ event }) => JSON.stringify(event))],
    }),
    (() => {
      const made = insert('responses', {
        id: ['uuid', own.map(({ event }) => event.response)],
        row: ['bigint', own.map(() => ++count)],
        events: ['int', own.map(() => 1)],
        survey: ['text', own.map(({ event }) => event.survey)],
        version: ['int', own.map(({ event }) => event.surveyVersion)],
        status: ['text', own.map(() => 'partial')],
        answers: ['int', own.map(() => 1)],
        closed: ['boolean', own.map(() => false)],
        first_at: ['bigint', own.map(({ occurredAt }) => occurredAt)],
        ignored: ['int', own.map(() => 0)],
        visitor: ['text', own.map(({ event }) => event.visitor)],
        over_quota: ['boolean', own.map(() => false)],
        body: ['text', folded.map(({ response }) => JSON.stringify(response))],
      })
      const months = `'{${monthOf(own[0]?.event.id ?? '')}}'::int[]`
      return {
        ...made,
        text: made.text
          .replace('(site, ', '(site, months, ')
          .replace('SELECT 1, *', `SELECT 1, ${months}, *`),
      }
    })(),
    insert('answers', {
      response: ['uuid', own.map(({ event }) => event.response)],
      question: ['text', own.map(() => 'score')],
      survey: ['text', own.map(({ event }) => event.survey)],
      version: ['int', own.map(({ event }) => event.surveyVersion)],
      who: ['text', own.map(({ event }) => `v:${event.visitor}`)],
      score: ['bigint', own.map((_, index) => index % 11)],
      at: ['bigint', own.map(({ occurredAt }) => occurredAt)],
    }),
  ]
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN

async function openStore(url: string): Promise<EventStore> {
  const store = await createPostgresStore(url)
  await store.saveSite(() => ({ writeKey: 'pk_1', tokenHash: new Uint8Array(32) }), 0)
  // Partition, definition and code are warm.
  await throughStore(
    store,
    Array.from({ length: 500 }, () => batchOf(1)),
  )
  return store
}

async function setQuorum(cluster: RunningCluster, names: string): Promise<void> {
  const url = cluster.primary.url('postgres')
  await order(url, `ALTER SYSTEM SET synchronous_standby_names = '${names}'`)
  await order(url, 'SELECT pg_reload_conf()')
  const shown = `SELECT 1 FROM pg_settings WHERE name = 'synchronous_standby_names' AND setting = '${names}'`
  while ((await order(url, shown)).length === 0) await new Promise((resolve) => setTimeout(resolve, 20))
}

/** Prints one line, and says whether the gate is passed. */
function report(name: string, pairs: readonly (readonly [Speed, Speed])[], gate: number | null): boolean {
  const ratio = median(pairs.map(([a, b]) => a.rate / b.rate))
  const [a, b] = [0, 1].map((index) => median(pairs.map((each) => each[index as 0 | 1].rate)))
  const cpus = [0, 1].map((index) => median(pairs.map((each) => each[index as 0 | 1].cpu)).toFixed(0))
  const passed = gate === null || ratio >= gate
  process.stdout.write(
    `${name.padEnd(58)} ${ratio.toFixed(2)} ×   (${a?.toFixed(0)} / ${b?.toFixed(0)} events a second; ${cpus.join(' / ')} µs of this process an event)${
      gate === null ? '' : `   gate ${gate} ${passed ? 'passed' : 'NOT PASSED'}`
    }\n`,
  )
  return passed
}

const cluster = await startCluster({})
try {
  const databases = await Promise.all([1, 2].map(() => createDatabase(cluster.primary.url('postgres'))))
  const [first, second] = databases.map(({ url }) => url)
  if (first === undefined || second === undefined) throw new Error('No databases.')
  const store = await openStore(first)
  await (await openStore(second)).close()
  const client = new Client({ connectionString: second })
  await client.connect()
  const [grouped, events, commits]: [Speed, Speed][][] = [[], [], []]
  for (let round = 0; round < rounds; round++) {
    const plain = await plainly(client, makeBatches())
    const ours = await throughStore(store, makeBatches())
    grouped?.push([ours, plain])
    events?.push([ours, await plainly(client, makeBatches(), true)])
    await setQuorum(cluster, quorum.synchronous_standby_names ?? '')
    const replicated = await throughStore(store, makeBatches())
    await setQuorum(cluster, '')
    commits?.push([replicated, await throughStore(store, makeBatches())])
  }
  await client.end()
  await store.close()
  const passed = [
    report('store / plain unnest groups into the same tables', grouped ?? [], gates.grouped),
    report('store / plain unnest groups of events alone', events ?? [], null),
    report('quorum of 1 of 2 standbys / local commit', commits ?? [], gates.quorum),
  ]
  if (!passed.every(Boolean)) process.exitCode = 1
} finally {
  await cluster.remove()
}
