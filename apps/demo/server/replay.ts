/** `pnpm replay`: sends 13,954 real interviews through the public wire, twice, and shows what the collector makes of them. */
import { readFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { FeedbackEvent, FeedbackRequest, Receipt } from '@earshot/contract'
import { receiptSchema } from '@earshot/contract/schema'
import { batchesOf, eventsOf, readInterviews, type Interview } from '../src/replay.ts'
import { botanicNps } from '../src/surveys.ts'
import { presetKeys } from './presetKeys.ts'

const rowsPerRequest = 100
const mostTries = 8

const { values: options } = parseArgs({
  options: {
    collector: { type: 'string', default: `http://127.0.0.1:${process.env.EARSHOT_COLLECTOR_PORT || 8787}` },
    key: { type: 'string', default: process.env.EARSHOT_WRITE_KEY || presetKeys.writeKey },
    token: { type: 'string', default: process.env.EARSHOT_ADMIN_TOKEN || presetKeys.adminToken },
    times: { type: 'string', default: '2' },
  },
})
const collector = options.collector.replace(/\/+$/, '')

interface Tally {
  events: number
  rows: number
}

/** What a pass led to; a row counts where all of its events went the same way. */
interface Outcome {
  accepted: Tally
  duplicates: Tally
}

try {
  await run()
} catch (error) {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}

async function run(): Promise<void> {
  const times = Number(options.times)
  if (!Number.isInteger(times) || times < 1)
    throw new Error(`--times is "${options.times}"; give a number from 1.`)
  const file = new URL('../data/nps_botanic.csv', import.meta.url)
  const interviews = readInterviews(await readFile(file, 'utf8'))
  print(`${count(interviews.length)} interviews → ${collector}`)
  for (let pass = 1; pass <= times; pass++) {
    const { accepted, duplicates } = await sendAll(interviews, `Pass ${pass} of ${times}`)
    print(`  accepted    ${tally(accepted)}`)
    print(`  duplicates  ${tally(duplicates)}`)
    await report()
  }
}

async function sendAll(interviews: readonly Interview[], title: string): Promise<Outcome> {
  const outcome: Outcome = { accepted: { events: 0, rows: 0 }, duplicates: { events: 0, rows: 0 } }
  const progress = createProgress(title, interviews.length)
  let done = 0
  for (const batch of batchesOf(interviews, rowsPerRequest)) {
    const rows = batch.map((interview) => eventsOf(interview, botanicNps))
    const { accepted, duplicates } = check(await send(rows.flat()), rows.flat())
    for (const [ids, sum] of [
      [accepted, outcome.accepted],
      [duplicates, outcome.duplicates],
    ] as const) {
      const named = new Set(ids)
      sum.events += named.size
      sum.rows += rows.filter((events) => events.every(({ id }) => named.has(id))).length
    }
    progress((done += batch.length))
  }
  return outcome
}

/** Sends one request, again and again while the collector asks for patience. */
async function send(events: FeedbackEvent[]): Promise<Receipt> {
  for (let tries = 1; ; tries++) {
    const body: FeedbackRequest = {
      key: options.key,
      sentAt: new Date().toISOString(),
      sdk: 'replay/1',
      surveys: [botanicNps],
      events,
    }
    const response = await request('/v1/feedback', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (response.ok) return receiptSchema.parse(await response.json())
    const passing = response.status === 429 || response.status === 503
    if (!passing || tries === mostTries)
      throw new Error(`The collector answered ${response.status}: ${await response.text()}`)
    await wait(1000 * (Number(response.headers.get('retry-after')) || tries))
  }
}

/** A receipt must name every id that was sent, once, and refuse none. */
function check(receipt: Receipt, sent: readonly FeedbackEvent[]): Receipt {
  const [first] = receipt.rejected
  if (first) throw new Error(`The collector refused ${first.id}: ${first.message} (${first.path})`)
  const named = [...receipt.accepted, ...receipt.duplicates]
  const missing = sent.filter(({ id }) => !named.includes(id))
  if (missing.length > 0 || named.length !== sent.length)
    throw new Error(`The receipt names ${named.length} of ${sent.length} ids; ${missing.length} are missing.`)
  return receipt
}

async function report(): Promise<void> {
  const nps = await read<{
    estimate: { value: number; interval: [number, number]; n: number }
    result: { detractors: number; passives: number; promoters: number }
  }>('nps')
  const response = await read<{ estimate: { value: number; n: number }; counts: Record<string, number> }>(
    'response',
  )
  const { value, interval, n } = nps.estimate
  const { detractors, passives, promoters } = nps.result
  print(
    `  NPS         ${value.toFixed(4)}  (95 % interval ${interval.map((end) => end.toFixed(4)).join(' … ')}, n ${count(n)})`,
  )
  print(
    `              ${count(detractors)} detractors, ${count(passives)} passives, ${count(promoters)} promoters`,
  )
  const { shown = 0, answered = 0 } = response.counts
  print(
    `  Response    ${response.estimate.value.toFixed(2)} %  (${count(answered)} answered of ${count(shown)} shown)\n`,
  )
}

async function read<Report>(metric: string): Promise<Report> {
  const response = await request(`/v1/reports/${metric}?survey=${botanicNps.id}`, {
    headers: { authorization: `Bearer ${options.token}` },
  })
  if (!response.ok)
    throw new Error(`The collector gave no report (${response.status}): ${await response.text()}`)
  return (await response.json()) as Report
}

async function request(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(collector + path, init)
  } catch (error) {
    const advice = 'Start it in another terminal with: npx -y pnpm@12 demo'
    throw new Error(
      `No collector answers at ${collector}. ${advice}\nOr name another one with --collector.`,
      { cause: error },
    )
  }
}

/** A bar on one line; where there is no screen, a line per tenth. */
function createProgress(title: string, total: number): (done: number) => void {
  const width = 32
  let tenth = 0
  return (done) => {
    const share = done / total
    if (process.stdout.isTTY) {
      const bar = '█'.repeat(Math.round(share * width)).padEnd(width, '░')
      process.stdout.write(`\r${title}  ${bar}  ${count(done)} of ${count(total)}${share === 1 ? '\n' : ''}`)
      return
    }
    if (Math.floor(share * 10) === tenth) return
    tenth = Math.floor(share * 10)
    print(`${title}  ${tenth * 10} %  ${count(done)} of ${count(total)}`)
  }
}

function tally({ events, rows }: Tally): string {
  return `${count(events)} events, ${count(rows)} rows`
}

function count(value: number): string {
  return value.toLocaleString('en')
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
