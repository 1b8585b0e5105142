/** How texts are compared in a search: without regard to capitals and to forms of one letter, in any language. */
import type { StoredResponse } from './project.ts'
import { cleanText } from './text.ts'

/**
 * The text as it is searched: compatibility forms of a character become one (full-width letters, ligatures), and so do
 * capitals, small letters and what a capital stands for (ß is ss), in no language's way. Spaces of any kind become one.
 *
 * @example
 * foldText('  Größe\nＡＢＣ ') // 'grösse abc'
 */
export function foldText(text: string): string {
  return text.normalize('NFKC').toUpperCase().toLowerCase().replaceAll(/\s+/g, ' ').trim()
}

/** All that was written in a response, ready to be searched: a line for each text. Empty when nothing was. */
export function commentOf({ answers }: Pick<StoredResponse, 'answers'>): string {
  const texts: string[] = []
  for (const { value, other } of Object.values(answers)) {
    if (typeof value === 'string') texts.push(value)
    if (other !== undefined) texts.push(other)
  }
  return texts.length === 0 ? '' : texts.map(foldText).filter(Boolean).join('\n')
}

/** Short pieces of a text, by which it is found: each two characters that stand beside each other. */
export function gramsOf(folded: string): string[] {
  const letters = Array.from(folded)
  return [...new Set(letters.slice(1).map((letter, index) => `${letters[index] ?? ''}${letter}`))]
}

/**
 * The parts that a text must all have to be found: what stands between spaces, or together between quotes. What is cleaned out
 * of texts is cleaned out of the query too: it would be found in none, and a NUL ends what the index of SQLite is asked for.
 *
 * @returns at most 10; none for a query of spaces alone
 * @example
 * searchTerms('Lieferung "zu spät"') // ['lieferung', 'zu spät']
 */
export function searchTerms(query: string): string[] {
  const found = [...foldText(cleanText(query)).matchAll(/"([^"]+)"?|[^\s"]+/g)]
  const terms = found.map(([whole, quoted]) => (quoted ?? whole).trim()).filter(Boolean)
  return [...new Set(terms)].slice(0, 10)
}
