/** Serves the pages of the embed benchmark on loopback: files as a CDN would, compressed, and the answers of each product's service, whose bytes it counts. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { gzipSync } from 'node:zlib'

/** An answer to one request. */
export interface Answer {
  type: string
  body: string | Buffer
}

/** What a service answers; null is 404. */
export type Respond = (path: string, method: string, body: string) => Answer | null

export interface BenchServer {
  url: string
  /** From now on this answers. */
  serve(respond: Respond): void
  /** The counters begin at zero. */
  restart(): void
  /** Compressed bytes of all that was served since, but for the page itself. */
  bytes(): number
  /** Paths that nobody answered. */
  missing(): string[]
  close(): Promise<void>
}

/** The path of the page itself. */
export const pagePath = '/'

export async function startBenchServer(): Promise<BenchServer> {
  let current: Respond = () => null
  let bytes = 0
  let missing: string[] = []
  /** Compressing takes the processor that is measured, so it is done once. */
  const packed = new Map<string | Buffer, Buffer>()
  const pack = (body: string | Buffer): Buffer => {
    const known = packed.get(body)
    if (known) return known
    const made = gzipSync(body, { level: 9 })
    packed.set(body, made)
    return made
  }
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const { pathname } = new URL(request.url ?? '/', 'http://bench')
      const answer = current(pathname, request.method ?? 'GET', Buffer.concat(parts).toString())
      if (!answer) {
        if (pathname !== '/favicon.ico') missing.push(`${request.method} ${pathname}`)
        response.writeHead(404).end()
        return
      }
      const body = pack(answer.body)
      if (pathname !== pagePath) bytes += body.length
      response.writeHead(200, {
        'content-type': answer.type,
        'content-encoding': 'gzip',
        'content-length': body.length,
        'cache-control': 'no-store',
      })
      response.end(body)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port.')
  return {
    url: `http://127.0.0.1:${address.port}`,
    serve(respond) {
      current = respond
    },
    restart() {
      bytes = 0
      missing = []
    },
    bytes: () => bytes,
    missing: () => missing,
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
