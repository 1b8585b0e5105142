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
 * describeIssues(result.error, body) // [{ path: 'version', message: 'Invalid input: expected number, received string (found "1")' }]
 */
export function describeIssues(error: SchemaError, value: unknown): Issue[] {
  return error.issues.map((issue) => {
    const allowed = issue.code === 'invalid_union' ? 'expected a number or a text' : issue.message
    return {
      path: issue.path.join('.'),
      message: `${allowed} (found ${describeValue(at(value, issue.path))})`,
    }
  })
}

/** The first issue; there is always one in an error. */
export function firstIssue(error: SchemaError, value: unknown): Issue {
  return describeIssues(error, value)[0] ?? { path: '', message: 'is not valid' }
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
