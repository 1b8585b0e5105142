import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createChance } from './kill/chance.ts'
import { bundle, type Product, products } from './kill/products.ts'
import { runRound } from './kill/round.ts'
import { scenarios } from './kill/scenarios.ts'
import { type RunningCollector, startCollectorProcess } from './collector.ts'
import { listen, type RunningServer } from './line.ts'

// What `pnpm kill:test` does for a quarter of an hour and longer: here each scenario has one round, with short outages, and two in a nightly run.
const ours = products.find(({ peer }) => peer === null) as Product
const rounds = scenarios.flatMap((scenario, index) =>
  (process.env['EARSHOT_KILLS'] ? [0, 1] : [0]).map((again) => ({
    scenario,
    id: scenario.id,
    seed: 2 * index + again,
  })),
)
let collector: RunningCollector
let host: RunningServer

beforeAll(async () => {
  collector = await startCollectorProcess()
  const pages = await bundle(ours)
  host = await listen(
    createServer((request, response) => {
      const script = pages[request.url ?? '']
      response.setHeader('content-type', script === undefined ? 'text/html' : 'text/javascript')
      response.end(script ?? '<!doctype html><title>Host</title><h1>Host</h1><script src="page.js"></script>')
    }),
  )
})
afterAll(async () => {
  await host.close()
  await collector.remove()
})

// Together, because most of a round is waiting.
describe.concurrent('no answer that the page was told is stored is lost, and none is there twice', () => {
  it.each(rounds)(
    '$id, seed $seed',
    async ({ scenario, seed }) => {
      const own = scenario.ours ? await startCollectorProcess() : null
      try {
        const ground = { product: ours, host: host.url, collector: own ?? collector, brief: true }
        const outcome = await runRound(ground, scenario, seed, createChance(seed))
        expect(outcome).toMatchObject({ lost: [], duplicated: [], early: 0 })
        // A kill at any moment may come before the first answer; all others have something to lose.
        if (scenario.id !== 'killed-at-random') expect(outcome.accepted).toBeGreaterThan(0)
      } finally {
        await own?.remove()
      }
    },
    150_000,
  )
})
