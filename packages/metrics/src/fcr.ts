/** First-contact resolution, from what customers say and from what contacts show. */
import type { Estimate, LevelOptions } from './estimate.ts'
import { checkCounts, levelOf, reject } from './input.ts'
import { percentOf } from './proportion.ts'
import { checkValues } from './sample.ts'

/** Answers to "was it solved at the first contact?". */
export interface FcrAnswers {
  yes: number
  no: number
}

/** One issue as its contacts show it; times in one unit from one origin, e.g. milliseconds. */
export interface Issue {
  /** When the customer got in touch about it, at least once, in any order. */
  contacts: readonly number[]
  /** When it was resolved, null while it is open. */
  resolvedAt: number | null
  /** False for what the first level cannot solve, such as a faulty device. Default true. */
  solvable?: boolean
}

/** What `fcrFromContacts` gives back; values in percent, with Wilson's interval. */
export interface FcrResult {
  /** Solved at first contact / all issues that are settled. */
  fcr: Estimate
  /** The same without issues that the first level cannot solve: "net FCR". */
  net: Estimate
  /** Solved at first contact / resolved issues: leaves out what is still open, so it is never below `fcr`. */
  ofResolved: Estimate
  /** Issues whose window is not over: in no base. */
  pending: number
  /** As it was passed in; show it beside each value. */
  window: number
}

/**
 * First-contact resolution as customers see it: yes / (yes + no), in percent.
 *
 * SQM Group's survey method, e.g. 280 of 400 are 70 percent. Some texts turn the fraction over, which is no rate. Interval:
 * Wilson 1927. Show it beside `fcrFromContacts`, never in its place: both have their own base.
 *
 * No answer: null with a reason. Counts that are not whole numbers from 0: a RangeError.
 *
 * @param answers - How many said yes and no; who said neither is in no base.
 * @param options - Confidence level (0.95).
 * @example
 * fcrFromSurvey({ yes: 280, no: 120 }).value // 70
 */
export function fcrFromSurvey(answers: FcrAnswers, options: LevelOptions = {}): Estimate {
  const { yes, no } = answers
  checkCounts('fcrFromSurvey()', { 'answers.yes': yes, 'answers.no': no, 'the sum of both': yes + no })
  return percentOf(yes, yes + no, levelOf('fcrFromSurvey()', options), 'There is no answer.')
}

/**
 * First-contact resolution as contacts show it: issues that were resolved after one contact and not raised again within
 * `window`, of all issues that are settled.
 *
 * An issue is settled when `window` has passed since it was resolved, or, while it is open, since the first contact; then it
 * counts as not solved at first contact. There is no standard: windows of 7 days (Call Centre Helper) to 14 (WFM Labs) are
 * usual, and bases differ (net FCR: Medallia; of resolved: Freshservice), hence all three are given. Interval: Wilson 1927.
 *
 * No settled issue: null with a reason. An issue without contact, resolved before its first contact, a time that is not
 * finite, or a negative window: a RangeError.
 *
 * @param issues - One for each issue; what happened after `now` does not count.
 * @param window - How long nobody may get in touch again, in the unit of the times.
 * @param now - The time of the report.
 * @param options - Confidence level (0.95).
 * @example
 * fcrFromContacts([{ contacts: [0], resolvedAt: 1 }, { contacts: [0, 5], resolvedAt: 1 }], 7, 30).fcr.value // 50
 */
export function fcrFromContacts(
  issues: readonly Issue[],
  window: number,
  now: number,
  options: LevelOptions = {},
): FcrResult {
  const level = levelOf('fcrFromContacts()', options)
  checkValues('fcrFromContacts()', { now })
  checkValues('fcrFromContacts()', { window }, 0)
  const settled = { all: 0, solvable: 0, resolved: 0 }
  const solved = { all: 0, solvable: 0 }
  for (const [index, issue] of issues.entries()) {
    const first = firstContact(issue, index)
    const resolvedAt = issue.resolvedAt !== null && issue.resolvedAt <= now ? issue.resolvedAt : null
    if ((resolvedAt ?? first) + window > now) continue
    const isSolvable = issue.solvable ?? true
    const contacts = resolvedAt === null ? [] : issue.contacts.filter((at) => at <= resolvedAt + window)
    const isSolved = contacts.length === 1
    settled.all += 1
    if (resolvedAt !== null) settled.resolved += 1
    if (isSolvable) settled.solvable += 1
    if (isSolved) solved.all += 1
    if (isSolved && isSolvable) solved.solvable += 1
  }
  const empty = 'No issue is settled.'
  return {
    fcr: percentOf(solved.all, settled.all, level, empty),
    net: percentOf(solved.solvable, settled.solvable, level, empty),
    ofResolved: percentOf(solved.all, settled.resolved, level, 'No issue is resolved.'),
    pending: issues.length - settled.all,
    window,
  }
}

/** The first contact of a checked issue. */
function firstContact({ contacts, resolvedAt }: Issue, index: number): number {
  for (const at of contacts) checkValues('fcrFromContacts()', { [`a contact of issues[${index}]`]: at })
  if (contacts.length === 0)
    reject('fcrFromContacts()', `issues[${index}].contacts is empty`, 'Pass when the customer got in touch.')
  const first = contacts.reduce((earliest, at) => Math.min(earliest, at))
  if (resolvedAt !== null)
    checkValues('fcrFromContacts()', { [`issues[${index}].resolvedAt`]: resolvedAt }, first)
  return first
}
