/** `pnpm kill:test`: kills real browsers and real collectors at moments that a seed decides, and counts what was promised and is not there. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type RunningCollector, startCollectorProcess } from '../collector.ts'
import { listen } from '../line.ts'
import { createChance, shuffled } from './chance.ts'
import { peers as packages, versionOf } from './peers.ts'
import { bundle, type Product, products } from './products.ts'
import { type Sum, sums, tableOf } from './report.ts'
import { type Outcome, runRound, type Scenario } from './round.ts'
import { scenarios } from './scenarios.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '200' },
    /** Rounds of each scenario for each of the others. */
    peers: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    jobs: { type: 'string', default: '3' },
    only: { type: 'string' },
    scenario: { type: 'string' },
    json: { type: 'string' },
    /** Reports of earlier runs, which are counted too. */
    with: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
})
const whole = (name: 'rounds' | 'peers' | 'seed' | 'jobs'): number => {
  const number = Number(values[name])
  if (!Number.isInteger(number) || number < 0)
    throw new Error(`--${name} takes a whole number, not "${values[name]}".`)
  return number
}
const seed = whole('seed')
const { version: sdkVersion } = JSON.parse(
  readFileSync(fileURLToPath(new URL('../../../../packages/sdk/package.json', import.meta.url)), 'utf8'),
) as { version: string }
const document = fileURLToPath(new URL('../../../../docs/reliability-kill.md', import.meta.url))
const block = /(<!-- kill -->)[\s\S]*?(<!-- \/kill -->)/

/** As it is written by `--json`. */
interface Report {
  date: string
  seed: number
  versions: Record<string, string>
  sums: Sum[]
  failures: string[]
  outcomes: Outcome[]
}

interface Task {
  product: Product
  scenario: Scenario
  seed: number
}

const wanted = scenarios.filter(
  ({ id }) => values.scenario === undefined || values.scenario.split(',').includes(id),
)
if (!wanted.length) throw new Error(`--scenario names none of ${scenarios.map(({ id }) => id).join(', ')}.`)
/** Which scenario, and then its moments, follow from the seed of the round alone. */
const deck = shuffled(
  wanted.flatMap((each) => Array.from({ length: each.weight }, () => each)),
  createChance(seed),
)
const ours = products.find(({ peer }) => peer === null) as Product
const peers = products.filter(
  ({ id, peer }) => peer !== null && (values.only === undefined || values.only.split(',').includes(id)),
)
const tasks: Task[] = [
  ...Array.from({ length: whole('rounds') }, (_, index) => ({
    product: ours,
    scenario: deck[index % deck.length] as Scenario,
    seed: seed * 100_000 + index,
  })),
  ...Array.from({ length: whole('peers') }, (_, round) => round).flatMap((round) =>
    wanted
      .filter((scenario) => !scenario.ours)
      .flatMap((scenario, row) =>
        peers.map((product, column) => ({
          product,
          scenario,
          seed: seed * 100_000 + 50_000 + (round * scenarios.length + row) * products.length + column,
        })),
      ),
  ),
]

const pages: Record<string, string> = {}
for (const product of new Set(tasks.map((each) => each.product))) Object.assign(pages, await bundle(product))
const host = await listen(
  createServer((request, response) => {
    const script = pages[request.url ?? '']
    response.setHeader('content-type', script === undefined ? 'text/html' : 'text/javascript; charset=utf-8')
    response.end(
      script ??
        '<!doctype html><html lang="en"><meta charset="utf-8"><link rel="icon" href="data:,"><title>Host</title><h1>Host</h1><script src="page.js"></script></html>',
    )
  }),
)

const earlier = (values.with?.split(',') ?? []).map(
  (file) => JSON.parse(readFileSync(file, 'utf8')) as Report,
)
const outcomes: Outcome[] = earlier.flatMap((each) => each.outcomes)
const failures: string[] = earlier.flatMap((each) => each.failures)
const began = new Date()
const next = tasks.values()
let done = 0

async function work(): Promise<void> {
  let collector: RunningCollector | null = null
  try {
    for (const { product, scenario, seed: own } of next) {
      if (!product.answer) collector ??= await startCollectorProcess()
      const ground = { product, host: host.url, collector: product.answer ? null : collector }
      try {
        const outcome = await runRound(ground, scenario, own, createChance(own))
        // A round of ours in which nothing was promised would show nothing.
        if (!outcome.accepted && product === ours && scenario.id !== 'killed-at-random')
          throw new Error('no event was accepted')
        outcomes.push(outcome)
        const { accepted, lost, duplicated, again, posts, seconds } = outcome
        console.error(
          `${++done}/${tasks.length} ${product.id} ${scenario.id} seed ${own}: accepted ${accepted}, lost ${lost.length}, duplicated ${duplicated.length}, again ${again}, ${posts} requests, ${seconds} s`,
        )
      } catch (error) {
        failures.push(`${product.id} ${scenario.id} seed ${own}: ${String(error)}`)
        console.error(failures.at(-1))
      }
    }
  } finally {
    await collector?.remove()
  }
}
await Promise.all(Array.from({ length: Math.max(1, whole('jobs')) }, work))
await host.close()

const all = sums(outcomes)
const table = tableOf(all, products, scenarios)
console.log(table)
const versions = Object.fromEntries(packages.map((name) => [name, versionOf(name)]))
if (values.json !== undefined)
  writeFileSync(
    values.json,
    `${JSON.stringify({ date: began.toISOString(), seed, versions, sums: all, failures, outcomes } satisfies Report, null, 2)}\n`,
  )
const bad = outcomes.filter(
  ({ product, lost, duplicated }) => product === ours.id && lost.length + duplicated.length > 0,
)
for (const each of bad)
  console.error(
    `earshot ${each.scenario} seed ${each.seed}: lost ${each.lost.join(' ') || 'none'}; duplicated ${each.duplicated.join(' ') || 'none'}`,
  )
for (const each of failures) console.error(`did not run: ${each}`)
if (bad.length + failures.length > 0) process.exitCode = 1

if (values.write) {
  const text = existsSync(document) ? readFileSync(document, 'utf8') : ''
  if (!block.test(text))
    throw new Error(`${document} has no <!-- kill --> and <!-- /kill --> to write between.`)
  const rounds = outcomes.filter((each) => each.product === ours.id).length
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  const lines = [
    `Measured on ${began.toISOString().slice(0, 10)}, seed ${seed}, ${rounds} rounds of Earshot ${sdkVersion}; ${named.join(', ')}, all from npm:`,
    table,
  ]
  writeFileSync(
    document,
    text.replace(block, (_all, start, close) => `${start}\n\n${lines.join('\n\n')}\n\n${close}`),
  )
}
