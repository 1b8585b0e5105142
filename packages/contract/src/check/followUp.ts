/** Finds what is wrong with the rules of follow-ups. */
import type { FollowUpRule } from '../followUp.ts'
import type { Survey } from '../survey.ts'
import type { Scope } from './fact.ts'
import { checkUnique, namesInWords, type Loose, type Path, type Report } from './report.ts'
import { checkRule } from './rule.ts'

/** Days between two surveys where the site says nothing else: `Limits.quiet`. */
const defaultQuiet = 14

/** Reports all that is wrong with the follow-ups of a survey. */
export function checkFollowUps(
  report: Report,
  survey: Loose<Survey>,
  others?: ReadonlyMap<string, Loose<Survey>>,
): void {
  const rules = survey.followUps ?? []
  checkUnique(report, ['followUps'], rules, 'follow-up')
  for (const [index, rule] of rules.entries()) {
    if (!rule) continue
    checkCause(report, ['followUps', index, 'after'], rule, survey, others)
    checkTimes(report, ['followUps', index], rule, survey.transactional === true)
  }
}

function checkCause(
  report: Report,
  at: Path,
  { after, cancel }: Loose<FollowUpRule>,
  survey: Loose<Survey>,
  others?: ReadonlyMap<string, Loose<Survey>>,
): void {
  if (after?.on === undefined) return
  const caseKey = after.on === 'event' ? after.key : undefined
  for (const [index, each] of (cancel ?? []).entries())
    if (each?.key !== undefined && caseKey === undefined)
      report.warning({
        at: [...at.slice(0, -1), 'cancel', index, 'key'],
        found: each.key,
        allowed: 'this only where the cause is an event with "key"',
        problem: `is "${each.key}", but what plans this follow-up names no case to compare with`,
      })
  const scope: Scope = { place: 'answer', questions: null, asked: Infinity, hidden: survey.hidden ?? [] }
  if (after.on === 'event') {
    checkRule(report, [...at, 'where'], after.where, { ...scope, place: 'event' })
    return
  }
  const cause = 'survey' in after ? after.survey : undefined
  const isOwn = cause === undefined || cause === survey.id
  if (!isOwn && others && !others.has(cause))
    report.error({
      at: [...at, 'survey'],
      found: cause,
      allowed: `one of the surveys: ${namesInWords(others.keys())}`,
      problem: `is "${cause}", but there is no such survey`,
      names: others.keys(),
    })
  if (after.on === 'answer') {
    const questions = isOwn ? survey.questions : others?.get(cause)?.questions
    checkRule(report, [...at, 'when'], after.when, { ...scope, questions: questions ?? null })
  } else if (isOwn && survey.recontact && survey.recontact.most === undefined)
    report.warning({
      at,
      found: 'silence',
      allowed: '"most" in "recontact", or another survey as the cause',
      problem: 'makes silence the cause of asking again, and that of asking again, without end',
    })
}

function checkTimes(
  report: Report,
  at: Path,
  { delay, expires, reminders }: Loose<FollowUpRule>,
  isTransactional: boolean,
): void {
  if (expires === undefined) return
  const { most, every } = reminders ?? {}
  if (most !== undefined && every !== undefined && most * every > expires)
    report.error({
      at: [...at, 'reminders'],
      found: reminders,
      allowed: `"most" times "every" within "expires", ${expires} days`,
      problem: `has its last reminder ${most * every} days after it is due, but it is given up after ${expires}`,
    })
  if (delay !== undefined && !isTransactional && delay + expires < defaultQuiet)
    report.warning({
      at: [...at, 'expires'],
      found: expires,
      allowed: `"delay" and "expires" together of ${defaultQuiet} days, or "transactional": true`,
      problem: `gives it up ${delay + expires} days after its cause, inside the quiet period of ${defaultQuiet} days: it may never appear`,
    })
}
