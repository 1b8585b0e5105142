/** The way of events to the collector. */
import type { Ask, Transport } from '../ports/collector.ts'
import type { Clock } from '../ports/world.ts'
import { readRetryAfter } from './retryAfter.ts'

/** Such a body may always outlive the page. */
const smallBody = 4096
/** All requests of a page that may outlive it share 64 KiB; a little is left for what else a request is made of. */
const pool = 60_000

/** A text body makes a simple request: no preflight that could fail while the page goes away. */
export function createFetchTransport(ask: Ask, clock: Clock): Transport {
  let used = 0
  /** The page itself may have used up the pool. Then a request that need not outlive it goes without. */
  let isFree = true
  return {
    async send(body, leaving) {
      const { size } = new Blob([body])
      const keepalive = (leaving || (isFree && size < smallBody)) && used + size < pool
      const taken = keepalive ? size : 0
      used += taken
      try {
        const response = await ask('feedback', { method: 'POST', body, keepalive })
        const retryAfter = readRetryAfter(response.headers.get('retry-after'), clock.now())
        const answer = { status: response.status, body: await response.text(), retryAfter }
        isFree = true
        return answer
      } catch {
        isFree = false
        return { status: 0, body: '', retryAfter: null }
      } finally {
        used -= taken
      }
    },
  }
}
