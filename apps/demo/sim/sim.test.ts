/** Hundreds of runs of the simulation of delivery, and that it is the same each time. */
import { describe, expect, it } from 'vitest'
import { edited, mutants } from './mutants.ts'
import { simulate } from './run.ts'

const first = Number(process.env.EARSHOT_SEED ?? 1)
const runs = Number(process.env.EARSHOT_RUNS ?? 300)

describe('delivery', () => {
  it('keeps its promises, whatever fails', { timeout: 600_000 + runs * 300 }, async () => {
    let events = 0
    let requests = 0
    for (let seed = first; seed < first + runs; seed++) {
      const run = await simulate(seed)
      events += run.events
      requests += run.requests
      expect(run.violations, `replay with: pnpm sim --seed ${seed} --trace`).toEqual([])
    }
    // A simulation in which little happens proves little.
    expect(events).toBeGreaterThan(runs * 10)
    expect(requests).toBeGreaterThan(runs * 5)
  })
  it.each([1, 2, 3])('is the same each time: seed %i', async (seed) => {
    const [one, two] = [await simulate(seed, {}, true), await simulate(seed, {}, true)]
    expect(two.trace).toEqual(one.trace)
    expect(two.hash).toBe(one.hash)
    expect((await simulate(seed + 3)).hash).not.toBe(one.hash)
  })
  it('finds a lock that lets everybody in, and writes that a power cut takes away', async () => {
    for (const switches of [{ noLock: true }, { relaxed: true }, { earlyReceipt: true }]) {
      let found = false
      for (let seed = 1; seed <= 1000 && !found; seed++)
        found = (await simulate(seed, switches)).violations.length > 0
      expect(found, JSON.stringify(switches)).toBe(true)
    }
  })
})

describe('each mutant', () => {
  it.each(mutants.map((each) => [each.name, each] as const))(
    'has its place in the sources: %s',
    (_name, mutant) => {
      expect(mutant.edit !== undefined || mutant.switches !== undefined).toBe(true)
      if (mutant.edit) expect(edited(mutant)).toContain(mutant.edit.to)
    },
  )
})
