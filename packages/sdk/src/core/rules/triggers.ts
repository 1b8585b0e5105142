/** The triggers that count for a visitor, each with its key, and what the sensors have to do with them. */
import { type Survey, type Trigger, variantOf } from '@earshot/contract'
import type { PageFacts, Signal } from '../model.ts'
import { after, type Duration, type Instant, seconds } from '../time.ts'
import { matchesAddress } from './address.ts'

export interface KeyedTrigger {
  /**
   * `survey@version/index`, with `:variant` before the bar where it belongs to a variant. Unique, since no id holds one
   * of these marks; another version begins to count anew.
   */
  key: string
  survey: Survey
  trigger: Trigger
}

/**
 * The triggers of these surveys, in their order, but for those of plain ones, which the basic engine knows. A variant
 * with triggers of its own has no others.
 *
 * @param plain ids to pass over
 */
export function triggersOf(
  surveys: readonly Survey[],
  visitor: string,
  plain: readonly string[] = [],
): KeyedTrigger[] {
  return surveys.flatMap((survey) => {
    if (plain.includes(survey.id)) return []
    const arm = variantOf(visitor, survey.id, survey.variants ?? [])
    const start = `${survey.id}@${survey.version}${arm?.triggers ? `:${arm.id}` : ''}/`
    const triggers = arm?.triggers ?? survey.triggers
    return triggers.map((trigger, index) => ({ key: start + index, survey, trigger }))
  })
}

/** When a trigger asks that an event completed at `at`. */
export function dueOf(trigger: Trigger, at: Instant): Instant {
  return after(at, seconds('delay' in trigger ? (trigger.delay ?? 0) : 0))
}

/** What was found out last of a trigger: the address seldom changes, and patterns take their time. */
const found = new WeakMap<Trigger, { url: string; fits: boolean }>()

/** Whether the page has an address that the trigger means. */
export function fitsPage(trigger: Trigger, { url }: PageFacts): boolean {
  if (!trigger.url?.length) return true
  let last = found.get(trigger)
  if (last?.url !== url) {
    last = { url, fits: matchesAddress(url, trigger.url) }
    found.set(trigger, last)
  }
  return last.fits
}

/** Whether an event of that name calls off what the trigger waits for. */
export function isCancelled({ cancel }: Trigger, name: string): boolean {
  return !!cancel?.includes(name)
}

/** What the sensors must look out for, so that a trigger can fire; null where events or time alone do it. */
export function signalOf(trigger: Trigger): Signal | null {
  const { on } = trigger
  switch (on) {
    case 'event':
    case 'sequence':
    case 'page':
      return null
    case 'time':
    case 'idle':
      return { on, value: trigger.seconds }
    case 'scroll':
      return { on, value: trigger.percent }
    case 'exit':
      return { on }
    default:
      return trigger.selector === undefined ? { on } : { on, selector: trigger.selector }
  }
}

/** Whether what was seen is at least what was looked out for. */
export function reaches(seen: Signal, wanted: Signal | null): boolean {
  return (
    wanted?.on === seen.on && wanted.selector === seen.selector && (seen.value ?? 0) >= (wanted.value ?? 0)
  )
}

/** How long the steps of a sequence may take. */
export function spanOf(trigger: Extract<Trigger, { on: 'sequence' }>): Duration {
  return seconds(trigger.within)
}
