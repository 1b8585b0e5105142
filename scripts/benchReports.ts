/** Measures reports over HTTP against the same questions in hand-written SQL on plain rows of the same store, and in DuckDB. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { parseArgs } from 'node:util'
import { DuckDBInstance } from '@duckdb/node-api'
import { createCollector, type Collector } from '../packages/collector/src/index.ts'
import { survey } from './benchBatches.ts'
import { fillDuck, fillRaw, fillSqlite, now } from './benchReportsData.ts'
import { fillPostgres, fillSettings, isFilled } from './benchReportsPostgres.ts'
import { casesOf, type Case } from './benchReportsCases.ts'
import { createDatabase, withClient } from './postgresDatabase.ts'
import { startPostgres } from './postgres.ts'

const { values: options } = parseArgs({
  options: {
    responses: { type: 'string', default: '200000' },
    runs: { type: 'string', default: '7' },
    store: { type: 'string', default: 'sqlite' },
    write: { type: 'boolean', default: false },
  },
})
const responses = Number(options.responses)
const runs = Number(options.runs)
/** A database that stays, so that it need not be filled for each run. */
const address = options.store.startsWith('postgres://') ? options.store : null
const isPostgres = options.store === 'postgres' || address !== null
if (!(Number.isSafeInteger(responses) && responses > 0 && Number.isSafeInteger(runs) && runs > 0))
  throw new Error('--responses and --runs must be whole numbers from 1.')

const keys = { writeKey: 'pk_bench', adminToken: 'sk_0123456789abcdefghij' }
const headers = { authorization: `Bearer ${keys.adminToken}` }
/** Plain rows of millions take minutes to go through. */
const runsOfSql = responses > 2_000_000 ? 0 : runs
/** Lines of an export that are waited for. */
const exported = 200_000

const print = (text: string): void => void process.stdout.write(`${text}\n`)

const open = (at: { data: string } | { data: string; store: string }): Promise<Collector> =>
  createCollector({
    ...at,
    ...keys,
    clock: { now: () => now },
    log: { info: () => undefined, error: console.error },
  })

/** A start makes the site; then the survey is put. */
async function prepare(at: Parameters<typeof open>[0]): Promise<void> {
  const collector = await open(at)
  const put = await collector.fetch(
    new Request('http://bench/v1/surveys/nps', {
      method: 'PUT',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({
        ...survey,
        questions: [...survey.questions, { kind: 'text', id: 'why', title: 'Why?', maxLength: 200 }],
      }),
    }),
  )
  if (put.status >= 300) throw new Error(await put.text())
  await collector.close()
}

async function timed(run: () => unknown): Promise<number> {
  const start = performance.now()
  await run()
  return performance.now() - start
}

/** The first time, and the median of the others. */
async function measure(run: () => unknown, most = runs): Promise<{ first: number; median: number }> {
  const first = await timed(run)
  const times: number[] = []
  for (let each = 0; each < most; each++) times.push(await timed(run))
  return { first, median: times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? NaN }
}

async function ask(collector: Collector, { path, lines }: Case): Promise<void> {
  const response = await collector.fetch(new Request(`http://bench${path}`, { headers }))
  if (response.status !== 200 || !response.body) throw new Error(await response.text())
  let found = 0
  for await (const chunk of response.body as ReadableStream<Uint8Array>) {
    for (const byte of chunk) if (byte === 10) found++
    if (lines !== undefined && found >= lines) return
  }
}

/** A table of Markdown, whose first column are names and whose others are numbers. */
function tableOf(rows: readonly (readonly string[])[]): string {
  const [head = []] = rows
  const lines = [head, head.map(() => '---'), ...rows.slice(1)]
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/** Replaces the section of a heading, or puts it before the one that tells how all is done. */
function writeSection(heading: string, text: string): void {
  const file = new URL('../docs/performance-reports.md', import.meta.url)
  const page = readFileSync(file, 'utf8')
  const section = `## ${heading}\n\n${text}\n\n`
  const begin = page.indexOf(`## ${heading}\n`)
  const at = begin >= 0 ? begin : page.indexOf('## How it is done')
  const end = begin >= 0 ? page.indexOf('\n## ', begin) + 1 : at
  writeFileSync(file, page.slice(0, at) + section + page.slice(end))
}

const figure = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(value >= 10 ? 1 : 2)
const load = (): number => Math.round(loadavg()[0] ?? 0)

const data = mkdtempSync(join(tmpdir(), 'earshot-bench-'))
const server = isPostgres && address === null ? await startPostgres(fillSettings) : null
try {
  print(
    `${responses} responses over a year, on ${isPostgres ? 'PostgreSQL' : 'SQLite'}; milliseconds, medians of ${runs} runs after a first one`,
  )
  const store = server ? (await createDatabase(server.url('postgres'))).url : (address ?? '')
  const at = isPostgres ? { data, store } : { data }
  const isThere = isPostgres && (await isFilled(store, responses))
  if (!isThere) await prepare(at)
  const file = join(data, 'earshot.sqlite')
  const raw = join(data, 'raw.sqlite')
  const filled = await timed(async () => {
    if (isPostgres) {
      if (!isThere) await fillPostgres(store, responses, print)
    } else {
      fillSqlite(file, responses)
      fillRaw(raw, responses)
    }
  })
  const duck = await (await DuckDBInstance.create(':memory:')).connect()
  await fillDuck(duck, responses)
  const plain = isPostgres ? null : new DatabaseSync(raw, { readOnly: true })
  print(
    `${isThere ? 'filled before' : `filled in ${Math.round(filled / 1000)} s`}${isPostgres ? '' : `, ${Math.round(statSync(file).size / responses)} bytes a response`}`,
  )
  const collector = await open(at)
  const opened = performance.now()
  let ready = 0
  const before = process.memoryUsage().rss
  const loads = [load()]
  const table = [['report', 'first', 'HTTP', 'SQL', 'DuckDB', 'SQL / HTTP', 'DuckDB / HTTP']]
  let rate = 0
  const columns = ['first', 'HTTP', 'SQL', 'DuckDB', 'SQL/HTTP', 'DuckDB/HTTP']
  print(`${'report'.padEnd(50)}${columns.map((each) => each.padStart(13)).join('')}`)
  const compare = async (bySql: (sql: string) => unknown): Promise<void> => {
    for (const each of casesOf(responses, exported)) {
      const { first, median } = await measure(async () => {
        await ask(collector, each)
        if (each.isByColumns === true && ready === 0) ready = Math.round((performance.now() - opened) / 1000)
      })
      const { first: once, median: often } = await measure(() => bySql(each.sql), runsOfSql)
      const own = runsOfSql > 0 ? often : once
      const duckdb = await measure(async () => (await duck.runAndReadAll(each.duck ?? each.sql)).getRows())
      const times = [first, median, own, duckdb.median]
      const ratios = [own / median, duckdb.median / median]
      print(
        each.name.padEnd(50) +
          [...times.map((time) => time.toFixed(1)), ...ratios.map((ratio) => ratio.toFixed(2))]
            .map((cell) => cell.padStart(13))
            .join(''),
      )
      table.push([each.name, ...[...times, ...ratios].map(figure)])
      loads.push(load())
      if (each.lines === undefined) continue
      rate = Math.round((each.lines / median) * 1000)
      print(`  ${rate.toLocaleString('en')} responses a second`)
    }
  }
  // The plain rows are asked over one connection, which stays open.
  if (plain) await compare((sql) => plain.prepare(sql).all())
  else await withClient(store, async (sqlAsk) => compare(sqlAsk))
  print(`the first report by columns was there ${ready} s after the start`)
  print(
    `memory of the process, DuckDB in it: ${Math.round(before / 1e6)} MB before, ${Math.round(process.memoryUsage().rss / 1e6)} MB after`,
  )
  if (options.write)
    writeSection(
      `${responses.toLocaleString('en')} responses, ${isPostgres ? 'PostgreSQL' : 'SQLite'}`,
      `Measured on ${new Date().toISOString().slice(0, 10)} with \`pnpm bench:reports --responses ${responses} --runs ${runs}${isPostgres ? ' --store postgres' : ''}\`, Node ${process.version}, ${cpus().length} cores at a load of ${Math.min(...loads)} to ${Math.max(...loads)}; milliseconds.

${tableOf(table)}

The first report by columns was there ${ready} s after the start. The export gave ${rate.toLocaleString('en')} responses a second. Memory of the process, with DuckDB and its rows in it, went from ${Math.round(before / 1e6)} MB before the first report to ${Math.round(process.memoryUsage().rss / 1e6)} MB after the last.`,
    )
  await collector.close()
  plain?.close()
  duck.closeSync()
} finally {
  await server?.remove()
  rmSync(data, { recursive: true, force: true })
}
