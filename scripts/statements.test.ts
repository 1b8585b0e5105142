import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

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

it.each(['docs/accessibility.md', 'docs/hostile-pages.md', 'docs/coverage.md'])(
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

/** Where docs/coverage.md finds what it calls `sdk/core/flow` and the like. */
const homes: Readonly<Record<string, string>> = {
  sdk: 'packages/sdk/src',
  collector: 'packages/collector/src',
  metrics: 'packages/metrics/src',
  contract: 'packages/contract/src',
  e2e: 'apps/demo/e2e',
  engines: 'apps/demo/engines',
  sim: 'apps/demo/sim',
  strangers: 'apps/demo/strangers',
}

/** The quotes of a cell, each with the test file named before it; those for which there is no such test. */
function missesOf(cell: string): string[] {
  let file = ''
  let text = ''
  return [...cell.matchAll(/`([^`]+)`|“([^”]+)”/g)].flatMap(([whole, name, title]) => {
    if (name) {
      const [home = '', ...path] = name.split('/')
      const isWhole = name.startsWith('scripts/')
      if (!homes[home] && !isWhole) return []
      file = name
      const [found] = globSync(isWhole ? name : `${homes[home]}/${path.join('/')}.test.{ts,tsx}`)
      text = found ? readFileSync(found, 'utf8') : ''
      return text ? [] : [`no file ${name}`]
    }
    const isTitle = ["'", '"', '`'].some((mark) => text.includes(mark + title + mark))
    return isTitle ? [] : [`${file}: ${whole}`]
  })
}

describe('docs/coverage.md', () => {
  const rows = readFileSync('docs/coverage.md', 'utf8')
    .split('\n')
    .filter((line) => /^\| \d+ +\|/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
  it('has five cells in each row, none of them empty, and one of four states', () => {
    expect(rows.length).toBeGreaterThan(70)
    expect(rows.filter((row) => row.length !== 5 || row.includes(''))).toEqual([])
    const states = new Set(rows.map((row) => row[3] ?? ''))
    expect(
      [...states].filter((each) => !['proved', 'in part', 'not yet', 'left out'].includes(each)),
    ).toEqual([])
  })
  it('quotes titles of tests that are in the files it names, at least one where it says "proved"', () => {
    expect(
      rows.flatMap(([number, , , , held = '']) => missesOf(held).map((each) => `${number}: ${each}`)),
    ).toEqual([])
    expect(rows.filter((row) => row[3] === 'proved' && !/“/.test(row[4] ?? ''))).toEqual([])
  })
  it('is missed where a title differs, or a file is not there', () => {
    expect(missesOf('`metrics/nps`: “divides once: 1 of 8 is exactly 12.5”')).toEqual([])
    expect(missesOf('`metrics/nps`: “divides once”; `metrics/none`: “x”')).toEqual([
      'metrics/nps: “divides once”',
      'no file metrics/none',
      'metrics/none: “x”',
    ])
  })
  it('counts its rows rightly', () => {
    const said = /^(\d+) proved, (\d+) in part, (\d+) not yet, (\d+) left out/m.exec(
      readFileSync('docs/coverage.md', 'utf8'),
    )
    const counts = ['proved', 'in part', 'not yet', 'left out'].map(
      (state) => rows.filter((row) => row[3] === state).length,
    )
    expect(said?.slice(1).map(Number)).toEqual(counts)
  })
})

it('nothing of the SDK asks where somebody is', () => {
  const sources = globSync('packages/sdk/src/**/*.{ts,tsx}').filter((path) => !path.includes('.test.'))
  expect(sources.length).toBeGreaterThan(100)
  expect(sources.filter((path) => readFileSync(path, 'utf8').includes('geolocation'))).toEqual([])
})
