import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  createDayChanges,
  daysOf,
  tallyDays,
  type CountedAnswer,
  type DayCount,
  type DayPlan,
} from './days.ts'
import { day } from './time.ts'

const plan: DayPlan['plan'] = { question: { id: 'score' }, versions: [1], variant: null, basis: 'all' }
const asked = (given: Partial<DayPlan>): DayPlan => ({
  plan,
  from: null,
  to: null,
  before: null,
  bounds: [],
  suspects: 'include',
  ...given,
})

/** Some that stay and some that come and go, in any order. */
const changesIn = (counted: fc.Arbitrary<CountedAnswer>) =>
  fc.tuple(fc.array(counted), fc.array(counted)).chain(([stay, pass]) => {
    const all = [...stay, ...pass].map((each) => [1, each] as [1 | -1, CountedAnswer])
    for (const each of pass) all.push([-1, each])
    return fc.record({
      stay: fc.constant(stay),
      order: fc.shuffledSubarray(all, { minLength: all.length }),
    })
  })

it('changes come to what is left of them, in any order, also before 1970', () => {
  const counted = fc.record({
    site: fc.nat(1),
    survey: fc.constantFrom('a', 'b'),
    question: fc.constantFrom('q', 'r'),
    version: fc.nat(1),
    variant: fc.constantFrom(null, 'v'),
    at: fc.integer({ min: -2 * day, max: 2 * day }),
    score: fc.nat(2),
  })
  fc.assert(
    fc.property(changesIn(counted), ({ stay, order }) => {
      const changes = createDayChanges()
      for (const [by, each] of order) changes.answer(by, each)
      const { scores } = changes.take()
      expect(scores.reduce((sum, each) => sum + each.count, 0)).toBe(stay.length)
      for (const each of scores) {
        const same = stay.filter(
          ({ at, variant, ...key }) =>
            Math.floor(at / day) === each.day &&
            (variant ?? '') === each.variant &&
            Object.entries(key).every(([name, value]) => each[name as keyof typeof each] === value),
        )
        expect(each.count).toBe(same.length)
      }
      expect(changes.take()).toEqual({ scores: [], responses: [] })
    }),
  )
})

it('days are those of a plan whose periods begin with one; only the last may end within one', () => {
  expect(daysOf(asked({}))).toEqual({ first: null, end: null, rest: null })
  expect(daysOf(asked({ from: day, to: 3 * day }))).toEqual({ first: 1, end: 3, rest: null })
  expect(daysOf(asked({ from: day, to: 3 * day + 5 }))).toEqual({
    first: 1,
    end: 3,
    rest: [3 * day, 3 * day + 5],
  })
  expect(daysOf(asked({ from: 3 * day, to: 4 * day, before: [2 * day, 3 * day] }))?.first).toBe(2)
  expect(daysOf(asked({ from: 0, to: day + 5, bounds: [0, day, day + 5] }))?.rest).toEqual([day, day + 5])
  expect(daysOf(asked({ from: 5 }))).toBe(null)
  expect(daysOf(asked({ from: 0, to: 2 * day, bounds: [0, day + 5, 2 * day] }))).toBe(null)
  expect(daysOf(asked({ from: 0, to: 2 * day, bounds: [0, day, day + 5] }))).toBe(null)
  expect(daysOf(asked({ plan: { ...plan, basis: 'latest' } }))).toBe(null)
})

it('sums are those of each period, and their intervals add up to the whole', () => {
  const counts = fc.array(fc.record({ day: fc.nat(9), score: fc.nat(3), count: fc.nat(3) }))
  fc.assert(
    fc.property(counts, (given: DayCount[]) => {
      const bounds = [4, 6, 7, 10].map((each) => each * day)
      const tallied = tallyDays(
        given,
        asked({ from: 4 * day, to: 10 * day, before: [2 * day, 4 * day], bounds }),
      )
      const sum = (from: number, to: number): number =>
        given.reduce(
          (all, each) => all + (each.day >= from && each.day < to && 'count' in each ? each.count : 0),
          0,
        )
      const size = (sample: (typeof tallied)['total']): number =>
        sample.kind === 'scores' ? sample.rows.reduce((all, each) => all + each.count, 0) : NaN
      expect(size(tallied.total)).toBe(sum(4, 10))
      expect(size(tallied.before)).toBe(sum(2, 4))
      expect(tallied.intervals.map(size)).toEqual([sum(4, 6), sum(6, 7), sum(7, 10)])
    }),
  )
})
