import { once } from 'node:events'
import { get } from 'node:http'
import { connect } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Log } from '../ports/world.ts'
import type { Handler } from './handler.ts'
import { startServer, type RunningServer, type Timeouts } from './server.ts'

const log: Log = { info: () => undefined, error: () => undefined }
const quick: Timeouts = { headers: 60, request: 120, idle: 1000, check: 20, close: 150 }

async function serve(handle: Handler, timeouts: Timeouts = quick): Promise<RunningServer> {
  const server = await startServer(handle, { port: 0 }, log, timeouts)
  onTestFinished(() => server.close())
  return server
}
function defer(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined
  const promise = new Promise<void>((done) => (resolve = done))
  return { promise, resolve: () => resolve() }
}
const ok: Handler = async (request) => new Response(await request.text())

describe('slow clients are cut', () => {
  it.each([
    ['in the headers', 'POST / HTTP/1.1\r\nhost: x\r\nx-slow'],
    ['in the body', 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nab'],
  ])('%s', async (_, bytes) => {
    const { port } = await serve(ok)
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => undefined)
    socket.resume()
    const began = performance.now()
    socket.write(bytes)
    await once(socket, 'close')
    // Not at once: a client may take its time up to the limit.
    expect(performance.now() - began).toBeGreaterThan(quick.headers - 10)
  })
})

describe('responses', () => {
  it('are streamed no faster than the client reads', async () => {
    let produced = 0
    const body = (): ReadableStream<Uint8Array> =>
      new ReadableStream(
        {
          pull(controller) {
            produced++
            controller.enqueue(new Uint8Array(65_536))
          },
        },
        { highWaterMark: 0 },
      )
    const { url } = await serve(async () => new Response(body()))
    const request = get(url)
    const [response] = await once(request, 'response')
    response.pause()
    // The client reads nothing; once two rounds of the loop add nothing, the buffers are full.
    for (let before = -1; before !== produced || produced < 2;) {
      before = produced
      await new Promise((resolve) => setTimeout(resolve, 30))
    }
    expect(produced).toBeLessThan(400)
    request.destroy()
  })

  it('that are downloads come as they are made, in memory that is used again, however slow the client is', async () => {
    const size = 32 * 1024 * 1024
    let made = 0
    let most = 0
    const source = (): ReadableStream<Uint8Array> =>
      new ReadableStream({
        type: 'bytes',
        pull(controller) {
          const { byobRequest } = controller
          const { buffer, byteOffset, byteLength } = byobRequest?.view ?? new Uint8Array(0)
          const words = new Uint32Array(buffer, byteOffset, Math.min(byteLength, size - made) / 4)
          for (let index = 0; index < words.length; index++) words[index] = made / 4 + index
          made += words.byteLength
          most = Math.max(most, buffer.byteLength)
          if (words.length === 0) controller.close()
          byobRequest?.respond(words.byteLength)
        },
      })
    const { url } = await serve(
      async () => new Response(source(), { headers: { 'content-disposition': 'attachment' } }),
      { ...quick, request: 60_000 },
    )
    const [response] = await once(get(url), 'response')
    response.pause()
    for (let before = -1; before !== made || made === 0;) {
      before = made
      await new Promise((resolve) => setTimeout(resolve, 30))
    }
    expect(made).toBeLessThan(size)
    const chunks: Buffer[] = []
    for await (const chunk of response) chunks.push(chunk)
    const whole = Buffer.concat(chunks)
    expect(whole.byteLength).toBe(size)
    const words = new Uint32Array(whole.buffer, whole.byteOffset, size / 4)
    expect(words.findIndex((word, index) => word !== index)).toBe(-1)
    expect(most).toBeLessThan(1024 * 1024)
  })

  it('that are downloads end their source when the client goes away', async () => {
    const cancelled = defer()
    const { url } = await serve(
      async () =>
        new Response(
          new ReadableStream({
            type: 'bytes',
            pull: (controller) => controller.enqueue(new Uint8Array(65_536)),
            cancel: () => cancelled.resolve(),
          }),
          { headers: { 'content-disposition': 'attachment' } },
        ),
    )
    const request = get(url)
    request.on('error', () => undefined)
    await once(request, 'response')
    request.destroy()
    await cancelled.promise
  })

  it('end their source when the client goes away', async () => {
    const cancelled = defer()
    const { url } = await serve(
      async () =>
        new Response(
          new ReadableStream({
            pull: (controller) => controller.enqueue(new Uint8Array(65_536)),
            cancel: () => cancelled.resolve(),
          }),
        ),
    )
    const request = get(url)
    request.on('error', () => undefined)
    await once(request, 'response')
    request.destroy()
    await cancelled.promise
  })

  it('break off visibly when their source fails', async () => {
    const { url } = await serve(
      async () =>
        new Response(
          new ReadableStream({
            start: (controller) => controller.enqueue(new Uint8Array(10)),
            pull: (controller) => controller.error(new Error('broken on purpose')),
          }),
        ),
    )
    await expect(fetch(url).then((response) => response.text())).rejects.toThrow()
  })
})

describe('close', () => {
  it('lets a running request finish and takes no new one', async () => {
    const entered = defer()
    const gate = defer()
    const server = await serve(
      async () => {
        entered.resolve()
        await gate.promise
        return new Response('done')
      },
      { ...quick, close: 5000 },
    )
    const running = fetch(server.url)
    await entered.promise
    const closing = server.close()
    await expect(fetch(server.url)).rejects.toThrow()
    gate.resolve()
    expect(await (await running).text()).toBe('done')
    await closing
  })

  it('waits no longer than it may', async () => {
    const server = await serve(() => new Promise(() => undefined))
    const running = fetch(server.url)
    running.catch(() => undefined)
    const socket = connect(server.port, '127.0.0.1')
    socket.on('error', () => undefined)
    await once(socket, 'connect')
    await server.close()
    await expect(running).rejects.toThrow()
  })

  it('does not wait for a connection that is only kept alive', async () => {
    const server = await serve(ok, { ...quick, idle: 60_000, close: 60_000 })
    await (await fetch(server.url, { method: 'POST', body: 'x' })).text()
    await server.close()
  })
})

it('closes connections beyond the most that it may have', async () => {
  const patient: Timeouts = { ...quick, headers: 4000, request: 4500 }
  const server = await startServer(ok, { port: 0, maxConnections: 1 }, log, patient)
  onTestFinished(() => server.close())
  const first = connect(server.port, '127.0.0.1')
  await once(first, 'connect')
  const second = connect(server.port, '127.0.0.1')
  const began = performance.now()
  second.on('error', () => undefined)
  second.resume()
  await once(second, 'close')
  expect(performance.now() - began).toBeLessThan(patient.headers / 2)
  expect(first.destroyed).toBe(false)
  first.destroy()
})

it('says what to do when the port is taken', async () => {
  const { port } = await serve(ok)
  await expect(startServer(ok, { port }, log)).rejects.toThrow(
    /another program listens there; choose another --port/,
  )
})
