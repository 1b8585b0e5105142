/** What is known of who answered: traits that were told, and contacts with support, as attributes of a response. */
import { lifecycle } from '@earshot/contract'
import { ownValue } from './text.ts'
import { parseMoment, type Millis } from './time.ts'
import { written, type Condition, type OutsideFact } from './attributes.ts'
import type { Moment } from './moments.ts'

/** Moments that are contacts with support. */
export const contacts: readonly string[] = [
  lifecycle.enquiryOpened,
  lifecycle.enquiryContacted,
  lifecycle.conversationEnded,
]

/** Names of all moments that attributes are made of. */
export const factNames: readonly string[] = ['identify', 'group', ...contacts]

/**
 * Names of the moments that the attributes of a report need; none where all of them are in the responses themselves.
 *
 * @example
 * momentsFor('trait.plan', []) // ['identify', 'group']
 */
export function momentsFor(by: string | null, where: readonly Condition[]): string[] {
  const names = [by ?? '', ...where.map((each) => each.name)]
  return [
    ...(names.some((each) => each.startsWith('trait.')) ? ['identify', 'group'] : []),
    ...(names.includes('supported')
      ? contacts
      : names.includes('handledBy')
        ? [lifecycle.conversationEnded]
        : []),
  ]
}

/**
 * Makes the attributes.
 *
 * - `trait.…`: as it was told last before the response ended, of the person or the visitor.
 * - `supported`: `yes` when there was a contact with support before the response began; who has it later was without until
 *   then.
 * - `handledBy`: who handled the last conversation before it: `bot`, `handover` or `person`.
 */
export function createFacts(moments: Iterable<Moment>): OutsideFact {
  const byWho = new Map<string, Moment[]>()
  const note = (who: string, moment: Moment): void => {
    const known = byWho.get(who)
    if (known) known.push(moment)
    else byWho.set(who, [moment])
  }
  for (const each of moments) {
    note(`v:${each.visitor}`, each)
    if (each.person !== null) note(`p:${each.person}`, each)
  }
  return (response, name) => {
    const own = [
      ...(byWho.get(`v:${response.visitor}`) ?? []),
      ...(response.person === null ? [] : (byWho.get(`p:${response.person}`) ?? [])),
    ]
    if (name.startsWith('trait.')) {
      const trait = name.slice(6)
      const told = own.filter(
        (each) => (each.name === 'identify' || each.name === 'group') && Object.hasOwn(each.data, trait),
      )
      return written(ownValue(lastBefore(told, parseMoment(response.lastAt) ?? 0)?.data, trait))
    }
    const started = parseMoment(response.firstAt) ?? 0
    if (name === 'supported')
      return lastBefore(
        own.filter((each) => contacts.includes(each.name)),
        started,
      )
        ? 'yes'
        : 'no'
    const ended = own.filter((each) => each.name === lifecycle.conversationEnded)
    return written(ownValue(lastBefore(ended, started)?.data, 'handledBy'))
  }
}

/** Of moments at one time, the one that arrived last counts. */
function lastBefore(moments: readonly Moment[], at: Millis): Moment | undefined {
  let last: Moment | undefined
  for (const each of moments) if (each.at <= at && (!last || each.at >= last.at)) last = each
  return last
}
