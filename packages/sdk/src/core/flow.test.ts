import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AnswerEvent } from '@earshot/contract'
import { ces, csat, nps } from './builders.ts'
import { type Flow, type FlowEffect, type FlowInput, openQuestions, startFlow, stepFlow } from './flow.ts'
import type { Showing } from './model.ts'
import type { Instant } from './time.ts'

const at = 1000 as Instant
const about = { trigger: 'show' } as const
const start = (survey = nps({ id: 'q', name: 'Acme' }), more: Partial<Showing> = {}): Flow =>
  startFlow({ survey, response: 'r1', about, ...more }, false)

function play(flow: Flow, ...inputs: FlowInput[]): { flow: Flow; effects: FlowEffect[] } {
  const effects: FlowEffect[] = []
  let current = flow
  for (const input of inputs) {
    const next = stepFlow(Object.freeze(current), input)
    current = next.flow
    effects.push(...next.effects)
  }
  return { flow: current, effects }
}
const recorded = (effects: readonly FlowEffect[]) =>
  effects.flatMap((effect) => (effect.type === 'record' ? [effect.draft] : []))
const remembered = (effects: readonly FlowEffect[]) =>
  effects.flatMap((effect) =>
    effect.type === 'remember' && effect.change.kind === 'survey' ? [effect.change.patch] : [],
  )
const score = (value: number): FlowInput => ({ type: 'answer', at, question: 'score', value })
const finish = (texts: Record<string, string> = {}): FlowInput => ({ type: 'finish', at, texts })

describe('the follow-up question', () => {
  it.each([
    [
      'nps',
      nps({ id: 'q', name: 'A' }),
      {
        0: 'why-detractor',
        6: 'why-detractor',
        7: 'why-passive',
        8: 'why-passive',
        9: 'why-promoter',
        10: 'why-promoter',
      },
    ],
    [
      'ces',
      ces({ id: 'q', name: 'A' }),
      { 1: 'why-hard', 3: 'why-hard', 4: 'why-neutral', 5: 'why-easy', 7: 'why-easy' },
    ],
    [
      'csat',
      csat({ id: 'q', name: 'A' }),
      {
        1: 'why-dissatisfied',
        2: 'why-dissatisfied',
        3: 'why-neutral',
        4: 'why-satisfied',
        5: 'why-satisfied',
      },
    ],
  ])('differs by band: %s', (_name, survey, expected) => {
    for (const [value, id] of Object.entries(expected)) {
      const { flow } = play(start(survey), score(Number(value)))
      expect(openQuestions(flow).map((each) => each.id)).toEqual(['score', id])
    }
  })
  it('is not asked before there is a score', () => {
    expect(openQuestions(start()).map((each) => each.id)).toEqual(['score'])
  })
  it('changes with the score', () => {
    const { flow } = play(start(), score(2), score(10))
    expect(openQuestions(flow).map((each) => each.id)).toEqual(['score', 'why-promoter'])
  })
})

describe('an answer', () => {
  it('is recorded at once, each change as one revision', () => {
    const { effects } = play(start(), score(3), score(9), score(9))
    const answers = recorded(effects).filter((each) => each.type === 'answer') as unknown as AnswerEvent[]
    expect(answers.map((each) => each.data)).toEqual([
      { question: 'score', value: 3, revision: 0 },
      { question: 'score', value: 9, revision: 1 },
    ])
  })
  it('tells the display too when the card was not yet seen for a second, and tells it once', () => {
    const { effects } = play(start(), score(3), { type: 'displayed', at }, score(4))
    expect(recorded(effects).map((each) => each.type)).toEqual(['answer', 'display', 'answer'])
  })
  it('counts the survey as answered for the recontact period', () => {
    const { effects } = play(start(), score(3))
    expect(remembered(effects)).toMatchObject([{ answered: at }, { seen: 'r1' }])
  })
  it.each([[11], [-1], [2.5], [Number.NaN], ['7'], [null]])('off the scale is not taken: %s', (value) => {
    const before = start()
    const { flow, effects } = play(before, score(value as number))
    expect(effects).toEqual([])
    expect(flow).toEqual(before)
  })
  it('to the only question ends the survey', () => {
    const whole = nps({ id: 'q', name: 'A' })
    const survey = { ...whole, questions: whole.questions.slice(0, 1) }
    const { flow, effects } = play(start(survey), score(8))
    expect(flow.stage).toBe('saving')
    expect(recorded(effects).map((each) => each.type)).toEqual(['answer', 'display', 'complete'])
  })
})

describe('the end', () => {
  it('records the trimmed text, then completion', () => {
    const { effects, flow } = play(
      start(),
      score(9),
      finish({ 'why-promoter': '  Lovely \n', 'why-passive': 'not asked' }),
    )
    expect(recorded(effects).slice(2)).toMatchObject([
      { type: 'answer', data: { question: 'why-promoter', value: 'Lovely', revision: 0 } },
      { type: 'complete', response: 'r1', survey: 'q', surveyVersion: 1 },
    ])
    expect(flow.stage).toBe('saving')
  })
  it('says thanks only when the completion is stored', () => {
    const { flow } = play(start(), score(9), finish())
    const stored = (type: string, response: string) =>
      ({ type: 'stored', event: { type, response, data: {} }, durable: true }) as unknown as FlowInput
    expect(play(flow, stored('answer', 'r1')).flow.stage).toBe('saving')
    expect(play(flow, stored('complete', 'another')).flow.stage).toBe('saving')
    const done = play(flow, stored('complete', 'r1'))
    expect(done.flow.stage).toBe('thanks')
    expect(done.effects).toMatchObject([{ emission: { name: 'completed', detail: { durable: true } } }])
  })
  it('closes without an event after thanks', () => {
    const { effects, flow } = play({ ...start(), stage: 'thanks' }, { type: 'dismiss', at, reason: 'close' })
    expect(effects).toEqual([])
    expect(flow.stage).toBe('closed')
  })
})

describe('what a showing is about', () => {
  it('is told by the display event, and the variant by every event', () => {
    const told = { trigger: 'event', hidden: { order: 7 }, layout: 'top-start' } as const
    const { effects } = play(start(undefined, { about: told, variant: 'b' }), score(9), finish())
    expect(recorded(effects).find((each) => each.type === 'display')?.data).toEqual(told)
    expect(recorded(effects)).toHaveLength(3)
    for (const each of recorded(effects)) expect(each).toMatchObject({ variant: 'b' })
  })
})

describe('a reload', () => {
  const broken = (...inputs: FlowInput[]): Flow => {
    const first = play(start(undefined, { variant: 'b' }), ...inputs)
    const progress = remembered(first.effects).findLast((each) => 'progress' in each)?.progress
    return start(undefined, { variant: 'b', progress })
  }
  it('after the score goes on with the open text, and tells no second display', () => {
    const flow = broken(score(3), score(4))
    expect(flow.answers).toEqual({ score: 4 })
    expect(openQuestions(flow).map((each) => each.id)).toEqual(['score', 'why-detractor'])
    const { effects } = play(flow, { type: 'displayed', at }, score(9), finish({ 'why-promoter': 'Yes' }))
    expect(recorded(effects)).toMatchObject([
      { type: 'answer', data: { question: 'score', value: 9, revision: 2 } },
      { type: 'answer', data: { question: 'why-promoter', revision: 0 } },
      { type: 'complete' },
    ])
  })
  it('keeps what the showing was about', () => {
    const progress = remembered(play(start(undefined, { about }), score(3)).effects)[0]?.progress
    expect(progress).toMatchObject({ response: 'r1', at, version: 1, about, answers: { score: 3 } })
  })
  it.each<[string, FlowInput]>([
    ['the end', finish()],
    ['dismissal', { type: 'dismiss', at, reason: 'close' }],
  ])('after %s begins anew', (_name, input) => {
    const patch = remembered(play(start(), score(3), input).effects).at(-1)
    expect(patch).toHaveProperty('progress', undefined)
  })
})

describe('dismissal', () => {
  it('without an answer starts the dismissal period', () => {
    const { effects } = play(start(), { type: 'dismiss', at, reason: 'escape' })
    expect(recorded(effects)).toMatchObject([{ type: 'dismiss', data: { reason: 'escape' } }])
    expect(remembered(effects)).toEqual([{ dismissed: at, seen: 'r1', progress: undefined }])
  })
  it('after an answer keeps the answer and starts no dismissal period', () => {
    const { effects } = play(start(), score(9), { type: 'dismiss', at, reason: 'close' })
    expect(remembered(effects).some((each) => each.dismissed)).toBe(false)
    expect(recorded(effects).at(-1)).toMatchObject({ type: 'dismiss' })
  })
})

describe('any course', { timeout: 600_000 }, () => {
  const input: fc.Arbitrary<FlowInput> = fc.oneof(
    fc.integer({ min: -2, max: 12 }).map(score),
    fc
      .record({ 'why-promoter': fc.string({ maxLength: 5 }) }, { requiredKeys: [] })
      .map((texts) => finish(texts)),
    fc.constant<FlowInput>({ type: 'displayed', at }),
    fc.constant<FlowInput>({ type: 'line', up: false }),
    fc.constantFrom<FlowInput>({ type: 'dismiss', at, reason: 'close' }),
  )
  it('records at most one display, one completion, revisions without a gap, and nothing after the end', () => {
    fc.assert(
      fc.property(fc.array(input, { maxLength: 30 }), (inputs) => {
        const events = recorded(play(start(), ...inputs).effects)
        const count = (type: string) => events.filter((each) => each.type === type).length
        expect(count('display')).toBeLessThanOrEqual(1)
        expect(count('complete') + count('dismiss')).toBeLessThanOrEqual(1)
        const end = events.findIndex((each) => each.type === 'complete' || each.type === 'dismiss')
        if (end >= 0) expect(events.slice(end + 1).filter((each) => each.type !== 'display')).toEqual([])
        for (const id of ['score', 'why-promoter']) {
          const revisions = events.flatMap((each) =>
            each.type === 'answer' && each.data.question === id ? [each.data.revision] : [],
          )
          expect(revisions).toEqual(revisions.map((_, index) => index))
        }
        if (count('answer')) expect(count('display')).toBe(1)
      }),
      { numRuns: 1000 },
    )
  })
})
