/** The server side of the ingest benchmark, a process of its own: a collector, or a bare server that answers 202 and does nothing. */
import { createServer } from 'node:http'
import { createCollector } from '../packages/collector/src/index.ts'

/** What the benchmark asks of this process. */
export type Question = 'cpu' | 'close'
/** What it says: where it listens, processor time in microseconds, or that it is closed. */
export type Answer = { port: number } | { cpu: number } | { closed: true }

const [kind = 'bare', data = ':memory:', writeKey, adminToken] = process.argv.slice(2)

function tell(answer: Answer): void {
  process.send?.(answer)
}

function serveBare(): () => Promise<void> {
  const server = createServer((request, response) => {
    request.resume()
    request.on('end', () => {
      response.writeHead(202, { 'content-length': '0' })
      response.end()
    })
  })
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    if (typeof address === 'object' && address) tell({ port: address.port })
  })
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
}

async function serveCollector(): Promise<() => Promise<void>> {
  const collector = await createCollector({ data, writeKey, adminToken })
  const { port } = await collector.listen({ port: 0 })
  tell({ port })
  return () => collector.close()
}

const close = kind === 'bare' ? serveBare() : await serveCollector()
process.on('message', (question: Question) => {
  if (question === 'cpu') {
    const { user, system } = process.cpuUsage()
    tell({ cpu: user + system })
  } else
    void close().then(() => {
      tell({ closed: true })
      process.disconnect()
    })
})
