/** Whether a person may be reached now: quiet hours in the zone of the person, and limits over all that reached them. */
import type { DisplayEvent } from '@earshot/contract'
import type { FollowUpPlan } from './followUpPlan.ts'
import type { StoredEvent } from './project.ts'
import { endOfQuiet } from './quietHours.ts'
import { day, type Millis } from './time.ts'
import { isZone } from './zone.ts'

/** The zone that a person told last, as far as it is one. */
function zoneOf(plan: Pick<FollowUpPlan, 'zone'>, history: readonly StoredEvent[]): string {
  let best: { zone: string; at: Millis; id: string } | undefined
  for (const { event, occurredAt: at } of history) {
    if (event.type !== 'identify' || !Object.hasOwn(event.data.traits, 'timezone')) continue
    const { timezone: zone } = event.data.traits
    if (typeof zone !== 'string' || !isZone(zone)) continue
    if (!best || at > best.at || (at === best.at && event.id > best.id)) best = { zone, at, id: event.id }
  }
  return best?.zone ?? plan.zone ?? 'UTC'
}

/** Until when a limit holds it back, over all that reached the person; null where it may go. */
function heldBy(
  limits: NonNullable<FollowUpPlan['limits']>,
  reached: readonly Millis[],
  now: Millis,
): Millis | null {
  let until: Millis | null = null
  for (const { most, days } of limits) {
    const recent = reached.filter((at) => at > now - days * day).toSorted((a, b) => b - a)
    const hindering = recent[most - 1]
    if (hindering !== undefined) until = Math.max(until ?? 0, hindering + days * day)
  }
  return until
}

/** Whether a showing is that of a page behind a link of a message, which is counted as a contact itself. */
function isOfMail({ context, data }: DisplayEvent): boolean {
  return context.channel === 'mail' && data.trigger === 'followup'
}

/**
 * Whether a person may be reached now: not in quiet hours, and not beyond the limits.
 *
 * @param known all events of the person, and when anything went out to them
 * @returns until when not and why, or else what must still hold when it is written down that it went out
 */
export function mayReach(
  plan: Pick<FollowUpPlan, 'quiet' | 'zone' | 'limits'>,
  known: { history: readonly StoredEvent[]; contacts: readonly Millis[] },
  now: Millis,
): { until: Millis; reason: 'quiet' | 'limit' } | { budgets: { since: Millis; most: number }[] } {
  if (plan.quiet) {
    const until = endOfQuiet(plan.quiet, now, zoneOf(plan, known.history))
    if (until > now) return { until, reason: 'quiet' }
  }
  const shown = known.history.filter(({ event }) => event.type === 'display' && !isOfMail(event))
  // The same showing may be told of more than once.
  const displays = [...new Map(shown.map((each) => [each.event.id, each.occurredAt])).values()]
  const limits = plan.limits ?? []
  const until = heldBy(limits, [...known.contacts, ...displays], now)
  if (until !== null && until > now) return { until, reason: 'limit' }
  const budgets = limits.map(({ most, days }) => {
    const since = now - days * day
    return { since, most: most - displays.filter((at) => at > since).length }
  })
  return { budgets }
}
