import { describe, expect, it } from 'vitest'
import { findViolations, sentencesOf, versionViolations } from './figures.ts'

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
