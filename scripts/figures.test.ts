import { describe, expect, it } from 'vitest'
import {
  besideViolations,
  comparisonViolations,
  findViolations,
  followUpViolations,
  handbookSentencesOf,
  sentencesOf,
  versionViolations,
} from './figures.ts'

const csv = 'row,nps,period\n1,10,11\n2,7,11\n3,,11\n4,3,12\n'

describe('the figures of the README', () => {
  it('come from the data; an empty cell is no score', () => {
    expect(sentencesOf(csv)[0]).toBe('4 real interviews')
    expect(sentencesOf(csv)[1]).toMatch(/^NPS 0\.0000 \(n 3: 1 detractors, 1 passives, 1 promoters\)/)
  })
  it('are missed when one digit differs', () => {
    const readme = sentencesOf(csv).join('\n')
    expect(findViolations(readme, csv)).toEqual([])
    expect(findViolations(readme.replace('n 3', 'n 4'), csv)).toHaveLength(1)
  })
})

describe('the figures of the handbook', () => {
  const wrote = 'row,nps,comment_chars\n1,10,0\n2,9,0\n3,,5\n4,3,12\n5,7,1\n'
  it('tell those who wrote from those who did not', () => {
    const [scores = '', difference = ''] = handbookSentencesOf(wrote)
    expect(scores).toBe('people who wrote a comment score -50.0, the others 100.0')
    expect(difference).toMatch(/^difference 150\.0 points, 95 % interval /)
    expect(findViolations(scores, wrote, 'a.md', [scores, difference])).toMatchObject([{ file: 'a.md' }])
    expect(() => handbookSentencesOf(csv)).toThrow(/nobody to compare/)
  })
})

describe('the versions in docs/performance.md and docs/reliability-kill.md', () => {
  const versions = { one: '1.2.3', '@scope/two': '4.5.6' }
  it('are the installed ones', () => {
    expect(versionViolations('- one 1.2.3 and @scope/two 4.5.6, bundled', versions)).toEqual([])
    expect(versionViolations('- one 1.2.30 and @scope/two 4.5.5, bundled', versions)).toHaveLength(2)
  })
  it('are named with the document, and how to measure again', () => {
    const kill = { file: 'docs/reliability-kill.md', command: 'pnpm kill:test --write' }
    const [found] = versionViolations('- one 1.2.2, from npm', { one: '1.2.3' }, kill)
    expect(found).toMatchObject({ file: kill.file, mend: expect.stringContaining(kill.command) })
  })
})

describe('what README.md says beside another product', () => {
  const measured = '| lost | Earshot | Other |\n| --- | --- | --- |\n| killed | 0 of 5 | 5 of 5 |'
  const told = (row: string): string =>
    `<!-- beside -->\n| of one | Earshot | Other |\n| --- | --- | --- |\n${row}\n<!-- /beside -->`
  it('is what was measured, cell by cell', () => {
    expect(besideViolations(told('| killed | 0 of 5 | 5 of 5 |'), ['', measured])).toEqual([])
    expect(besideViolations(told('| killed | 0 of 5 | 4 of 5 |'), [measured])).toMatchObject([
      { problem: 'says 4 of 5 of Other, "killed", where it was 5 of 5' },
    ])
    expect(besideViolations(told('| closed | 0 of 5 | 5 of 5 |'), [measured])).toHaveLength(2)
    expect(besideViolations('', [measured])).toHaveLength(1)
  })
})

describe('what docs/comparison.md says', () => {
  const row = 'a survey is shown: transferred, gzip, kB'
  const told = (rows: string): string =>
    `<!-- measured -->\n| of one | Earshot | PostHog |\n| --- | --- | --- |\n${rows}\n<!-- /measured -->`
  it('has each row, with figures of both', () => {
    expect(comparisonViolations(told(`| ${row} | 16.5 | 171.7 |`), [row], 171)).toEqual([])
    expect(comparisonViolations(told(`| ${row} | | 171.7 |`), [row], 171)).toMatchObject([
      { problem: `has no figures of "${row}"` },
    ])
    expect(comparisonViolations('', [row], 171)).toHaveLength(2)
  })
  it('is of all files that are compared', () => {
    expect(comparisonViolations(told(`| ${row} | 16.5 | 122.1 |`), [row], 171)).toMatchObject([
      { problem: 'says 122.1 kB of PostHog, whose files have 171' },
    ])
  })
})

describe('the figures of follow-ups', () => {
  const row = (store: string, rate: number, detractors: string, share = '100.0 %'): string =>
    `| ${store} | ${rate} | 9.9 | ${detractors} | 1 | 2 | ${share} | 3 | 4 | 100.0 % |`
  const told = (...rows: string[]): string =>
    `<!-- follow-ups -->\nwith \`pnpm bench:follow-ups --seconds 10 --rates 100,400\`\n\n${rows.join('\n')}\n<!-- /follow-ups -->`
  const all = ['SQLite', 'PostgreSQL'].flatMap((store) => [
    row(store, 100, '200'),
    row(store, 400, '800', '5.5 %'),
  ])
  it('are of each store and rate of the command, and of as many as it sends', () => {
    expect(followUpViolations(told(...all))).toEqual([])
    expect(followUpViolations(told(...all.slice(1)))).toMatchObject([
      { problem: 'has no figures of SQLite at 100 a second' },
    ])
    expect(followUpViolations(told(row('SQLite', 100, '20'), ...all.slice(1)))).toMatchObject([
      { problem: 'says 20 detractors of SQLite at 100 a second, where 200 are sent' },
    ])
    expect(followUpViolations('')).toHaveLength(1)
  })
  it('keep the promise of the page', () => {
    expect(followUpViolations(told(row('SQLite', 100, '200', '98.9 %'), ...all.slice(1)))).toMatchObject([
      { problem: 'says that SQLite at 100 a second breaks the promise of the page' },
    ])
  })
})
