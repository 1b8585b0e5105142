/** The entry of the lazy chunk that words surveys: where each language is. */
import type { LanguageFiles, WordSurvey } from './words.ts'
import { createWordSurvey } from './wordSurvey.ts'

/** Each spelt out, so that bundlers find it. */
const files: LanguageFiles = {
  de: () => import('./de.ts'),
  fr: () => import('./fr.ts'),
  es: () => import('./es.ts'),
  it: () => import('./it.ts'),
  'pt-BR': () => import('./pt-BR.ts'),
  nl: () => import('./nl.ts'),
  pl: () => import('./pl.ts'),
  sv: () => import('./sv.ts'),
  cs: () => import('./cs.ts'),
  tr: () => import('./tr.ts'),
  ru: () => import('./ru.ts'),
  ar: () => import('./ar.ts'),
  he: () => import('./he.ts'),
  'zh-Hans': () => import('./zh-Hans.ts'),
  ja: () => import('./ja.ts'),
  ko: () => import('./ko.ts'),
  hi: () => import('./hi.ts'),
}

export const wordSurvey: WordSurvey = createWordSurvey(files, () => import('./templates/main.ts'))
