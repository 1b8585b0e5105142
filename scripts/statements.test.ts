import { globSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const tests = globSync(['packages/sdk/src/**/*.test.{ts,tsx}', 'apps/demo/e2e/*.{test.ts,ts}'])
  .map((path) => readFileSync(path, 'utf8'))
  .join('\n')
  .replaceAll('’', "'")

/** What a row quotes of tests: the words between the quotation marks, without what is left out at an end. */
function quotesIn(document: string): string[] {
  const rows = readFileSync(document, 'utf8')
    .split('\n')
    .filter((line) => /^\| \d+ +\|/.test(line) || line.startsWith('| by ') || line.startsWith('| no text '))
  // The last cell says by which test a statement is held.
  const held = rows.map((row) => row.split('|').at(-2) ?? '')
  return held.flatMap((cell) => [...cell.matchAll(/“([^”]+)”/g)].map(([, quote = '']) => quote))
}

it.each([
  ['docs/accessibility.md', 40],
  ['docs/hostile-pages.md', 8],
])('every test that %s names is there', (document, most) => {
  const quotes = quotesIn(document)
  expect(quotes.length).toBeGreaterThan(most)
  const isThere = (quote: string): boolean =>
    quote.split('…').every((part) => tests.includes(part.trim().replaceAll('’', "'")))
  // Screen readers say it; no test is called so.
  const said = ['1 of 11', 'click 7']
  expect(quotes.filter((each) => !isThere(each) && !said.includes(each))).toEqual([])
})

it.each(['docs/accessibility.md', 'docs/hostile-pages.md'])(
  'no statement of %s is without a word',
  (document) => {
    const rows = readFileSync(document, 'utf8')
      .split('\n')
      .filter((line) => /^\| \d+ +\|/.test(line))
    const numbers = rows.map((row) => Number(row.split('|')[1]))
    expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, index) => index + 1))
    expect(rows.filter((row) => (row.split('|').at(-2) ?? '').trim().length < 4)).toEqual([])
  },
)
