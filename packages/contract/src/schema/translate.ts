/** Turns the issues of a schema into findings: what is there, what may be there, in the branch that was meant. */
import type { z } from 'zod'
import { canonicalTag } from '../language.ts'
import { describeFound, namesInWords, type Finding, type Path, type Report } from '../check/report.ts'

type Issue = z.core.$ZodIssue

/** Reports issues. `value` is what they were found in. */
export function reportIssues(
  report: Report,
  issues: readonly Issue[],
  value: unknown,
  around: Path = [],
): void {
  for (const issue of issues) {
    const at = [...around, ...issue.path]
    if (issue.code === 'invalid_union') reportUnion(report, issue, valueAt(value, issue.path), at)
    else {
      const found = valueAt(value, issue.path)
      const isSize = issue.code === 'too_big' || issue.code === 'too_small'
      // An id that is badly written is one all the same: what refers to it need not be reported as well.
      const usable = Array.isArray(found) ? isSize : typeof found === 'string' && at.at(-1) === 'id'
      report.error({ at, ...describeIssue(issue, found), usable })
    }
  }
}

/** What stands at a place; nothing where there is no such place. */
function valueAt(value: unknown, path: Path): unknown {
  let inside = value
  for (const key of path) inside = isObject(inside) && Object.hasOwn(inside, key) ? inside[key] : undefined
  return inside
}

const isObject = (value: unknown): value is Record<PropertyKey, unknown> =>
  typeof value === 'object' && value !== null

const allowedRule = '{ all }, { any }, { not }, { question, bands } or { fact, op, value }'

/**
 * Reports an issue of alternatives. Those that a key tells apart (kind, on) come with that key; those of a rule and of
 * the value of a test with the issues of every branch, of which one was meant.
 */
function reportUnion(report: Report, issue: z.core.$ZodIssueInvalidUnion, found: unknown, at: Path): void {
  if ('discriminator' in issue && 'options' in issue) {
    const names = [...(issue.options ?? [])].map(String)
    report.error({ at, found, allowed: namesInWords(names), names })
    return
  }
  if (at.at(-1) === 'value') {
    const [, list = []] = issue.errors
    if (Array.isArray(found) && list.some((each) => each.path.length > 0))
      reportIssues(report, list, found, at)
    else
      report.error({
        at,
        found,
        allowed: 'a text of at most 1,000 characters, a number, true, false, null, or a list of them',
      })
    return
  }
  if (typeof at.at(-1) === 'number' && at.at(-2) === 'value') {
    report.error({ at, found, allowed: 'a text of at most 1,000 characters, a number, true, false or null' })
    return
  }
  if (!isObject(found) || Array.isArray(found)) {
    report.error({ at, found, allowed: `a rule: ${allowedRule}` })
    return
  }
  const keys = Object.keys(found)
  const branches = [['all'], ['any'], ['not'], ['question', 'bands'], ['fact', 'op']]
  const meant = branches.findIndex((names) => names.some((name) => keys.includes(name)))
  // The innermost level has the last two branches only.
  const branch = issue.errors[meant - (branches.length - issue.errors.length)]
  if (branch) reportIssues(report, branch, found, at)
  else if (meant >= 0)
    report.error({ at, found, allowed: 'rules in rules to a depth of 10', problem: 'stands too deep' })
  else {
    const [key = ''] = keys
    report.error({
      at,
      found: key,
      allowed: allowedRule,
      problem: key ? `has "${key}", which makes no rule` : 'is empty',
      names: branches.flat(),
    })
  }
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

/** What an issue other than of alternatives found and wanted. */
function describeIssue(issue: Issue, found: unknown): Omit<Finding, 'at'> {
  switch (issue.code) {
    case 'invalid_type': {
      const allowed = typeWords[issue.expected] ?? issue.expected
      return { found, allowed }
    }
    case 'invalid_value': {
      const names = issue.values.map(String)
      return { found, allowed: namesInWords(names), names }
    }
    case 'too_small':
      return {
        found,
        allowed: bound(issue.origin, issue.inclusive ? 'at least' : 'more than', issue.minimum),
        ...sized(found),
      }
    case 'too_big':
      return {
        found,
        allowed:
          ownWords(issue) ?? bound(issue.origin, issue.inclusive ? 'at most' : 'less than', issue.maximum),
        ...sized(found),
      }
    case 'invalid_key': {
      const key = issue.path.at(-1)
      const isLanguage = issue.path.at(-2) === 'translations'
      return {
        found: key,
        allowed: issue.issues[0]?.message.replace(/^must be /, '') ?? 'another key',
        problem: isLanguage ? 'is no language tag' : 'is no id',
        // As Java, PHP and operating systems write them.
        nearest: isLanguage ? canonicalTag(String(key).replaceAll('_', '-')) : undefined,
      }
    }
    default:
      return { found, allowed: ownWords(issue) ?? issue.message }
  }
}

/** What the schema itself says of a bound, where that is more than a number. */
const ownWords = ({ message }: Issue): string | undefined => /^must be (.+)$/s.exec(message)?.[1]

const units: Readonly<Record<string, string>> = { string: ' characters', array: ' entries' }

const bound = (origin: string, words: string, limit: number | bigint): string =>
  limit === 1 && words === 'at least' && units[origin]
    ? 'anything that is not empty'
    : `${words} ${limit}${units[origin] ?? ''}`

/** Long values are told by their length: it is what is wrong with them. */
const sized = (found: unknown): Pick<Finding, 'problem'> =>
  typeof found === 'string' && found !== ''
    ? { problem: `has ${found.length} characters` }
    : { problem: `is ${describeFound(found)}` }
