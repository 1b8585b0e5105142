/** How a request to the collector is made. */
import { wireVersion } from '@earshot/contract'
import type { Request } from '../ports.ts'

/** An answer that takes longer is none. */
const patience = 20_000

/** No credentials, no redirects: a login page is not our receipt. */
export const requestTo =
  (collector: string): Request =>
  (path, init) =>
    fetch(`${collector.replace(/\/+$/, '')}/v${wireVersion}/${path}`, {
      credentials: 'omit',
      redirect: 'error',
      signal: AbortSignal.timeout(patience),
      ...init,
    })
