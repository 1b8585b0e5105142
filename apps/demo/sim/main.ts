/** `pnpm sim`: runs seeds, replays one, or lets the mutants loose. */
import { parseArgs } from 'node:util'
import { simulate } from './run.ts'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    trace: { type: 'boolean', default: false },
    stop: { type: 'boolean', default: false },
  },
})
if (values.seed !== undefined) {
  const one = await simulate(Number(values.seed), {}, true)
  if (values.trace) for (const line of one.trace) console.log(line)
  console.log(one.seed, one.hash, one.events, 'events', one.requests, 'requests', one.steps, 'steps')
  for (const each of one.violations) console.log('BROKEN', each)
  process.exit(one.violations.length ? 1 : 0)
}
const start = performance.now()
let bad = 0, events = 0, requests = 0, steps = 0
const from = Number(values.from), n = Number(values.seeds)
for (let seed = from; seed < from + n; seed++) {
  const one = await simulate(seed)
  events += one.events; requests += one.requests; steps += one.steps
  if (one.violations.length) { bad++; console.log(seed, one.violations[0], one.violations.length); if (values.stop) break }
}
const s = (performance.now() - start) / 1000
console.log({ n, bad, events, requests, steps, seconds: s, perSecond: n / s })
