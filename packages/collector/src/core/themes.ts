/** Finds what answers are about: the choices that were made, keywords that somebody names, or the words that were written. */
import {
  bandOf,
  type Band,
  type ChoiceQuestion,
  type ScaleQuestion,
  type TextQuestion,
} from '@earshot/contract'
import { pareto, type ParetoTheme } from '@earshot/metrics'
import type { KeptResponse } from './project.ts'
import { foldText } from './search.ts'
import { ownValue } from './text.ts'

/** A theme by its words: the text of an answer has one of them in it. */
export interface Keywords {
  theme: string
  words: readonly string[]
}

/** A theme with the words for people. */
export interface Theme extends ParetoTheme {
  label: string
}

/** What was found. */
export interface Themes {
  /** How many answered the question; shares are of those. */
  answers: number
  themes: Theme[]
}

/** Fewer mentions of a word could tell who wrote it, and tell little. */
const fewestMentions = 3
/** Most themes of words. */
const mostWords = 30

/**
 * Reads keywords, `theme:word|word`.
 *
 * @returns null when it is not written so
 * @example
 * readKeywords(['price:teuer|expensive']) // [{ theme: 'price', words: ['teuer', 'expensive'] }]
 */
export function readKeywords(given: readonly string[]): Keywords[] | null {
  const all = given.map((text) => {
    const at = text.indexOf(':')
    const words = text
      .slice(at + 1)
      .split('|')
      .map(foldText)
      .filter(Boolean)
    return { theme: text.slice(0, at), words, isGood: at > 0 && words.length > 0 }
  })
  return all.every((each) => each.isGood) ? all.map(({ theme, words }) => ({ theme, words })) : null
}

/** Collects what it is given. */
export interface ThemeCount {
  add(response: KeptResponse): void
  result(): Themes
}

/**
 * Begins to collect the themes of a question, the most frequent first.
 *
 * A choice is a theme of its own. Of texts, the keywords are, or without any each word of three letters and more (of two in
 * writing that has no spaces) that at least three answers have in them; capitals do not matter.
 *
 * @param among only responses whose score of that question is in the band
 * @param isFiller whether a word says nothing by itself in a language; such words are no themes
 */
export function createThemes(
  question: ChoiceQuestion | TextQuestion,
  keywords: readonly Keywords[],
  among: { question: ScaleQuestion; band: Band } | null,
  isFiller: (word: string, locale: string | null) => boolean = () => false,
): ThemeCount {
  const found: string[][] = []
  return {
    add(response) {
      if (response.overQuota) return
      if (among) {
        const score = ownValue(ownValue(response.answers, among.question.id), 'value')
        if (typeof score !== 'number' || bandOf(among.question, score) !== among.band) return
      }
      const value = ownValue(ownValue(response.answers, question.id), 'value')
      if (question.kind === 'choice') {
        if (Array.isArray(value)) found.push(value.map(String))
        return
      }
      if (typeof value !== 'string' || value.trim() === '') return
      found.push(
        keywords.length > 0
          ? keywords
              .filter(({ words }) => words.some((each) => foldText(value).includes(each)))
              .map((each) => each.theme)
          : wordsOf(value.normalize('NFKC').toLowerCase()).filter((each) => !isFiller(each, response.locale)),
      )
    },
    result() {
      const isFree = question.kind === 'text' && keywords.length === 0
      const themes = isFree ? pareto(frequent(found)).slice(0, mostWords) : pareto(found)
      const labels = new Map(
        question.kind === 'choice' ? question.options.map((each) => [each.id, each.label]) : [],
      )
      return {
        answers: found.length,
        themes: themes.map((each) => ({ ...each, label: labels.get(each.theme) ?? each.theme })),
      }
    },
  }
}

const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' })
/** Writing in which words are not set apart by spaces, and short. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u

function wordsOf(text: string): string[] {
  const words = new Set<string>()
  for (const { segment, isWordLike } of segmenter.segment(text))
    if (isWordLike && Array.from(segment).length >= (unspaced.test(segment) ? 2 : 3)) words.add(segment)
  return [...words]
}

function frequent(comments: readonly (readonly string[])[]): string[][] {
  const counts = new Map<string, number>()
  for (const word of comments.flat()) counts.set(word, (counts.get(word) ?? 0) + 1)
  return comments.map((words) => words.filter((each) => (counts.get(each) ?? 0) >= fewestMentions))
}
