/** The line between a browser and a service, with the faults that a scenario wants: it refuses, hangs, fails, asks for patience, or loses an answer. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Asked {
  method: string
  path: string
  headers: Record<string, string>
  body: string
}

export interface Answered {
  status: number
  headers?: Record<string, string>
  body: string | Buffer
}

/** What is behind the line. Rejects when it cannot be reached. */
export type Service = (asked: Asked) => Promise<Answered>

export type Fault =
  | { kind: 'none' }
  /** Takes what is sent and never answers; the service gets nothing. */
  | { kind: 'hang' }
  | { kind: 'status'; status: number; retryAfter?: number }
  /** 400 for whatever has this text in it. */
  | { kind: 'poison'; text: string; body: string }
  /** The service gets it, and its answer is lost, so many times. */
  | { kind: 'cut'; times: number }

export interface Line {
  url: string
  set(fault: Fault): void
  /** Closes the port: connections are refused. */
  refuse(): Promise<void>
  /** Opens the port again, with no fault but the one that is named. */
  heal(next?: Fault): Promise<void>
  /** Requests that carried events. */
  posts(): number
  /** Of these the ones that came while an earlier answer still asked for patience. */
  early(): number
  /** Requests that nobody has answered. */
  held(): number
  /** Answers of the service that were lost. */
  lost(): number
  /** When the last request with events came, by `performance.now()`. */
  last(): number
  close(): Promise<void>
}

/**
 * @param carries whether a request has events in it; all others pass every fault but a closed port
 * @param taken is called with what the service took, whether or not its answer arrives
 */
export async function createLine(
  service: Service,
  carries: (asked: Asked) => boolean,
  taken: (asked: Asked) => void,
): Promise<Line> {
  let fault: Fault = { kind: 'none' }
  let server: Server
  let port = 0
  let posts = 0
  let early = 0
  let held = 0
  let lost = 0
  let last = -Infinity
  let patientUntil = -Infinity

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const asked: Asked = {
      method: request.method ?? 'GET',
      path: request.url ?? '/',
      headers: Object.fromEntries(
        Object.entries(request.headers).flatMap(([name, value]) =>
          typeof value === 'string' ? [[name, value]] : [],
        ),
      ),
      body: Buffer.concat(chunks).toString(),
    }
    const isCarrier = carries(asked)
    const now = fault
    const open: Record<string, string> = {
      'access-control-allow-origin': asked.headers['origin'] ?? '*',
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'Retry-After',
    }
    if (isCarrier) {
      posts++
      last = performance.now()
      if (last < patientUntil) early++
      if (now.kind === 'hang') {
        held++
        return
      }
      if (now.kind === 'status') {
        if (now.retryAfter !== undefined) patientUntil = last + now.retryAfter * 1000
        const wait = now.retryAfter === undefined ? {} : { 'retry-after': String(now.retryAfter) }
        response.writeHead(now.status, { ...open, ...wait }).end('{}')
        return
      }
      if (now.kind === 'poison' && asked.body.includes(now.text)) {
        response.writeHead(400, { ...open, 'content-type': 'application/problem+json' }).end(now.body)
        return
      }
    }
    const answered = await service(asked)
    if (isCarrier && answered.status < 300) taken(asked)
    if (isCarrier && now.kind === 'cut' && now.times > 0) {
      now.times--
      lost++
      request.socket.destroy()
      return
    }
    response.writeHead(answered.status, answered.headers).end(answered.body)
  }

  const listen = async (): Promise<void> => {
    for (let tries = 0; ; tries++) {
      server = createServer((request, response) => {
        void handle(request, response).catch(() => request.socket.destroy())
      })
      server.listen(port, '127.0.0.1')
      try {
        await once(server, 'listening')
        port = (server.address() as AddressInfo).port
        return
      } catch (error) {
        // Another program may have the port for a moment, as the near end of a connection.
        if (tries === 50) throw error
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
    }
  }
  const refuse = async (): Promise<void> => {
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  }
  await listen()
  return {
    url: `http://127.0.0.1:${port}`,
    set: (next) => void (fault = next),
    refuse,
    async heal(next = { kind: 'none' }) {
      fault = next
      patientUntil = -Infinity
      held = 0
      if (!server.listening) return listen()
      // What hung is cut, as by a proxy that was started again.
      server.closeAllConnections()
    },
    posts: () => posts,
    early: () => early,
    held: () => held,
    lost: () => lost,
    last: () => last,
    close: refuse,
  }
}
