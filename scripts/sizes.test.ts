import { readFileSync } from 'node:fs'
import type { Question, ScaleQuestion } from '../packages/contract/src/index.ts'
import { describe, expect, it } from 'vitest'
import { formatSize, limitViolations, readmeViolations, sizesTable, withTable } from './sizes.ts'

const measured = [
  { label: 'small', bytes: 6949, limit: 7000 },
  { label: 'other', bytes: 170_676, limit: null },
]
const table = sizesTable(measured)
const readme = `# Earshot\n\n<!-- sizes -->\n\n${table}\n\n<!-- /sizes -->\n`

describe('sizes', () => {
  it('are kilobytes of 1,000 bytes with one decimal', () => {
    expect([0, 49, 50, 6949, 6950, 7000, 16_000].map(formatSize)).toStrictEqual([
      '0.0 kB',
      '0.0 kB',
      '0.1 kB',
      '6.9 kB',
      '7.0 kB',
      '7.0 kB',
      '16.0 kB',
    ])
  })
  it('may reach their limit, and not pass it by a byte', () => {
    expect(limitViolations([{ label: 'a', bytes: 7000, limit: 7000 }])).toStrictEqual([])
    expect(limitViolations([{ label: 'a', bytes: 7001, limit: 7000 }])[0]?.problem).toContain(
      '1 over its limit',
    )
  })
})

describe('README.md', () => {
  it('may say what was measured, however the table is padded', () => {
    expect(readmeViolations(readme, table)).toStrictEqual([])
    expect(
      readmeViolations(readme.replaceAll(/ +\|/g, ' |').replaceAll(/-{4,}/g, '---'), table),
    ).toStrictEqual([])
  })
  it.each([
    [
      'another figure',
      readme.replace('6.9 kB', '6.8 kB'),
      2,
      /lacks the measured line "\| small \| 6\.9 kB \|"/,
    ],
    ['a line less', readme.replace(/\n\| other.*/, ''), 1, /lacks/],
    ['a line more', readme.replace('<!-- /sizes', '| more | 1.0 kB |\n<!-- /sizes'), 1, /not measured/],
    ['no block', '# Earshot\n', 1, /has no block/],
    ['no README', null, 1, /is not there/],
  ])('may not have %s', (_what, text, count, problem) => {
    const found = readmeViolations(text, table)
    expect(found).toHaveLength(count)
    expect(found[0]?.problem).toMatch(problem)
    expect(found[0]?.mend).not.toBe('')
  })
  it('is mended by --write', () => {
    const old = readme.replace('6.9 kB', '1.2 kB')
    expect(withTable(old, table)).toBe(readme)
    expect(withTable('# Earshot\n', table)).toBeNull()
  })
})

describe('README.md lists, as an increment of its own,', () => {
  // Does not compile when a type is missing.
  const files: Readonly<
    Record<Exclude<Question['kind'], 'scale'> | NonNullable<ScaleQuestion['look']>, string>
  > = {
    numbers: 'kinds.js',
    stars: 'kind-stars.js',
    faces: 'kind-faces.js',
    thumbs: 'kind-thumbs.js',
    yesno: 'kind-yesno.js',
    choice: 'kind-choice.js',
    text: 'kind-text.js',
    statement: 'kind-statement.js',
    link: 'kind-link.js',
  }
  const rows = readFileSync('README.md', 'utf8').split('\n')
  it.each(Object.entries(files))('what is loaded for questions of the type %s', (_type, file) => {
    expect(rows.filter((row) => row.startsWith('|') && row.includes(`\`${file}\``))).toHaveLength(1)
  })
})
