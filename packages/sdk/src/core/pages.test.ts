import { describe, expect, it } from 'vitest'
import { createFill, mustAnswer, routeOf, type Question } from '@earshot/contract'
import type { FlowInput } from './flow.ts'
import { lengthOf } from './pageRoute.ts'
import {
  answersIn,
  at,
  back,
  choice,
  next,
  play,
  progressIn,
  recorded,
  scale,
  start,
  surveyOf,
  text,
} from './pages.fixtures.ts'
import { typedValue } from './pageTyped.ts'

const types = (effects: Parameters<typeof recorded>[0]) => recorded(effects).map((each) => each.type)

describe('one question at a time', () => {
  it('from the first to the end, each answer recorded at once', () => {
    const first = play(start(surveyOf(scale, text('why'))), {
      type: 'answer',
      at,
      question: 'score',
      value: 4,
    })
    expect(first.flow.page).toBe('score')
    expect(types(first.effects)).toEqual(['answer', 'display'])
    const second = play(first.flow, next('score'))
    expect(second.flow.page).toBe('why')
    expect(second.effects).toEqual([])
    const end = play(second.flow, next('why', 'Nice'))
    expect(end.flow.stage).toBe('saving')
    expect(types(end.effects)).toEqual(['answer', 'complete'])
    expect(progressIn(end.effects)).toBeUndefined()
  })
  it('a late order to go on from a page that was left does nothing', () => {
    const { flow } = play(start(surveyOf(scale, text('why'), text('more'))), next('score', 4))
    expect(play(flow, next('score')).flow.page).toBe('why')
  })
  it('an answer to a page that is not there is not taken', () => {
    const { effects } = play(start(surveyOf(scale, text('why'))), {
      type: 'answer',
      at,
      question: 'why',
      value: 'x',
    })
    expect(effects).toEqual([])
  })
  it('nothing is taken after the end', () => {
    const { flow } = play(start(surveyOf(scale)), next('score', 4))
    expect(
      play(flow, next('score', 5), back, { type: 'answer', at, question: 'score', value: 1 }).effects,
    ).toEqual([])
  })
  it('without an answer at all tells the display before the end', () => {
    const { effects } = play(start(surveyOf(text('why'))), next('why'))
    expect(types(effects)).toEqual(['display', 'complete'])
  })
})

describe('skipping', () => {
  const survey = surveyOf(scale, text('why', { required: true }), text('more'))
  it('is not possible for the first scale, nor where an answer is required', () => {
    const { flow } = play(start(survey), next('score'))
    expect(flow).toMatchObject({ page: 'score', flaw: 'missing' })
    const why = play(flow, next('score', 3), next('why'))
    expect(why.flow).toMatchObject({ page: 'why', flaw: 'missing' })
    expect(play(why.flow, next('why', '   ')).flow).toMatchObject({ page: 'why', flaw: 'missing' })
    expect(play(why.flow, next('why', 'x')).flow).toMatchObject({ page: 'more', flaw: undefined })
  })
  it('is possible elsewhere, and records nothing', () => {
    const { flow, effects } = play(start(survey), next('score', 3), next('why', 'x'), next('more'))
    expect(flow.stage).toBe('saving')
    expect(answersIn(effects).map((each) => each.question)).toEqual(['score', 'why'])
  })
  it('reading can always be left', () => {
    const statement: Question = { kind: 'statement', id: 'hi', title: 'Hi', required: true }
    expect(mustAnswer({ survey }, statement)).toBe(false)
    expect(play(start(surveyOf(statement, scale)), next('hi')).flow.page).toBe('score')
  })
})

describe('an answer that does not fit', () => {
  const email = text('mail', { input: 'email' })
  it('is not recorded and keeps the page', () => {
    const { flow, effects } = play(start(surveyOf(email)), next('mail', 'nobody'))
    expect(flow).toMatchObject({ page: 'mail', flaw: 'misfit', answers: {} })
    expect(effects).toEqual([])
    expect(play(flow, next('mail')).flow.stage).toBe('saving')
  })
  it('nor is something that is no value', () => {
    expect(play(start(surveyOf(text('n', { input: 'number' }))), next('n', null)).flow.flaw).toBe('misfit')
  })
  it('does not undo the one before', () => {
    const { flow } = play(start(surveyOf(email, text('b'))), next('mail', 'a@b.co'), back, next('mail', ''))
    expect(flow).toMatchObject({ page: 'mail', flaw: 'misfit', answers: { mail: 'a@b.co' } })
  })
})

describe('what was typed', () => {
  it.each([
    [' 12,5 ', 12.5],
    ['-3', -3],
    [' ', ''],
    ['twelve', null],
    ['Infinity', null],
  ])('%s is as a number %s', (typed, value) => {
    expect(typedValue(text('n', { input: 'number' }), typed)).toBe(value)
  })
  it('is otherwise itself, without space around it', () => {
    expect(typedValue(text('t'), ' a \n')).toBe('a')
  })
})

describe('back', () => {
  const survey = surveyOf(
    scale,
    text('bad', { when: { question: 'score', bands: ['dissatisfied'] } }),
    text('good', { when: { fact: 'answer.score', op: 'atLeast', value: 4 } }),
    text('end'),
  )
  it('takes nothing away, and another answer leads another way', () => {
    const bad = play(start(survey), next('score', 1), next('bad', 'Cold'), back, back)
    expect(bad.flow).toMatchObject({ page: 'score', answers: { score: 1, bad: 'Cold' } })
    const good = play(bad.flow, next('score', 5))
    expect(good.flow.page).toBe('good')
    expect(routeOf(good.flow)).toEqual(['score', 'good', 'end'])
    expect(answersIn(good.effects)).toEqual([{ question: 'score', value: 5, revision: 1 }])
    // What was said on the other way stays recorded.
    expect(good.flow.answers).toEqual({ score: 5, bad: 'Cold' })
  })
  it('from the first page leads nowhere', () => {
    expect(play(start(survey), back).flow.page).toBe('score')
  })
  it('the same answer again is no revision', () => {
    const { effects } = play(start(survey), next('score', 1), back, next('score', 1))
    expect(answersIn(effects)).toHaveLength(1)
  })
  it('a field can be emptied', () => {
    const { effects } = play(start(surveyOf(text('a'), text('b'))), next('a', 'x'), back, next('a', ''))
    expect(answersIn(effects)).toEqual([
      { question: 'a', value: 'x', revision: 0 },
      { question: 'a', value: '', revision: 1 },
    ])
  })
  it('answers off the way decide nothing', () => {
    const more = surveyOf(...survey.questions, text('asked', { when: { fact: 'answer.bad', op: 'known' } }))
    const { flow } = play(start(more), next('score', 1), next('bad', 'Cold'), back, back, next('score', 5))
    expect(routeOf(flow)).toEqual(['score', 'good', 'end'])
    expect(createFill(flow)('{{answer.bad|nothing}}')).toBe('nothing')
  })
})

describe('the way', () => {
  it('jumps by the first rule that holds', () => {
    const jumping = {
      ...scale,
      next: [
        { when: { fact: 'band.score', op: 'equals' as const, value: 'satisfied' }, to: 'c' },
        { when: { fact: 'answer.score', op: 'equals' as const, value: 3 }, to: 'end' },
      ],
    }
    const survey = surveyOf(jumping, text('a'), text('b', { next: [{ to: 'end' }] }), text('c'))
    const wayOf = (value: number) => routeOf({ survey, answers: { score: value } })
    expect(wayOf(5)).toEqual(['score', 'c'])
    expect(wayOf(3)).toEqual(['score'])
    expect(wayOf(1)).toEqual(['score', 'a', 'b'])
  })
  it('a condition on what is not known asks nothing', () => {
    const survey = surveyOf(
      text('a'),
      text('b', { when: { not: { fact: 'answer.a', op: 'equals', value: 'x' } } }),
    )
    expect(routeOf({ survey, answers: {} })).toEqual(['a'])
    expect(routeOf({ survey, answers: { a: 'y' } })).toEqual(['a', 'b'])
  })
  it('looks at the facts of the showing, by zone where one is named', () => {
    const survey = surveyOf(
      text('a', { when: { fact: 'trait.plan', op: 'equals', value: 'pro' } }),
      text('b', { when: { fact: 'time.hour', op: 'below', value: 12, zone: 'Asia/Tokyo' } }),
    )
    const facts = { 'trait.plan': 'pro', 'time.hour': 20, 'time.hour@Asia/Tokyo': 5 }
    expect(routeOf({ survey, answers: {}, facts })).toEqual(['a', 'b'])
  })
  it('leaves out what a trait answers', () => {
    const survey = surveyOf(text('mail', { known: 'email' }), text('b'))
    expect(routeOf({ survey, answers: {}, facts: { 'trait.email': 'a@b.co' } })).toEqual(['b'])
    expect(routeOf({ survey, answers: {}, facts: { 'trait.email': null } })).toEqual(['mail', 'b'])
    expect(routeOf({ survey, answers: {} })).toEqual(['mail', 'b'])
  })
  it('never turns back, whatever a definition says', () => {
    const survey = surveyOf(
      text('a', { next: [{ to: 'nowhere' }] }),
      text('b', { next: [{ to: 'a' }] }),
      text('c'),
    )
    expect(routeOf({ survey, answers: {} })).toEqual(['a', 'b', 'c'])
  })
  it('is not led by what a page put on the prototype', () => {
    const survey = surveyOf(text('a', { when: { fact: 'constructor', op: 'known' } }), text('constructor'))
    expect(routeOf({ survey, answers: {}, facts: {} })).toEqual(['constructor'])
  })
  it('has a length where no answer can change it', () => {
    const plan = { when: { fact: 'trait.plan', op: 'equals', value: 'pro' } } as const
    const fixed = surveyOf(scale, text('a', plan), text('b'))
    expect(lengthOf({ survey: fixed, answers: {} })).toBe(2)
    expect(lengthOf({ survey: fixed, answers: {}, facts: { 'trait.plan': 'pro' } })).toBe(3)
    const open = surveyOf(scale, text('a', { when: { question: 'score', bands: ['satisfied'] } }))
    expect(lengthOf({ survey: open, answers: {} })).toBeUndefined()
  })
  it('may be none at all', () => {
    expect(start(surveyOf(text('a', { known: 'x' })), { facts: { 'trait.x': 1 } }).page).toBeUndefined()
  })
})

describe('choices', () => {
  it('are recorded by id, with what was written beside the last', () => {
    const survey = surveyOf(choice('c', { multiple: true, other: 'Other' }), text('b'))
    const { effects, flow } = play(start(survey), next('c', ['a', 'other'], ' Rain '))
    expect(answersIn(effects)).toEqual([{ question: 'c', value: ['a', 'other'], other: 'Rain', revision: 0 }])
    const again = play(flow, back, next('c', ['a', 'other'], 'Snow'), back, next('c', ['a'], 'Snow'))
    expect(answersIn(again.effects)).toEqual([
      { question: 'c', value: ['a', 'other'], other: 'Snow', revision: 1 },
      { question: 'c', value: ['a'], revision: 2 },
    ])
    expect(again.flow.answers).toEqual({ c: ['a'] })
  })
  it('stand in one order for one visitor, which is stored', () => {
    const options = Array.from({ length: 12 }, (_, index) => ({ id: `o${index}`, label: `${index}` }))
    const survey = surveyOf(choice('c', { options, shuffle: true }))
    const orderOf = (visitor: string) =>
      answersIn(play(start(survey, { facts: { 'visitor.id': visitor } }), next('c', ['o3'])).effects)[0]
        ?.order
    expect(orderOf('v1')).toEqual(orderOf('v1'))
    expect(orderOf('v1')).not.toEqual(orderOf('v2'))
    expect(orderOf('v1')?.toSorted()).toEqual(options.map((each) => each.id).toSorted())
  })
})

describe('a text with facts', () => {
  const survey = surveyOf(
    choice('c', { other: 'Other', multiple: true }),
    { kind: 'yesno', id: 'y', title: 'y?', yes: 'Sure', no: 'Nope' },
    scale,
  )
  const fill = createFill({
    survey,
    answers: { c: ['a', 'other'], 'c/other': 'Rain', y: true, score: 2 },
    facts: { 'trait.name': 'Ada <b>', 'trait.empty': '', 'trait.none': null, 'trait.long': 'x'.repeat(500) },
  })
  it.each([
    ['Hi {{trait.name}}!', 'Hi Ada <b>!'],
    ['Hi {{ trait.last | you }}', 'Hi you'],
    ['Hi {{trait.last}}, welcome', 'Hi, welcome'],
    ['{{trait.last}}, {{trait.none}} how was it?', 'how was it?'],
    ['A {{trait.empty}} B', 'A B'],
    ['A{{trait.empty}}B', 'AB'],
    ['Merci {{trait.last}} !', 'Merci !'],
    ['Really {{trait.last}}', 'Really'],
    ['You chose {{answer.c}}', 'You chose Label a, Rain'],
    ['{{answer.y}}, {{answer.score}} is {{band.score}}', 'Sure, 2 is dissatisfied'],
    ['No  change , here', 'No  change , here'],
    ['{{}} {{constructor}}x', 'x'],
  ])('%s', (source, wanted) => expect(fill(source)).toBe(wanted))
  it('is not buried by a long one', () => {
    expect(fill('{{trait.long}}')).toHaveLength(101)
  })
  it('in the thanks is filled at the end', () => {
    const thanks = { title: 'Thanks {{trait.name|you}}', text: 'For {{answer.score}}' }
    const { flow } = play(start({ ...surveyOf(scale), thanks }), next('score', 4))
    expect(flow.survey.thanks).toEqual({ title: 'Thanks you', text: 'For 4' })
  })
})

describe('after a reload', () => {
  const statement: Question = { kind: 'statement', id: 'hi', title: 'Hi' }
  const survey = surveyOf(scale, statement, text('a'), choice('c', { other: 'Other' }), text('b'))
  const resumed = (...inputs: FlowInput[]) => {
    const first = play(start(survey, { facts: { 'trait.x': 1 } }), ...inputs)
    return start(survey, { facts: { 'trait.x': 1 }, progress: progressIn(first.effects) })
  }
  it('goes on at the first page without an answer', () => {
    expect(resumed(next('score', 4)).page).toBe('hi')
    expect(resumed(next('score', 4), next('hi'), next('a', 'x')).page).toBe('c')
    expect(resumed(next('score', 4), next('hi'), next('a'), next('c', ['a'])).page).toBe('a')
  })
  it('at the last where all have one', () => {
    const all = [next('score', 4), next('hi'), next('a', 'x'), next('c', ['other'], 'y')]
    const flow = resumed(...all, { type: 'answer', at, question: 'b', value: 'z' })
    expect(flow).toMatchObject({ page: 'b', seen: true, facts: { 'trait.x': 1 } })
    expect(play(flow, next('b')).flow.stage).toBe('saving')
  })
  it('knows what was written beside a choice', () => {
    const flow = resumed(next('score', 4), next('hi'), next('a', 'x'), next('c', ['other'], 'y'))
    expect(play(flow, back, next('c', ['other'], 'y')).effects).toEqual([])
  })
})
