/** Measures what a survey costs the page that it is on: Earshot, PostHog, SurveyJS and Sentry's feedback dialog, side by side in one run of Chromium with its processor slowed down. */
import { parseArgs } from 'node:util'
import { chromium } from 'playwright'
import { products } from './benchEmbedProducts.ts'
import { limits, type Measured, missed, spreadOf, summarize, tableOf } from './benchEmbedReport.ts'
import { startBenchServer } from './benchEmbedServer.ts'
import { bare, cycles, leak, type Leak, viewport, visit, type Visit } from './benchEmbedVisit.ts'
import { chromiumFlags, findChromium } from './chromium.ts'
import { writeBlock } from './writeBlock.ts'

const document = 'docs/performance.md'
/** Opening and closing is counted, not timed, so a few times show whether it is always the same. */
const leakRounds = 3

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '9' },
    slowdown: { type: 'string', default: '4' },
  },
})
const rounds = Number(values.rounds)
if (!Number.isInteger(rounds) || rounds < 1)
  throw new Error(`--rounds takes a number from 1 up, not "${values.rounds}".`)

const slowdown = Number(values.slowdown)
if (!(slowdown >= 1)) throw new Error(`--slowdown takes a number from 1 up, not "${values.slowdown}".`)
if (values.write && slowdown !== 4) throw new Error('What is written is measured with --slowdown 4.')

const compared = await products()
const all = [bare, ...compared]
const visits = new Map<string, Visit[]>(all.map(({ id }) => [id, []]))
const leaks = new Map<string, Leak[]>(all.map(({ id }) => [id, []]))
const tell = (text: string): void => void process.stderr.write(text)

const browser = await chromium.launch({ executablePath: await findChromium(), args: [...chromiumFlags] })
const server = await startBenchServer()
try {
  for (let round = 0; round < rounds; round++) {
    tell(`round ${round + 1} of ${rounds}:`)
    // Each begins once, and goes once before and once after each other: a machine that slows down favours none.
    const start = Math.floor(round / 2) % all.length
    const order = [...all.slice(start), ...all.slice(0, start)]
    for (const product of round % 2 ? order.toReversed() : order) {
      tell(` ${product.label}`)
      visits.get(product.id)!.push(await visit(browser, server, product, slowdown))
    }
    tell('\n')
  }
  for (let round = 0; round < leakRounds; round++)
    for (const product of compared) leaks.get(product.id)!.push(await leak(browser, server, product))
} finally {
  await browser.close()
  await server.close()
}

const measured = (product: (typeof all)[number]): Measured => ({
  id: product.id,
  label: product.label,
  what: product.what,
  aside: product.aside,
  ours: product.ours,
  visits: visits.get(product.id)!,
  leaks: leaks.get(product.id)!,
})
const summaries = summarize(measured(bare), compared.map(measured))
const problems = missed(summaries)
const conditions = {
  date: new Date().toISOString().slice(0, 10),
  chromium: browser.version(),
  slowdown,
  viewport,
  rounds,
  cycles,
  limits,
}
const table = tableOf(summaries)
// Whatever the observer saw there is the browser's own, or another program's.
const alone = spreadOf(visits.get(bare.id)!.map((each) => each.longTasksShowing.length))
const noise = `Long tasks observed on the page without any SDK: ${alone.median} (${alone.least}–${alone.most}).`

if (values.json)
  console.log(
    JSON.stringify({ ...conditions, bareLongTasks: alone, products: summaries, missed: problems }, null, 2),
  )
else console.log(`${table}\n\n${noise}\n`)
for (const problem of problems) console.error(`missed: ${problem}`)
if (problems.length > 0) process.exitCode = 1

if (values.write) {
  const lines = [
    `Measured on ${conditions.date} with Chromium ${conditions.chromium}, ${rounds} rounds:`,
    compared.map(({ what }) => `- ${what}`).join('\n'),
    table,
    noise,
    problems.length > 0
      ? `Missed in this run:\n\n${problems.map((problem) => `- ${problem}`).join('\n')}`
      : 'Every limit was kept.',
  ]
  writeBlock(document, 'embed', lines.join('\n\n'))
}
