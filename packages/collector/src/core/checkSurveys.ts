/** Checks survey definitions that the owner wrote, and says all that is wrong with them at once. */
import type { Survey } from '@earshot/contract'
import { surveySchema, validateSurvey, validateSurveys, type SurveyFlaw } from '@earshot/contract/schema'
import { describeValue } from './issues.ts'
import { isRecord, ownValue } from './text.ts'

/** A definition if it can be used, and what there is to say about it. */
export interface CheckedSurvey {
  /** Null when there are errors. */
  survey: Survey | null
  errors: SurveyFlaw[]
  warnings: SurveyFlaw[]
}

/** Fields that say why a survey is there, and what stands in each. */
const reasons = [
  ['purpose', 'what the answers are for, in a sentence'],
  ['owner', 'the role that acts on the answers'],
] as const

/** What is missing of why there is a survey and who acts on it. */
function reasonFlaws(value: unknown, severity: SurveyFlaw['severity'], at = ''): SurveyFlaw[] {
  return reasons.flatMap(([field, allowed]) => {
    // A blank one is a flaw of its shape.
    const isSaid = ownValue(value, field) !== undefined
    const path = at + field
    const message = `${path} is missing; allowed is ${allowed}: nobody is asked without a purpose and somebody who acts on it`
    return isSaid ? [] : [{ path, found: 'nothing', allowed, message, severity }]
  })
}

/**
 * Checks one definition.
 *
 * @param id that it must have, if one is asked for
 * @param needsReason whether it must say its purpose and its owner
 * @example
 * checkSurvey({ ...survey, quota: 0 }).errors[0] // { path: 'quota', found: '0', allowed: 'a whole number from 1', … }
 */
export function checkSurvey(value: unknown, id?: string, needsReason = false): CheckedSurvey {
  const flaws = validateSurvey(value)
  const warnings = flaws.filter((each) => each.severity === 'warning')
  const errors = flaws.filter((each) => each.severity === 'error')
  const found = ownValue(value, 'id')
  if (id !== undefined && typeof found === 'string' && found !== id)
    errors.push({
      path: 'id',
      found: describeValue(found),
      allowed: describeValue(id),
      message: `id is ${describeValue(found)}; allowed is "${id}", the id in the address`,
      severity: 'error',
    })
  if (needsReason && isRecord(value)) errors.push(...reasonFlaws(value, 'error'))
  // The schema takes a definition exactly when it has no errors.
  return { survey: errors.length > 0 ? null : surveySchema.parse(value), errors, warnings }
}

/** What to print about a file of definitions. */
export interface CheckedFile {
  text: string
  /** Whether there is an error; warnings are none. */
  hasErrors: boolean
  hasWarnings: boolean
}

/**
 * Checks what a file holds: one definition, or a list of them.
 *
 * @example
 * checkFile([survey], 'surveys.json').text // 'surveys.json: 1 survey, no errors, no warnings\n'
 */
export function checkFile(value: unknown, name: string): CheckedFile {
  const flaws = Array.isArray(value) ? validateSurveys(value) : validateSurvey(value)
  for (const [index, each] of (Array.isArray(value) ? value : [value]).entries())
    if (isRecord(each)) flaws.push(...reasonFlaws(each, 'warning', Array.isArray(value) ? `${index}.` : ''))
  const count = (severity: SurveyFlaw['severity']): number =>
    flaws.filter((each) => each.severity === severity).length
  const amount = (number: number, what: string): string =>
    `${number === 0 ? 'no' : number} ${what}${number === 1 ? '' : 's'}`
  const surveys = Array.isArray(value) ? value.length : isRecord(value) ? 1 : 0
  const summary = `${name}: ${amount(surveys, 'survey')}, ${amount(count('error'), 'error')}, ${amount(count('warning'), 'warning')}\n`
  return {
    text: flaws.map(flawText).join('') + summary,
    hasErrors: count('error') > 0,
    hasWarnings: count('warning') > 0,
  }
}

function flawText({ severity, path, message, found, allowed, nearest }: SurveyFlaw): string {
  const parts = Object.entries({ path, found, allowed, nearest }).filter(([, text]) => text)
  const lines = parts.map(([name, text]) => `        ${name.padEnd(8)} ${text}\n`)
  return `${severity.padEnd(7)} ${message}\n${lines.join('')}`
}
