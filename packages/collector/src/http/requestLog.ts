/** A line in the log for each request: what was asked by its route, never who asked, or the address with its parameters. */
import type { Server } from 'node:http'
import type { Log, Random } from '../ports/world.ts'

/**
 * Begins to log the requests of a server. Each answer gets an `x-request-id`; that of an error is the id which the log has
 * with its stack.
 *
 * @param label the route of an address
 */
export function logRequests(server: Server, log: Log, random: Random, label: (url: string) => string): void {
  // Before anybody answers: some requests are refused at once.
  server.prependListener('request', (request, response) => {
    const began = performance.now()
    const made = Buffer.from(random.bytes(6)).toString('hex')
    response.setHeader('x-request-id', made)
    response.once('close', () => {
      const id = response.getHeader('x-request-id')
      log.info('request', {
        id: typeof id === 'string' ? id : made,
        method: (request.method ?? '').slice(0, 20),
        route: label(request.url ?? ''),
        status: response.writableFinished ? response.statusCode : 499,
        ms: Math.round(performance.now() - began),
      })
    })
  })
}
