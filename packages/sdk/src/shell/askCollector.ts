/** Questions to the collector besides the queue: a place in a quota, and to forget a visitor. */
import { wireVersion } from '@earshot/contract'

/** An answer that takes longer is none. */
const patience = 5000

/** What the JSON of a good answer says, or null. Text as body, so that no preflight is needed. */
export async function askCollector(
  { key, collector }: { key: string; collector: string },
  path: 'places' | 'erase',
  question: object,
): Promise<unknown> {
  try {
    const response = await fetch(`${collector.replace(/\/+$/, '')}/v${wireVersion}/${path}`, {
      method: 'POST',
      body: JSON.stringify({ key, ...question }),
      credentials: 'omit',
      redirect: 'error',
      keepalive: true,
      signal: AbortSignal.timeout(patience),
    })
    return response.ok ? await response.json() : null
  } catch {
    return null
  }
}
