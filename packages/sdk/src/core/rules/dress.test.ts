import { type Question, variantOf } from '@earshot/contract'
import { describe, expect, it } from 'vitest'
import type { State, Wish } from '../model.ts'
import type { Progress } from '../remembered.ts'
import { dress, isPaged } from './dress.ts'
import { aMemory, aState, aSurvey, deepFreeze, score, t0 } from './survey.fixtures.ts'

const wish: Wish = { survey: 'nps', cause: 'event' }
const text: Question = { kind: 'text', id: 'why', title: 'Why?', maxLength: 100 }
const low: Question = { ...text, when: { question: 'score', bands: ['detractor'] } }
const state = (patch: Partial<State> = {}): State => deepFreeze(aState([], patch))

describe('dress', () => {
  it('leaves a survey without more to it as it is', () => {
    const survey = aSurvey({ questions: [score, low] })
    expect(dress(state(), survey, wish)).toEqual({
      survey,
      about: { trigger: 'event' },
      facts: {},
      paged: false,
    })
  })
  it('takes words and place from the visitor’s variant, and names it', () => {
    const variants = [
      { id: 'a', weight: 1 },
      {
        id: 'b',
        weight: 1,
        layout: 'top-end' as const,
        wording: { score: { title: 'Hm?', low: 'no' }, why: { title: 'So?' } },
      },
    ]
    const survey = deepFreeze(aSurvey({ variants, questions: [score, low] }))
    const visitor = (id: string): string =>
      Array.from({ length: 99 }, (_, index) => `v${index}`).find(
        (each) => variantOf(each, 'nps', variants)?.id === id,
      ) as string
    const dressed = (id: string) => dress(state({ memory: aMemory({ visitor: visitor(id) }) }), survey, wish)
    expect(dressed('a')).toMatchObject({ variant: 'a', about: { trigger: 'event' } })
    expect(dressed('a').survey.questions).toEqual(survey.questions)
    expect(dressed('b')).toMatchObject({
      variant: 'b',
      about: { trigger: 'event', layout: 'top-end' },
      survey: {
        layout: 'top-end',
        questions: [{ title: 'Hm?', low: 'no', high: 'Very' }, { title: 'So?' }],
      },
    })
    expect(dressed('b').survey.questions[1]).not.toHaveProperty('low')
  })
  it('keeps the hidden fields that the survey has, if the wire takes them', () => {
    const survey = aSurvey({ hidden: ['order', 'big', 'odd', 'none'] })
    const hidden = { order: 'A1', big: 'x'.repeat(2000), odd: {} as never, other: 'secret', none: null }
    const { about } = dress(state(), survey, { ...wish, hidden })
    expect(about.hidden).toEqual({ order: 'A1', big: 'x'.repeat(1000), none: null })
    expect(dress(state(), survey, wish).about).not.toHaveProperty('hidden')
  })
  it('knows the facts that a text names in any language', () => {
    const memory = aMemory({ traits: { first: 'Ada', town: 'Rom' } })
    const survey = aSurvey({
      questions: [score, low],
      translations: { it: { questions: { why: { title: 'Perché, {{trait.first|tu}}?' } } } },
      variants: [
        { id: 'a', weight: 1, translations: { it: { why: { title: 'Perché a {{trait.town|Roma}}?' } } } },
      ],
    })
    expect(dress(state({ memory }), survey, wish)).toMatchObject({
      facts: { 'trait.first': 'Ada', 'trait.town': 'Rom' },
      paged: true,
    })
  })
  it('says which follow-up it is', () => {
    const { about } = dress(state(), aSurvey(), { survey: 'nps', cause: 'followup', followUp: 'f' })
    expect(about).toEqual({ trigger: 'followup', followUp: 'f' })
  })
})

describe('facts', () => {
  it('are those that the questions name, and no others', () => {
    const questions: Question[] = [
      { ...score, title: 'Hello {{trait.name|there}} at {{ group.id }}, {{trait.missing|x}}' },
      { ...text, known: 'mail', when: { all: [{ fact: 'device', op: 'equals', value: 'phone' }] } },
      { ...text, id: 'b', next: [{ to: 'end', when: { not: { fact: 'event.total', op: 'known' } } }] },
      {
        ...text,
        id: 'c',
        when: { any: [{ fact: 'time.hour', op: 'above', value: 3, zone: 'Asia/Tokyo' }] },
      },
      { ...text, id: 'd', when: { fact: 'answer.score', op: 'above', value: 3 } },
      { ...text, id: 'e', when: { question: 'score', bands: ['passive'] } },
      { ...text, id: 'f', when: { fact: 'hidden.order', op: 'known' } },
    ]
    const memory = aMemory({ traits: { name: 'Ada', mail: 'a@b.c', age: 36 }, group: { id: 'acme' } })
    const survey = aSurvey({ questions, hidden: ['order'] })
    const asked = { ...wish, event: { total: 5 }, hidden: { order: 'A1' } }
    const { facts } = dress(state({ memory }), survey, asked)
    const hour = (new Date(t0).getUTCHours() + 9) % 24
    expect(facts).toEqual({
      'trait.name': 'Ada',
      'group.id': 'acme',
      'trait.mail': 'a@b.c',
      device: 'desktop',
      'event.total': 5,
      'time.hour@Asia/Tokyo': hour,
      'hidden.order': 'A1',
    })
  })
})

describe('going on', () => {
  const progress: Progress = {
    response: 'r',
    at: t0,
    version: 1,
    variant: 'b',
    about: { trigger: 'click', hidden: { order: 'A1' } },
    facts: { device: 'phone' },
    answers: { score: 3 },
    revisions: { score: 1 },
  }
  it('is in the same words, about the same things, and says that it goes on', () => {
    const variants = [
      { id: 'a', weight: 1_000_000 },
      { id: 'b', weight: 1e-9, wording: { score: { title: 'Hm?' } } },
    ]
    const questions: Question[] = [score, { ...text, when: { fact: 'device', op: 'known' } }]
    const survey = aSurvey({ variants, questions, hidden: ['order'] })
    const memory = aMemory({ surveys: { nps: { progress } } })
    expect(dress(state({ memory }), survey, { survey: 'nps', cause: 'resume' })).toMatchObject({
      survey: { questions: [{ title: 'Hm?' }, {}] },
      variant: 'b',
      about: { trigger: 'resume', hidden: { order: 'A1' } },
      facts: { device: 'phone' },
      progress,
    })
    expect(dress(state({ memory }), survey, wish)).not.toHaveProperty('progress')
  })
})

describe('isPaged', () => {
  const choice: Question = { kind: 'choice', id: 'c', title: '?', options: [{ id: 'a', label: 'A' }] }
  it.each<[boolean, Question[]]>([
    [false, [score]],
    [false, [score, low]],
    [true, [score, text]],
    [true, [score, choice]],
    [true, [{ ...score, look: 'stars' }]],
    [true, [{ ...score, required: true }]],
    [true, [{ ...score, title: 'Hi {{trait.name}}' }]],
    [true, [score, { ...low, input: 'email' }]],
    [true, [score, { ...low, known: 'mail' }]],
    [true, [score, { ...text, when: { fact: 'device', op: 'known' } }]],
    [true, [{ kind: 'statement', id: 's', title: 'Hi' }]],
  ])('%s for %j', (paged, questions) => {
    expect(isPaged(aSurvey({ questions }))).toBe(paged)
    expect(dress(state(), aSurvey({ questions }), wish).paged).toBe(paged)
  })
  it('sees what a variant or the thanks put in place', () => {
    const variants = [{ id: 'a', weight: 1, wording: { score: { title: '{{trait.name}}' } } }]
    expect(isPaged(aSurvey({ variants }))).toBe(true)
    expect(isPaged(aSurvey({ thanks: { title: '{{trait.name}}' } }))).toBe(true)
  })
})
