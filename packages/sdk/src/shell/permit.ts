/** Who else has a say before a survey is shown: another tab that shows it still, and the collector where places are counted. */
import type { Place, Survey } from '@earshot/contract'
import type { Decision } from '../core/decision.ts'
import type { Wish } from '../core/model.ts'
import type { Memory } from '../core/remembered.ts'
import { askCollector } from './askCollector.ts'

/**
 * A quota needs the collector's word, so without a line such a survey is not shown. A follow-up is shown all the same:
 * its identity lets the collector see later that it was the same one.
 */
export async function permit(
  settings: { key: string; collector: string },
  { visitor, person }: Memory,
  survey: Survey,
  { cause, followUp }: Wish,
  response: string,
): Promise<Decision> {
  // Going on after a reload is for the tab that was reloaded: elsewhere the card is still open.
  if (cause === 'resume' && !(await isFree(settings.key, survey.id)))
    return { show: false, reason: 'other-tab' }
  if (survey.quota === undefined && followUp === undefined) return { show: true }
  const question = { survey: survey.id, response, visitor, person, followUp }
  const place = (await askCollector(settings, 'places', question)) as Place | null
  if (place?.granted) return { show: true }
  if (place?.granted === false) return { show: false, reason: place.reason ?? 'quota-full' }
  return survey.quota === undefined ? { show: true } : { show: false, reason: 'quota-unknown' }
}

/** Whether no tab has the card of a survey. False without Web Locks: then nobody can tell, and asked twice is worse than not gone on with. */
export async function isFree(key: string, survey: string): Promise<boolean> {
  try {
    return await navigator.locks.request(
      `earshot:${key}/${survey}`,
      { ifAvailable: true },
      (held) => held !== null,
    )
  } catch {
    return false
  }
}
