/** The way to the collector. */
import { type Config, type Survey, wireVersion } from '@earshot/contract'
import type { Clock, Transport } from '../ports.ts'

/** An answer that takes longer is none. */
const patience = 20_000
const smallBody = 4096

/**
 * A text body makes a simple request: no preflight that could fail while the page goes away. No credentials, no
 * redirects: a login page is not our receipt.
 */
export function createFetchTransport(collector: string, key: string, clock: Clock): Transport {
  const base = `${collector.replace(/\/+$/, '')}/v${wireVersion}/`
  const request = (url: string, init?: RequestInit): Promise<Response> =>
    fetch(url, {
      credentials: 'omit',
      redirect: 'error',
      signal: AbortSignal.timeout(patience),
      ...init,
    })
  return {
    async send(body, leaving) {
      try {
        // A small body may always outlive the page: it takes little of the 64 KiB that all requests of a page share.
        const keepalive = leaving || body.length < smallBody
        const response = await request(`${base}feedback`, { method: 'POST', body, keepalive })
        const retryAfter = readRetryAfter(response.headers.get('retry-after'), clock.now())
        return { status: response.status, body: await response.text(), retryAfter }
      } catch {
        return { status: 0, body: '', retryAfter: null }
      }
    },
    async config() {
      const response = await request(`${base}config?key=${encodeURIComponent(key)}`)
      if (!response.ok) throw new Error(`collector answered ${response.status}`)
      const { surveys, plain, settings } = (await response.json()) as Config
      return { surveys: surveys.filter(isSurvey), plain, settings }
    },
  }
}

/** Milliseconds by a `Retry-After` header, in seconds or as a date (RFC 9110 §10.2.3); null when it says nothing sound. */
export function readRetryAfter(header: string | null, now: number): number | null {
  const span = Number(header) * 1000 || Date.parse(header as string) - now
  return span >= 0 ? span : null
}

/** Enough shape to be handled without a throw; the collector has checked the rest before it served it. */
function isSurvey(value: Survey | null): boolean {
  return !!value?.questions?.map && !!value.triggers?.map && !!value.recontact && !!value.thanks
}
