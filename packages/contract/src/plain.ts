/** Which surveys do without the rules that the SDK loads only where they are needed. */
import type { Survey } from './survey.ts'

/** Every field that the basic part understands. A field that it does not know makes a survey need the rules: so nothing is ever left out of account. */
const basic = new Set(
  (
    'id version locale questions thanks triggers recontact touchpoint stage purpose owner ' +
    'kind metric min max positive negative title text low high maxLength when question bands ' +
    'on name delay answered dismissed shown'
  ).split(' '),
)

const hasOnlyBasics = (value: unknown): boolean => {
  if (typeof value === 'string') return !value.includes('{{')
  if (typeof value !== 'object' || value === null) return true
  if (Array.isArray(value)) return value.every(hasOnlyBasics)
  return Object.entries(value).every(
    ([key, each]) => each === undefined || (basic.has(key) && hasOnlyBasics(each)),
  )
}

/**
 * Whether number scales and texts on one page, triggers by event or time on the page, and the standard periods are all
 * that a survey has. It is always safe to say no: then the rules decide.
 *
 * @example
 * isPlain(nps({ id: 'nps-q4', name: 'Acme' })) // true
 */
export function isPlain(survey: Survey): boolean {
  // Of other words nothing is decided. Their keys are ids and languages, so they stand in no list.
  const { translations, ...rest } = survey
  const { questions, triggers } = rest
  return (
    hasOnlyBasics(rest) &&
    !JSON.stringify(translations ?? '').includes('{{') &&
    questions.every(
      (each, index) => (each.kind === 'scale' || each.kind === 'text') && !each.when === !index,
    ) &&
    triggers.every((each) => each.on === 'page' || (each.on === 'event' && each.delay === undefined))
  )
}
