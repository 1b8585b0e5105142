/** Says what is wrong with surveys, settings and rules that stand in the documents; warnings count, because people copy them. */
import { deepStrictEqual } from 'node:assert'
import {
  ruleSchema,
  settingsSchema,
  validateSurvey,
  validateSurveys,
} from '../packages/contract/src/schema.ts'
import { planSchema } from '../packages/collector/src/http/followUpSchema.ts'

type Bag = Readonly<Record<string, unknown>>

const isBag = (value: unknown): value is Bag =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isSurvey = (value: unknown): boolean => isBag(value) && 'questions' in value

/** All that is wrong with a survey or a list of them; nothing of what is neither. */
export function flawsOf(value: unknown): string[] {
  if (Array.isArray(value) && value.some(isSurvey))
    return validateSurveys(value).map(({ message }) => message)
  return isSurvey(value) ? validateSurvey(value).map(({ message }) => message) : []
}

/** All that is wrong with the settings of a site; a key that there is not is dropped by the schema, so it is seen by that. */
export function settingsFlaws(value: unknown): string[] {
  return parsed(settingsSchema, value, 'the settings')
}

/**
 * All that is wrong with the value of a JSON block: as a survey or a list of them, a plan of follow-ups, settings, or a
 * rule. Anything else only has to be JSON.
 */
export function jsonFlaws(text: string): string[] {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return [`it is no JSON: ${String(error)}`]
  }
  if (!isBag(value) || isSurvey(value)) return flawsOf(value)
  const has = (...keys: string[]): boolean => keys.some((key) => Object.hasOwn(value, key))
  if (has('rules') && !has('summary')) return parsed(planSchema, value, 'the plan')
  if (has('limits', 'privacy')) return settingsFlaws(value)
  if (has('fact', 'bands', 'all', 'any', 'not')) return parsed(ruleSchema, value, 'the rule')
  return []
}

function parsed(
  schema: { safeParse(value: unknown): { success: boolean; data?: unknown; error?: { message: string } } },
  value: unknown,
  what: string,
): string[] {
  const { success, data, error } = schema.safeParse(value)
  if (!success) return [`${what} is refused: ${error?.message.replaceAll(/\s+/g, ' ')}`]
  try {
    deepStrictEqual(data, JSON.parse(JSON.stringify(value)))
    return []
  } catch {
    return [
      `${what} has a key that there is not: ${JSON.stringify(value)} is read as ${JSON.stringify(data)}`,
    ]
  }
}
