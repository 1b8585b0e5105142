import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { request, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Receipt } from '@earshot/contract'
import { expect, it, onTestFinished } from 'vitest'
import { sourceCommand } from '../../../../scripts/collectorCommand.ts'
import { type Child, post, preset, serve } from '../cli/fixtures.ts'
import { answer, envelope, keys, npsSurvey, temporaryDirectory, uuid } from '../fixtures.ts'

const mebibyte = 1024 * 1024

/** From now on the most that a process has had in memory begins anew with what it has. */
function forgetPeak(pid: number | undefined): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
}

/** The most that a process has had in memory since its start or since that was forgotten, in MiB. */
function peakOf(pid: number | undefined): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024
}

/** Collects garbage in a process, and gives what is left then, in MiB: objects, and bytes outside of the heap. */
async function openHeap(child: Child): Promise<() => Promise<number>> {
  const [, address = ''] = /listening on (ws:\S+)/.exec(child.complaints()) ?? []
  const line = new WebSocket(address)
  await once(line, 'open')
  onTestFinished(() => line.close())
  let count = 0
  const ask = async (method: string): Promise<Record<string, number>> => {
    const id = ++count
    line.send(JSON.stringify({ id, method }))
    for (;;) {
      const [{ data }] = (await once(line, 'message')) as [MessageEvent<string>]
      const said = JSON.parse(data) as { id?: number; result: Record<string, number> }
      if (said.id === id) return said.result
    }
  }
  return async () => {
    await ask('HeapProfiler.collectGarbage')
    const { usedSize = NaN, backingStorageSize = NaN } = await ask('Runtime.getHeapUsage')
    return (usedSize + backingStorageSize) / mebibyte
  }
}

/** A request of nearly the most that one may have. */
function largeBody(number: number): string {
  const value = 'x'.repeat(4900)
  const events = Array.from({ length: 48 }, (_, index) =>
    answer(number * 48 + index, number * 48 + index, { data: { question: 'why', value, revision: 0 } }),
  )
  return JSON.stringify(envelope(keys.writeKey, events))
}

/** Sends on a connection of its own, so that none is met which the collector has just given up. */
function send(url: string, body: string): Promise<{ response: IncomingMessage; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'text/plain;charset=UTF-8' }
    const sent = request(url, { method: 'POST', agent: false, headers }, (response) => {
      let text = ''
      response.on('data', (chunk) => (text += String(chunk)))
      response.on('end', () => resolve({ response, text }))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

it('a flood that cannot be written is refused with Retry-After, memory stays flat, and afterwards all is as before', async ({
  skip,
}) => {
  if (!existsSync('/proc/self/status')) skip('the memory of another process is read from /proc')
  const data = temporaryDirectory()
  // What it takes at most is known of the sources.
  const child = await serve(data, preset, ['--inspect=127.0.0.1:0', ...sourceCommand])
  const leftOver = await openHeap(child)
  const inline = envelope(keys.writeKey, [answer(1)], { surveys: [npsSurvey] })
  const first = await fetch(`${child.url}/v1/feedback`, { method: 'POST', body: JSON.stringify(inline) })
  expect(((await first.json()) as Receipt).accepted).toEqual([uuid('event', 1)])
  const before = peakOf(child.process.pid)

  // Another process holds the lock, so nothing is committed, and all that is let in has to wait.
  const lock = new DatabaseSync(join(data, 'earshot.sqlite'))
  // The collector may be writing still.
  lock.exec('PRAGMA busy_timeout = 10000')
  const peaks: number[] = []
  const left: number[] = []
  const acknowledged: string[] = []
  const codes = new Map<string, number>()
  let number = 1
  for (let flood = 0; flood < 7; flood++) {
    forgetPeak(child.process.pid)
    lock.exec('BEGIN IMMEDIATE')
    const all = Array.from({ length: 500 }, async () => {
      const body = largeBody(number++)
      const { response, text } = await send(`${child.url}/v1/feedback`, body)
      if (response.statusCode === 200) return acknowledged.push(...(JSON.parse(text) as Receipt).accepted)
      expect(response.statusCode).toBe(503)
      expect(Number(response.headers['retry-after'])).toBeGreaterThan(0)
      const { code } = JSON.parse(text) as { code: string }
      return codes.set(code, (codes.get(code) ?? 0) + 1)
    })
    await Promise.all(all)
    lock.exec('ROLLBACK')
    peaks.push(peakOf(child.process.pid))
    left.push(await leftOver())
  }
  lock.close()
  expect([...codes.keys()].toSorted()).toEqual(['overloaded', 'store_unavailable'])
  // 3,500 requests are 805 MiB. What is let in is bounded: 64 MiB that are read, 32 MiB that wait to be written.
  expect(number * largeBody(1).length).toBeGreaterThan(780 * mebibyte)
  expect(peaks[0]).toBeLessThan(before + 280)
  expect(Math.max(...peaks)).toBeLessThan(before + 280 + 60)
  // A flood is 115 MiB, and what is said of it is not kept either: a hundredth of each left behind would be seen.
  expect(Math.max(...left.slice(1))).toBeLessThan(left[0]! + 4)

  const receipt = (await (await post(child.url, [answer(2)])).json()) as Receipt
  expect(receipt.accepted).toEqual([uuid('event', 2)])
  const stats = await fetch(`${child.url}/v1/stats`, {
    headers: { authorization: `Bearer ${keys.adminToken}` },
  })
  expect(((await stats.json()) as { events: number }).events).toBe(2 + acknowledged.length)
}, 120_000)
