/**
 * `pnpm sim`: runs many seeds (`--seeds 1000 --from 1`), one again (`--seed 7 --trace`), lets every deliberate fault
 * loose (`--mutants`), or shows how ten thousand visitors come back after an outage (`--herd`). Ends with 1 when a promise was broken, or when a mutant was not found.
 */
import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { curve, herd } from './herd.ts'
import { mutants } from './mutants.ts'
import { simulate } from './run.ts'
import type { Job, Report } from './worker.ts'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    trace: { type: 'boolean', default: false },
    mutants: { type: 'boolean', default: false },
    herd: { type: 'boolean', default: false },
    jobs: { type: 'string', default: String(availableParallelism()) },
  },
})

const numberOf = (name: 'seeds' | 'from' | 'seed' | 'jobs'): number => {
  const number = Number(values[name])
  if (Number.isSafeInteger(number) && number >= 0) return number
  throw new Error(`--${name} is "${values[name]}"; give a whole number, for example --${name} 1000.`)
}

function work(job: Job, hear: (report: Report) => void): Promise<void> {
  const child = spawn(
    process.execPath,
    [
      '--conditions=@earshot/source',
      fileURLToPath(new URL('worker.ts', import.meta.url)),
      JSON.stringify(job),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  createInterface({ input: child.stdout }).on('line', (line) => hear(JSON.parse(line) as Report))
  return new Promise((resolve, reject) =>
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`A worker ended with ${code}: ${JSON.stringify(job)}`)),
    ),
  )
}

async function replay(seed: number): Promise<boolean> {
  const run = await simulate(seed, {}, true)
  if (values.trace) for (const line of run.trace) console.log(line)
  console.log(
    `Seed ${seed}: ${run.events} events, ${run.requests} requests, ${run.steps} steps, trace ${run.hash}.`,
  )
  for (const each of run.violations) console.log(`BROKEN  ${each}`)
  return run.violations.length === 0
}

async function many(from: number, count: number, jobs: number): Promise<boolean> {
  const begun = performance.now()
  const sum = { runs: 0, events: 0, requests: 0, steps: 0 }
  let broken = 0
  const hear = (report: Report): void => {
    if (report.type === 'broken') {
      broken++
      console.log(`BROKEN  seed ${report.seed}: ${report.violations.join('\n        ')}`)
      console.log(`        replay with: pnpm sim --seed ${report.seed} --trace`)
    } else for (const key of ['runs', 'events', 'requests', 'steps'] as const) sum[key] += report[key]
  }
  await Promise.all(
    Array.from({ length: jobs }, (_, index) =>
      work({ from: from + index, step: jobs, count: Math.ceil((count - index) / jobs) }, hear),
    ),
  )
  const seconds = (performance.now() - begun) / 1000
  console.log(
    `${sum.runs} seeds in ${seconds.toFixed(1)} s, ${(sum.runs / seconds).toFixed(1)} seeds per second in ${jobs} processes:`,
    `${sum.events} events, ${sum.requests} requests, ${sum.steps} steps, ${broken} broken.`,
  )
  return broken === 0
}

/** Each mutant must be found, and by a promise that says what is wrong. */
async function letLoose(from: number, count: number, jobs: number): Promise<boolean> {
  const waiting = [...mutants]
  const survived: string[] = []
  console.log('| mutant | found by | promise |\n| --- | --- | --- |')
  const next = async (): Promise<void> => {
    for (let mutant = waiting.shift(); mutant; mutant = waiting.shift()) {
      const { name } = mutant
      let found: Report | undefined
      await work({ from, step: 1, count, mutant: name }, (report) => {
        if (report.type === 'broken') found ??= report
      })
      if (found?.type === 'broken')
        console.log(`| ${name} | seed ${found.seed} | ${found.violations[0]?.split(':')[0]} |`)
      else {
        survived.push(name)
        console.log(`| ${name} | NOT FOUND in ${count} seeds | |`)
      }
    }
  }
  await Promise.all(Array.from({ length: jobs }, next))
  console.log(`${mutants.length - survived.length} of ${mutants.length} mutants were found.`)
  return survived.length === 0
}

async function showHerds(): Promise<boolean> {
  for (const [cause, minutes] of [
    ['network', 10],
    ['collector', 5],
    ['collector', 60],
  ] as const) {
    const found = await herd({ clients: 10_000, outage: minutes * 60_000, cause, seed: 1 })
    const most = Math.max(...found.arrivals)
    const each = found.before / 10_000
    console.log(
      `${minutes} minutes without the ${cause}: at most ${most} requests in a second, ${each} each before.`,
    )
    console.log(curve(found))
  }
  return true
}

const isGood =
  values.seed !== undefined
    ? await replay(numberOf('seed'))
    : values.herd
      ? await showHerds()
      : await (values.mutants ? letLoose : many)(numberOf('from'), numberOf('seeds'), numberOf('jobs') || 1)
process.exitCode = isGood ? 0 : 1
