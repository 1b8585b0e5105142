/** Finds what is wrong with a rule: unknown facts, values that do not fit, tests that can never hold. */
import type { Scalar } from '../event.ts'
import { patternFlaw } from '../pattern.ts'
import type { Condition, Rule, Test } from '../rule.ts'
import { checkAnswerFact, checkFact, type FactValues, type Scope } from './fact.ts'
import { namesInWords, type Loose, type Path, type Report } from './report.ts'
import { isTimeZone, timeZones } from './timeZone.ts'

/** Reports all that is wrong with a rule. */
export function checkRule(report: Report, at: Path, rule: Loose<Rule> | undefined, scope: Scope): void {
  if (!rule) return
  const checkEach = (key: string, rules: Loose<Rule[]> = []): void => {
    for (const [index, each] of rules.entries()) checkRule(report, [...at, key, index], each, scope)
  }
  if ('all' in rule) checkEach('all', rule.all)
  else if ('any' in rule) {
    checkEach('any', rule.any)
    if (rule.any?.length === 0)
      report.error({
        at: [...at, 'any'],
        found: rule.any,
        allowed: 'at least one rule',
        problem: 'is empty, so it can never hold',
      })
  } else if ('not' in rule) checkRule(report, [...at, 'not'], rule.not, scope)
  else if ('question' in rule || 'bands' in rule) checkCondition(report, at, rule, scope)
  else checkTest(report, at, rule as Loose<Test>, scope)
}

function checkCondition(report: Report, at: Path, { question, bands }: Loose<Condition>, scope: Scope): void {
  if (bands?.length === 0)
    report.error({
      at: [...at, 'bands'],
      found: bands,
      allowed: 'at least one band',
      problem: 'is empty, so it can never hold',
    })
  if (question === undefined) return
  const source = { family: 'band' as const, question, written: question }
  const { names } = checkAnswerFact(report, [...at, 'question'], source, scope)
  for (const [index, band] of (bands ?? []).entries())
    if (names && band !== undefined) checkName(report, [...at, 'bands', index], band, names)
}

const checkName = (report: Report, at: Path, found: string, names: readonly string[]): void => {
  if (!names.includes(found)) report.error({ at, found, allowed: namesInWords(names), names })
}

function checkTest(report: Report, at: Path, test: Loose<Test>, scope: Scope): void {
  const { fact, op, value, zone } = test
  const values = fact === undefined ? undefined : checkFact(report, [...at, 'fact'], fact, scope)
  if (zone !== undefined) checkZone(report, [...at, 'zone'], zone, fact)
  const place = [...at, 'value']
  // A value that was refused by itself has been reported.
  if (op === undefined || report.hasErrorIn(place)) return
  const allowed = allowedValue(op, value)
  if (allowed) {
    report.error({
      at: place,
      found: value,
      allowed: `${allowed} for "${op}"`,
      ...(op === 'equals' && Array.isArray(value) ? { problem: 'is a list, which is for "in"' } : {}),
    })
    return
  }
  if (op === 'pattern') {
    const flaw = patternFlaw(String(value))
    if (flaw)
      report.error({
        at: place,
        found: value,
        allowed: 'a pattern in the syntax of compilePattern',
        problem: `is no pattern, ${flaw}`,
      })
  }
  if (values && op !== 'known') checkAgainst(report, at, { op, value }, values)
}

/** What an operator takes, in words; null when the value is such. */
function allowedValue(op: Test['op'], value: Scalar | (Scalar | undefined)[] | undefined): string | null {
  const type = typeof value
  switch (op) {
    case 'known':
      return value === undefined || type === 'boolean' ? null : 'true, false or nothing'
    case 'in':
      return Array.isArray(value) && value.length > 0 ? null : 'a list of at least one value'
    case 'equals':
      return value !== undefined && !Array.isArray(value) ? null : 'one value'
    case 'glob':
    case 'pattern':
      return type === 'string' ? null : 'a text'
    default:
      return type === 'string' || type === 'number' ? null : 'a number or a text'
  }
}

/** Reports a comparison with what a fact never is. */
function checkAgainst(
  report: Report,
  at: Path,
  { op, value }: { op: Test['op']; value: Scalar | (Scalar | undefined)[] | undefined },
  values: FactValues,
): void {
  if (values.type === 'any') return
  if (values.type === 'choices' && op !== 'contains') {
    report.error({
      at: [...at, 'op'],
      found: op,
      allowed: '"contains" or "known"',
      problem: `is "${op}", but the answer is a list of choices`,
      nearest: 'contains',
    })
    return
  }
  // Parts of a text are compared with whatever the fact is, as a text.
  const isExact = op === 'equals' || op === 'in' || values.type === 'choices'
  const isOrder = op === 'above' || op === 'atLeast' || op === 'below' || op === 'atMost'
  if (!isExact && !isOrder) return
  for (const [index, each] of (Array.isArray(value) ? value : [value]).entries()) {
    const place = [...at, 'value', ...(Array.isArray(value) ? [index] : [])]
    const type = values.type === 'choices' ? 'string' : values.type
    if (each === undefined) continue
    if (typeof each !== type || (isOrder && type === 'boolean')) {
      report.error({
        at: place,
        found: each,
        allowed: { number: 'a number', string: 'a text', boolean: 'true or false, with "equals"' }[type],
        problem: `is ${JSON.stringify(each)}, which the fact never is`,
      })
    } else if (typeof each === 'string') {
      if (values.names && isExact) checkName(report, place, each, values.names)
      if (values.date && !isDay(each))
        report.error({ at: place, found: each, allowed: 'a day such as 2026-11-21' })
    } else if (typeof each === 'number') {
      const { least = -Infinity, most = Infinity } = values
      if (isOrder) {
        if (isBeyond(op, each, least, most))
          report.warning({
            at: place,
            found: each,
            allowed: `a number that some of ${least} to ${most} pass`,
            problem: `is ${each}, which no value of the fact passes`,
          })
      } else if (each < least || each > most)
        report.error({
          at: place,
          found: each,
          allowed: `a number from ${least} to ${most}`,
          problem: `is ${each}, which the fact never is`,
        })
    }
  }
}

/** Whether a text is a day that there is: not 2026-02-30. */
function isDay(text: string): boolean {
  const [year = 0, month = 0, day = 0] = (/^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? []).slice(1).map(Number)
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0
  return day >= 1 && day <= days
}

/** Whether a comparison is such that no number from `least` to `most` passes. */
function isBeyond(op: Test['op'], limit: number, least: number, most: number): boolean {
  if (op === 'above') return limit >= most
  if (op === 'atLeast') return limit > most
  return op === 'below' ? limit <= least : limit < least
}

function checkZone(report: Report, at: Path, zone: string, fact: string | undefined): void {
  if (!isTimeZone(zone))
    report.error({
      at,
      found: zone,
      allowed: 'an IANA time zone such as Europe/Berlin',
      problem: `is "${zone}", a time zone that there is not`,
      names: timeZones(),
    })
  else if (fact !== undefined && !fact.startsWith('time.'))
    report.warning({
      at,
      found: zone,
      allowed: 'a zone only beside time.hour, time.weekday and time.date',
      problem: 'changes nothing',
    })
}

/** What may come of a rule. Neither, where it hangs on what nobody is asked. */
interface Chances {
  hold: boolean
  fail: boolean
}

/**
 * Whether a rule can hold at all, as far as that hangs on questions that nobody is asked. Values that a fact never has
 * are reported where they stand.
 */
export function canHold(rule: Loose<Rule>, isNeverAsked: (question: string) => boolean): boolean {
  return chancesOf(rule, isNeverAsked).hold
}

function chancesOf(rule: Loose<Rule> | undefined, isNeverAsked: (question: string) => boolean): Chances {
  const inner = (rules: Loose<Rule[]> | undefined): Chances[] =>
    (rules ?? []).map((each) => chancesOf(each, isNeverAsked))
  if (!rule) return { hold: true, fail: true }
  if ('all' in rule) {
    const each = inner(rule.all)
    return { hold: each.every(({ hold }) => hold), fail: each.some(({ fail }) => fail) }
  }
  if ('any' in rule) {
    const each = inner(rule.any)
    return { hold: each.some(({ hold }) => hold), fail: each.every(({ fail }) => fail) }
  }
  if ('not' in rule) {
    const { hold, fail } = chancesOf(rule.not, isNeverAsked)
    return { hold: fail, fail: hold }
  }
  const isCondition = 'question' in rule || 'bands' in rule
  const { question, bands } = isCondition ? rule : {}
  const { fact = '', op, value } = isCondition ? {} : (rule as Loose<Test>)
  const [, asked = question] = /^(?:answer|band)\.(.+)$/s.exec(fact) ?? []
  if (asked !== undefined && isNeverAsked(asked))
    return op === 'known' ? { hold: value === false, fail: value !== false } : { hold: false, fail: false }
  return { hold: bands?.length !== 0, fail: true }
}
