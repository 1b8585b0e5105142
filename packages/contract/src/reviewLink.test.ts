import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { routeOf } from './pageRoute.ts'
import type { AnswerValue, Jump, Question } from './question.ts'
import type { Rule } from './rule.ts'
import { surveySchema, validateSurvey } from './schema.ts'
import type { Survey } from './survey.ts'

const numRuns = Number(process.env['EARSHOT_RUNS'] ?? 3000)
vi.setConfig({ testTimeout: 60_000 + 100 * numRuns })

const scale = (id: string): Question => ({
  kind: 'scale',
  id,
  metric: 'nps',
  title: 'How likely is it?',
  min: 0,
  max: 10,
  positive: [9, 10],
  negative: [0, 1, 2, 3, 4, 5, 6],
  low: 'Not at all',
  high: 'Extremely',
})
const link: Question = {
  kind: 'link',
  id: 'tell',
  title: 'Would you tell others?',
  href: 'https://reviews.example/acme',
  label: 'Write a review',
}
const why: Question = { kind: 'text', id: 'why', title: 'Why?', maxLength: 200 }
const surveyOf = (questions: Question[], fields: Partial<Survey> = {}): Survey => ({
  id: 'tell-us',
  version: 1,
  locale: 'en',
  questions,
  thanks: { title: 'Thank you' },
  triggers: [],
  recontact: { answered: 30, dismissed: 30, shown: 7 },
  ...fields,
})
const promoters: Rule = { question: 'score', bands: ['promoter'] }
const phones: Rule = { fact: 'device', op: 'equals', value: 'phone' }
const high: Rule = { fact: 'answer.score', op: 'atLeast', value: 9 }
const score = scale('score')
const with1 = (question: Question, fields: object): Question => ({ ...question, ...fields })
const errorsOf = (survey: Survey): string[] =>
  validateSurvey(survey)
    .filter((each) => each.severity === 'error')
    .map((each) => each.message)

describe('a link to reviews', () => {
  it.each<[string, Survey]>([
    ['is for everybody', surveyOf([score, why, link])],
    ['says that it is for reviews', surveyOf([score, why, with1(link, { purpose: 'review' })])],
    ['comes after a question for some', surveyOf([score, with1(why, { when: promoters }), link])],
    ['is where both ways meet', surveyOf([with1(score, { next: [{ when: high, to: 'tell' }] }), why, link])],
    [
      'leads to help, after a low score',
      surveyOf([score, with1(link, { purpose: 'help', when: promoters })]),
    ],
    ['is on phones only, and does not say what it is for', surveyOf([score, with1(link, { when: phones })])],
    [
      'is asked some days after any answer',
      surveyOf([score, link], {
        followUps: [{ id: 'f', after: { on: 'answer', survey: 'nps' }, delay: 1, expires: 30 }],
      }),
    ],
  ])('%s: is taken', (_name, survey) => {
    expect(errorsOf(survey)).toEqual([])
    expect(surveySchema.safeParse(survey).success).toBe(true)
  })

  it.each<[string, Survey, string]>([
    [
      'a condition on a group',
      surveyOf([score, with1(link, { when: promoters })]),
      'questions.1.when lets an answer decide who comes to the link "tell"; allowed is no condition on the way to a link for reviews: it is offered to everybody or to nobody; or "purpose": "help" on a link that leads to no reviews',
    ],
    [
      'a condition deep inside',
      surveyOf([score, with1(link, { when: { all: [phones, { not: { any: [phones, high] } }] } })]),
      'questions.1.when lets an answer decide',
    ],
    [
      'a jump past it',
      surveyOf([with1(score, { next: [{ when: high, to: 'why' }] }), link, why]),
      'questions.0.next.0 lets an answer decide',
    ],
    [
      'an end before it, where an earlier jump does not hold',
      surveyOf([
        with1(score, {
          next: [
            { when: high, to: 'tell' },
            { when: phones, to: 'end' },
          ],
        }),
        why,
        link,
      ]),
      'questions.0.next.0 lets an answer decide',
    ],
    [
      'an end after a question that is for some',
      surveyOf([score, with1(why, { when: promoters, next: [{ to: 'end' }] }), link]),
      'questions.1.when lets an answer decide',
    ],
    [
      'a follow-up of some answers',
      surveyOf([score, link], {
        followUps: [
          {
            id: 'f',
            after: { on: 'answer', survey: 'nps', when: promoters },
            delay: 1,
            expires: 30,
          },
        ],
      }),
      'followUps.0.after.when lets an answer decide who is asked, and so who comes to the link "tell"',
    ],
    [
      'any condition, where it says that it is for reviews',
      surveyOf([score, with1(link, { purpose: 'review', when: phones })]),
      'questions.1.when lets some only come to "tell", which asks for a review; allowed is no condition on the way',
    ],
    [
      'a trait that answers it',
      surveyOf([score, with1(link, { purpose: 'review', known: 'reviewed' })]),
      'questions.1.known lets some only come',
    ],
    [
      'any jump past it',
      surveyOf([with1(score, { next: [{ when: phones, to: 'end' }] }), with1(link, { purpose: 'review' })]),
      'questions.0.next.0 lets some only come',
    ],
  ])('is refused behind %s', (_name, survey, message) => {
    expect(errorsOf(survey).find((each) => each.startsWith(message))).toBeTruthy()
    expect(surveySchema.safeParse(survey).success).toBe(false)
  })

  /** Any flow of up to seven questions, with one link in it. */
  const flow = fc
    .record({
      count: fc.integer({ min: 1, max: 6 }),
      at: fc.nat(),
      purpose: fc.constantFrom(undefined, 'review', 'help'),
      rules: fc.array(
        fc.record({
          on: fc.nat(),
          kind: fc.constantFrom('none', 'none', 'device', 'band', 'answer', 'mixed'),
          low: fc.boolean(),
        }),
        { minLength: 21, maxLength: 21 },
      ),
      jumps: fc.array(fc.record({ has: fc.nat({ max: 3 }), to: fc.nat(), second: fc.nat() }), {
        minLength: 7,
        maxLength: 7,
      }),
      known: fc.nat({ max: 12 }),
    })
    .map(({ count, at, purpose, rules, jumps, known }): Survey => {
      const place = at % (count + 1)
      const ids = Array.from({ length: count + 1 }, (_, index) => (index === place ? 'tell' : `q${index}`))
      const scales = (before: number): string[] => ids.slice(0, before).filter((id) => id !== 'tell')
      const ruleOf = (number: number, before: number): Rule | undefined => {
        const { on, kind, low } = rules[number]!
        const usable = scales(before)
        const id = usable[on % Math.max(1, usable.length)]
        if (kind === 'none') return undefined
        if (kind === 'device' || id === undefined) return phones
        const band: Rule = { question: id, bands: [low ? 'detractor' : 'promoter'] }
        const answer: Rule = { fact: `answer.${id}`, op: low ? 'below' : 'atLeast', value: 8 }
        return kind === 'band' ? band : kind === 'answer' ? answer : { any: [phones, { not: answer }] }
      }
      const jumpsOf = (index: number): Jump[] | undefined => {
        const { has, to, second } = jumps[index]!
        const later = [...ids.slice(index + 1), 'end']
        const list = [
          { when: ruleOf(7 + index, index + 1), to: later[to % later.length]! },
          { when: ruleOf(14 + index, index + 1), to: later[second % later.length]! },
        ]
        return has < 2 ? undefined : list.slice(0, has - 1)
      }
      const questions = ids.map((id, index): Question => {
        const base = id === 'tell' ? { ...link, purpose: purpose as 'review' } : scale(id)
        const when = index === 0 ? undefined : ruleOf(index, index)
        const next = jumpsOf(index)
        return {
          ...base,
          ...(when && { when }),
          ...(next && { next }),
          ...(id === 'tell' && known === 0 && { known: 'reviewed' }),
        }
      })
      return surveyOf(questions)
    })
  const answersTo = (survey: Survey, values: readonly number[]): Record<string, AnswerValue> =>
    Object.fromEntries(
      survey.questions.flatMap(({ id, kind }, index) => {
        const value = values[index] ?? -1
        // Skipped, now and then.
        return kind === 'scale' && value >= 0 ? [[id, value]] : []
      }),
    )
  const values = fc.array(fc.integer({ min: -1, max: 10 }), { minLength: 7, maxLength: 7 })
  const isOffered = (survey: Survey, given: readonly number[], device: string, reviewed?: boolean): boolean =>
    routeOf({
      survey,
      answers: answersTo(survey, given),
      facts: { device, ...(reviewed && { 'trait.reviewed': true }) },
    }).includes('tell')

  it('is on every way of answers through a survey that is taken, and never decided by an answer', () => {
    const seen = { review: 0, undeclared: 0, help: 0, refused: 0 }
    const property = fc.property(
      flow,
      values,
      values,
      fc.constantFrom('phone', 'desktop'),
      fc.boolean(),
      (survey, one, other, device, reviewed) => {
        if (!surveySchema.safeParse(survey).success) return void seen.refused++
        const tell = survey.questions.find((each) => each.id === 'tell')
        const purpose = tell?.kind === 'link' ? tell.purpose : undefined
        seen[purpose ?? 'undeclared']++
        if (purpose === 'help') return
        const offered = isOffered(survey, one, device, reviewed)
        if (purpose === 'review') expect(offered).toBe(true)
        // Whatever else is answered on the same device by the same person.
        expect(isOffered(survey, other, device, reviewed)).toBe(offered)
      },
    )
    fc.assert(property, { numRuns })
    // None of the cases is empty.
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(numRuns / 100)
  })

  it('is refused for a reason: where the conditions are taken for harmless, answers would decide', () => {
    // The same flows with the link said to lead to help, which is not looked at.
    const property = fc.property(flow, values, values, (survey, one, other) => {
      const asHelp = {
        ...survey,
        questions: survey.questions.map((each) =>
          each.id === 'tell' ? with1(each, { purpose: 'help' }) : each,
        ),
      }
      if (!surveySchema.safeParse(asHelp).success) return true
      const bare = {
        ...survey,
        questions: survey.questions.map((each) =>
          each.id === 'tell' ? with1(each, { purpose: undefined }) : each,
        ),
      }
      const differs = isOffered(asHelp, one, 'phone') !== isOffered(asHelp, other, 'phone')
      return !differs || errorsOf(bare).some((each) => each.includes('lets an answer decide'))
    })
    fc.assert(property, { numRuns })
  })
})
