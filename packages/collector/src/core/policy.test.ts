import type { AnswerEvent, Question } from '@earshot/contract'
import { describe, expect, it } from 'vitest'
import { arePatternsSmall, redactAnswer, redactText } from './policy.ts'

const all = {
  scrub: ['email', 'card', 'iban', 'phone'] as const,
  patterns: [{ name: 'order', pattern: 'ord-\\d+' }],
}

it.each([
  ['write to ada@example.com', 'write to [email]'],
  ['my card is 4111 1111 1111 1111', 'my card is [card]'],
  ['4111 1111 1111 1112 is none', '4111 1111 1111 1112 is none'],
  ['pay to DE89 3704 0044 0532 0130 00', 'pay to [iban]'],
  ['call +49 30 901820', 'call [phone]'],
  ['ORD-77 and ord-8 came late', '[order] and [order] came late'],
  ['Alles gut, 10 von 10 Punkten seit 2024!', 'Alles gut, 10 von 10 Punkten seit 2024!'],
])('%j becomes %j', (text, clean) => {
  expect(redactText(text, all)).toBe(clean)
})

describe('redactAnswer', () => {
  const event = { data: { question: 'why', value: 'ada@example.com', revision: 0 } } as AnswerEvent
  const text = (more: object): Question => ({
    kind: 'text',
    id: 'why',
    title: 'Why?',
    maxLength: 100,
    ...more,
  })
  it('leaves what the question asks for, and gives back the same where there is nothing', () => {
    expect(redactAnswer(event, text({}), all).data.value).toBe('[email]')
    expect(redactAnswer(event, text({ input: 'email' }), all)).toBe(event)
    expect(redactAnswer(event, text({ pattern: '.*@.*' }), all)).toBe(event)
    expect(redactAnswer(event, undefined, all)).toBe(event)
    expect(redactAnswer(event, text({}), { scrub: [], patterns: [] })).toBe(event)
    const other = { data: { ...event.data, value: ['other'], other: 'ask ada@example.com' } } as AnswerEvent
    expect(redactAnswer(other, undefined, all).data).toMatchObject({ value: ['other'], other: 'ask [email]' })
  })
})

it('patterns that would cost too much are too large', () => {
  expect(arePatternsSmall([{ name: 'a', pattern: 'x{90}' }])).toBe(true)
  expect(arePatternsSmall(Array.from({ length: 6 }, () => ({ name: 'a', pattern: 'x{90}' })))).toBe(false)
})
