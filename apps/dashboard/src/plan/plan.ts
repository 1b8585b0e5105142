/** The plan of follow-ups while it is written: it may lack anything, so nothing is taken for granted. */
import { bandNames, type Question, type Rule, type Survey } from '@earshot/contract'
import { alertText } from './alert.ts'

/** What is done. Each kind of action has a key that no other has; `actions.tsx` has the forms. */
export type Action = Record<string, unknown>

/** What begins a follow-up. */
export interface Cause {
  on: string
  survey?: string
  when?: unknown
  name?: string
  where?: unknown
  key?: string
  metric?: string
  question?: string
  days?: number
  change?: string
  below?: number
  above?: number
  minimum?: number
  level?: number
  every?: number
}

/** One rule. */
export interface PlanRule {
  id: string
  survey?: string
  after: Cause
  delay: number
  expires: number
  do: Action
  text?: Record<string, string>
  reminders?: { after: number; text?: Record<string, string>; subject?: Record<string, string> }[]
  unless?: { answered?: string[]; events?: { name: string; key?: string }[] }
}

/** The whole, as `/v1/follow-ups` has it. */
export interface Plan {
  rules: PlanRule[]
  quiet?: { from: string; to: string }
  zone?: string
  limits?: { most: number; days: number }[]
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isListOf = (value: unknown, is: (each: unknown) => boolean): boolean =>
  value === undefined || (Array.isArray(value) && value.every(is))
const isText = (value: unknown): boolean => typeof value === 'string'

function isRule(value: unknown): boolean {
  if (!isObject(value)) return false
  const { after, do: action, unless, reminders, text } = value
  return (
    isObject(after) &&
    isObject(action) &&
    isListOf(reminders, isObject) &&
    (text === undefined || isObject(text)) &&
    (unless === undefined ||
      (isObject(unless) && isListOf(unless['answered'], isText) && isListOf(unless['events'], isObject)))
  )
}

/** The plan, where a form can stand for it; what is in its fields may be wrong all the same. Null where none can. */
export function formablePlan(value: unknown): Plan | null {
  if (!isObject(value)) return null
  const { rules, quiet, limits } = value
  const isWhole =
    Array.isArray(rules) &&
    rules.every(isRule) &&
    (quiet === undefined || isObject(quiet)) &&
    isListOf(limits, isObject)
  return isWhole ? (value as unknown as Plan) : null
}

/** Which answers a rule means, where a form can say it. */
export type Choice =
  | { kind: 'any' }
  | { kind: 'band'; question: string; bands: string[] }
  | { kind: 'choice'; question: string; value: string }
  | { kind: 'word'; question: string; value: string }
  /** Of a form of its own, which JSON alone can change. */
  | { kind: 'other' }

/**
 * Which answers a condition means.
 *
 * @example
 * choiceOf({ question: 'score', bands: ['detractor'] }, survey) // { kind: 'band', question: 'score', bands: ['detractor'] }
 */
export function choiceOf(when: unknown, survey: Survey | undefined): Choice {
  if (when === undefined) return { kind: 'any' }
  if (!isObject(when)) return { kind: 'other' }
  const { question, bands, fact, op, value, ...rest } = when
  if (Object.keys(rest).length > 0) return { kind: 'other' }
  if (typeof question === 'string' && Array.isArray(bands) && fact === undefined)
    return { kind: 'band', question, bands: bands.filter((each) => typeof each === 'string') }
  if (typeof fact !== 'string' || !fact.startsWith('answer.') || typeof value !== 'string')
    return { kind: 'other' }
  const id = fact.slice('answer.'.length)
  const asked = survey?.questions.find((each) => each.id === id)
  if (asked?.kind === 'choice' && (op === 'equals' || op === 'contains'))
    return { kind: 'choice', question: id, value }
  return op === 'contains' ? { kind: 'word', question: id, value } : { kind: 'other' }
}

/** The condition that means these answers; undefined for any. */
export function whenOf(choice: Choice, survey: Survey | undefined): Rule | undefined {
  if (choice.kind === 'any' || choice.kind === 'other') return undefined
  if (choice.kind === 'band') return { question: choice.question, bands: choice.bands } as Rule
  const asked = survey?.questions.find((each) => each.id === choice.question)
  // Of several choices the answer is a list, in which one is found.
  const op = choice.kind === 'choice' && asked?.kind === 'choice' && !asked.multiple ? 'equals' : 'contains'
  return { fact: `answer.${choice.question}`, op, value: choice.value }
}

/** The kinds of conditions that a survey has questions for. */
export function kindsFor(survey: Survey | undefined): Exclude<Choice['kind'], 'other'>[] {
  const has = (kind: Question['kind']): boolean =>
    survey?.questions.some((each) => each.kind === kind) ?? false
  return [
    'any',
    ...(has('scale') ? (['band'] as const) : []),
    ...(has('choice') ? (['choice'] as const) : []),
    ...(has('text') ? (['word'] as const) : []),
  ]
}

/** A first condition of a kind. */
export function firstChoice(kind: Choice['kind'], survey: Survey | undefined): Choice {
  const questions = survey?.questions ?? []
  const scale = questions.find((each) => each.kind === 'scale')
  if (kind === 'band' && scale)
    return { kind, question: scale.id, bands: bandNames[scale.metric].slice(0, 1) }
  const choice = questions.find((each) => each.kind === 'choice')
  if (kind === 'choice' && choice) return { kind, question: choice.id, value: choice.options[0]?.id ?? '' }
  const text = questions.find((each) => each.kind === 'text')
  return kind === 'word' && text ? { kind, question: text.id, value: '' } : { kind: 'any' }
}

/** Spans of less than a day are read in the unit that they were probably thought in. */
function daysText(days: number): string {
  if (days === 0) return 'at once'
  if (days === 1) return 'a day later'
  const seconds = Math.round(days * 86_400)
  if (days > 1 || seconds === 0) return `${days} days later`
  const [count, unit] =
    seconds % 3600 === 0
      ? [seconds / 3600, 'hour']
      : seconds % 60 === 0
        ? [seconds / 60, 'minute']
        : [seconds, 'second']
  return count === 1 ? `${unit === 'hour' ? 'an' : 'a'} ${unit} later` : `${count} ${unit}s later`
}

function causeText({ after }: PlanRule, survey: Survey | undefined): string {
  if (after.on === 'silence') return `somebody sees ${after.survey ?? '…'} and says nothing`
  if (after.on === 'event') return `${after.name || '…'} happens`
  if (after.on === 'alert') return alertText(after)
  const choice = choiceOf(after.when, survey)
  const of = after.survey || '…'
  if (choice.kind === 'band') return `an answer to ${of} is ${choice.bands.join(' or ') || '…'}`
  if (choice.kind === 'choice') return `an answer to ${of} is “${choice.value}”`
  if (choice.kind === 'word') return `an answer to ${of} has “${choice.value}” in it`
  return choice.kind === 'any' ? `${of} is answered` : `an answer to ${of} meets its rule`
}

/**
 * A rule as a sentence.
 *
 * @param doing what its action does, in words
 * @example
 * sentenceOf(rule, survey, 'tell “help desk”') // 'When an answer to nps is detractor, 2 days later tell “help desk”, unless …'
 */
export function sentenceOf(rule: PlanRule, survey: Survey | undefined, doing: string): string {
  const { reminders = [], unless } = rule
  const again =
    reminders.length === 0
      ? ''
      : reminders.length === 1
        ? ', and once more'
        : `, and ${reminders.length} times more`
  const stops = [
    ...(unless?.answered ?? []).map((each) => `${each} is answered`),
    ...(unless?.events ?? []).map((each) => `${each.name} happens`),
  ]
  const except = stops.length === 0 ? '' : `, unless ${stops.join(' or ')}`
  return `When ${causeText(rule, survey)}, ${daysText(rule.delay)} ${doing}${again}${except}.`
}

/**
 * Where two plans differ, in words; empty where either is none.
 *
 * @example
 * differencesOf(mine, theirs) // ['the rule “call-back”', 'the quiet hours']
 */
export function differencesOf(one: unknown, other: unknown): string[] {
  const [a, b] = [formablePlan(one), formablePlan(other)]
  if (!a || !b) return []
  const textOf = (value: unknown): string => JSON.stringify(value ?? null)
  const ruleIn = (plan: Plan, id: string): string => textOf(plan.rules.find((each) => each.id === id))
  const ids = [...new Set([...a.rules, ...b.rules].map((each) => each.id))]
  const rules = ids.filter((id) => ruleIn(a, id) !== ruleIn(b, id)).map((id) => `the rule “${id}”`)
  const others = [
    ['quiet', 'the quiet hours'],
    ['zone', 'the time zone'],
    ['limits', 'the limits'],
  ] as const
  return [...rules, ...others.flatMap(([key, words]) => (textOf(a[key]) === textOf(b[key]) ? [] : [words]))]
}

/** A name that no rule has yet. */
export function freeId(plan: Plan): string {
  const taken = new Set(plan.rules.map((each) => each.id))
  for (let number = plan.rules.length + 1; ; number++)
    if (!taken.has(`rule-${number}`)) return `rule-${number}`
}

/** Days that were written in a row, as reminders; words that were there stay. */
export function remindersOf(text: string, before: PlanRule['reminders'] = []): PlanRule['reminders'] {
  const days = text
    .split(/[\s,;]+/)
    .map(Number)
    .filter((each) => Number.isFinite(each) && each > 0)
  return days.length === 0 ? undefined : days.map((after, index) => ({ ...before[index], after }))
}
