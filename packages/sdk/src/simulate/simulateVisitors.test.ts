import type { Survey } from '@earshot/contract'
import { describe, expect, it } from 'vitest'
import { nps } from '../core/builders.ts'
import { aSurvey, deepFreeze } from '../core/rules/survey.fixtures.ts'
import { simulateEachVisitor, simulateVisitors, type VisitorsOptions } from './simulateVisitors.ts'

const day = 86_400_000
const start = Date.UTC(2026, 0, 5, 9)
const open: Partial<Survey> = { recontact: { answered: 0, dismissed: 0, shown: 0 }, transactional: true }
const plain = nps({ id: 'plain', name: 'Acme', triggers: [{ on: 'event', name: 'done' }] })
const rich = aSurvey({
  id: 'rich',
  tenure: 10,
  sampling: 0.5,
  triggers: [{ on: 'sequence', steps: [{ name: 'a' }, { name: 'b' }], within: 3600 }],
  followUps: [{ id: 'f', after: { on: 'silence' }, delay: 2, expires: 30 }],
})
const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0)
const live = (more: Partial<VisitorsOptions> = {}) =>
  simulateVisitors({ surveys: [plain, rich], visitors: 60, ...more })

describe('simulateVisitors', () => {
  it('gives the same for the same, and changes nothing that it is given', () => {
    const options = deepFreeze({
      surveys: JSON.parse(JSON.stringify([plain, rich])) as Survey[],
      visitors: 20,
    })
    const one = simulateVisitors(options)
    expect(simulateVisitors(options)).toEqual(one)
    expect(JSON.parse(JSON.stringify(one))).toEqual(one)
    expect(simulateVisitors({ ...options, seed: 2 })).not.toEqual({ ...one, seed: 2 })
  })
  it('counts what the histories say', () => {
    const totals = live()
    const histories = [...simulateEachVisitor({ surveys: [plain, rich], visitors: 60 })]
    const asks = histories.flatMap((each) => each.asks).filter((each) => each.outcome !== 'unseen')
    expect(totals.visits).toBe(sum(histories.map((each) => each.visits)))
    expect(totals.pageViews).toBe(sum(histories.map((each) => each.pageViews)))
    expect(sum(totals.asksPerPerson)).toBe(60)
    expect(sum(totals.asksPerPerson.map((people, count) => people * count))).toBe(asks.length)
    expect(sum(totals.firstAskByDay)).toBe(60 - (totals.asksPerPerson[0] ?? 0))
    for (const each of totals.surveys) {
      const { asked, completed, partial, dismissed, snoozed, ignored, causes, people, neverAsked } = each
      const mine = asks.filter(({ survey }) => survey === each.survey)
      expect(asked).toBe(mine.length)
      expect(completed + partial + dismissed + snoozed + ignored).toBe(asked)
      expect(sum(Object.values(causes))).toBe(asked)
      expect(people + sum(Object.values(neverAsked))).toBe(60)
      expect(sum(Object.values(each.refusals))).toBe(
        histories.flatMap(({ refusals }) => refusals).filter(({ survey }) => survey === each.survey).length,
      )
      expect(asked).toBeGreaterThan(0)
    }
    expect(Object.keys(totals.surveys[1]?.causes ?? {}).sort()).toEqual(['followup', 'sequence'])
  })
  it('obeys every limit, as the real engine does', () => {
    for (const history of simulateEachVisitor({ surveys: [plain, rich], visitors: 60 })) {
      const asks = history.asks.filter((each) => each.outcome !== 'unseen')
      for (const [index, each] of asks.entries()) {
        const before = asks[index - 1]
        if (before) expect(each.at - before.at).toBeGreaterThanOrEqual(14 * day)
        if (each.cause === 'sequence') expect(each.at - start).toBeGreaterThanOrEqual(10 * day)
      }
    }
  })
  it('has each visitor do the same however many there are', () => {
    const first = (visitors: number): unknown => {
      for (const each of simulateEachVisitor({ surveys: [plain], visitors })) return each
      return null
    }
    expect(first(1)).toEqual(first(50))
  })
  it('says why people were never asked, also where nothing was refused', () => {
    const reasons = (survey: Partial<Survey>, more: Partial<VisitorsOptions> = {}): string[] =>
      Object.keys(live({ surveys: [aSurvey({ ...open, ...survey })], ...more }).surveys[0]?.neverAsked ?? {})
    expect(reasons({ triggers: [] })).toEqual(['no-trigger'])
    expect(reasons({ triggers: [{ on: 'exit' }], tenure: 200 })).toEqual(['too-new'])
    expect(
      reasons({ triggers: [{ on: 'page', delay: 0 }] }, { consent: 'required', behaviour: { consents: 0 } }),
    ).toEqual(['no-consent'])
  })
  it('answers, closes, puts off and ignores in the given shares, from the given parts of the scale', () => {
    const surveys = [aSurvey({ ...open, triggers: [{ on: 'page', delay: 0 }] })]
    const settings = { limits: { perSession: 99, quiet: 0 } }
    const outcomes = ['completed', 'partial', 'dismissed', 'snoozed', 'ignored'] as const
    const shares = (responses: NonNullable<VisitorsOptions['behaviour']>['responses']): unknown => {
      const [totals] = simulateVisitors({ surveys, settings, visitors: 5, behaviour: { responses } }).surveys
      return outcomes.filter((name) => totals?.[name])
    }
    const none = { completed: 0, partial: 0, dismissed: 0, snoozed: 0 }
    expect(shares({ ...none, completed: 1 })).toEqual(['completed'])
    expect(shares({ ...none, dismissed: 1 })).toEqual(['dismissed'])
    expect(shares({ ...none, snoozed: 1 })).toEqual(['snoozed'])
    expect(shares(none)).toEqual(['ignored'])
    const options = { surveys, settings, visitors: 5, behaviour: { scores: { bad: 1, middle: 0, good: 0 } } }
    for (const { asks } of simulateEachVisitor(options))
      for (const { answers } of asks) if ('score' in answers) expect(answers['score']).toBeLessThanOrEqual(6)
  })
  it('does what the surveys look at, so that their rules can hold', () => {
    const survey = aSurvey({
      ...open,
      triggers: [
        {
          on: 'event',
          name: 'bought',
          where: { fact: 'event.total', op: 'above', value: 100 },
          url: [{ match: 'glob', value: '/shop/**' }],
        },
      ],
      targeting: {
        all: [
          { fact: 'trait.plan', op: 'in', value: ['pro', 'team'] },
          { fact: 'group.size', op: 'atLeast', value: 5 },
        ],
      },
    })
    const [totals] = live({ surveys: [survey] }).surveys
    expect(totals?.people).toBeGreaterThan(5)
    expect(totals?.people).toBeLessThan(50)
    expect(totals?.refusals['not-targeted']).toBeGreaterThan(0)
  })
  it('takes what is known of a site', () => {
    const few = live({ behaviour: { visitsPerWeek: 0.5 } })
    const many = live({ behaviour: { visitsPerWeek: 5 } })
    expect(many.visits).toBeGreaterThan(3 * few.visits)
    const single = live({ behaviour: { pagesPerVisit: 1 } })
    expect(single.pageViews).toBe(single.visits)
    expect(live({ behaviour: { events: { done: 0 } } }).surveys[0]?.asked).toBe(0)
    expect(live({ behaviour: { app: true } }).surveys[0]?.asked).toBeGreaterThan(0)
  })
  it('lets visits begin in the hours of the day, by the clock of the zone', () => {
    const surveys = [aSurvey({ ...open, triggers: [{ on: 'page', delay: 0 }] })]
    const settings = { limits: { perSession: 1, quiet: 0 } }
    const behaviour = { hours: [10, 12] as const }
    const options = { surveys, settings, visitors: 10, zone: 'Asia/Tokyo', behaviour }
    for (const { asks } of simulateEachVisitor(options))
      for (const { at } of asks) expect([10, 11, 12]).toContain((new Date(at).getUTCHours() + 9) % 24)
  })
  it.each<[string, Partial<VisitorsOptions>, string]>([
    ['visitors', { visitors: 0 }, '"visitors" is 0; it must be a whole number from 1 to 1000000'],
    ['days', { days: -1 }, '"days" is -1; it must be a number from 1 to 3650'],
    [
      'an unknown part',
      { behaviour: { visits: 3 } as never },
      '"behaviour.visits" is 3; it must be left out; known are visitsPerWeek',
    ],
    ['a share', { behaviour: { scrolls: 2 } }, '"behaviour.scrolls" is 2; it must be a number from 0 to 1'],
    [
      'shares',
      { behaviour: { responses: { completed: 0.9, partial: 0, dismissed: 0.3, snoozed: 0 } } },
      'shares of which the sum is 1 at most',
    ],
    ['a rate', { behaviour: { events: { done: 1.5 } } }, '"behaviour.events.done" is 1.5'],
    ['hours', { behaviour: { hours: [9, 8] } }, '"behaviour.hours.1" is 8; it must be a number from 9 to 24'],
    ['a list', { behaviour: { urls: [] } }, '"behaviour.urls" is []; it must be a list'],
  ])('refuses what cannot be: %s', (_name, options, message) => {
    expect(() => live(options)).toThrow(TypeError)
    expect(() => live(options)).toThrow(message)
    expect(() => simulateEachVisitor({ surveys: [plain], ...options })).toThrow(message)
  })
})
