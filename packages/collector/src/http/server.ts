/** Puts the handler on a port: node:http on one side, web requests and responses on the other. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { maxBodyBytes } from '@earshot/contract'
import type { Log } from '../ports/world.ts'
import { someone, type FindCaller } from './caller.ts'
import { createDoor, type CountRequest, type Door, type DoorTools } from './door.ts'
import type { Handler } from './handler.ts'
import type { Intake, ShortCall } from './intake.ts'
import { sendBody } from './sendBody.ts'

/** Where to listen. */
export interface ListenOptions {
  /** 0 takes a free one. */
  port: number
  /** Default `127.0.0.1`. Use `0.0.0.0` or `::` to be reached from outside. */
  host?: string | undefined
  /** Most connections at a time; further ones are closed at once. Default 1,000. */
  maxConnections?: number | undefined
}

/** A server that listens. */
export interface RunningServer {
  /** `http://127.0.0.1:8787`, without a slash at the end. */
  url: string
  port: number
  /** Takes no new connections, lets running requests finish for at most 10 seconds, then cuts them. */
  close(): Promise<void>
}

/** How long clients may take, in milliseconds. */
export interface Timeouts {
  headers: number
  /** Headers and body together. */
  request: number
  /** Between two requests of one connection. */
  idle: number
  /** How often the two above are checked. */
  check: number
  /** How long `close` waits for running requests. */
  close: number
}

const defaultTimeouts: Timeouts = {
  headers: 10_000,
  request: 20_000,
  idle: 5000,
  check: 2000,
  close: 10_000,
}
/** Bytes of a refused body that are still read, so that the client reads the refusal instead of a reset. */
const mostDrained = 16 * maxBodyBytes

/**
 * Starts a server for a handler.
 *
 * Slow clients are cut: 10 s for the headers, 20 s for the whole request, 5 s of idling.
 *
 * @param findCaller who asks
 * @param intake the short way for events; what it does not take goes to the handler
 * @param count counts what is answered without node:http; null: nothing is
 * @throws when the address is taken or not ours; the message says which
 * @example
 * const { url, close } = await startServer(handle, { port: 0 }, log)
 */
export async function startServer(
  handle: Handler,
  options: ListenOptions,
  log: Log,
  timeouts: Timeouts = defaultTimeouts,
  intake: Intake = () => null,
  watch: (server: Server) => void = () => undefined,
  findCaller: FindCaller = () => someone,
  count: CountRequest | null = null,
): Promise<RunningServer> {
  const { port, host = '127.0.0.1', maxConnections = 1000 } = options
  let isClosing = false
  const looked = new WeakSet<Socket>()
  const server = createServer(
    {
      headersTimeout: timeouts.headers,
      requestTimeout: timeouts.request,
      keepAliveTimeout: timeouts.idle,
      connectionsCheckingInterval: timeouts.check,
      maxHeaderSize: 16_384,
    },
    (incoming, outgoing) => {
      if (isClosing) outgoing.setHeader('connection', 'close')
      const broken = (error: unknown): void => {
        log.error('response broke off', error)
        outgoing.destroy()
      }
      const caller = findCaller(incoming.socket.remoteAddress, (name) => {
        const said = incoming.headers[name]
        return Array.isArray(said) ? said.join() : said
      })
      const wasLooked = looked.delete(incoming.socket)
      const call = wasLooked ? null : intake(incoming.method, incoming.url, incoming.headers, caller)
      // What the short way has looked at has taken of the limit of its network.
      const answering: Handler = (request) => handle(request, caller, wasLooked || call !== null)
      if (call) answerShortly(call, answering, incoming, outgoing, broken)
      else answer(answering, incoming, outgoing, openBody(incoming)).catch(broken)
    },
  )
  const door = count && putDoor(server, looked, { intake, findCaller, count, log, timeouts })
  watch(server)
  server.maxHeadersCount = 100
  server.maxConnections = maxConnections
  const bound = await listen(server, port, host)
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    port: bound,
    close() {
      isClosing = true
      return closeServer(server, door, timeouts.close)
    },
  }
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason =
        error.code === 'EADDRINUSE'
          ? 'another program listens there; choose another --port'
          : error.code === 'EACCES'
            ? 'this port needs more rights; choose one above 1023'
            : error.message
      reject(new Error(`Cannot listen on ${host}:${port}: ${reason}.`, { cause: error }))
    })
    server.listen(port, host, () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

/** Puts the door before node:http, which gets what is handed over as if it had just come. */
function putDoor(server: Server, looked: WeakSet<Socket>, tools: Omit<DoorTools, 'handOver'>): Door {
  const takeOver = server.listeners('connection').map((each) => each.bind(server))
  server.removeAllListeners('connection')
  const door = createDoor({
    ...tools,
    handOver(socket, unread, isCounted) {
      if (isCounted) looked.add(socket)
      socket.pause()
      socket.unshift(unread)
      for (const each of takeOver) each(socket)
      process.nextTick(() => socket.resume())
    },
  })
  server.on('connection', door.open)
  return door
}

function closeServer(server: Server, door: Door | null, timeout: number): Promise<void> {
  door?.close()
  return new Promise((resolve) => {
    const limit = setTimeout(() => {
      server.closeAllConnections()
      door?.cut()
    }, timeout)
    // Node closes what is idle now; a connection whose request ends later would be kept alive for the idle time.
    const sweep = setInterval(() => server.closeIdleConnections(), 20)
    server.close(() => {
      clearTimeout(limit)
      clearInterval(sweep)
      resolve()
    })
  })
}

async function answer(
  handle: Handler,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  body: IncomingBody,
): Promise<void> {
  const request = toRequest(incoming, body.stream)
  if (!request) {
    outgoing.writeHead(400, { 'content-type': 'text/plain', 'x-content-type-options': 'nosniff' })
    outgoing.end('Bad request\n')
    return
  }
  const response = await handle(request)
  body.drain()
  await send(response, outgoing)
}

/** Reads the body and answers with the receipt; what turns out not to be as usual goes to the handler with what was read. */
function answerShortly(
  call: ShortCall,
  handle: Handler,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  broken: (error: unknown) => void,
): void {
  const chunks: Buffer[] = []
  let isWhole = false
  const finish = async (): Promise<void> => {
    const [first = Buffer.alloc(0)] = chunks
    const bytes = chunks.length === 1 ? first : Buffer.concat(chunks)
    const taken = await call.take(bytes)
    call.release()
    if (taken === null) await answer(handle, incoming, outgoing, wholeBody(bytes))
    else if (typeof taken !== 'string') await send(taken, outgoing)
    else {
      const length = Buffer.byteLength(taken)
      outgoing.writeHead(200, [...call.headers, 'content-length', String(length)])
      // Nearly always there are only ids in it, and one byte for each character is written faster.
      outgoing.end(taken, length === taken.length ? 'latin1' : 'utf8')
    }
  }
  let isRefused = false
  incoming.on('data', (chunk: Buffer) => {
    if (isRefused) return
    if (call.hold(chunk.byteLength)) chunks.push(chunk)
    else {
      // What is left of the body is read to nowhere; it is no longer than it may be.
      isRefused = true
      chunks.length = 0
      call.release()
      send(call.refuse(), outgoing).catch(broken)
    }
  })
  incoming.on('end', () => {
    isWhole = true
    if (!isRefused) finish().catch(broken)
  })
  incoming.on('error', () => undefined)
  incoming.on('close', () => {
    if (!isWhole) call.release()
  })
}

function toRequest(incoming: IncomingMessage, body: ReadableStream<Uint8Array>): Request | null {
  const method = incoming.method ?? 'GET'
  const hasBody = method !== 'GET' && method !== 'HEAD'
  try {
    const headers = new Headers()
    for (let index = 0; index < incoming.rawHeaders.length; index += 2)
      headers.append(incoming.rawHeaders[index] ?? '', incoming.rawHeaders[index + 1] ?? '')
    const target = incoming.url ?? '/'
    // The base only completes the path; routing never looks at the host, which is the client's to choose.
    const url = new URL(target, 'http://collector')
    // A proxy in front may have judged the path as it was written, so one that means another path is refused.
    if (target.replace(/^https?:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '') !== url.pathname) return null
    return new Request(url, { method, headers, ...(hasBody && { body, duplex: 'half' }) })
  } catch {
    return null
  }
}

interface IncomingBody {
  stream: ReadableStream<Uint8Array>
  /** Ends the stream and reads what is left of the body to nowhere, up to a bound. */
  drain(): void
}

/** A body that was read already. */
function wholeBody(bytes: Buffer): IncomingBody {
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(bytes)
      controller.close()
    },
  })
  return { stream, drain: () => undefined }
}

function openBody(incoming: IncomingMessage): IncomingBody {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined
  let left = mostDrained
  const finish = (error?: Error): void => {
    const open = controller
    controller = undefined
    if (error) open?.error(error)
    else open?.close()
  }
  const stream = new ReadableStream<Uint8Array>(
    {
      start: (started) => {
        controller = started
      },
      pull: () => void incoming.resume(),
      cancel: () => {
        controller = undefined
      },
    },
    { highWaterMark: 64 * 1024, size: (chunk) => chunk.byteLength },
  )
  incoming.on('data', (chunk: Uint8Array) => {
    if (controller) {
      controller.enqueue(chunk)
      if ((controller.desiredSize ?? 0) <= 0) incoming.pause()
    } else if ((left -= chunk.byteLength) < 0) incoming.socket.destroy()
  })
  incoming.on('end', () => finish())
  incoming.on('error', () => finish(new Error('the client broke off')))
  incoming.on('close', () => finish(new Error('the client broke off')))
  return {
    stream,
    drain() {
      finish(new Error('the body is not wanted any more'))
      incoming.resume()
    },
  }
}

async function send(response: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(response.status, [...response.headers].flat())
  await sendBody(response, outgoing)
  outgoing.end()
}
