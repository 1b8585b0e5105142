/** Measures what the queue costs in a real Chromium, beside bare IndexedDB and the queues of others: to store an event, to drain 10,000, an hour without the collector, and the bytes of its code. */
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { parseArgs } from 'node:util'
import { brotliCompressSync, constants } from 'node:zlib'
import { build, type Rollup } from 'vite'
import { createProfile } from '../apps/demo/e2e/browser.ts'
import { startCollectorProcess, writeKey } from '../apps/demo/e2e/collector.ts'
import { listen } from '../apps/demo/e2e/line.ts'
import { createChance } from '../apps/demo/e2e/kill/chance.ts'
import { products } from '../apps/demo/e2e/kill/products.ts'
import { nps } from '../packages/sdk/src/index.ts'
import { type Drained, drain } from './benchQueueDrain.ts'
import { enqueue, type Enqueued } from './benchQueueEnqueue.ts'
import { type Outage, outage } from './benchQueueOutage.ts'
import { type PeerQueue, peerQueue } from './benchQueuePeers.ts'
import { type Found, limits, missed, tablesOf } from './benchQueueReport.ts'
import { writeBlock } from './writeBlock.ts'

const document = 'docs/performance-queue.md'
const lengths = [0, 1000, 10_000]
const toDrain = 10_000
/** As many as the others can be asked to queue. */
const fewer = 1000
const outages: readonly Outage[] = [
  { status: 0, tabs: 1, queued: 100 },
  { status: 0, tabs: 3, queued: 100 },
  { status: 500, tabs: 3, queued: 100 },
  { status: 0, tabs: 1, queued: 10_000 },
]

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
    samples: { type: 'string', default: '200' },
    'no-peers': { type: 'boolean', default: false },
  },
})
const rounds = Number(values.rounds)
const samples = Number(values.samples)
if (!Number.isInteger(rounds) || rounds < 1 || !Number.isInteger(samples) || samples < 1)
  throw new Error('--rounds and --samples take numbers from 1 up.')

const built = (await build({
  configFile: false,
  logLevel: 'error',
  resolve: { conditions: ['@earshot/source', 'module', 'browser', 'production'] },
  build: {
    write: false,
    target: 'es2022',
    minify: true,
    rolldownOptions: {
      input: 'scripts/queueEntry.ts',
      preserveEntrySignatures: 'strict',
      output: { minify: true },
    },
  },
})) as Rollup.RolldownOutput
const code = built.output[0].code
const brotli = (text: string | Buffer): number =>
  brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length
const [file, keeper] = ['outbox', 'keeper'].map((name) => `packages/sdk/dist/browser/${name}.js`) as [
  string,
  string,
]
for (const each of [file, keeper])
  if (!existsSync(each)) throw new Error(`${each} is not there. Run pnpm build first.`)

/** `earshot.js`, or the same without what makes a row of an event and stores it. */
async function loader(isWhole: boolean): Promise<string> {
  const external = isWhole ? [] : /\/(?:queueRow|store|idbDatabase|memoryDatabase)\.ts$/
  const { output } = (
    (await build({
      mode: 'loader',
      logLevel: 'error',
      build: { write: false, rolldownOptions: { external } },
    })) as unknown as [Rollup.RolldownOutput]
  )[0]
  // What is not there it would be called with, and those names are long.
  return output[0].code.replace(/\((?:packages_sdk_src_\w+,?){4}\);\s*$/, '();')
}
const [whole, without] = [await loader(true), await loader(false)]
if (/packages_sdk_src_|queueRow/.test(without))
  throw new Error('What stores could not be taken out of earshot.js.')
const bytes = {
  outbox: brotli(readFileSync(file)),
  store: brotli(whole) - brotli(without),
  keeper: brotli(readFileSync(keeper)),
}

const host = await listen(
  createServer((request, response) => {
    const isScript = request.url === '/queue.js'
    // Only such a page has a clock that is finer than a tenth of a millisecond.
    response.setHeader('cross-origin-opener-policy', 'same-origin')
    response.setHeader(
      'cross-origin-embedder-policy',
      request.url === '/drain' ? 'unsafe-none' : 'require-corp',
    )
    response.setHeader('content-type', isScript ? 'text/javascript; charset=utf-8' : 'text/html')
    response.end(
      isScript ? code : '<!doctype html><html lang="en"><meta charset="utf-8"><title>Host</title></html>',
    )
  }),
)
const collector = await startCollectorProcess()
await collector.put(nps({ id: 'drained', name: 'Acme', triggers: [{ on: 'event', name: 'never' }] }))
/** On the disk: a private window would keep its databases in memory. */
const profile = await createProfile()
const { context } = await profile.launch()
const version = context.browser()?.version() ?? 'unknown'
const enqueued: Enqueued[] = lengths.map((queued) => ({ queued, ours: [], raw: [], longTasks: [] }))
const drained: Record<'ours' | 'bare' | 'few', Drained[]> = { ours: [], bare: [], few: [] }
try {
  for (let round = 0; round < rounds; round++) {
    // Each length comes first and last equally often: a machine that slows down favours none.
    for (const sum of round % 2 ? enqueued.toReversed() : enqueued) {
      const page = await context.newPage()
      await page.goto(host.url)
      const found = await enqueue(page, `${host.url}/queue.js`, sum.queued, samples)
      sum.ours.push(...found.ours)
      sum.raw.push(...found.raw)
      sum.longTasks.push(...found.longTasks)
      await page.close()
    }
    const drainOf = (way: 'ours' | 'bare', events: number): Promise<Drained> =>
      drain(way, context, `${host.url}/drain`, collector, writeKey, events)
    for (const way of round % 2 ? (['bare', 'ours'] as const) : (['ours', 'bare'] as const))
      drained[way].push(await drainOf(way, toDrain))
    drained.few.push(await drainOf('ours', fewer))
    process.stderr.write(`round ${round + 1} of ${rounds}\n`)
  }
} finally {
  await profile.remove()
  await collector.remove()
  await host.close()
}
const peers: PeerQueue[] = []
for (const product of values['no-peers'] ? [] : products.filter(({ peer }) => peer !== null)) {
  peers.push(await peerQueue(product, fewer, Math.min(samples, fewer / 2)))
  process.stderr.write(`${product.label}\n`)
}
const hours: (Outage & { requests: number[] })[] = []
for (const each of outages) {
  const requests: number[] = []
  const times = each.queued > 1000 ? 5 : 100
  for (let seed = 0; seed < times; seed++) requests.push(await outage(each, createChance(seed)))
  hours.push({ ...each, requests })
}

const found: Found = { enqueued, drained, peers, outages: hours, bytes }
const problems = missed(found)
const tables = tablesOf(found)
const date = new Date().toISOString().slice(0, 10)
console.log(
  values.json
    ? JSON.stringify({ date, chromium: version, rounds, samples, limits, ...found, missed: problems })
    : tables,
)
for (const problem of problems) console.error(`missed: ${problem}`)
if (problems.length > 0) process.exitCode = 1

if (values.write) {
  const lines = [
    `Measured on ${date} with Chromium ${version}, ${rounds} rounds of ${samples} events for each length:`,
    tables,
    problems.length > 0
      ? `Missed in this run:\n\n${problems.map((problem) => `- ${problem}`).join('\n')}`
      : 'Every limit was kept.',
  ]
  writeBlock(document, 'queue', lines.join('\n\n'))
}
