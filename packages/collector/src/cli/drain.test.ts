import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { expect, it } from 'vitest'
import type { Receipt } from '@earshot/contract'
import { answer, envelope, keys, start, temporaryDirectory, uuid } from '../fixtures.ts'
import { exportedIds, post, preset, run, serve } from './fixtures.ts'

it.each(['SIGTERM', 'SIGINT'] as const)(
  '%s finishes requests in flight and a running export, refuses new ones, and loses nothing',
  async (signal) => {
    const data = temporaryDirectory()
    const filled = await start({ data })
    const long = 'x'.repeat(1900)
    // Much more than the system buffers for a client that does not read.
    for (let from = 0; from < 2800; from += 400)
      await filled.send(
        Array.from({ length: 400 }, (_, index) =>
          answer(from + index + 1, 9, { context: { channel: 'web', url: `https://shop.example/${long}` } }),
        ),
      )
    await filled.collector.close()

    const child = await serve(data, preset)
    const { port } = new URL(child.url)
    const exported = get(`${child.url}/v1/export?format=ndjson`, {
      headers: { authorization: `Bearer ${keys.adminToken}` },
    })
    const [stream] = (await once(exported, 'response')) as [IncomingMessage]
    const [first] = (await once(stream, 'data')) as [Buffer]
    stream.pause()
    const bodies = [10_001, 10_002, 10_003].map((number) =>
      JSON.stringify(envelope(keys.writeKey, [answer(number)])),
    )
    const sockets = bodies.map((body) => {
      const socket = connect(Number(port), '127.0.0.1')
      socket.write(
        `POST /v1/feedback HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\ncontent-length: ${Buffer.byteLength(body)}\r\nexpect: 100-continue\r\n\r\n`,
      )
      return socket
    })
    for (const socket of sockets) expect(String((await once(socket, 'data'))[0])).toMatch(/ 100 /)

    child.process.kill(signal)
    await child.says(new RegExp(`${signal}: finishing`))
    await expect(fetch(`${child.url}/healthz`)).rejects.toThrow()
    for (const [index, socket] of sockets.entries()) {
      socket.write(bodies[index] ?? '')
      expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1\.1 200[\s\S]*accepted/)
    }
    let text = String(first)
    stream.setEncoding('utf8')
    stream.on('data', (chunk: string) => (text += chunk))
    stream.resume()
    await once(stream, 'end')
    expect(stream.complete).toBe(true)
    expect(text.trimEnd().split('\n').length).toBeGreaterThanOrEqual(2800)
    expect(await child.finished).toMatchObject({ code: 0, signal: null, err: '' })

    const again = await serve(data, preset)
    const receipt = (await (
      await post(
        again.url,
        [10_001, 10_002, 10_003].map((each) => answer(each)),
      )
    ).json()) as Receipt
    expect(receipt.duplicates).toEqual([10_001, 10_002, 10_003].map((each) => uuid('event', each)))
  },
)

it('sent is stored and refused, when it is stopped under load', async () => {
  const data = temporaryDirectory()
  const child = await serve(data, preset)
  const acknowledged = new Set<string>()
  let next = 1
  const send = async (): Promise<void> => {
    for (;;) {
      const response = await post(child.url, [answer(next++)])
      if (response.status !== 200) throw new Error(String(response.status))
      for (const id of ((await response.json()) as Receipt).accepted) acknowledged.add(id)
      if (acknowledged.size === 60) child.process.kill('SIGTERM')
    }
  }
  await Promise.allSettled([send(), send(), send()])
  expect(await child.finished).toMatchObject({ code: 0, signal: null, err: '' })
  const { out } = await run(['export', '--format', 'ndjson', '--data', data]).finished
  const stored = exportedIds(out)
  for (const id of acknowledged) expect(stored).toContain(id.replace('-e', '-f'))
  // Everything that was stored was acknowledged: nobody was told to send again what is there already.
  expect(stored.size).toBe(acknowledged.size)
})
