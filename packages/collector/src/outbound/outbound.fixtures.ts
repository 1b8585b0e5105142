/** A receiver of webhooks, and events of people, for the tests of what goes out. */
import { createHmac } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import type { Message } from '../core/webhook.ts'

/** A request as it came. */
export interface Received {
  path: string
  headers: IncomingHttpHeaders
  text: string
  message: Message
}

/** A server that takes webhooks. */
export interface Sink {
  url: string
  received: Received[]
  /** Resolves when so many have come. */
  wait(count: number): Promise<Received[]>
  /** How the next ones are answered; null: never. */
  answers: ({ status: number; headers?: Record<string, string>; body?: string } | null)[]
}

/** Starts one; it is closed after the test. */
export async function startSink(): Promise<Sink> {
  const waiting: { count: number; done: (all: Received[]) => void }[] = []
  const sink: Sink = {
    url: '',
    received: [],
    answers: [],
    wait: (count) =>
      new Promise((done) => {
        waiting.push({ count, done })
        look()
      }),
  }
  const look = (): void => {
    for (const each of waiting) if (sink.received.length >= each.count) each.done(sink.received)
  }
  const server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk: Buffer) => (text += chunk.toString()))
    request.on('end', () => {
      const answer = sink.answers.length > 0 ? sink.answers.shift() : { status: 200 }
      if (answer) response.writeHead(answer.status, answer.headers).end(answer.body)
      sink.received.push({
        path: request.url ?? '',
        headers: request.headers,
        text,
        message: JSON.parse(text) as Message,
      })
      look()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  sink.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return sink
}

/** Whether one of the signatures is that of a secret, by the words of the standard. */
export function isSignedBy({ headers, text }: Received, secret: string): boolean {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  const content = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${text}`
  const wanted = `v1,${createHmac('sha256', key).update(content).digest('base64')}`
  return String(headers['webhook-signature']).split(' ').includes(wanted)
}
