/** Turns what a schema finds into words for a developer: where, what was found, what is allowed. */
import type { SchemaError } from '@earshot/contract/schema'
import { cutText, isRecord, ownValue } from './text.ts'

/** One thing that is wrong, with its place. */
export interface Issue {
  /** Dotted: `questions.0.max`; empty for the whole value. */
  path: string
  message: string
}

/**
 * All issues that a schema found in `value`.
 *
 * @example
 * describeIssues(result.error, body) // [{ path: 'version', message: 'must be a number (found "1")' }]
 */
export function describeIssues(error: SchemaError, value: unknown): Issue[] {
  return error.issues.map((issue) => describeIssue(issue, value))
}

/** The first issue; there is always one in an error. Words are made for this one only: a value may have very many. */
export function firstIssue(error: SchemaError, value: unknown): Issue {
  const [issue] = error.issues
  return issue ? describeIssue(issue, value) : { path: '', message: 'is not valid' }
}

/** Most entries that nearly any object or list of a request needs. */
const mostEntries = 50

/**
 * The first of the places that holds an object or a list of more entries than it may, if one does. Asked before a schema
 * looks, because a schema makes an issue of every single entry.
 *
 * @param places dotted paths; `*` stands for every item of a list
 * @param most entries of each; default 50
 * @example
 * firstCrowd({ data: { props: hundred } }, ['data.props']) // { path: 'data.props', message: 'must have at most 50 entries (found 100)' }
 */
export function firstCrowd(
  value: unknown,
  places: readonly string[],
  most: number = mostEntries,
): Issue | null {
  for (const place of places) {
    const crowd = crowdAt(value, place.split('.'), [], most)
    if (crowd) return crowd
  }
  return null
}

function crowdAt(
  value: unknown,
  [key, ...rest]: readonly string[],
  path: readonly string[],
  most: number,
): Issue | null {
  if (key === '*') {
    if (!Array.isArray(value)) return null
    for (const [index, each] of value.slice(0, most).entries()) {
      const crowd = crowdAt(each, rest, [...path, String(index)], most)
      if (crowd) return crowd
    }
    return null
  }
  if (key !== undefined) return crowdAt(ownValue(value, key), rest, [...path, key], most)
  const count = Array.isArray(value) ? value.length : isRecord(value) ? Object.keys(value).length : 0
  if (count <= most) return null
  return { path: path.join('.'), message: `must have at most ${most} entries (found ${count})` }
}

/**
 * How many entries all objects and lists inside a JSON value have together.
 *
 * @example
 * countEntries({ a: [1, 2] }) // 3
 */
export function countEntries(value: unknown): number {
  const inside = Array.isArray(value) ? value : isRecord(value) ? Object.values(value) : []
  return inside.reduce<number>((sum, each) => sum + countEntries(each), inside.length)
}

type SchemaIssue = SchemaError['issues'][number]

function describeIssue(issue: SchemaIssue, value: unknown): Issue {
  const found = describeValue(at(value, issue.path))
  const path = issue.path.join('.')
  if (issue.code !== 'invalid_union') return { path, message: `${wordsOf(issue)} (found ${found})` }
  if ('options' in issue && issue.options)
    return { path, message: `is not one of the known kinds: ${issue.options.join(', ')} (found ${found})` }
  // Of several branches that the value might be meant as, the one that went furthest knows best.
  const deepest = issue.errors
    .flatMap(([first]) => (first && first.path.length > 0 ? [first] : []))
    .toSorted((a, b) => b.path.length - a.path.length)[0]
  if (deepest) return describeIssue({ ...deepest, path: [...issue.path, ...deepest.path] }, value)
  // No branch has the type of the value; where one has, Zod gives the issue of that branch.
  const expected = issue.errors.flatMap(([first]) =>
    first?.code === 'invalid_type' ? [typeWords[first.expected] ?? first.expected] : [],
  )
  return { path, message: `expected ${expected.join(' or ')} (found ${found})` }
}

const typeWords: Readonly<Record<string, string>> = {
  number: 'a number',
  int: 'a whole number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
}

/** How a schema begins what it says by itself; what does not begin so was written for it. */
const ownWords = /^(Invalid input|Invalid option|Too small|Too big|Unrecognized key)/

/** What the schema says by itself is about types of a language; here it is about what to send. */
function wordsOf(issue: SchemaIssue): string {
  if (!ownWords.test(issue.message)) return issue.message
  if (issue.code === 'invalid_type') return `must be ${typeWords[issue.expected] ?? issue.expected}`
  if (issue.code === 'invalid_value')
    return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.join(', ')}`
  if (issue.code === 'unrecognized_keys')
    return `must not have ${issue.keys.map((key) => describeValue(key)).join(', ')}: nothing of that name is known`
  if (issue.code === 'too_small')
    return sizeWords(issue.origin, 'least', Number(issue.minimum), issue.inclusive)
  if (issue.code === 'too_big') return sizeWords(issue.origin, 'most', Number(issue.maximum), issue.inclusive)
  return issue.message
}

function sizeWords(origin: string, end: 'least' | 'most', bound: number, isInclusive = true): string {
  if (['number', 'int'].includes(origin))
    return isInclusive
      ? `must be at ${end} ${bound}`
      : `must be ${end === 'least' ? 'above' : 'below'} ${bound}`
  const [one, many] = origin === 'string' ? ['character', 'characters'] : ['entry', 'entries']
  return `must have at ${end} ${bound} ${bound === 1 ? one : many}`
}

/**
 * A JSON value in a few words, so that a message can quote it whatever it is.
 *
 * @example
 * describeValue('x'.repeat(100)) // '"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…"'
 */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (typeof value === 'string') return value.length > 40 ? `"${cutText(value, 40)}…"` : `"${value}"`
  if (Array.isArray(value)) return `a list of ${value.length}`
  return isRecord(value) ? 'an object' : JSON.stringify(value)
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inside, key) => (Array.isArray(inside) ? inside[Number(key)] : ownValue(inside, String(key))),
    value,
  )
}
