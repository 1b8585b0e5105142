/** Surveys and courses for the tests of paged showings. */
import type { Question, Survey } from '@earshot/contract'
import type { Flow, FlowEffect, FlowInput } from './flow.ts'
import type { Showing } from './model.ts'
import { judgeAll } from './pageJudge.ts'
import { startPages, stepPages } from './pages.ts'
import type { Instant } from './time.ts'

export const at = 1000 as Instant

export const scale: Question = {
  kind: 'scale',
  id: 'score',
  title: 'How was it?',
  metric: 'csat',
  min: 1,
  max: 5,
  positive: [4, 5],
  negative: [1, 2],
  low: 'Bad',
  high: 'Good',
}

export const text = (id: string, more: Partial<Extract<Question, { kind: 'text' }>> = {}): Question => ({
  kind: 'text',
  id,
  title: `${id}?`,
  maxLength: 200,
  ...more,
})

export const choice = (id: string, more: Partial<Extract<Question, { kind: 'choice' }>> = {}): Question => ({
  kind: 'choice',
  id,
  title: `${id}?`,
  options: ['a', 'b', 'c'].map((each) => ({ id: each, label: `Label ${each}` })),
  ...more,
})

export const surveyOf = (...questions: Question[]): Survey => ({
  id: 'q',
  version: 2,
  locale: 'en',
  questions,
  thanks: { title: 'Thank you' },
  triggers: [],
  recontact: { answered: 0, dismissed: 0, shown: 0 },
})

export const showingOf = (survey: Survey, more: Partial<Showing> = {}): Showing => ({
  survey,
  response: 'r1',
  about: { trigger: 'show' },
  paged: true,
  ...more,
})

export const start = (survey: Survey, more: Partial<Showing> = {}): Flow =>
  startPages(showingOf(survey, more), false)

/** Carries inputs out, on flows that nobody can change. */
export function play(flow: Flow, ...inputs: FlowInput[]): { flow: Flow; effects: FlowEffect[] } {
  const effects: FlowEffect[] = []
  let current = flow
  for (const input of inputs) {
    const next = stepPages(Object.freeze(current), input, judgeAll)
    current = next.flow
    effects.push(...next.effects)
  }
  return { flow: current, effects }
}

export const recorded = (effects: readonly FlowEffect[]) =>
  effects.flatMap((effect) => (effect.type === 'record' ? [effect.draft] : []))

export const answersIn = (effects: readonly FlowEffect[]) =>
  recorded(effects).flatMap((each) => (each.type === 'answer' ? [each.data] : []))

export const progressIn = (effects: readonly FlowEffect[]): Showing['progress'] =>
  effects
    .flatMap((each) => (each.type === 'remember' && each.change.kind === 'survey' ? [each.change.patch] : []))
    .findLast((each) => 'progress' in each)?.progress

/** Goes on from a page with an answer, or without. */
export const next = (
  page: string,
  value?: Extract<FlowInput, { type: 'next' }>['value'],
  other?: string,
): FlowInput => ({
  type: 'next',
  at,
  page,
  ...(value !== undefined && { value }),
  ...(other !== undefined && { other }),
})
export const back: FlowInput = { type: 'back' }
