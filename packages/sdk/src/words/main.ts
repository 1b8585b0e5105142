/** The words of a survey and its card. A lazy chunk. */
import { english as kinds } from '../ui/kinds/strings.ts'
import { english as card } from '../ui/strings.ts'
import type { WordSurvey } from './words.ts'

const rightToLeft = /^(ar|he|fa|ur)\b/

/** As the survey is written. */
export const wordSurvey: WordSurvey = (survey) =>
  Promise.resolve({
    survey,
    words: { tag: 'en', dir: rightToLeft.test(survey.locale) ? 'rtl' : 'ltr', card, kinds },
    wording: 'en@1',
  })
