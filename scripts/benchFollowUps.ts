/** Measures how long it takes from a stored answer of a detractor to the webhook that hears of it and the case that it opens, at several loads, on each store. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { survey } from './benchBatches.ts'
import { createDatabase } from './postgresDatabase.ts'
import { startPostgres } from './postgres.ts'
import { writeBlock } from './writeBlock.ts'

const usage = `pnpm bench:follow-ups [--seconds N] [--rates N,N] [--stores NAME,NAME] [--write]

  --seconds N    how long answers come at each rate; default 20
  --rates N,N    answers a second; default 10,100,400
  --stores NAMES sqlite, postgres; default both
  --write        puts the result into docs/performance-follow-ups.md
`
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '20' },
    rates: { type: 'string', default: '10,100,400' },
    stores: { type: 'string', default: 'sqlite,postgres' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h' },
  },
})
if (values.help) {
  process.stdout.write(usage)
  process.exit(0)
}
const seconds = Number(values.seconds)
const rates = values.rates.split(',').map(Number)
if (![seconds, ...rates].every((each) => Number.isSafeInteger(each) && each > 0))
  throw new Error(`--seconds and --rates take whole numbers from 1 up.\n\n${usage}`)

/** Every fifth is a detractor. */
const share = 5
/** What is promised, and how many must keep it at that rate. */
const promised = { milliseconds: 5000, share: 0.99, rate: 100 } as const
/** How long it is waited for what is under way when no answers come any more. */
const patience = 60_000
const page = join(import.meta.dirname, '../docs/performance-follow-ups.md')
const program = join(import.meta.dirname, '../packages/collector/src/cli.ts')
const keys = { writeKey: 'pk_bench', adminToken: 'sk_0123456789abcdefghij' }

interface Collector {
  url: string
  close(): Promise<void>
}

/** A collector as it is started by `serve`, in a process of its own. */
async function serve(place: Record<string, string>): Promise<Collector> {
  const args = ['--conditions=@earshot/source', program, 'serve', '--port', '0']
  const child: ChildProcess = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env.PATH ?? '',
      EARSHOT_WRITE_KEY: keys.writeKey,
      EARSHOT_ADMIN_TOKEN: keys.adminToken,
      EARSHOT_ALLOW_PRIVATE_WEBHOOKS: 'on',
      EARSHOT_SURVEY_PURPOSE: 'optional',
      // All answers come from one address here.
      EARSHOT_NETWORK_RATE: '0',
      EARSHOT_BURST: '0',
      ...place,
    },
  })
  const url = await new Promise<string>((resolve, reject) => {
    let said = ''
    child.on('exit', () => reject(new Error(`The collector ended: ${said}`)))
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      const [found] = /http:\/\/127\.0\.0\.1:\d+/.exec(said) ?? []
      if (found !== undefined && said.includes('</script>')) resolve(found)
    })
  })
  return {
    url,
    async close() {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    },
  }
}

const agent = new Agent({ keepAlive: true, maxSockets: 256 })

/** Asks; once more where a connection that was kept had been closed meanwhile, as any client does. */
async function send(
  url: string,
  method: string,
  body: object,
  headers: Record<string, string> = {},
): Promise<string> {
  try {
    return await ask(url, method, JSON.stringify(body), headers)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ECONNRESET') throw error
    return ask(url, method, JSON.stringify(body), headers)
  }
}

function ask(url: string, method: string, text: string, headers: Record<string, string>): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request(
      url,
      { method, agent, headers: { 'content-type': 'application/json', ...headers } },
      (response) => {
        let answer = ''
        response.on('data', (chunk: Buffer) => (answer += chunk.toString()))
        response.on('end', () =>
          (response.statusCode ?? 500) < 300 ? resolve(answer) : reject(new Error(`${url}: ${answer}`)),
        )
      },
    )
    asked.on('error', reject)
    asked.end(text)
  })
}

/** When something was heard of a response, by the path on which it came. */
interface Heard {
  url: string
  at: Record<'/told' | '/case', Map<string, number>>
  close(): void
}

async function listen(): Promise<Heard> {
  const at: Heard['at'] = { '/told': new Map(), '/case': new Map() }
  const server = createServer((asked, answer) => {
    let text = ''
    asked.on('data', (chunk: Buffer) => (text += chunk.toString()))
    asked.on('end', () => {
      const now = performance.now()
      answer.end()
      const { data } = JSON.parse(text) as { data: { response: { id: string } | null } }
      const map = at[asked.url as keyof typeof at]
      const id = data.response?.id ?? ''
      if (!map.has(id)) map.set(id, now)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    at,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

const uuid = (kind: string, number: number): string =>
  `${Math.floor(Date.now())
    .toString(16)
    .padStart(12, '0')
    .replace(/^(.{8})(.{4})$/, '$1-$2')}-7000-8000-${kind}${number.toString(16).padStart(11, '0')}`

let numbers = 0

/** One answer of somebody new; the id of its response. */
function answerOf(score: number): { id: string; body: object } {
  const number = (numbers += 1)
  const at = new Date().toISOString()
  const id = uuid('f', number)
  const event = {
    id: uuid('e', number),
    type: 'answer',
    at,
    visitor: `visitor-${number}`,
    person: null,
    session: `session-${number}`,
    seq: 1,
    survey: survey.id,
    surveyVersion: survey.version,
    response: id,
    data: { question: survey.questions[0]?.id ?? 'score', value: score, revision: 0 },
    context: { channel: 'web' },
  }
  return { id, body: { key: keys.writeKey, sentAt: at, sdk: 'bench', events: [event] } }
}

interface Row {
  store: string
  rate: number
  stored: number
  detractors: number
  told: number[]
  opened: number[]
}

const wait = (span: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, span))

async function measure(store: string, rate: number, collector: Collector, heard: Heard): Promise<Row> {
  const storedAt = new Map<string, number>()
  const sent: Promise<unknown>[] = []
  const count = rate * seconds
  const start = performance.now()
  for (let number = 0; number < count; number++) {
    const due = start + (1000 * number) / rate
    if (due > performance.now()) await wait(due - performance.now())
    const isDetractor = number % share === 0
    const { id, body } = answerOf(isDetractor ? number % 7 : 9)
    sent.push(
      send(`${collector.url}/v1/feedback`, 'POST', body).then((answer) => {
        const { accepted, duplicates } = JSON.parse(answer) as Record<'accepted' | 'duplicates', string[]>
        if (accepted.length + duplicates.length !== 1) throw new Error(`Not stored: ${answer}`)
        if (isDetractor) storedAt.set(id, performance.now())
      }),
    )
  }
  await Promise.all(sent)
  const spent = (performance.now() - start) / 1000
  const end = performance.now() + patience
  const maps = [heard.at['/told'], heard.at['/case']]
  while (performance.now() < end && maps.some((map) => [...storedAt.keys()].some((id) => !map.has(id))))
    await wait(100)
  const times = (map: ReadonlyMap<string, number>): number[] =>
    [...storedAt].map(([id, at]) => Math.max(0, (map.get(id) ?? Infinity) - at))
  const [told = [], opened = []] = maps.map(times)
  return { store, rate, stored: count / spent, detractors: storedAt.size, told, opened }
}

function quantile(list: readonly number[], part: number): number {
  const sorted = list.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? NaN
}
const inTime = (list: readonly number[]): number =>
  list.filter((each) => each <= promised.milliseconds).length / list.length
const shown = (time: number): string =>
  Number.isFinite(time) ? Math.round(time).toLocaleString('en') : 'never'
const percent = (part: number): string => `${(Math.floor(part * 1000) / 10).toFixed(1)} %`

async function ofStore(name: string): Promise<Row[]> {
  const data = mkdtempSync(join(tmpdir(), 'earshot-bench-'))
  const server = name === 'postgres' ? await startPostgres() : null
  const heard = await listen()
  try {
    const url = server ? (await createDatabase(server.url('postgres'))).url : null
    const collector = await serve({ EARSHOT_DATA: data, ...(url !== null && { EARSHOT_STORE: url }) })
    const admin = { authorization: `Bearer ${keys.adminToken}` }
    await send(`${collector.url}/v1/surveys/${survey.id}`, 'PUT', survey, admin)
    const hook = async (path: string, events: string[]): Promise<string> => {
      const made = await send(
        `${collector.url}/v1/webhooks`,
        'POST',
        { name: path, url: heard.url + path, events },
        admin,
      )
      return (JSON.parse(made) as { id: string }).id
    }
    const told = await hook('/told', [])
    await hook('/case', ['case.opened'])
    const after = {
      on: 'answer',
      survey: survey.id,
      when: { question: survey.questions[0]?.id ?? 'score', bands: ['detractor'] },
    }
    const rule = { after, delay: 0, expires: 7 }
    await send(
      `${collector.url}/v1/follow-ups`,
      'PUT',
      {
        rules: [
          { id: 'tell', ...rule, do: { webhook: told, reaches: 'staff' } },
          { id: 'open', ...rule, do: { case: { role: 'agent' } } },
        ],
      },
      admin,
    )
    const rows: Row[] = []
    for (const rate of rates) {
      const row = await measure(name, rate, collector, heard)
      rows.push(row)
      process.stderr.write(`${lineOf(row).join(' | ')}\n`)
    }
    await collector.close()
    return rows
  } finally {
    heard.close()
    await server?.remove()
    rmSync(data, { recursive: true, force: true })
  }
}

const names: Readonly<Record<string, string>> = { sqlite: 'SQLite', postgres: 'PostgreSQL' }

const lineOf = ({ store, rate, stored, detractors, told, opened }: Row): string[] => [
  names[store] ?? store,
  String(rate),
  stored.toFixed(stored < 100 ? 1 : 0),
  detractors.toLocaleString('en'),
  ...[told, opened].flatMap((list) => [
    shown(quantile(list, 0.5)),
    shown(quantile(list, 0.99)),
    percent(inTime(list)),
  ]),
]

const begun = loadavg()[0] ?? 0
const rows: Row[] = []
for (const name of values.stores.split(',')) rows.push(...(await ofStore(name)))
const loads = [begun, loadavg()[0] ?? 0].map((each) => each.toFixed(0))
const head = [
  'store',
  'asked for',
  'stored',
  'detractors',
  'webhook, median',
  'p99',
  'within 5 s',
  'case, median',
  'p99',
  'within 5 s',
]
const table = [head, head.map(() => '---'), ...rows.map(lineOf)].map((cells) => `| ${cells.join(' | ')} |`)
const text = `Measured on ${new Date().toISOString().slice(0, 10)} with \`pnpm bench:follow-ups --seconds ${seconds} --rates ${rates.join(',')}\`, Node ${process.version}, two cores which others kept busy, at a load of ${loads.join(' to ')}; answers a second, and milliseconds.

${table.join('\n')}`
process.stdout.write(`${text}\n`)
if (values.write) writeBlock(page, 'follow-ups', text)
const late = rows
  .filter(({ rate }) => rate <= promised.rate)
  .flatMap(({ store, rate, told, opened }) =>
    [told, opened].some((list) => inTime(list) < promised.share) ? [`${store} at ${rate} a second`] : [],
  )
if (late.length > 0) {
  process.stderr.write(`More than 1 % took longer than 5 s: ${late.join(', ')}.\n`)
  process.exitCode = 1
}
