/** Rules over facts: the one language for targeting, conditions, jumps and follow-ups, and how a rule is judged. */
import type { Scalar } from './event.ts'
import { findsPattern } from './pattern.ts'
import type { AnswerValue, Band } from './question.ts'

/** An earlier scale question was answered inside one of these bands. The same as a test of `band.<question>`. */
export interface Condition {
  /** Id of the scale question that decides. */
  question: string
  /** Bands that let it hold. */
  bands: Band[]
}

/**
 * How a fact is compared.
 *
 * - `equals`, `in`: the same value, or one of a list. Texts as they are.
 * - `contains`, `starts`, `ends`, `glob`, `pattern`: texts, without regard to case. `contains` also finds an id in a list of choices.
 * - `above`, `atLeast`, `below`, `atMost`: numbers, or two texts such as dates.
 * - `known`: whether there is a value that is not null and not empty; `value: false` turns it round.
 */
export type Operator =
  | 'equals'
  | 'in'
  | 'contains'
  | 'starts'
  | 'ends'
  | 'glob'
  | 'pattern'
  | 'above'
  | 'atLeast'
  | 'below'
  | 'atMost'
  | 'known'

/**
 * One comparison of a fact.
 *
 * Facts: `answer.<question>` `band.<question>` `trait.<name>` `group.<name>` (`group.id` is the group itself)
 * `event.<property>` `hidden.<name>` `device` (`phone`, `tablet`, `desktop`) `viewport.width` `viewport.height` (CSS
 * pixels) `locale` `page.url` `page.path` `page.views` `referrer` `campaign.source` (and `medium`, `name`, `term`,
 * `content`) `visitor.returning` `session.count` `tenure.days` `stage` `touchpoint` `channel` `time.hour` (0–23)
 * `time.weekday` (1 Monday – 7 Sunday) `time.date` (`2026-11-21`).
 */
export interface Test {
  fact: string
  op: Operator
  /** A list for `in`; nothing for `known`. */
  value?: Scalar | Scalar[] | undefined
  /** IANA time zone of `time.…`, default that of the browser. */
  zone?: string | undefined
}

/** A tree of tests. A test of a fact that is not known neither holds nor fails, and a whole that hangs on it speaks against. */
export type Rule = { all: Rule[] } | { any: Rule[] } | { not: Rule } | Condition | Test

/** A value that a fact may have; undefined when nothing is known. */
export type Fact = Scalar | AnswerValue | undefined

/** Gives the value of a fact. */
export type Facts = (fact: string, zone?: string) => Fact

/** One test of a rule, with what was seen. */
export interface TestResult {
  fact: string
  op: Operator
  /** What is wanted. */
  value: Scalar | Scalar[] | undefined
  /** Time zone, where the test names one. */
  zone?: string | undefined
  /** What is there; undefined when nothing is known. */
  seen: Fact
  /** Whether it stands below a `not` (or an odd number of them): then its failing speaks for the rule. */
  negated: boolean
  /** Null: the fact is not known. */
  pass: boolean | null
}

/**
 * Whether a rule holds: true, false, or null where that hangs on a fact that is not known (Kleene's three values, so
 * that `not` of something unknown is unknown too).
 *
 * @param told called with each test as it is judged
 * @example
 * judgeRule({ fact: 'trait.plan', op: 'equals', value: 'pro' }, (fact) => (fact === 'trait.plan' ? 'pro' : undefined)) // true
 */
export function judgeRule(rule: Rule, facts: Facts, told?: (result: TestResult) => void): boolean | null {
  return judge(rule, facts, told, false)
}

type Told = ((result: TestResult) => void) | undefined

function judge(rule: Rule, facts: Facts, told: Told, negated: boolean): boolean | null {
  if ('all' in rule) return every(rule.all, facts, told, negated)
  if ('any' in rule) {
    // Not all of them fail, by De Morgan: so both share what unknown means.
    const none = every(
      rule.any.map((each) => ({ not: each })),
      facts,
      told,
      !negated,
    )
    return none === null ? null : !none
  }
  if ('not' in rule) {
    const inner = judge(rule.not, facts, told, !negated)
    return inner === null ? null : !inner
  }
  const test: Test =
    'question' in rule ? { fact: `band.${rule.question}`, op: 'in', value: rule.bands } : rule
  const seen = facts(test.fact, test.zone)
  const pass = judgeTest(test, seen)
  const { fact, op, value, zone } = test
  told?.({ fact, op, value, ...(zone && { zone }), seen, negated, pass })
  return pass
}

/** Judges all of them, also after one has failed: an explanation names every test. */
function every(rules: readonly Rule[], facts: Facts, told: Told, negated: boolean): boolean | null {
  const results = rules.map((each) => judge(each, facts, told, negated))
  return results.includes(false) ? false : results.includes(null) ? null : true
}

function judgeTest({ op, value }: Test, seen: Fact): boolean | null {
  if (op === 'known') {
    const isKnown = seen !== undefined && seen !== null && seen !== ''
    return isKnown === (value !== false)
  }
  if (seen === undefined) return null
  const wanted = Array.isArray(value) ? value : [value]
  if (op === 'equals' || op === 'in') return wanted.some((each) => each === seen)
  if (op === 'contains' && Array.isArray(seen)) return seen.some((each) => wanted.includes(each))
  const [limit] = wanted
  if (Array.isArray(seen) || seen === null || limit === undefined || limit === null) return false
  if (op === 'above' || op === 'atLeast' || op === 'below' || op === 'atMost') {
    if (typeof seen !== typeof limit) return false
    if (op === 'above') return seen > limit
    if (op === 'atLeast') return seen >= limit
    return op === 'below' ? seen < limit : seen <= limit
  }
  const text = String(seen).toLowerCase()
  const part = String(limit).toLowerCase()
  if (op === 'contains') return text.includes(part)
  if (op === 'starts') return text.startsWith(part)
  if (op === 'ends') return text.endsWith(part)
  return findsPattern(op === 'glob' ? { glob: part } : { pattern: String(limit) }, String(seen))
}
