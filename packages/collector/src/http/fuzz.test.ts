import { expect, it } from 'vitest'
import { exportedIds, preset, run, serve } from '../cli/fixtures.ts'
import { keys, temporaryDirectory } from '../fixtures.ts'
import { fuzz } from './fuzz.fixtures.ts'

const seconds = Number(process.env.EARSHOT_FUZZ ?? 0)
const seed = Number(process.env.EARSHOT_SEED ?? 1)

interface Memory {
  /** MiB of live and dead objects, and of buffers. */
  heap: number
  resident: number
}

async function memoryOf(url: string): Promise<Memory> {
  const text = await (
    await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${keys.adminToken}` } })
  ).text()
  const mebibytes = (name: string): number =>
    Number(new RegExp(`^${name} (\\S+)`, 'm').exec(text)?.[1]) / 1024 / 1024
  return {
    heap: mebibytes('nodejs_heap_size_used_bytes') + mebibytes('nodejs_external_memory_bytes'),
    resident: mebibytes('process_resident_memory_bytes'),
  }
}

/** What lives is what is left after a collection: the least of many looks. */
async function watched<Result>(
  url: string,
  work: Promise<Result>,
): Promise<{ result: Result; least: number; most: number }> {
  const looks: Memory[] = []
  let isRunning = true
  const look = (async () => {
    while (isRunning) {
      looks.push(await memoryOf(url))
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  })()
  const result = await work
  isRunning = false
  await look
  return {
    result,
    least: Math.min(...looks.map((each) => each.heap)),
    most: Math.max(...looks.map((each) => each.resident)),
  }
}

// `pnpm fuzz`; 600 such requests are in badRequests.test.ts, which always runs.
it.runIf(seconds > 0)(
  `a collector of its own stands random requests for ${seconds} s: no crash, nothing half, memory flat`,
  async () => {
    const data = temporaryDirectory()
    const child = await serve(data, preset)
    const began = performance.now()
    const passed = (): number => (performance.now() - began) / 1000
    const part = (until: number, from: number) =>
      watched(
        child.url,
        fuzz(child.url, seed + from, () => passed() < until, from),
      )
    await part(seconds / 5, 1)
    const first = await part((seconds * 3) / 5, 1_000_000)
    const second = await part(seconds, 10_000_000)
    const requests = first.result.requests + second.result.requests
    console.log(
      `${requests} requests, by status ${JSON.stringify(second.result.statuses)}; heap ${first.least.toFixed(1)} MiB, then ${second.least.toFixed(1)} MiB; resident at most ${second.most.toFixed(0)} MiB; seed ${seed}`,
    )
    expect([...first.result.wrong, ...second.result.wrong].slice(0, 20)).toEqual([])
    expect(second.least - first.least).toBeLessThan(5)
    expect(second.most).toBeLessThan(512)
    child.process.kill('SIGTERM')
    expect(await child.finished).toMatchObject({ code: 0, signal: null, err: '' })
    const { out } = await run(['export', '--format', 'ndjson', '--data', data]).finished
    const stored = exportedIds(out)
    const acknowledged = [...first.result.stored, ...second.result.stored]
    expect(acknowledged.filter((id) => !stored.has(id.replace('-e', '-f')))).toEqual([])
    const looked = await run(['doctor', '--time-from', 'none', '--data', data]).finished
    expect(looked.out).toMatch(/ok +database +was read through and is whole/)
  },
  (seconds + 120) * 1000,
)
