/** Words that say nothing by themselves, such as "the" and "und", in the languages that surveys come in. */
// oxlint-disable-next-line typescript/triple-slash-reference -- the package has no types, and the tests compile this file in another project
/// <reference path="./stopword.d.ts" />
import {
  ara,
  ces,
  deu,
  eng,
  fra,
  heb,
  hin,
  ita,
  jpn,
  kor,
  nld,
  pol,
  porBr,
  rus,
  spa,
  swe,
  tur,
  zho,
} from 'stopword'

/** The lists by the language of a locale. */
const lists: Readonly<Record<string, readonly string[]>> = {
  ar: ara,
  cs: ces,
  de: deu,
  en: eng,
  es: spa,
  fr: fra,
  he: heb,
  hi: hin,
  it: ita,
  ja: jpn,
  ko: kor,
  nl: nld,
  pl: pol,
  pt: porBr,
  ru: rus,
  sv: swe,
  tr: tur,
  zh: zho,
}

/** The list of Chinese has single signs only, and a theme has two or more. */
const chinese =
  '我们 你们 他们 她们 因为 所以 但是 可以 这个 那个 这些 那些 没有 一个 什么 怎么 就是 还是 如果 自己 不是 已经 非常 而且 或者'.split(
    ' ',
  )
/** What the list of German has in it and yet says something of a shop. */
const judging =
  /^(?:gut|schlecht|groß|klein|lang|kurz|neu|richtig|wichtig|ganz|besser|beste)(?:e|en|em|er|es)?$/

const made = new Map<string, ReadonlySet<string>>()

function wordsOf(language: string): ReadonlySet<string> {
  const known = made.get(language)
  if (known) return known
  const own = Object.hasOwn(lists, language) ? lists[language] : []
  const given = [...(own ?? []), ...(language === 'zh' ? chinese : [])]
  const words = new Set(
    given.map((word) => word.normalize('NFKC').toLowerCase()).filter((word) => !judging.test(word)),
  )
  made.set(language, words)
  return words
}

/**
 * Whether a word, in small letters, says nothing by itself in the language of a locale; English where none is known.
 *
 * @example
 * isStopWord('und', 'de-AT') // true
 */
export function isStopWord(word: string, locale: string | null): boolean {
  return wordsOf((locale ?? 'en').split(/[-_]/)[0]?.toLowerCase() ?? 'en').has(word)
}
