import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  routeOf,
  type AnswerValue,
  type Band,
  type Question,
  type Rule,
  type Survey,
} from '@earshot/contract'
import type { Flow, FlowInput } from './flow.ts'
import { answersIn, at, back, play, progressIn, recorded, start, surveyOf } from './pages.fixtures.ts'

const numRuns = Number(process.env['EARSHOT_RUNS'] ?? 500)
const ids = ['a', 'b', 'c', 'd', 'e', 'constructor']
const id = fc.constantFrom(...ids)

const rule: fc.Arbitrary<Rule> = fc.letrec<{ rule: Rule }>((tie) => ({
  rule: fc.oneof(
    { depthSize: 'small' },
    fc.record({
      fact: id.map((each) => `answer.${each}`),
      op: fc.constantFrom('equals' as const, 'contains' as const, 'atLeast' as const),
      value: fc.constantFrom(1, 'x', true),
    }),
    fc.record({
      fact: fc.oneof(
        id.map((each) => `answer.${each}`),
        fc.constant('trait.t'),
      ),
      op: fc.constant('known' as const),
    }),
    fc.record({ question: id, bands: fc.constant<Band[]>(['satisfied', 'neutral']) }),
    fc.record({ all: fc.array(tie('rule'), { maxLength: 2 }) }),
    fc.record({ any: fc.array(tie('rule'), { maxLength: 2 }) }),
    fc.record({ not: tie('rule') }),
  ),
})).rule

const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined })
const body = fc.constantFrom<Record<string, unknown>>(
  { kind: 'scale', metric: 'csat', min: 1, max: 5, positive: [4, 5], negative: [1, 2], low: 'l', high: 'h' },
  { kind: 'text', maxLength: 20 },
  { kind: 'text', maxLength: 20, minLength: 2 },
  { kind: 'text', maxLength: 20, input: 'number', least: 0 },
  {
    kind: 'choice',
    options: [
      { id: 'x', label: 'X' },
      { id: 'y', label: 'Y' },
    ],
    other: 'O',
    shuffle: true,
  },
  {
    kind: 'choice',
    options: [
      { id: 'x', label: 'X' },
      { id: 'y', label: 'Y' },
    ],
    multiple: true,
    least: 1,
    other: 'O',
  },
  { kind: 'yesno', yes: 'y', no: 'n' },
  { kind: 'statement' },
  { kind: 'link', href: '/', label: 'l' },
)
/** As nobody checked them: jumps lead anywhere, also back and in circles. */
const survey: fc.Arbitrary<Survey> = fc
  .uniqueArray(id, { minLength: 1 })
  .chain((own) =>
    fc.tuple(
      ...own.map((each) =>
        fc.record({
          id: fc.constant(each),
          title: fc.constant(`${each} {{answer.a}}`),
          body,
          when: maybe(rule),
          required: maybe(fc.boolean()),
          known: maybe(fc.constantFrom('t', 'u')),
          next: maybe(
            fc.array(fc.record({ when: maybe(rule), to: fc.oneof(id, fc.constantFrom('end', 'nowhere')) }), {
              maxLength: 3,
            }),
          ),
        }),
      ),
    ),
  )
  .map((list) => surveyOf(...list.map(({ body: rest, ...each }) => ({ ...each, ...rest }) as Question)))
const facts = fc.constantFrom<Record<string, AnswerValue>>(
  {},
  { 'trait.t': 'x' },
  { 'trait.u': 1, 'visitor.id': 'v' },
)
const value: fc.Arbitrary<AnswerValue | null> = fc.constantFrom<AnswerValue | null>(
  1,
  3,
  5,
  2.5,
  'x',
  '',
  'long enough',
  true,
  false,
  null,
  [],
  ['x'],
  ['y', 'x'],
  ['other'],
  ['z'],
)
const other = maybe(fc.constantFrom('', 'mine'))

/** What respondents do: it is told of the page on the screen, or of one that is gone. */
const move = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant('next' as const), value: maybe(value), other }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('answer' as const),
      value: value.map((each) => each ?? 1),
      other,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constantFrom('back' as const, 'late' as const, 'displayed' as const) }),
  },
)
type Move = typeof move extends fc.Arbitrary<infer Each> ? Each : never
const inputOf = (flow: Flow, each: Move): FlowInput => {
  const page = flow.page ?? 'a'
  if (each.type === 'next')
    return { ...each, at, page, ...(each.value !== undefined && { value: each.value }) }
  if (each.type === 'answer') return { ...each, at, question: page }
  if (each.type === 'late') return { type: 'next', at, page: 'c' }
  return each.type === 'back' ? back : { type: 'displayed', at }
}
const course = (flow: Flow, moves: readonly Move[]) => {
  const effects = []
  let current = flow
  for (const each of moves) {
    const done = play(current, inputOf(current, each))
    current = done.flow
    effects.push(...done.effects)
  }
  return { flow: current, effects }
}
const moves = fc.array(move, { maxLength: 30 })

describe('any paged survey', { timeout: 600_000 }, () => {
  it('leads over each question at most once, in order, whatever was answered', () => {
    fc.assert(
      fc.property(survey, facts, moves, (each, given, done) => {
        const route = routeOf(course(start(each, { facts: given }), done).flow)
        const places = route.map((page) => each.questions.findIndex((question) => question.id === page))
        expect(places).toEqual([...new Set(places)].toSorted((a, b) => a - b))
      }),
      { numRuns },
    )
  })
  it('comes to an end for whoever goes on with an answer that fits', () => {
    const fitting: AnswerValue[] = [3, 'long enough', ['x'], true]
    fc.assert(
      fc.property(survey, facts, moves, (each, given, done) => {
        let { flow } = course(start(each, { facts: given }), done)
        if (flow.page === undefined) return
        let steps = 0
        while (flow.stage === 'ask' && steps++ <= each.questions.length) {
          const { page } = flow
          for (const answer of [undefined, ...fitting])
            if (flow.page === page && flow.stage === 'ask')
              flow = play(flow, inputOf(flow, { type: 'next', value: answer, other: undefined })).flow
        }
        expect(flow.stage).toBe('saving')
      }),
      { numRuns },
    )
  })
  it('records revisions without a gap, one display, one end, and nothing after it', () => {
    fc.assert(
      fc.property(survey, facts, moves, (each, given, done) => {
        const { effects } = course(start(each, { facts: given }), done)
        for (const question of ids) {
          const revisions = answersIn(effects).flatMap((data) =>
            data.question === question ? [data.revision] : [],
          )
          expect(revisions).toEqual(revisions.map((_, index) => index))
        }
        const types = recorded(effects).map((draft) => draft.type)
        expect(types.filter((type) => type === 'display').length).toBeLessThanOrEqual(1)
        if (types.includes('complete'))
          expect(types.filter((type) => type !== 'display').at(-1)).toBe('complete')
        if (types.includes('answer')) expect(types).toContain('display')
      }),
      { numRuns },
    )
  })
  it('ends in the state that its events tell', () => {
    fc.assert(
      fc.property(survey, facts, moves, (each, given, done) => {
        const { flow, effects } = course(start(each, { facts: given }), done)
        const told: Record<string, AnswerValue> = {}
        for (const { question, value: answer, other: written } of answersIn(effects)) {
          told[question] = answer
          delete told[`${question}/other`]
          if (written) told[`${question}/other`] = written
        }
        expect(flow.answers).toEqual(told)
        const completed = recorded(effects).some((draft) => draft.type === 'complete')
        expect(flow.stage).toBe(completed ? 'saving' : 'ask')
      }),
      { numRuns },
    )
  })
  it('goes the same way after a reload at any point, and asks nothing again that was answered', () => {
    fc.assert(
      fc.property(survey, facts, moves, fc.nat(30), (each, given, done, cut) => {
        const before = course(start(each, { facts: given }), done.slice(0, cut))
        if (before.flow.stage !== 'ask') return
        const progress = progressIn(before.effects)
        const after = start(each, { facts: given, progress })
        expect(routeOf(after)).toEqual(routeOf(before.flow))
        expect(after.answers).toEqual(before.flow.answers)
        expect(after.revisions).toEqual(before.flow.revisions)
        if (after.page === undefined) return
        expect(routeOf(after)).toContain(after.page)
        // From the same page both come to the same.
        const rest = done.slice(cut)
        const here = course({ ...before.flow, page: after.page, flaw: undefined }, rest)
        expect(course(after, rest).flow.answers).toEqual(here.flow.answers)
      }),
      { numRuns },
    )
  })
})
