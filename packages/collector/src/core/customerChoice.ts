/** Chooses the customers that a report is about by what was known of them when its period began. */
import { lifecycle, lifecycleNames } from '@earshot/contract'
import { written, type Condition } from './attributes.ts'
import type { Moment } from './moments.ts'
import { contacts } from './peopleFacts.ts'
import { ownValue } from './text.ts'
import type { Millis } from './time.ts'

/** Whether somebody is meant: a person, or a visitor of whom no person is known. */
export type IsChosen = (who: Pick<Moment, 'visitor' | 'person'>) => boolean

/** What a period was asked about, and by which conditions. */
interface Choice {
  where: readonly Condition[]
  from: Millis
  to: Millis
}

/**
 * Says why customers cannot be chosen by an attribute; null where they can.
 *
 * @example
 * customerFlaw('channel') // '"channel" is known of answers, not of customers; …'
 */
export function customerFlaw(name: string): string | null {
  if (name.startsWith('trait.') || name === 'supported' || name === 'handledBy') return null
  return `"${name}" is known of answers, not of customers; there are trait.…, supported and handledBy`
}

/**
 * Tells who meets the conditions: of those with the same name any, of different names all.
 *
 * What is known of somebody is what was told last before the period began, so that nothing which happens in it moves anybody
 * from one group to another; of whoever had told nothing by then it is the first that was told in it. `supported` is `yes`
 * after a contact with support before the period.
 *
 * @param moments of the vocabulary, and `identify` and `group`, in the order of arrival
 */
export function choose(moments: Iterable<Moment>, { where, from, to }: Choice): IsChosen {
  if (where.length === 0) return () => true
  const own = byPerson(moments)
  const known = new Map<string, boolean>()
  return (who) => {
    const name = nameOf(who)
    const before = known.get(name)
    if (before !== undefined) return before
    const told = own.get(name) ?? []
    const isChosen = where.every((one) => {
      const value = valueOf(told, one.name, from, to)
      return where.some((each) => each.name === one.name && each.value === value)
    })
    known.set(name, isChosen)
    return isChosen
  }
}

/**
 * The moments of the vocabulary that belong to those who were chosen, by what is known of them as conditions have it. All of
 * an enquiry belongs to the group of who opened it.
 *
 * @param by name of the attribute; see `customerFlaw`
 * @example
 * groupsOf(moments, { by: 'trait.plan', from, to }, () => true).get('pro')
 */
export function groupsOf(
  moments: readonly Moment[],
  { by, from, to }: Omit<Choice, 'where'> & { by: string },
  isChosen: IsChosen,
): Map<string | null, Moment[]> {
  const own = byPerson(moments)
  const values = new Map<string, string | null>()
  const openers = openersOf(moments)
  const groups = new Map<string | null, Moment[]>()
  for (const each of moments) {
    if (!vocabulary.has(each.name)) continue
    const who = ownerOf(each, openers)
    if (!isChosen(who)) continue
    const name = nameOf(who)
    let value = values.get(name)
    if (value === undefined) {
      value = valueOf(own.get(name) ?? [], by, from, to)
      values.set(name, value)
    }
    const group = groups.get(value)
    if (group) group.push(each)
    else groups.set(value, [each])
  }
  return groups
}

/**
 * The moments of the vocabulary that belong to those who were chosen. All of an enquiry belongs to who opened it, whoever
 * tells of it.
 */
export function ofChosen(moments: Iterable<Moment>, isChosen: IsChosen): Moment[] {
  const lives = [...moments].filter(({ name }) => vocabulary.has(name))
  const openers = openersOf(lives)
  return lives.filter((each) => isChosen(ownerOf(each, openers)))
}

function byPerson(moments: Iterable<Moment>): Map<string, Moment[]> {
  const own = new Map<string, Moment[]>()
  for (const each of moments) {
    const known = own.get(nameOf(each))
    if (known) known.push(each)
    else own.set(nameOf(each), [each])
  }
  return own
}

/** By id of an enquiry, who opened it first. */
function openersOf(moments: Iterable<Moment>): Map<string, Moment> {
  const openers = new Map<string, Moment>()
  for (const each of moments) {
    const id = enquiryOf(each)
    if (id === null || each.name !== lifecycle.enquiryOpened) continue
    const first = openers.get(id)
    if (!first || each.at < first.at) openers.set(id, each)
  }
  return openers
}

/** Whose moment it is: of an enquiry, who opened it. */
function ownerOf(moment: Moment, openers: ReadonlyMap<string, Moment>): Moment {
  const id = enquiryOf(moment)
  return (id === null ? undefined : openers.get(id)) ?? moment
}

const vocabulary: ReadonlySet<string> = new Set(lifecycleNames)

const nameOf = ({ visitor, person }: Pick<Moment, 'visitor' | 'person'>): string =>
  person === null ? `v:${visitor}` : `p:${person}`

function enquiryOf({ data }: Moment): string | null {
  const id = ownValue(data, 'enquiry')
  return typeof id === 'string' || typeof id === 'number' ? String(id) : null
}

function valueOf(told: readonly Moment[], name: string, from: Millis, to: Millis): string | null {
  if (name === 'supported')
    return told.some((each) => contacts.includes(each.name) && each.at < from) ? 'yes' : 'no'
  const key = name === 'handledBy' ? name : name.slice('trait.'.length)
  const isTold = ({ name: what, data }: Moment): boolean =>
    name === 'handledBy'
      ? what === lifecycle.conversationEnded
      : (what === 'identify' || what === 'group') && Object.hasOwn(data, key)
  let last: Moment | undefined
  let first: Moment | undefined
  for (const each of told.filter(isTold)) {
    // Of moments at one time, the one that arrived last counts.
    if (each.at < from && (!last || each.at >= last.at)) last = each
    if (each.at >= from && each.at < to && (!first || each.at <= first.at)) first = each
  }
  return written(ownValue((last ?? first)?.data, key))
}
