/** One process of many: runs the seeds that it is given, with or without a mutant, and tells what it found, a line each. */
import { infect, mutants } from './mutants.ts'

/** What a worker is asked. */
export interface Job {
  from: number
  /** Seeds, each `step` after the one before. */
  count: number
  step: number
  /** Name of a mutant; then the first seed that finds it ends the work. */
  mutant?: string | undefined
}

/** What it tells. */
export type Report =
  | { type: 'broken'; seed: number; violations: readonly string[] }
  | { type: 'done'; runs: number; events: number; requests: number; steps: number }

const job = JSON.parse(process.argv[2] as string) as Job
const mutant = mutants.find((each) => each.name === job.mutant)
if (mutant) infect(mutant)
const { simulate } = await import('./run.ts')
const tell = (report: Report): void => void process.stdout.write(`${JSON.stringify(report)}\n`)

const sum = { runs: 0, events: 0, requests: 0, steps: 0 }
for (let index = 0; index < job.count; index++) {
  const seed = job.from + index * job.step
  const { violations, events, requests, steps } = await simulate(seed, mutant?.switches)
  sum.runs++
  sum.events += events
  sum.requests += requests
  sum.steps += steps
  if (!violations.length) continue
  tell({ type: 'broken', seed, violations: violations.slice(0, 3) })
  if (mutant) break
}
tell({ type: 'done', ...sum })
