/** Conditions of the address, `where=name:value`: what they are called, added and taken away. */
import type { SurveySummary } from '../api/shapes.ts'

/** Something that can be asked about, and how it is called. */
export type Choice = readonly [name: string, title: string]

/** One condition; a value of null: it is not known. */
export interface Condition {
  name: string
  value: string | null
}

/** Attributes that every response has, as they are called here. */
const attributes: readonly Choice[] = [
  ['touchpoint', 'Touchpoint'],
  ['stage', 'Journey stage'],
  ['locale', 'Language'],
  ['channel', 'Channel'],
  ['variant', 'Variant'],
  ['version', 'Version of the survey'],
  ['url', 'Page'],
  ['trigger', 'What made it appear'],
  ['layout', 'Layout'],
]

/** What is known of people beside their traits. */
const facts: readonly Choice[] = [
  ['supported', 'Had contact with support'],
  ['handledBy', 'Who handled the conversation'],
]

/** Values of the facts; of all else they are asked for. */
const factValues: Readonly<Record<string, readonly string[]>> = {
  supported: ['yes', 'no'],
  handledBy: ['bot', 'handover', 'person'],
}

/** Attributes of a survey: those of every response, and what the survey itself brings. */
export function attributesOf({ survey }: SurveySummary): Choice[] {
  return [
    ...attributes,
    ...(survey.hidden ?? []).map((name): Choice => [`hidden.${name}`, `Hidden value ${name}`]),
    ...survey.questions
      .filter((each) => each.kind === 'choice' || each.kind === 'yesno')
      .map((each): Choice => [`answer.${each.id}`, `Answer to “${each.title.slice(0, 40)}”`]),
  ]
}

/** What answers to a survey can be chosen by; the last is any trait. */
export const answerChoices = (survey: SurveySummary): Choice[] => [
  ...attributesOf(survey),
  ...facts,
  ['trait.', 'Trait of the person'],
]

/** What customers can be chosen by. */
export const customerChoices: readonly Choice[] = [['trait.', 'Trait of the person'], ...facts]

/** Values that are known beforehand; null where they have to be asked for. */
export const knownValues = (name: string): readonly string[] | null => factValues[name] ?? null

/**
 * Reads a condition; null for what is none.
 *
 * @example
 * conditionOf('trait.plan:pro') // { name: 'trait.plan', value: 'pro' }
 */
export function conditionOf(text: string): Condition | null {
  const at = text.indexOf(':')
  return at < 1 ? null : { name: text.slice(0, at), value: text.slice(at + 1) || null }
}

/** As the address and the collector have it. */
export const conditionText = ({ name, value }: Condition): string => `${name}:${value ?? ''}`

/** In words: "Channel is web". */
export function conditionTitle({ name, value }: Condition, choices: readonly Choice[]): string {
  const own = choices.find(([each]) => each === name)?.[1]
  const title = own ?? (name.startsWith('trait.') ? `Trait ${name.slice('trait.'.length)}` : name)
  return value === null ? `${title} is not known` : `${title} is ${value}`
}

/** With one more, once. */
export function withCondition(where: readonly string[], condition: Condition): string[] {
  return [...new Set([...where, conditionText(condition)])]
}

/** What several conditions mean together; null where there is nothing to explain. */
export function meaningOf(where: readonly string[]): string | null {
  const names = where.map((each) => conditionOf(each)?.name)
  if (names.length < 2) return null
  const different = new Set(names).size
  if (different === names.length) return 'All of them hold.'
  return different === 1 ? 'Any of them holds.' : 'Of one kind any of them holds, of different kinds all.'
}
