/** How a request to the collector is made. */
import { wireVersion } from '@earshot/contract'

/** An answer that takes longer is none. */
const patience = 20_000

/** No credentials, no redirects: a login page is not our receipt. */
export function request(collector: string, path: string, init?: RequestInit): Promise<Response> {
  let base = collector
  // Without a pattern: it would be the first one on the page, which takes longer than all of this.
  while (base.endsWith('/')) base = base.slice(0, -1)
  return fetch(`${base}/v${wireVersion}/${path}`, {
    credentials: 'omit',
    redirect: 'error',
    signal: AbortSignal.timeout(patience),
    ...init,
  })
}
