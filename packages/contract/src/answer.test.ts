import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { answerFlaw } from './answer.ts'
import type { AnswerValue, Question } from './question.ts'

const numRuns = Number(process.env['EARSHOT_RUNS'] ?? 500)
vi.setConfig({ testTimeout: 60_000 + 100 * numRuns })

const base = { id: 'q', title: 'Q' }
const scale: Question = {
  ...base,
  kind: 'scale',
  metric: 'nps',
  min: 0,
  max: 10,
  positive: [9, 10],
  negative: [0, 1, 2, 3, 4, 5, 6],
  low: 'l',
  high: 'h',
}
const text: Question = { ...base, kind: 'text', maxLength: 10, minLength: 2 }
const email: Question = { ...base, kind: 'text', maxLength: 100, input: 'email' }
const number: Question = { ...base, kind: 'text', maxLength: 10, input: 'number', least: -1, most: 5.5 }
const code: Question = { ...base, kind: 'text', maxLength: 100, pattern: '\\d{6}' }
const options = ['a', 'b', 'c'].map((id) => ({ id, label: id.toUpperCase() }))
const one: Question = { ...base, kind: 'choice', options, other: 'Else' }
const several: Question = {
  ...base,
  kind: 'choice',
  options,
  multiple: true,
  least: 1,
  most: 2,
  other: 'Else',
}
const free: Question = { ...base, kind: 'choice', options, multiple: true }
const yesno: Question = { ...base, kind: 'yesno', yes: 'Yes', no: 'No' }
const statement: Question = { ...base, kind: 'statement' }
const link: Question = { ...base, kind: 'link', href: '/', label: 'Go' }

describe('answerFlaw', () => {
  it.each<[string, Question, unknown]>([
    ['a score', scale, 0],
    ['the highest score', scale, 10],
    ['a text', text, 'ab'],
    ['a text of the full length', text, 'a'.repeat(10)],
    ['no text where there is no least', { ...base, kind: 'text', maxLength: 10 }, ''],
    ['an address', email, 'ada.lovelace+x@mail.example.co.uk'],
    ['an address with letters of its own', email, 'jörg@exämple.de'],
    ['a number', number, -1],
    ['a broken number', number, 5.5],
    ['any number', { ...base, kind: 'text', maxLength: 10, input: 'number' }, -1e9],
    ['what the pattern wants', code, '123456'],
    ['one choice', one, ['b']],
    ['the other choice', one, ['other']],
    ['several choices', several, ['c', 'a']],
    ['no choice where none is needed', free, []],
    ['all choices', free, ['a', 'b', 'c']],
    ['yes', yesno, true],
    ['no', yesno, false],
    ['a link that was followed', link, true],
  ])('takes %s', (_what, question, value) => {
    expect(answerFlaw(question, { value: value as AnswerValue })).toBeNull()
  })

  it.each<[string, Question, unknown, string, string]>([
    ['a score above', scale, 11, 'score_out_of_range', '0 to 10'],
    ['a score below', scale, -1, 'score_out_of_range', '0 to 10'],
    ['half a score', scale, 6.5, 'score_out_of_range', 'found 6.5'],
    ['a score as text', scale, '9', 'wrong_answer_type', 'found "9"'],
    ['no score', scale, undefined, 'wrong_answer_type', 'found nothing'],
    ['a number for a text', text, 3, 'wrong_answer_type', 'a text'],
    ['too short a text', text, 'a', 'wrong_answer_type', '2 to 10 characters, not 1'],
    ['too long a text', text, 'a'.repeat(11), 'wrong_answer_type', '2 to 10 characters, not 11'],
    ['no address', email, 'ada@example', 'wrong_answer_type', 'ada@example.com'],
    ['two addresses', email, 'a@b.de c@d.de', 'wrong_answer_type', 'ada@example.com'],
    ['an address with two dots', email, 'a@b..de', 'wrong_answer_type', 'ada@example.com'],
    ['too high a number', number, 6, 'score_out_of_range', 'at least -1, at most 5.5'],
    ['too low a number', number, -2, 'score_out_of_range', 'at least -1'],
    ['a number as text', number, '3', 'wrong_answer_type', 'a number'],
    ['no number', number, Number.NaN, 'score_out_of_range', 'a number'],
    [
      'endless numbers',
      { ...base, kind: 'text', maxLength: 9, input: 'number' },
      Infinity,
      'score_out_of_range',
      'a number',
    ],
    ['more than the pattern', code, '1234567', 'wrong_answer_type', '\\d{6}'],
    ['an unknown choice', one, ['d'], 'wrong_answer_type', '"a", "b", "c", "other"'],
    ['two of one', one, ['a', 'b'], 'wrong_answer_type', 'not 2'],
    ['none of one', one, [], 'wrong_answer_type', 'not 0'],
    ['a choice by itself', one, 'a', 'wrong_answer_type', 'a list'],
    ['a choice twice', free, ['a', 'a'], 'wrong_answer_type', 'each once'],
    ['another where there is no other', free, ['other'], 'wrong_answer_type', '"a", "b", "c"'],
    ['too few', several, [], 'wrong_answer_type', 'at least 1, at most 2, not 0'],
    ['too many', several, ['a', 'b', 'c'], 'wrong_answer_type', 'at least 1, at most 2, not 3'],
    ['choices that are no ids', free, [1], 'wrong_answer_type', 'a list'],
    ['yes as text', yesno, 'yes', 'wrong_answer_type', 'true or false'],
    ['an answer to a statement', statement, true, 'wrong_answer_type', 'no answer'],
    ['a link not followed', link, false, 'wrong_answer_type', 'true'],
  ])('refuses %s', (_what, question, value, wantedCode, words) => {
    const flaw = answerFlaw(question, { value: value as AnswerValue })
    expect(flaw).toMatchObject({ code: wantedCode, path: 'data.value' })
    expect(flaw?.message).toContain(words)
    expect(flaw?.message).toContain('question "q"')
  })

  it.each<[string, Question, AnswerValue, { other?: unknown; order?: unknown }, string | null]>([
    ['a text beside other', one, ['other'], { other: 'x'.repeat(500) }, null],
    ['a text beside another', one, ['a'], { other: 'x' }, 'data.other'],
    ['too long a text', one, ['other'], { other: 'x'.repeat(501) }, 'data.other'],
    ['no text', one, ['other'], { other: 5 }, 'data.other'],
    ['a text beside a score', scale, 5, { other: 'x' }, 'data.other'],
    ['an order', one, ['a'], { order: ['c', 'a', 'b'] }, null],
    ['an order with other', one, ['a'], { order: ['c', 'a', 'b', 'other'] }, 'data.order'],
    ['a short order', one, ['a'], { order: ['c', 'a'] }, 'data.order'],
    ['an order that repeats', one, ['a'], { order: ['c', 'a', 'a'] }, 'data.order'],
    ['no order', one, ['a'], { order: 'abc' }, 'data.order'],
    ['an order of a score', scale, 5, { order: [] }, 'data.order'],
  ])('judges %s', (_what, question, value, beside, path) => {
    const data = { value, ...beside } as Parameters<typeof answerFlaw>[1]
    expect(answerFlaw(question, data)?.path ?? null).toBe(path)
  })

  it('takes every order of the options and no other list', () => {
    const ids = ['a', 'b', 'c']
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'other'), { maxLength: 4 }), (order) => {
        const isOne = order.toSorted().join() === ids.join()
        expect(answerFlaw(one, { value: ['a'], order }) === null).toBe(isOne)
      }),
      { numRuns },
    )
  })
  it('judges whatever comes without a throw', () => {
    const questions = fc.constantFrom(
      scale,
      text,
      email,
      number,
      code,
      one,
      several,
      free,
      yesno,
      statement,
      link,
    )
    fc.assert(
      fc.property(questions, fc.anything(), fc.anything(), fc.anything(), (question, value, other, order) => {
        const flaw = answerFlaw(question, { value, other, order } as Parameters<typeof answerFlaw>[1])
        expect(flaw === null || typeof flaw.message === 'string').toBe(true)
      }),
      { numRuns },
    )
  })
})
