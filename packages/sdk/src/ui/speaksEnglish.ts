/** Whether a survey needs no words besides those that every card has. */
import type { Survey } from '@earshot/contract'

/** @param wanted BCP 47 tags, most wanted first */
export function speaksEnglish(survey: Survey, wanted: readonly string[]): boolean {
  return /^en\b\S* en\b/i.test(`${survey.locale} ${wanted[0] ?? 'en'}`) && !('translations' in survey)
}
