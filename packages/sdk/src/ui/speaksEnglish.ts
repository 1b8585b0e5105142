/** Whether a survey needs no words besides those that every card has. */
import type { Survey } from '@earshot/contract'

/** Without a pattern: the first one on a page takes longer than all else that is looked at here. */
const isEnglish = (tag: string): boolean => tag.toLowerCase().split('-')[0] === 'en'

/** @param wanted BCP 47 tags, most wanted first */
export function speaksEnglish(survey: Survey, wanted: readonly string[]): boolean {
  return isEnglish(survey.locale) && isEnglish(wanted[0] ?? 'en') && !('translations' in survey)
}
