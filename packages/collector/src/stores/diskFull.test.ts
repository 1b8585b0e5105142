import { execFileSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Receipt } from '@earshot/contract'
import { describe, expect, it, onTestFinished } from 'vitest'
import { answer, envelope, start, temporaryDirectory, type Running } from '../fixtures.ts'
import { inspectSqlite } from './sqliteBackup.ts'

const mebibyte = 1024 * 1024

/** A file system of its own, in memory and small; null where this user may not mount one. */
function smallDisk(size: number): string | null {
  const folder = temporaryDirectory()
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder], { stdio: 'ignore' })
  } catch {
    return null
  }
  onTestFinished(() => void execFileSync('umount', ['-l', folder]))
  return folder
}

/** Sends until nothing more is taken; gives the ids that were acknowledged, and the refusal. */
async function fill(
  { post, key }: Running,
  from: number,
  most: number,
): Promise<{ acknowledged: string[]; refused: Response | null }> {
  const acknowledged: string[] = []
  for (let number = from; number < from + most; number += 50) {
    const url = `https://shop.example/${'x'.repeat(1500)}`
    const events = Array.from({ length: 50 }, (_, index) =>
      answer(number + index, 9, { context: { channel: 'web', url } }),
    )
    const response = await post(JSON.stringify(envelope(key, events)))
    if (response.status !== 200) return { acknowledged, refused: response }
    acknowledged.push(...((await response.json()) as Receipt).accepted)
  }
  return { acknowledged, refused: null }
}

async function storedIn({ admin }: Running): Promise<Set<string>> {
  const text = await (await admin('/v1/export?format=ndjson')).text()
  const lines = text.trimEnd().split('\n')
  return new Set(lines.map((line) => (JSON.parse(line) as { id: string }).id.replace('-f', '-e')))
}

const quiet = { info: () => undefined, error: () => undefined }

describe('a disk that is full', () => {
  it('is refused in words, damages nothing, and is taken again when there is room (a real file system)', async ({
    skip,
  }) => {
    const disk = smallDisk(12 * mebibyte)
    if (disk === null) skip('no file system can be mounted here')
    const data = join(disk ?? '', 'data')
    // No floor, so that SQLite itself meets the end of the disk.
    const running = await start({ data, diskFloor: 0, log: quiet })
    const ballast = join(disk ?? '', 'ballast')
    writeFileSync(ballast, Buffer.alloc(4 * mebibyte, 'x'))

    const { acknowledged, refused } = await fill(running, 1, 50_000)
    expect(refused?.status).toBe(503)
    expect(refused?.headers.get('retry-after')).toBe('30')
    expect(await refused?.json()).toMatchObject({
      code: 'store_unavailable',
      detail: expect.stringMatching(/Nothing was stored: the disk (is full|refuses to write)/),
    })
    expect(acknowledged.length).toBeGreaterThan(100)
    // Reading goes on.
    expect(await storedIn(running)).toEqual(new Set(acknowledged))

    rmSync(ballast)
    const more = await fill(running, 100_001, 100)
    expect(more.refused).toBeNull()
    expect(await storedIn(running)).toEqual(new Set([...acknowledged, ...more.acknowledged]))
    const stats = await running.read('/v1/stats')
    expect(stats.events).toBe(acknowledged.length + 100)
    await running.collector.close()
    expect(inspectSqlite(join(data, 'earshot.sqlite')).events).toBe(stats.events)
  })

  it('is not filled to the end: below the floor answers are refused and what is there can be read and erased', async ({
    skip,
  }) => {
    const disk = smallDisk(12 * mebibyte)
    if (disk === null) skip('no file system can be mounted here')
    const data = join(disk ?? '', 'data')
    const running = await start({ data, diskFloor: 6 * mebibyte, log: quiet })
    await fill(running, 1, 100)
    const ballast = join(disk ?? '', 'ballast')
    writeFileSync(ballast, Buffer.alloc(7 * mebibyte, 'x'))
    // A look at the room lasts a second, and the one who asks has the next one made.
    const ready = async (): Promise<number> => (await fetch(`${running.url}/readyz`)).status
    while ((await ready()) !== 503);
    const { refused } = await fill(running, 1001, 50)
    expect(await refused?.json()).toMatchObject({
      code: 'store_unavailable',
      detail: expect.stringContaining('the disk is nearly full'),
    })
    expect(await (await running.call('/v1/erase', { visitor: 'visitor-1' })).json()).toEqual({ erased: 1 })
    rmSync(ballast)
    while ((await ready()) !== 200);
    expect((await fill(running, 1001, 50)).refused).toBeNull()
  })
})
