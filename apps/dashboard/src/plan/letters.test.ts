import { describe, expect, it } from 'vitest'
import { lettersOf } from './letters.ts'

const rule = { id: 'silent', after: { on: 'silence', survey: 'nps' }, delay: 1, expires: 9 }

describe('messages to look at', () => {
  it('are those of rules that write, with the words of each reminder or else those of the rule, then of each survey', () => {
    const mail = { survey: 'nps', subject: { en: 'One' } }
    const reminders = [{ after: 3, text: { en: 'Again' }, subject: { en: 'Two' } }, { after: 4 }]
    const rules = [
      { ...rule, do: { case: { role: 'agent' } } },
      { ...rule, do: { mail }, text: { en: 'First' }, reminders },
    ]
    expect(lettersOf(rules, ['nps', 'ces']).map(({ id, wish }) => [id, wish])).toEqual([
      ['rule silent 0', { survey: 'nps', subject: { en: 'One' }, text: { en: 'First' } }],
      ['rule silent 1', { survey: 'nps', subject: { en: 'Two' }, text: { en: 'Again' } }],
      ['rule silent 2', { survey: 'nps', subject: { en: 'One' }, text: { en: 'First' } }],
      ['survey nps', { survey: 'nps' }],
      ['survey ces', { survey: 'ces' }],
    ])
  })
  it('are those of surveys alone where no form can stand for the plan', () => {
    expect(lettersOf([null], ['nps']).map(({ id }) => id)).toEqual(['survey nps'])
  })
})
