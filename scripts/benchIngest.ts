/** Measures how much of a bare HTTP server is left when each event is validated, stored durably and counted; prints ratios of alternated runs, and fails when one is beyond its goal. */
import { execFileSync, fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { fillResponses } from './benchIngestFill.ts'
import { buildLoad, load as loadHere, loadSurvey, makeRequests, type LoadResult } from './benchIngestLoad.ts'
import { insertGrouped } from './benchIngestRaw.ts'
import type { Answer, Question } from './benchIngestServer.ts'

const usage = `pnpm bench:ingest [--rounds N] [--count N] [--rows N,N] [--only NAME,NAME]

  --rounds N    alternated rounds of each comparison; default 5
  --count N     requests of a run with single events; default 40000
  --rows N,N    how many responses are stored already, for the cost by size; default 0,1000000,10000000 (6 GB, 10 minutes)
  --only NAMES  single, many, batch, sync, bytes, size, export; default all
  --write       puts the result into docs/performance-ingest.md
`
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    count: { type: 'string', default: '40000' },
    rows: { type: 'string', default: '0,1000000,10000000' },
    only: { type: 'string', default: 'single,many,batch,sync,bytes,size,export' },
    write: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  },
})
const rounds = Number(values.rounds)
const count = Number(values.count)
const keys = { writeKey: 'pk_bench', adminToken: 'sk_0123456789abcdefghij' }
const root = mkdtempSync(join(tmpdir(), 'earshot-bench-'))
const outside = buildLoad(root)
const load = outside ?? loadHere
const page = join(import.meta.dirname, '../docs/performance-ingest.md')

const lines: string[] = []
function say(line: string): void {
  console.log(line)
  lines.push(line)
}

interface Server {
  port: number
  pid: number
  /** Processor time so far, in microseconds. */
  cpu(): Promise<number>
  close(): Promise<void>
}

function ask(child: ChildProcess, question: Question | null): Promise<Answer> {
  const answer = once(child, 'message').then(([said]) => said as Answer)
  if (question) child.send(question)
  return answer
}

async function startServer(kind: 'bare' | 'collector', data = '', preload = ''): Promise<Server> {
  const child = fork(
    join(import.meta.dirname, 'benchIngestServer.ts'),
    [kind, data, keys.writeKey, keys.adminToken],
    {
      execArgv: ['--conditions=@earshot/source'],
      ...(preload && { env: { ...process.env, LD_PRELOAD: preload } }),
    },
  )
  const said = await ask(child, null)
  if (!('port' in said)) throw new Error('the server did not start')
  if (kind === 'collector') await putSurvey(said.port)
  return {
    port: said.port,
    pid: child.pid ?? 0,
    async cpu() {
      const answer = await ask(child, 'cpu')
      return 'cpu' in answer ? answer.cpu : 0
    },
    async close() {
      const exit = once(child, 'exit')
      await ask(child, 'close')
      await exit
    },
  }
}

async function putSurvey(port: number): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${port}/v1/surveys/nps-q4`, {
    method: 'PUT',
    body: JSON.stringify(loadSurvey),
    headers: { 'content-type': 'application/json', authorization: `Bearer ${keys.adminToken}` },
  })
  if (!response.ok) throw new Error(await response.text())
}

async function storedEvents(port: number): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}/v1/stats`, {
    headers: { authorization: `Bearer ${keys.adminToken}` },
  })
  return ((await response.json()) as { events: number }).events
}

interface Measured extends LoadResult {
  /** Processor time of the server for each event, in microseconds. */
  cpu: number
}

/** Requests before what is measured, until the code is compiled. */
const warmUp = (runs: number): number => Math.ceil(runs / 3)

/** One run against one server; events are counted afterwards, so that nothing that was lost is called fast. */
async function run(server: Server, connections: number, runs: number, events: number): Promise<Measured> {
  await load(server.port, connections, makeRequests(keys.writeKey, warmUp(runs), events))
  const requests = makeRequests(keys.writeKey, runs, events)
  const before = await server.cpu()
  const result = await load(server.port, connections, requests)
  const spent = (await server.cpu()) - before
  if (result.failed > 0) throw new Error(`${result.failed} requests failed`)
  return { ...result, rate: result.rate * events, cpu: spent / (runs * events) }
}

async function runOn(
  kind: 'bare' | 'collector',
  connections: number,
  runs: number,
  events: number,
  preload = '',
): Promise<Measured> {
  const data = mkdtempSync(join(root, 'data-'))
  const server = await startServer(kind, data, preload)
  try {
    const before = kind === 'collector' ? await storedEvents(server.port) : 0
    const measured = await run(server, connections, runs, events)
    const sent = (runs + warmUp(runs)) * events
    if (kind === 'collector' && (await storedEvents(server.port)) - before !== sent)
      throw new Error('not everything that was acknowledged is stored')
    return measured
  } finally {
    await server.close()
    rmSync(data, { recursive: true })
  }
}

const median = (list: readonly number[]): number =>
  list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? NaN
const misses: string[] = []

function judge(name: string, value: number, goal: number, way: 'least' | 'most'): string {
  const isHeld = way === 'least' ? value >= goal : value <= goal
  if (!isHeld) misses.push(`${name}: ${show(value)}, goal ${way === 'least' ? '≥' : '≤'} ${show(goal)}`)
  return `${show(value)} (goal ${way === 'least' ? '≥' : '≤'} ${show(goal)}) ${isHeld ? 'held' : 'MISSED'}`
}

function show(value: number): string {
  return value >= 1000 ? Math.round(value).toLocaleString('en') : value.toFixed(value >= 100 ? 0 : 2)
}

function printRow(name: string, list: readonly Measured[]): void {
  const of = (key: 'rate' | 'cpu' | 'median' | 'p99'): string => show(median(list.map((each) => each[key])))
  say(
    `  ${name.padEnd(34)} ${of('rate').padStart(9)}/s  cpu ${of('cpu').padStart(6)} µs  median ${of('median').padStart(6)} ms  p99 ${of('p99').padStart(6)} ms`,
  )
}

const ratios = (a: readonly Measured[], b: readonly Measured[], key: 'rate' | 'p99' | 'cpu'): number =>
  median(a.map((each, index) => each[key] / (b[index]?.[key] ?? NaN)))

async function alternate<Name extends string>(
  modes: Readonly<Record<Name, () => Promise<Measured>>>,
): Promise<Record<Name, Measured[]>> {
  const names = Object.keys(modes) as Name[]
  const results = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, Measured[]>
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? names : names.toReversed()
    for (const name of order) results[name].push(await modes[name]())
  }
  return results
}

async function compareSingles(connections: number, goals: { rate: number }): Promise<void> {
  say(`\nSingle events, ${connections} connections`)
  const { bare, collector } = await alternate({
    bare: () => runOn('bare', connections, count, 1),
    collector: () => runOn('collector', connections, count, 1),
  })
  printRow('bare node:http, 202, no work', bare)
  printRow('collector', collector)
  const name = `singles at ${connections}`
  say(`  rate ${judge(`${name}, rate`, ratios(collector, bare, 'rate'), goals.rate, 'least')}`)
  say(`  p99  ${judge(`${name}, p99`, ratios(collector, bare, 'p99'), 1.5, 'most')}`)
  say(`  processor ${show(ratios(bare, collector, 'cpu'))} of bare's events per second of it`)
}

async function compareBatches(): Promise<void> {
  say('\nBatches of 20, 64 connections; the floor inserts the same rows in groups of 640')
  const runs = Math.ceil(count / 10)
  const list: { http: Measured; floor: { rate: number; cpu: number } }[] = []
  for (let round = 0; round < rounds; round++) {
    const data = mkdtempSync(join(root, 'data-'))
    const server = await startServer('collector', data)
    const http = await run(server, 64, runs, 20)
    await server.close()
    const floor = insertGrouped(join(data, 'earshot.sqlite'), data, 640)
    rmSync(data, { recursive: true })
    list.push({ http, floor })
  }
  printRow(
    'collector',
    list.map((each) => each.http),
  )
  const floor = list.map((each) => each.floor)
  say(
    `  ${'grouped inserts, no HTTP'.padEnd(34)} ${show(median(floor.map((each) => each.rate))).padStart(9)}/s  cpu ${show(median(floor.map((each) => each.cpu))).padStart(6)} µs`,
  )
  const rate = median(list.map((each) => each.http.rate / each.floor.rate))
  say(`  rate ${judge('batches of 20, rate', rate, 0.7, 'least')}`)
}

async function compareSync(): Promise<void> {
  say('\n2 ms added to every sync, 256 connections')
  const library = join(root, 'slowSync.so')
  try {
    execFileSync('cc', ['-shared', '-fPIC', '-o', library, join(import.meta.dirname, 'slowSync.c'), '-ldl'])
  } catch {
    say('  left out: there is no C compiler here')
    return
  }
  const { plain, slow } = await alternate({
    plain: () => runOn('collector', 256, count, 1),
    slow: () => runOn('collector', 256, count, 1, library),
  })
  printRow('as the disk is', plain)
  printRow('2 ms more', slow)
  say(`  rate ${judge('2 ms sync, rate', ratios(slow, plain, 'rate'), 0.8, 'least')}`)
}

async function fill(server: Server, responses: number): Promise<void> {
  for (let left = responses; left > 0; left -= 20_000) {
    const result = await load(server.port, 8, makeRequests(keys.writeKey, Math.min(left, 20_000) / 200, 200))
    if (result.failed > 0) throw new Error('filling failed')
  }
}

async function measureBytes(): Promise<void> {
  const responses = 50_000
  say(`\nBytes on disk, ${show(responses)} responses of one answer, all indexes`)
  const data = mkdtempSync(join(root, 'data-'))
  const server = await startServer('collector', data)
  await fill(server, responses)
  await server.close()
  const bytes = statSync(join(data, 'earshot.sqlite')).size / responses
  rmSync(data, { recursive: true })
  say(`  a response ${judge('bytes a response', bytes, 600, 'most')}`)
}

async function compareSizes(): Promise<void> {
  const sizes = values.rows.split(',').map(Number)
  say(`\nCost of a single event when so many responses are stored, 64 connections`)
  const results = new Map<number, Measured[]>()
  const servers: Server[] = []
  try {
    for (const size of sizes) {
      const data = mkdtempSync(join(root, 'data-'))
      if (size > 0) {
        const made = await startServer('collector', data)
        await load(made.port, 1, makeRequests(keys.writeKey, 1, 1))
        await made.close()
        fillResponses(join(data, 'earshot.sqlite'), size)
      }
      servers.push(await startServer('collector', data))
    }
    for (let round = 0; round < rounds; round++)
      for (const [index, size] of sizes.entries()) {
        const server = servers[index]
        if (server) results.set(size, [...(results.get(size) ?? []), await run(server, 64, count / 2, 1)])
      }
  } finally {
    for (const server of servers) await server.close()
  }
  for (const [size, list] of results) printRow(`${size.toLocaleString('en')} stored`, list)
  const [first = [], ...others] = [...results.values()]
  for (const [index, other] of others.entries())
    say(
      `  cpu ${judge(`cost with ${show(sizes[index + 1] ?? 0)} stored, cpu`, ratios(other, first, 'cpu'), 1.2, 'most')}`,
    )
}

async function measureExport(): Promise<void> {
  const responses = 300_000
  say(`\nNDJSON export of ${show(responses)} responses, and ingest meanwhile (64 connections)`)
  const server = await startServer('collector', mkdtempSync(join(root, 'data-')))
  try {
    await fill(server, responses)
    const alone = await run(server, 64, count / 2, 1)
    const idle = memoryOf(server.pid)
    const rates: number[] = []
    const peaks: number[] = []
    for (let round = 0; round < rounds; round++) {
      const { rate, peak } = await exportAll(server)
      rates.push(rate)
      peaks.push(peak)
    }
    say(`  rate ${judge('export, responses/s', median(rates), 400_000, 'least')}`)
    say(`  MB over idle ${judge('export, MB', median(peaks) - idle, 64, 'most')}`)
    let isOver = false
    const exporting = (async () => {
      while (!isOver) await exportAll(server)
    })()
    const during = await run(server, 64, count / 2, 1)
    isOver = true
    await exporting
    printRow('no export', [alone])
    printRow('during an export', [during])
    say(`  p99 ${judge('ingest during export, p99', during.p99 / alone.p99, 1.5, 'most')}`)
  } finally {
    await server.close()
  }
}

/** Resident megabytes of a process. */
function memoryOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
}

async function exportAll(server: Server): Promise<{ rate: number; peak: number }> {
  let received = 0
  let peak = 0
  const began = performance.now()
  const watch = setInterval(() => {
    peak = Math.max(peak, memoryOf(server.pid))
  }, 20)
  await new Promise<void>((resolve, reject) => {
    get(
      {
        port: server.port,
        host: '127.0.0.1',
        path: '/v1/export?format=ndjson',
        headers: { authorization: `Bearer ${keys.adminToken}` },
      },
      (response) => {
        response.on('data', (chunk: Buffer) => {
          for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) received++
        })
        response.on('end', resolve)
        response.on('error', reject)
      },
    ).on('error', reject)
  })
  clearInterval(watch)
  return { rate: received / ((performance.now() - began) / 1000), peak }
}

const parts: Readonly<Record<string, () => Promise<void>>> = {
  single: () => compareSingles(64, { rate: 0.65 }),
  many: () => compareSingles(256, { rate: 0.9 }),
  batch: compareBatches,
  sync: compareSync,
  bytes: measureBytes,
  size: compareSizes,
  export: measureExport,
}

if (values.help) console.log(usage)
else {
  say(
    `Medians of ${rounds} alternated rounds; ratios are of runs in one round. ${cpus().length} cores for server and load, which is made ${outside ? 'by a small program in C' : 'in JavaScript, as there is no C compiler'}.`,
  )
  try {
    for (const name of values.only.split(',')) await parts[name]?.()
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
  if (misses.length > 0) {
    say(`\nmissed:\n${misses.map((each) => `  ${each}`).join('\n')}`)
    process.exitCode = 1
  }
  if (values.write) {
    const [before = '', rest = ''] = readFileSync(page, 'utf8').split('<!-- ingest -->\n')
    const after = rest.slice(rest.indexOf('<!-- /ingest -->'))
    const head = `Measured on ${new Date().toISOString().slice(0, 10)}, Node ${process.version}.`
    writeFileSync(
      page,
      `${before}<!-- ingest -->\n\n${head}\n\n\`\`\`text\n${lines.join('\n')}\n\`\`\`\n\n${after}`,
    )
  }
}
