import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Demo, startDemo } from '../server/demo.ts'

// The command as `pnpm replay` runs it, against a collector that keeps its data in a file.
let demo: Demo
beforeAll(async () => {
  demo = await startDemo({ demoPort: 0, collectorPort: 0, log: (line) => console.error(line) })
})
afterAll(() => demo.close())

const script = fileURLToPath(new URL('../server/replay.ts', import.meta.url))

async function read<Body>(path: string): Promise<Body> {
  const headers = { authorization: `Bearer ${demo.adminToken}` }
  return (await (await fetch(demo.collectorUrl + path, { headers })).json()) as Body
}

interface NpsReport {
  estimate: { value: number; interval: [number, number]; n: number; method: string }
  result: { detractors: number; passives: number; promoters: number }
}

describe('13,954 real interviews, sent twice', () => {
  it('give the reference figures, and the second time change nothing', async () => {
    const options = ['--collector', demo.collectorUrl, '--key', demo.writeKey, '--token', demo.adminToken]
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--conditions=@earshot/source',
      script,
      ...options,
      '--times',
      '2',
    ])
    const second = stdout.indexOf('Pass 2 of 2')
    const passes = [stdout.slice(0, second), stdout.slice(second)]
    expect(passes[0]).toMatch(/accepted\s+41,178 events[^\n]*13,954 rows/)
    expect(passes[1]).toMatch(/accepted\s+0 events/)
    expect(passes[1]).toMatch(/duplicates\s+41,178 events[^\n]*13,954 rows/)

    const { estimate, result } = await read<NpsReport>('/v1/reports/nps?survey=botanic-nps')
    expect(estimate).toMatchObject({ n: 13_612, method: 'adjusted-wald' })
    expect(result).toMatchObject({ detractors: 1194, passives: 3953, promoters: 8465 })
    expect(estimate.value).toBeCloseTo(53.4161034381, 10)
    expect(estimate.interval[0]).toBeCloseTo(52.3101268577, 10)
    expect(estimate.interval[1]).toBeCloseTo(54.4985400538, 10)
    expect(await read('/v1/stats')).toMatchObject({ events: 41_178, duplicates: 41_178, responses: 13_954 })
  }, 120_000)
})
