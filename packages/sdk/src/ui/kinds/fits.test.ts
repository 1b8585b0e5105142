import { answerFlaw, compilePattern, type AnswerValue, type Question } from '@earshot/contract'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { choice as aChoice, text as aText } from '../../core/pages.fixtures.ts'
import { kind as choice } from './choice.tsx'
import { kind as link } from './link.tsx'
import type { Kind } from './page.ts'
import { kind as statement } from './statement.tsx'
import { kind as text } from './text.tsx'
import { kind as yesno } from './yesno.tsx'

const numRuns = Number(process.env['EARSHOT_RUNS'] ?? 500)
vi.setConfig({ testTimeout: 60_000 + 100 * numRuns })

const kinds = { choice, link, statement, text, yesno } as unknown as Record<string, Kind>

const questions: fc.Arbitrary<Question> = fc.oneof(
  fc
    .record({
      input: fc.constantFrom('long', 'short', 'email', 'number'),
      minLength: fc.constantFrom(0, 2),
      maxLength: fc.constantFrom(3, 20),
      least: fc.constantFrom(-1, 2),
      most: fc.constantFrom(2, 5),
      pattern: fc.constantFrom(undefined, '\\d+', 'a*'),
    })
    .map((more) => aText('q', more as object)),
  fc
    .record({
      multiple: fc.boolean(),
      other: fc.constantFrom(undefined, 'Other'),
      least: fc.constantFrom(undefined, 1, 2),
      most: fc.constantFrom(undefined, 1, 2),
    })
    .map((more) => aChoice('q', more)),
  fc.constantFrom<Question>(
    { kind: 'yesno', id: 'q', title: 'Q', yes: 'Yes', no: 'No' },
    { kind: 'link', id: 'q', title: 'Q', href: '/', label: 'Go' },
    { kind: 'statement', id: 'q', title: 'Q' },
  ),
)
const values: fc.Arbitrary<AnswerValue> = fc.oneof(
  fc.integer({ min: -2, max: 6 }),
  fc.boolean(),
  fc.constantFrom('', 'a', 'aaa', '12', 'a@b.de', 'x'.repeat(21)),
  fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'other'), { maxLength: 4 }),
)

describe('the file of each type', () => {
  it('takes the answers that the collector takes, and no other', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(questions, values, fc.constantFrom(undefined, 500, 501), (question, value, length) => {
        const isOther = Array.isArray(value) && value.includes('other') && question.kind === 'choice'
        const other = isOther && length !== undefined ? 'x'.repeat(length) : undefined
        const wanted = answerFlaw(question, { value, other }) === null
        seen.add(`${question.kind} ${wanted}`)
        expect(kinds[question.kind]!.fits?.(question, value, other, compilePattern)).toBe(wanted)
      }),
      { numRuns },
    )
    // Of both sorts, where there are both.
    expect(seen.size).toBe(9)
  })
})
