/** What answers can be split and filtered by: the attributes of a response, and conditions on them. */
import { didYouMean, ownValue } from './text.ts'
import type { StoredResponse } from './project.ts'

/** Attributes of every response. */
export const responseFields = [
  'channel',
  'touchpoint',
  'stage',
  'locale',
  'variant',
  'version',
  'url',
  'layout',
  'wording',
  'trigger',
] as const

/** What is known of who answered, beyond the response itself. */
export type OutsideFact = (response: StoredResponse, name: string) => string | null

/** Names of facts that come from elsewhere than the response, beside all that begin with `trait.`. */
const outsideFacts: readonly string[] = ['supported', 'handledBy']

/** One condition: the attribute has the value; null: it is not known. */
export interface Condition {
  name: string
  value: string | null
}

/**
 * Whether there can be such an attribute; else a sentence that says which ones there are.
 *
 * @example
 * attributeFlaw('chanel') // '"chanel" is no attribute; did you mean "channel"?'
 */
export function attributeFlaw(name: string): string | null {
  const known: readonly string[] = [...responseFields, ...outsideFacts]
  if (known.includes(name) || /^(?:trait|hidden|answer)\../s.test(name)) return null
  const hint = didYouMean(name, known)
  return `"${name}" is no attribute${hint ? `;${hint.toLowerCase().replace(/^\.?/, '')}` : '.'} There are ${known.join(', ')}, trait.…, hidden.… and answer.…`
}

/**
 * Reads conditions `name:value`; without a value, the attribute is not known.
 *
 * @returns the conditions, or a sentence that says what is wrong
 * @example
 * readConditions(['channel:web', 'trait.plan:']) // [{ name: 'channel', value: 'web' }, { name: 'trait.plan', value: null }]
 */
export function readConditions(given: readonly string[]): Condition[] | string {
  const conditions: Condition[] = []
  for (const text of given) {
    const at = text.indexOf(':')
    if (at < 1) return `"where" is "${text}"; it must be name:value, such as channel:web`
    const name = text.slice(0, at)
    const flaw = attributeFlaw(name)
    if (flaw !== null) return flaw
    conditions.push({ name, value: text.slice(at + 1) || null })
  }
  return conditions
}

/** The value of an attribute as text, or null where it is not known. Several chosen answers are joined with `|`. */
export function attributeOf(response: StoredResponse, name: string, outside: OutsideFact): string | null {
  const field = responseFields.find((each) => each === name)
  if (field) return written(response[field])
  if (name.startsWith('hidden.')) return written(ownValue(response.hidden, name.slice(7)))
  if (name.startsWith('answer.')) return written(ownValue(ownValue(response.answers, name.slice(7)), 'value'))
  return outside(response, name)
}

/** A value of an attribute as text. */
export function written(value: unknown): string | null {
  if (Array.isArray(value)) return value.length > 0 ? value.join('|') : null
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : null
}

/** Whether a response meets the conditions: of those with the same name any, of different names all. */
export function meets(
  response: StoredResponse,
  conditions: readonly Condition[],
  outside: OutsideFact,
): boolean {
  return conditions.every(({ name }) => {
    const value = attributeOf(response, name, outside)
    return conditions.some((each) => each.name === name && each.value === value)
  })
}
