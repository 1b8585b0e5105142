import type { Survey } from '@earshot/contract'
import { describe, expect, it } from 'vitest'
import { npsQuestion, npsSurvey } from '../fixtures.ts'
import { fill, openQuestion, wayOf, type Answers } from './hostedCourse.ts'

const survey: Survey = {
  ...npsSurvey,
  questions: [
    { ...npsQuestion, next: [{ when: { fact: 'answer.score', op: 'atLeast', value: 9 }, to: 'again' }] },
    {
      kind: 'choice',
      id: 'cause',
      title: 'What?',
      options: [
        { id: 'price', label: 'Price' },
        { id: 'staff', label: 'Staff' },
      ],
      other: 'Something else',
      multiple: true,
    },
    { kind: 'yesno', id: 'again', title: 'Would you come again?', yes: 'Yes, gladly', no: 'No' },
    { kind: 'text', id: 'plan', title: 'Your plan?', maxLength: 200, known: 'plan' },
  ],
}

describe('behind a link', () => {
  it('questions follow as on a page, and what only a browser knows is asked', () => {
    expect(wayOf(survey, {})).toEqual(['score', 'cause', 'again', 'plan'])
    expect(wayOf(survey, { score: { value: 9 } })).toEqual(['score', 'again', 'plan'])
    expect(openQuestion(survey, { score: { value: 9 } }, ['again'])?.id).toBe('plan')
    expect(openQuestion(survey, {}, ['score', 'cause', 'again', 'plan'])).toBeNull()
  })

  it('answers stand in texts as on a page: in the words that were chosen or written, cut where they are long', () => {
    const said = (answers: Answers, text: string): string => fill(survey, answers, text)
    expect(said({ again: { value: true } }, '{{answer.again}}!')).toBe('Yes, gladly!')
    expect(said({ cause: { value: ['staff', 'other'], other: ' the noise ' } }, '“{{answer.cause}}”')).toBe(
      '“Staff, the noise”',
    )
    expect(said({ cause: { value: ['other'] } }, '{{answer.cause|it}}')).toBe('Something else')
    expect(said({ plan: { value: '🌱'.repeat(80) } }, '{{answer.plan}}')).toBe(`${'🌱'.repeat(50)}…`)
    expect(said({ score: { value: 9 }, cause: { value: ['price'] } }, '{{answer.cause|nothing}}')).toBe(
      'nothing',
    )
    expect(said({}, 'Hello {{trait.name}}, how are you?')).toBe('Hello, how are you?')
  })
})
