/** Which surveys do without the rules: most of them, and those never load any. */
import type { Survey } from '@earshot/contract'
import type { State } from './model.ts'
import type { Memory } from './remembered.ts'

const made = new WeakMap<Survey, string>()

/** Says of a survey that it does without, as it is now. A copy of it does not: it may have got something else. */
export function markPlain(survey: Survey): Survey {
  made.set(survey, JSON.stringify(survey))
  return survey
}

/** Whether that was said of it, and it is still the same. */
export function isMarkedPlain(survey: Survey): boolean {
  return made.has(survey) && made.get(survey) === JSON.stringify(survey)
}

/** Whether the rules are needed on this page: for a survey, or to go on with what was begun. */
export function needsRules({ surveys, plain, showing }: State, memory: Memory): boolean {
  return (
    plain.length < surveys.length ||
    // While a card is open its progress is its own.
    (!showing && Object.values(memory.surveys).some(({ progress, snoozed }) => progress ?? snoozed))
  )
}
