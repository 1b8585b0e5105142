/** What the collector serves, as it serves it. */
import type { Config, Survey } from '@earshot/contract'
import type { Ask, Served } from '../ports/collector.ts'

/** Rejects when the collector could not be reached or answered otherwise; with `retryAfter`, the header, if it asked for patience. */
export async function fetchServed(ask: Ask, key: string): Promise<Served> {
  const response = await ask(`config?key=${encodeURIComponent(key)}`)
  if (!response.ok) {
    const retryAfter = response.headers.get('retry-after')
    throw Object.assign(new Error(`collector answered ${response.status}`), { retryAfter })
  }
  const { surveys, plain, settings } = (await response.json()) as Config
  return { surveys: surveys.filter(isSurvey), plain, settings }
}

/** Enough shape to be handled without a throw; the collector has checked the rest before it served it. */
function isSurvey(value: Survey | null): boolean {
  return !!value?.questions?.map && !!value.triggers?.map && !!value.recontact && !!value.thanks
}
