/** The entry of the lazy chunk that knows the texts of templates: where each language of them is. */
import type { Templates } from '../words.ts'

export { builtInText } from '@earshot/contract'

/** Each spelt out, so that bundlers find it. */
export const files: Templates['files'] = {
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
