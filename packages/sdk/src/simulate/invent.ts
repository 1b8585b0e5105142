/** Reads from surveys what a site would have to do so that their rules can hold: events, properties, traits, addresses. */
import type { AddressMatch, Rule, Scalar, Survey, Trigger } from '@earshot/contract'
import { type Chance, drawIndex } from './chance.ts'

/** Values that facts are compared with, by the name of the fact. */
type Wanted = Map<string, Scalar[]>

/** What the surveys of a site look at. */
export interface Interests {
  /** Names of events, each with the properties that rules look at. */
  events: ReadonlyMap<string, Wanted>
  /** Properties that name a case, by event. */
  keys: ReadonlyMap<string, readonly string[]>
  traits: Wanted
  group: Wanted
  /** Whole addresses on which triggers and targeting may hold; the first is the home page. */
  urls: readonly string[]
  /** CSS selectors that sensors look out for, with what they look for there. */
  elements: readonly { on: 'seen' | 'click' | 'rage'; selector?: string | undefined }[]
}

const home = 'https://shop.example/'

/** Cases that one visitor has with one event. */
const cases = 5

/** All that these surveys name. */
export function interestsOf(surveys: readonly Survey[]): Interests {
  const events = new Map<string, Wanted>()
  const keys = new Map<string, string[]>()
  const urls = new Set([home])
  const elements: Interests['elements'][number][] = []
  const event = (name: string, where?: Rule): void => {
    const wanted = events.get(name) ?? new Map<string, Scalar[]>()
    collect(where, 'event.', wanted)
    events.set(name, wanted)
  }
  const key = (name: string, property: string | undefined): void => {
    if (property !== undefined) keys.set(name, [...(keys.get(name) ?? []), property])
  }
  const traits: Wanted = new Map()
  const group: Wanted = new Map()
  for (const survey of surveys) {
    const triggers = [...survey.triggers, ...(survey.variants ?? []).flatMap((each) => each.triggers ?? [])]
    for (const trigger of triggers) {
      for (const { name, where } of stepsOf(trigger)) event(name, where)
      for (const name of trigger.cancel ?? []) event(name)
      for (const url of (trigger.url ?? []).map(addressOf)) if (url !== null) urls.add(url)
      if (trigger.on === 'seen' || trigger.on === 'click' || trigger.on === 'rage') {
        const { on, selector } = trigger
        elements.push(selector === undefined ? { on } : { on, selector })
      }
    }
    for (const { after, cancel = [] } of survey.followUps ?? []) {
      if (after.on === 'event') {
        event(after.name, after.where)
        key(after.name, after.key)
      }
      for (const each of cancel) {
        event(each.name)
        key(each.name, each.key)
      }
    }
    collect(survey.targeting, 'trait.', traits)
    collect(survey.targeting, 'group.', group)
    const pages: Wanted = new Map()
    collect(survey.targeting, 'page.', pages)
    for (const value of [...pages.values()].flat()) {
      const url = typeof value === 'string' && addressOf({ match: 'exact', value })
      if (url) urls.add(url)
    }
  }
  return { events, keys, traits, group, urls: [...urls], elements }
}

function stepsOf(trigger: Trigger): { name: string; where?: Rule | undefined }[] {
  if (trigger.on === 'event') return [trigger]
  return trigger.on === 'sequence' ? trigger.steps : []
}

/** A whole address that fits; null where none can be read from a pattern. */
function addressOf({ match, value }: AddressMatch): string | null {
  if (match === 'pattern') return null
  const text = match === 'glob' ? value.replaceAll(/\*+/g, 'a') : value
  if (text.includes('://')) return text
  return text.startsWith('/') ? home.slice(0, -1) + text : null
}

/** The values that tests of these facts compare with, so that the tests can hold. */
function collect(rule: Rule | undefined, prefix: string, into: Wanted): void {
  if (rule === undefined) return
  if ('all' in rule) return rule.all.forEach((each) => collect(each, prefix, into))
  if ('any' in rule) return rule.any.forEach((each) => collect(each, prefix, into))
  if ('not' in rule) return collect(rule.not, prefix, into)
  if ('question' in rule || !rule.fact.startsWith(prefix)) return
  const { fact, op, value } = rule
  const name = fact.slice(prefix.length)
  const given = (Array.isArray(value) ? value : [value]).filter((each) => each !== undefined)
  const values = given.map((each) => {
    if (typeof each !== 'number') return each
    return op === 'above' ? each + 1 : op === 'below' ? each - 1 : each
  })
  into.set(name, [...(into.get(name) ?? []), ...(op === 'known' ? ['some'] : values)])
}

/** For each fact one of the values that are wanted, or another of the same kind, which fits none. */
export function inventValues(wanted: Wanted, chance: Chance): Record<string, Scalar> {
  const made: Record<string, Scalar> = {}
  for (const [name, values] of wanted) {
    const known = [...new Set(values)]
    const index = drawIndex(chance, known.length + 1)
    made[name] = index < known.length ? (known[index] as Scalar) : otherThan(known[0])
  }
  return made
}

function otherThan(value: Scalar | undefined): Scalar {
  if (typeof value === 'number') return 0
  return typeof value === 'boolean' ? !value : 'other'
}

/** The properties of an event as a site may send them: what rules look at, and cases. */
export function inventProps(
  { events, keys }: Interests,
  name: string,
  visitor: number,
  chance: Chance,
): Record<string, Scalar> {
  const props = inventValues(events.get(name) ?? new Map<string, Scalar[]>(), chance)
  for (const key of keys.get(name) ?? []) props[key] = `case-${visitor}-${drawIndex(chance, cases)}`
  return props
}
