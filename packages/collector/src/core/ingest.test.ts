import type { FeedbackEvent, Receipt, Survey, SurveyEvent } from '@earshot/contract'
import { envelopeSchema, receiptSchema } from '@earshot/contract/schema'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { answer, envelope, moment, now, npsQuestion, npsSurvey, uuid } from '../fixtures.ts'
import { createSqliteStore } from '../stores/sqlite.ts'
import { judge, maxInlineSurveys, readBatch, receiptFor, type Known } from './ingest.ts'
import { project, type StoredEvent } from './project.ts'
import { surveyKey, type StoredSurvey } from './surveys.ts'

interface Given {
  surveys?: unknown[]
  stored?: StoredSurvey[]
  ids?: string[]
  inline?: 'accept' | 'refuse'
  most?: number
  counts?: Record<string, number>
  erased?: string[]
}

function take(events: unknown[], given: Given = {}): Receipt & { stored: StoredEvent[]; defined: Survey[] } {
  const {
    surveys = [npsSurvey],
    stored = [],
    ids = [],
    inline = 'accept',
    most = maxInlineSurveys,
    counts = {},
    erased = [],
  } = given
  const batch = readBatch(envelopeSchema.parse(envelope('pk_test', events, { surveys })), now)
  const known: Known = {
    ids: new Set(ids),
    surveys: new Map(stored.map((each) => [surveyKey(each.survey.id, each.survey.version), each])),
    names: stored.map(({ survey, source }) => ({ id: survey.id, version: survey.version, source })),
    counts: new Map(Object.entries(counts)),
    erased: new Set(erased),
  }
  const verdict = judge(batch, known, { inline, most })
  const receipt = receiptFor(verdict, new Set(verdict.accepted.map((each) => each.stored.event.id)))
  return { ...receipt, stored: verdict.accepted.map((each) => each.stored), defined: verdict.surveys }
}

const why = (value: unknown, revision: unknown = 0): object => ({
  data: { question: 'why', value, revision },
})

/** Milliseconds that this process has worked: what else the machine does is not in it. */
const busy = (): number => process.cpuUsage().user / 1000

describe('an event is refused', () => {
  it.each<[string, unknown, string, string, RegExp]>([
    ['not an object', 5, 'invalid_event', '', /^must be an object \(found 5\)$/],
    ['null', null, 'invalid_event', '', /found null/],
    ['without a type', answer(1, 9, { type: undefined }), 'unknown_type', 'type', /found nothing.*answer/],
    ['with a list as type', answer(1, 9, { type: ['answer'] }), 'unknown_type', 'type', /a list of 1/],
    [
      'of an unknown type',
      answer(1, 9, { type: 'click' }),
      'unknown_type',
      'type',
      /not known \(found "click"\).*answer/,
    ],
    ['of the type constructor', answer(1, 9, { type: 'constructor' }), 'unknown_type', 'type', /not known/],
    ['with an id that is no UUIDv7', answer(1, 9, { id: 'abc' }), 'invalid_event', 'id', /found "abc"/],
    [
      'with a UUID of version 4',
      answer(1, 9, { id: uuid('event', 1).replace('-7', '-4') }),
      'invalid_event',
      'id',
      /UUID/i,
    ],
    ['with a time that is none', answer(1, 9, { at: 'today' }), 'invalid_event', 'at', /found "today"/],
    [
      'without a visitor',
      answer(1, 9, { visitor: '' }),
      'invalid_event',
      'visitor',
      /^must have at least 1 character \(found ""\)$/,
    ],
    [
      'with a visitor of control characters',
      answer(1, 9, { visitor: '\u0000' }),
      'invalid_event',
      'visitor',
      /^must have at least 1 character/,
    ],
    ['with a negative sequence', answer(1, 9, { seq: -1 }), 'invalid_event', 'seq', /found -1/],
    ['without a channel', answer(1, 9, { context: {} }), 'invalid_event', 'context.channel', /found nothing/],
    [
      'with a survey name that cleaning would change',
      answer(1, 9, { survey: 'nps-q4\u0000' }),
      'invalid_event',
      'survey',
      /must be/,
    ],
    [
      'with the score 11',
      answer(1, 11),
      'score_out_of_range',
      'data.value',
      /^found 11; question "score" takes a whole number from 0 to 10$/,
    ],
    ['with the score -1', answer(1, -1), 'score_out_of_range', 'data.value', /found -1;/],
    ['with the score 7.5', answer(1, 7.5), 'score_out_of_range', 'data.value', /found 7.5;/],
    [
      'with the score "9"',
      answer(1, '9'),
      'wrong_answer_type',
      'data.value',
      /found "9".*whole number from 0 to 10/,
    ],
    [
      'with the score null',
      answer(1, null),
      'invalid_event',
      'data.value',
      /a number or a text or true or false or a list \(found null\)/,
    ],
    ['with a list of numbers', answer(1, [9]), 'invalid_event', 'data.value.0', /found 9/],
    [
      'with a list as score',
      answer(1, ['9']),
      'wrong_answer_type',
      'data.value',
      /found \["9"\].*whole number from 0 to 10/,
    ],
    [
      'with 52 choices',
      answer(1, Array(52).fill('a')),
      'invalid_event',
      'data.value',
      /^must have at most 51 entries \(found 52\)$/,
    ],
    ['with a number as comment', answer(1, 0, why(9)), 'wrong_answer_type', 'data.value', /takes a text/],
    [
      'with a comment above its maxLength',
      answer(1, 0, why('x'.repeat(21))),
      'wrong_answer_type',
      'data.value',
      /0 to 20 characters, not 21/,
    ],
    [
      'with a comment above any maxLength',
      answer(1, 0, why('x'.repeat(5001))),
      'invalid_event',
      'data.value',
      /^must have at most 5000 characters/,
    ],
    ['with a revision below 0', answer(1, 0, why('x', -1)), 'invalid_event', 'data.revision', /found -1/],
    [
      'for a question that is not there',
      answer(1, 9, { data: { question: 'scor', value: 9, revision: 0 } }),
      'unknown_question',
      'data.question',
      /did you mean "score"\?/,
    ],
    [
      'for a question like nothing',
      answer(1, 9, { data: { question: 'email-address', value: 9, revision: 0 } }),
      'unknown_question',
      'data.question',
      /it has "score", "why"/,
    ],
    [
      'for the question constructor',
      answer(1, 9, { data: { question: 'constructor', value: 9, revision: 0 } }),
      'unknown_question',
      'data.question',
      /no question/,
    ],
    [
      'for a survey that is not there',
      answer(1, 9, { survey: 'billing' }),
      'unknown_survey',
      'survey',
      /"billing" is not known; put it/,
    ],
    [
      'with a list as property',
      answer(1, 9, { type: 'track', data: { name: 'x', props: { p: [1] } } }),
      'invalid_event',
      'data.props.p',
      /^expected a text or a number or true or false or null \(found a list of 1\)$/,
    ],
    ...(['data', 'data.props', 'data.traits', 'data.hidden', 'context'] as const).map(
      (path): [string, unknown, string, string, RegExp] => {
        const crowd = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`k${index}`, 1]))
        const [, inner] = path.split('.')
        const fields = path === 'context' ? { context: crowd } : { data: inner ? { [inner]: crowd } : crowd }
        return [
          `with 51 keys in ${path}`,
          answer(1, 9, { type: 'track', ...fields }),
          'invalid_event',
          path,
          /^must have at most 50 entries \(found 51\)$/,
        ]
      },
    ),
    [
      'with traits named constructor',
      answer(1, 9, { type: 'identify', data: { traits: { constructor: 1 } } }),
      'invalid_event',
      'data.traits',
      /forbidden/,
    ],
  ])('%s', (_, event, code, path, message) => {
    const { rejected, accepted, duplicates } = take([event, answer(50)])
    expect(rejected).toEqual([
      {
        id: (event as { id?: string } | null)?.id ?? '',
        code,
        path,
        message: expect.stringMatching(message),
      },
    ])
    expect([accepted, duplicates]).toEqual([[uuid('event', 50)], []])
  })

  it('is named by its id as it was sent, up to 1,000 characters', () => {
    const { rejected, accepted } = take([
      answer(1, 9, { id: 'x'.repeat(5000) }),
      answer(1, 9, { id: `${uuid('event', 1)}\u0000` }),
      answer(1),
    ])
    expect(rejected.map((each) => each.id)).toEqual(['x'.repeat(1000), `${uuid('event', 1)}\u0000`])
    expect(rejected[0]?.message.length).toBeLessThan(200)
    expect(accepted).toEqual([uuid('event', 1)])
  })

  it('quickly, however many keys it has', () => {
    const props = Object.fromEntries(Array.from({ length: 70_000 }, (_, index) => [`k${index}`, []]))
    const { rejected } = take([answer(1, 9, { type: 'track', data: { name: 'x', props } })])
    expect(rejected).toMatchObject([{ code: 'invalid_event', path: 'data.props' }])
  })

  it('without words for more than the first of its mistakes', () => {
    const positive = Array.from({ length: 5000 }, () => 'a')
    const survey = { ...npsSurvey, questions: [{ ...npsQuestion, positive }] }
    const began = busy()
    const { rejected } = take([answer(1)], { surveys: Array.from({ length: 20 }, () => survey) })
    expect(busy() - began).toBeLessThan(100)
    expect(rejected).toMatchObject([
      {
        code: 'invalid_survey',
        message: expect.stringMatching(/surveys\.\d+\.questions\.0\.positive: .*at most 50.*5000/),
      },
    ])
  })
})

describe('large definitions', () => {
  const list = (count: number, item: unknown): unknown[] => Array.from({ length: count }, () => item)
  it('are refused quickly, when all of a request together are too large for rules', () => {
    const targeting = { all: list(190, { all: list(100, { any: list(14, {}) }) }) }
    const began = busy()
    const { rejected } = take([answer(1)], { surveys: [{ ...npsSurvey, targeting }] })
    expect(busy() - began).toBeLessThan(200)
    expect(rejected).toMatchObject([
      {
        code: 'invalid_survey',
        message: expect.stringMatching(/5000 entries together; put large ones with/),
      },
    ])
  })
  it('are judged quickly, also when everything in them is wrong', () => {
    const targeting = { all: list(19, { all: list(199, {}) }) }
    const began = busy()
    const { rejected } = take([answer(1)], { surveys: [{ ...npsSurvey, targeting }] })
    expect(busy() - began).toBeLessThan(500)
    expect(rejected).toMatchObject([{ message: expect.stringMatching(/surveys\.0\.targeting\.all\.0/) }])
  })
  it('hinder none that came before', () => {
    const large = { ...npsSurvey, id: 'large', targeting: { all: list(199, { all: list(199, {}) }) } }
    const made = take([answer(1), answer(2, 9, { survey: 'large' })], { surveys: [npsSurvey, large] })
    expect([made.accepted, made.rejected.map((each) => each.id)]).toEqual([
      [uuid('event', 1)],
      [uuid('event', 2)],
    ])
  })
  it('may have rules in rules', () => {
    let targeting: unknown = { fact: 'device', op: 'equals', value: 'phone' }
    for (let depth = 1; depth < 10; depth++) targeting = { not: targeting }
    expect(take([answer(1)], { surveys: [{ ...npsSurvey, targeting }] }).accepted).toHaveLength(1)
  })
})

describe('surveys', () => {
  const served = (survey: Survey): StoredSurvey => ({ survey, source: 'served' })
  const inline = (survey: Survey): StoredSurvey => ({ survey, source: 'inline' })
  const german = {
    ...npsSurvey,
    locale: 'de',
    questions: [{ ...npsQuestion, title: 'Wie?' }, npsSurvey.questions[1]!],
  }
  const rating: Survey = {
    ...npsSurvey,
    questions: [{ ...npsQuestion, metric: 'rating' }, npsSurvey.questions[1]!],
  }
  const fivePoint: Survey = {
    ...npsSurvey,
    questions: [
      { ...npsQuestion, metric: 'rating', min: 1, max: 5, positive: [5], negative: [1, 2] },
      npsSurvey.questions[1]!,
    ],
  }
  function choice(...options: string[]): Survey['questions'][number] {
    return { kind: 'choice', id: 'why', title: 'Why?', options: options.map((id) => ({ id, label: id })) }
  }
  const code = (receipt: Receipt): string | undefined => receipt.rejected[0]?.code

  it('names the nearest known survey', () => {
    const { rejected } = take([answer(1, 9, { survey: 'nps-q5' })], { stored: [inline(npsSurvey)] })
    expect(rejected[0]).toMatchObject({
      code: 'unknown_survey',
      message: expect.stringContaining('did you mean "nps-q4"?'),
    })
  })
  it('names the known versions', () => {
    const { rejected } = take([answer(1, 9, { surveyVersion: 7 })], { stored: [inline(npsSurvey)] })
    expect(rejected[0]).toMatchObject({
      code: 'unknown_survey',
      path: 'surveyVersion',
      message: expect.stringContaining('known in version 1, not in 7'),
    })
  })
  it('registers an inline definition at first sight, and only then', () => {
    expect(take([answer(1)]).defined).toEqual([npsSurvey])
    expect(take([answer(1)], { stored: [inline(npsSurvey)] }).defined).toEqual([])
    expect(take([answer(1, 11)]).defined).toEqual([])
  })
  it('knows a definition that an older program stored with its fields in another order', () => {
    const reversed = (value: object): object => Object.fromEntries(Object.entries(value).toReversed())
    const questions = npsSurvey.questions.map(reversed)
    const stored = { ...reversed(npsSurvey), questions } as Survey
    expect(take([answer(1)], { stored: [inline(stored)] }).defined).toEqual([])
  })
  it('takes new wording of the same measurement', () => {
    const made = take([answer(1)], { surveys: [german], stored: [inline(npsSurvey)] })
    expect([made.accepted.length, made.defined]).toEqual([1, [german]])
  })
  it.each<[string, Survey, Survey?]>([
    ['another scale', fivePoint, rating],
    ['another question', { ...npsSurvey, questions: [{ ...npsQuestion, id: 'other' }] }],
    ['another metric', rating],
    ['a choice', { ...npsSurvey, questions: [npsQuestion, choice('a', 'b')] }],
    [
      'other bands',
      { ...npsSurvey, questions: [{ ...npsQuestion, positive: [10] }, npsSurvey.questions[1]!] },
    ],
  ])('refuses the same version with %s', (_, changed, before = npsSurvey) => {
    for (const stored of [inline(before), served(before)]) {
      const made = take([answer(1, 5)], { surveys: [changed], stored: [stored] })
      expect(made.rejected[0]).toMatchObject({
        code: 'survey_conflict',
        message: expect.stringContaining('raise the version'),
      })
      expect(made.defined).toEqual([])
    }
  })
  it('refuses the same version with other choices, and takes other words for them', () => {
    const of = (...options: string[]): Survey => ({
      ...npsSurvey,
      questions: [npsQuestion, choice(...options)],
    })
    const stored = [inline(of('a', 'b'))]
    expect(code(take([answer(1)], { surveys: [of('a', 'c')], stored }))).toBe('survey_conflict')
    expect(take([answer(1)], { surveys: [of('b', 'a')], stored }).accepted).toHaveLength(1)
  })
  it('never lets an inline definition overwrite a served one', () => {
    const made = take([answer(1)], { surveys: [german], stored: [served(npsSurvey)] })
    expect([made.accepted.length, made.defined]).toEqual([1, []])
    const next = { ...npsSurvey, version: 2 }
    expect(
      code(take([answer(1, 9, { surveyVersion: 2 })], { surveys: [next], stored: [served(npsSurvey)] })),
    ).toBe('survey_conflict')
  })
  it('refuses inline definitions when told to, and goes on taking answers to known ones', () => {
    const refused = take([answer(1)], { inline: 'refuse' })
    expect(refused.rejected[0]).toMatchObject({
      code: 'unknown_survey',
      message: expect.stringContaining('refuses inline surveys'),
    })
    expect(take([answer(1)], { inline: 'refuse', stored: [inline(npsSurvey)] }).accepted).toHaveLength(1)
  })
  it('refuses what relies on a definition that is invalid, and says why', () => {
    const broken = { ...npsSurvey, questions: [{ ...npsQuestion, max: 11 }] }
    const made = take([answer(1), answer(2, 9, { type: 'track', data: { name: 'x', props: {} } })], {
      surveys: [broken],
    })
    expect(made.rejected).toEqual([
      {
        id: uuid('event', 1),
        code: 'invalid_survey',
        path: 'survey',
        message: expect.stringMatching(/surveys\.0: questions\.0\.max is 11/),
      },
    ])
    expect(made.accepted).toEqual([uuid('event', 2)])
  })
  it('registers no more than the site has room for', () => {
    const stored = [1, 2].map((version) => inline({ ...npsSurvey, id: 'old', version }))
    expect(code(take([answer(1)], { stored, most: 2 }))).toBe('too_many_surveys')
    expect(code(take([answer(1)], { stored, most: 3 }))).toBeUndefined()
    const two = [npsSurvey, { ...npsSurvey, version: 2 }]
    const made = take([answer(1), answer(2, 9, { surveyVersion: 2 })], { surveys: two, stored, most: 3 })
    expect([made.accepted.length, code(made)]).toEqual([1, 'too_many_surveys'])
  })
  it('gives no room to an event that is refused, in any order', () => {
    const of = (number: number, id: string, value: number): object => answer(number, value, { survey: id })
    const surveys = ['a', 'b'].map((id) => ({ ...npsSurvey, id }))
    const events = [of(1, 'a', 11), of(2, 'b', 9), of(3, 'b', 8)]
    for (const sent of [events, events.toReversed()]) {
      const made = take(sent, { surveys, most: 1 })
      expect([made.accepted.toSorted(), made.defined.map((each) => each.id)]).toEqual([
        [uuid('event', 2), uuid('event', 3)],
        ['b'],
      ])
    }
  })
  it('takes room once for a definition, however many events rely on it', () => {
    const of = (number: number, id: string): object => answer(number, 9, { survey: id })
    const surveys = ['a', 'b'].map((id) => ({ ...npsSurvey, id }))
    const made = take([of(1, 'a'), of(2, 'a'), of(3, 'b')], { surveys, most: 2 })
    expect(made.accepted).toHaveLength(3)
  })
  it('takes no version above a million', () => {
    const version = 1_000_001
    const made = take([answer(1, 9, { surveyVersion: version })], { surveys: [{ ...npsSurvey, version }] })
    expect(made.rejected).toMatchObject([{ code: 'invalid_event', path: 'surveyVersion' }])
  })
})

describe('a response', () => {
  const response = uuid('response', 1)
  it('takes at most 200 events, and duplicates stay duplicates', () => {
    const made = take([answer(1), answer(2, 9, { response }), answer(3, 9, { response }), answer(4)], {
      counts: { [response]: 199 },
      ids: [uuid('event', 3)],
    })
    expect(made.accepted).toEqual([uuid('event', 1), uuid('event', 4)])
    expect(made.duplicates).toEqual([uuid('event', 3)])
    expect(made.rejected).toMatchObject([
      {
        id: uuid('event', 2),
        code: 'invalid_event',
        path: 'response',
        message: expect.stringMatching(/200 events already/),
      },
    ])
  })
})

describe('answers of every kind', () => {
  const survey: Survey = {
    ...npsSurvey,
    questions: [
      npsQuestion,
      { kind: 'choice', id: 'who', title: '?', options: ids('a', 'b'), multiple: true, other: 'Who?' },
      { kind: 'yesno', id: 'solved', title: '?', yes: 'Yes', no: 'No' },
      { kind: 'text', id: 'amount', title: '?', maxLength: 20, input: 'number' },
      { kind: 'link', id: 'review', title: '?', href: 'https://review.example', label: 'Go' },
      { kind: 'statement', id: 'read', title: '!' },
    ],
  }
  function ids(...all: string[]): { id: string; label: string }[] {
    return all.map((id) => ({ id, label: id.toUpperCase() }))
  }
  const to = (question: string, value: unknown, more: object = {}): object =>
    answer(1, 0, { data: { question, value, revision: 0, ...more } })
  it.each([
    [to('who', ['a', 'other'], { other: 'my cat', order: ['b', 'a'] })],
    [to('who', [])],
    [to('solved', false)],
    [to('amount', 2.5)],
    [to('review', true)],
  ])('are taken: %j', (event) => {
    const { rejected, stored } = take([event], { surveys: [survey] })
    expect(rejected).toEqual([])
    expect(stored.map((each) => each.event)).toEqual([event])
  })
  it.each([
    [to('who', 'a'), 'wrong_answer_type', 'data.value'],
    [to('who', ['c']), 'wrong_answer_type', 'data.value'],
    [to('who', ['a'], { other: 'my cat' }), 'wrong_answer_type', 'data.other'],
    [to('who', ['a'], { order: ['b'] }), 'wrong_answer_type', 'data.order'],
    [to('who', ['a\u0000']), 'invalid_event', 'data.value.0'],
    [to('who', ['a'], { order: ['b', 'a\u0000'] }), 'invalid_event', 'data.order.1'],
    [to('solved', 1), 'wrong_answer_type', 'data.value'],
    [to('review', false), 'wrong_answer_type', 'data.value'],
    [to('read', true), 'wrong_answer_type', 'data.value'],
  ])('are refused: %j', (event, code, path) => {
    expect(take([event], { surveys: [survey] }).rejected).toMatchObject([{ code, path }])
  })
})

describe('events of every kind', () => {
  it.each([
    ['group', { group: 'acme', traits: { seats: 7 } }],
    [
      'display',
      {
        trigger: 'rage',
        followUp: 'nps-q4/why/1',
        hidden: { order: 7, ok: null },
        layout: 'top-end',
        wording: 'de@1',
      },
    ],
    ['followup', { followUp: 'a/b/c', state: 'answered', reason: 'event', due: moment(5) }],
  ])('%s', (type, data) => {
    const sent = answer(1, 0, { type, data, variant: 'b' })
    const { stored, rejected } = take([sent])
    expect(rejected).toEqual([])
    expect(stored[0]?.event).toMatchObject({ type, data, ...(type !== 'group' && { variant: 'b' }) })
  })
  it.each([
    ['a variant that cleaning would change', { variant: 'b\u0000' }, 'variant'],
    ['51 hidden values', { type: 'display', data: { trigger: 'show', hidden: crowd(51) } }, 'data.hidden'],
    ['an unknown cause', { type: 'display', data: { trigger: 'boredom' } }, 'data.trigger'],
  ])('but not %s', (_, fields, path) => {
    expect(take([answer(1, 9, fields)]).rejected).toMatchObject([{ code: 'invalid_event', path }])
  })
  function crowd(count: number): object {
    return Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 1]))
  }
})

describe('an erased visitor', () => {
  it('has everything accepted and nothing stored, also what defines a survey', () => {
    const late = [answer(1), answer(2, 11), answer(3, 0, { type: 'track', data: { name: 'x', props: {} } })]
    const mine = late.map((each) => ({ ...each, visitor: 'gone' }))
    const made = take([...mine, mine[0]], { erased: ['gone'] })
    expect(made.accepted).toEqual([1, 2, 3].map((each) => uuid('event', each)))
    expect(made.duplicates).toEqual([uuid('event', 1)])
    expect([made.rejected, made.stored, made.defined]).toEqual([[], [], []])
  })
  it('hinders nobody else', () => {
    const made = take([answer(1, 9, { visitor: 'gone' }), answer(2)], { erased: ['gone'] })
    expect(made.accepted.toSorted()).toEqual([uuid('event', 1), uuid('event', 2)])
    expect(made.stored.map((each) => each.event.id)).toEqual([uuid('event', 2)])
  })
})

describe('ids', () => {
  it('takes the first of two equal ids, also when they differ in case', () => {
    const made = take([answer(1, 3), answer(1, 4), answer(1, 5, { id: uuid('event', 1).toUpperCase() })])
    expect(made.accepted).toEqual([uuid('event', 1)])
    expect(made.duplicates).toEqual([uuid('event', 1), uuid('event', 1).toUpperCase()])
    expect(made.stored.map((each) => each.event)).toMatchObject([{ data: { value: 3 } }])
  })
  it('calls a stored id a duplicate, whatever the event says now', () => {
    const made = take([answer(1, 11), answer(2, 9, { type: 'nonsense' })], {
      ids: [uuid('event', 1), uuid('event', 2)],
    })
    expect(made.duplicates).toEqual([uuid('event', 1), uuid('event', 2)])
    expect(made.rejected).toEqual([])
  })
})

describe('what is stored', () => {
  it('has clean text, corrected time and nothing that the contract does not know', () => {
    const raw = answer(1, 0, {
      data: { question: 'why', value: 'a\u0000b\ud800', revision: 0, extra: 1 },
      visitor: 'v\u0007',
      context: { channel: 'web', url: 'https://x/\u0000', secret: 1 },
      __proto__: undefined,
      evil: true,
    })
    const [stored] = take([raw]).stored
    expect(stored?.event).toEqual({
      ...answer(1, 0),
      visitor: 'v',
      data: { question: 'why', value: 'ab\ufffd', revision: 0 },
      context: { channel: 'web', url: 'https://x/' },
    })
    expect(stored).toMatchObject({ at: now - 60_000, receivedAt: now, occurredAt: now - 60_000 })
  })
  it('is not touched by a key __proto__ anywhere', () => {
    const text = JSON.stringify(
      envelope('pk_test', [answer(1, 9, { type: 'identify', data: { traits: { x: 1 } } })]),
    )
    const hostile = text.replaceAll('{', '{"__proto__":{"polluted":true},')
    const batch = readBatch(envelopeSchema.parse(JSON.parse(hostile)), now)
    const verdict = judge(
      batch,
      { ids: new Set(), surveys: new Map(), names: [], counts: new Map(), erased: new Set() },
      { inline: 'accept', most: 9 },
    )
    expect(verdict.accepted).toHaveLength(1)
    for (const { stored } of verdict.accepted) expect(JSON.stringify(stored)).not.toContain('polluted')
    expect('polluted' in {}).toBe(false)
  })
})

describe('for any batch', () => {
  const field = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom(uuid('event', 1), 'answer', 'track', 'nps-q4', '', null),
  )
  const mangled = fc
    .tuple(fc.integer({ min: 1, max: 6 }), fc.constantFrom(...Object.keys(answer(1)), '__proto__'), field)
    .map(([number, key, value]) => Object.fromEntries([...Object.entries(answer(number)), [key, value]]))
  const good = fc
    .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: -1, max: 11 }))
    .map(([number, value]) => answer(number, value))
  const events = fc.array(fc.oneof(fc.jsonValue(), mangled, good), { minLength: 1, maxLength: 8 })

  it('names every id once for each time it was sent, in a receipt that the contract knows', () => {
    fc.assert(
      fc.property(events, (sent) => {
        const { accepted, duplicates, rejected } = take(sent)
        expect(receiptSchema.safeParse({ accepted, duplicates, rejected }).success).toBe(true)
        const named = [...accepted, ...duplicates, ...rejected.map((each) => each.id)]
        expect(named).toHaveLength(sent.length)
        expect(new Set(accepted.map((id) => id.toLowerCase())).size).toBe(accepted.length)
      }),
      { numRuns: 1000 },
    )
  })

  it('judges each event alone: what stands beside it changes nothing', () => {
    fc.assert(
      fc.property(events, (neighbours) => {
        const own = answer(99, 9)
        const bad = answer(98, 11)
        const made = take([...neighbours, own, bad])
        expect(made.accepted).toContain(uuid('event', 99))
        expect(made.rejected.at(-1)).toMatchObject({ id: uuid('event', 98), code: 'score_out_of_range' })
      }),
      { numRuns: 500 },
    )
  })

  it('stores the same response however the events are ordered, repeated and split into batches', async () => {
    const kinds = ['display', 'answer', 'complete', 'dismiss'] as const
    const event = (kind: (typeof kinds)[number], number: number, seq: number): FeedbackEvent => {
      const data = {
        display: { trigger: 'show' },
        answer: { question: 'score', value: number % 11, revision: seq % 2 },
        complete: {},
        dismiss: { reason: 'close' },
      }[kind]
      return answer(number, 0, {
        type: kind,
        seq,
        data,
        response: uuid('response', 1),
        visitor: 'v',
        at: moment(-seq),
      }) as unknown as FeedbackEvent
    }
    const sets = fc
      .array(fc.tuple(fc.constantFrom(...kinds), fc.integer({ min: 0, max: 4 })), {
        minLength: 1,
        maxLength: 8,
      })
      .map((list) => list.map(([kind, seq], number) => event(kind, number, seq)))
    const runs = sets.chain((all) =>
      fc.tuple(
        fc.constant(all),
        fc.array(fc.subarray(all, { minLength: 1 }), { maxLength: 3 }),
        fc.shuffledSubarray(all, { minLength: all.length }),
      ),
    )
    const store = createSqliteStore(':memory:')
    let site = 0
    await fc.assert(
      fc.asyncProperty(runs, async ([all, batches, rest]) => {
        site++
        await store.saveSite(() => ({ writeKey: 'pk_test', tokenHash: new Uint8Array(32) }), now)
        const shift = (each: FeedbackEvent): FeedbackEvent => {
          const run = site.toString(16).padStart(4, '0')
          const renamed = { ...each, id: each.id.replace('-8000-', `-8${run.slice(1)}-`) } as SurveyEvent
          return { ...renamed, response: uuid('response', site) }
        }
        for (const part of [...batches, rest]) {
          const batch = readBatch(envelopeSchema.parse(envelope('pk_test', part.map(shift))), now)
          await store.append(1, batch, (known) => judge(batch, known, { inline: 'accept', most: 9 }), now)
        }
        const facts = all.map(shift).map((each) => {
          const at = Date.parse(each.at)
          return { event: each as SurveyEvent, at, receivedAt: now, occurredAt: at }
        })
        expect(await store.response(1, uuid('response', site))).toEqual({
          ...project(facts),
          overQuota: false,
        })
      }),
      { numRuns: 500 },
    )
    await store.close()
  })
})
