/** The way of events to the collector. */
import type { Clock, Transport } from '../ports.ts'
import { request } from './request.ts'

const smallBody = 4096

/** A text body makes a simple request: no preflight that could fail while the page goes away. */
export function createFetchTransport(collector: string, clock: Clock): Transport {
  return {
    async send(body, leaving) {
      try {
        // A small body may always outlive the page: it takes little of the 64 KiB that all requests of a page share.
        const keepalive = leaving || body.length < smallBody
        const response = await request(collector, 'feedback', { method: 'POST', body, keepalive })
        const retryAfter = readRetryAfter(response.headers.get('retry-after'), clock.now())
        return { status: response.status, body: await response.text(), retryAfter }
      } catch {
        return { status: 0, body: '', retryAfter: null }
      }
    },
  }
}

/** Milliseconds by a `Retry-After` header, in seconds or as a date (RFC 9110 §10.2.3); null when it says nothing sound. */
export function readRetryAfter(header: string | null, now: number): number | null {
  const span = Number(header) * 1000 || Date.parse(header as string) - now
  return span >= 0 ? span : null
}
