import { describe, expect, it } from 'vitest'
import { answer, start, type Running } from '../fixtures.ts'

interface Listening {
  /** Reads on until so many answers are there. */
  until(
    count: number,
  ): Promise<{ id: string; data: { question: string; value: unknown; band: string; row: number } }[]>
  stop(): Promise<void>
}

async function listen({ url, token }: Running, headers: Record<string, string> = {}): Promise<Listening> {
  const stopper = new AbortController()
  const response = await fetch(`${url}/v1/stream`, {
    headers: { authorization: `Bearer ${token}`, ...headers },
    signal: stopper.signal,
  })
  expect([response.status, response.headers.get('content-type')]).toEqual([
    200,
    'text/event-stream; charset=utf-8',
  ])
  const reader = (response.body as ReadableStream<Uint8Array>).getReader()
  let text = ''
  const decoder = new TextDecoder()
  return {
    async until(count) {
      for (;;) {
        const found = [...text.matchAll(/id: (\d+)\nevent: answer\ndata: (.*)\n\n/g)].map(
          ([, id = '', data = '']) => ({
            id,
            data: JSON.parse(data),
          }),
        )
        if (found.length >= count) return found
        const { value, done } = await reader.read()
        if (done) throw new Error(`the stream ended after ${text}`)
        text += decoder.decode(value, { stream: true })
      }
    },
    async stop() {
      stopper.abort()
      await reader.cancel().catch(() => undefined)
    },
  }
}

describe('the stream', () => {
  it('tells of new answers, of none from before, and goes on where it was broken off', async () => {
    const running = await start()
    await running.send([answer(1, 3)])
    const first = await listen(running)
    await running.send([answer(2, 9)])
    const [told] = await first.until(1)
    expect(told?.data).toMatchObject({
      question: 'score',
      value: 9,
      band: 'promoter',
      survey: 'nps-q4',
      channel: 'web',
    })
    await first.stop()
    await running.send([answer(3, 0)])
    await running.send([answer(4, 7)])
    const second = await listen(running, { 'last-event-id': told?.id ?? '' })
    expect((await second.until(2)).map((each) => each.data.value)).toEqual([0, 7])
    await running.send([answer(5, 10)])
    expect((await second.until(3)).map((each) => each.data.value)).toEqual([0, 7, 10])
    await second.stop()
  })

  it('tells each of several listeners, and all of the past that is asked for', async () => {
    const running = await start()
    const [one, other] = [await listen(running), await listen(running)]
    await running.send([answer(1, 1), answer(2, 2)])
    expect(await one.until(2)).toEqual(await other.until(2))
    const all = await listen(running, { 'last-event-id': '0' })
    expect(await all.until(2)).toHaveLength(2)
    await Promise.all([one.stop(), other.stop(), all.stop()])
  })

  it('ends when the collector is closed', async () => {
    const running = await start()
    const listening = await listen(running)
    const ended = listening.until(1).catch((error: Error) => error.message)
    await running.collector.close()
    expect(await ended).toMatch(/ended|terminated|aborted|closed/)
  })

  it('is for those who may read answers', async () => {
    const running = await start()
    const made = await running.admin('/v1/tokens', {
      method: 'POST',
      body: JSON.stringify({ name: 'screen', role: 'viewer' }),
      headers: { 'content-type': 'application/json' },
    })
    const { token } = await made.json()
    const ask = (headers: Record<string, string>): Promise<Response> =>
      fetch(`${running.url}/v1/stream`, { headers })
    expect((await ask({ authorization: `Bearer ${token}` })).status).toBe(403)
    expect((await ask({})).status).toBe(401)
    expect((await running.admin('/v1/stream?after=x')).status).toBe(400)
  })
})
