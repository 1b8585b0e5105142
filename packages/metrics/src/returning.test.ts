import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cohorts } from './cohorts.ts'
import { type PersonDays, returning, type ReturnRule } from './returning.ts'

const person: fc.Arbitrary<PersonDays> = fc.record({
  first: fc.integer({ min: -10, max: 30 }),
  active: fc.array(fc.integer({ min: -10, max: 60 }), { maxLength: 15 }),
})
const people = fc.array(person, { maxLength: 25 })
const through = fc.integer({ min: 0, max: 50 })

describe('returning', () => {
  const some: PersonDays[] = [
    { first: 0, active: [0, 7] },
    { first: 0, active: [0, 9, 9] },
    { first: 0, active: [0, 3, 5] },
    { first: 0, active: [0] },
    { first: 4, active: [4, 5, 11] },
  ]
  it.each([
    [{ on: 7 }, 10, 25, 4, 1],
    [{ onOrAfter: 7 }, 10, 50, 4, 1],
    [{ from: 3, to: 7 }, 10, 50, 4, 1],
    [{ on: 7 }, 11, 40, 5, 0],
    [{ on: 0 }, 11, 100, 5, 0],
    [{ onOrAfter: 1 }, 5, 40, 5, 0],
  ])('by %o through day %i is %f percent of %i, %i immature', (rule, last, value, n, immature) => {
    const got = returning(some, rule, last)
    expect(got.returned).toMatchObject({ value, n, method: 'wilson' })
    expect(got.immature).toBe(immature)
  })
  it('leaves whoever is immature out, even who came back already', () => {
    const early = [{ first: 0, active: [0, 2] }]
    expect(returning(early, { from: 1, to: 7 }, 6)).toMatchObject({
      returned: { value: null, n: 0, reason: 'Nobody has been here long enough.' },
      immature: 1,
    })
    expect(returning(early, { from: 1, to: 7 }, 7).returned.value).toBe(100)
  })
  it('hears nothing of what happens after the last day', () => {
    expect(returning([{ first: 0, active: [5] }], { onOrAfter: 1 }, 4).returned.value).toBe(0)
  })
  it('rises from one day over a bracket to rolling, and rolling falls with the day', () => {
    fc.assert(
      fc.property(people, through, fc.nat(10), (all, last, day) => {
        const mature = all.filter(({ first }) => first + day + 3 <= last)
        const count = (rule: ReturnRule): number => {
          const { value, n } = returning(mature, rule, last).returned
          return Math.round(((value ?? 0) * n) / 100)
        }
        expect(count({ from: day, to: day + 3 })).toBeGreaterThanOrEqual(count({ on: day }))
        expect(count({ onOrAfter: day })).toBeGreaterThanOrEqual(count({ from: day, to: day + 3 }))
        expect(count({ onOrAfter: day })).toBeGreaterThanOrEqual(count({ onOrAfter: day + 1 }))
        expect(count({ from: day, to: day })).toBe(count({ on: day }))
      }),
      { numRuns: 500 },
    )
  })
  it('hangs on neither order, repetition nor a common shift of the days', () => {
    fc.assert(
      fc.property(people, through, fc.nat(9), fc.integer({ min: -99, max: 99 }), (all, last, on, shift) => {
        const moved = all.toReversed().map(({ first, active }) => ({
          first: first + shift,
          active: [...active, ...active.toReversed()].map((day) => day + shift),
        }))
        expect(returning(moved, { on }, last + shift)).toStrictEqual(returning(all, { on }, last))
      }),
      { numRuns: 300 },
    )
  })
  it.each([
    [{ on: -1 }, 5],
    [{ on: 1.5 }, 5],
    [{ from: 3, to: 2 }, 5],
    [{ onOrAfter: NaN }, 5],
    [{ from: 1, to: Infinity }, 5],
    [{ on: 1 }, 5.5],
  ])('refuses %o through %f', (rule, last) => {
    expect(() => returning([], rule, last)).toThrow(RangeError)
  })
  it('refuses parts of days', () => {
    expect(() => returning([{ first: 0.5, active: [] }], { on: 1 }, 3)).toThrow(/people\[0\]\.first is 0\.5/)
    expect(() => returning([{ first: 9, active: [1.5] }], { on: 1 }, 3)).toThrow(/a day of people\[0\]/)
  })
})

describe('cohorts', () => {
  it('pool counts, and each cell is that of its people', () => {
    const rules = [{ on: 1 }, { onOrAfter: 3 }, { from: 2, to: 5 }]
    fc.assert(
      fc.property(people, through, fc.integer({ min: 1, max: 9 }), (all, last, span) => {
        const { rows, all: pooled } = cohorts(all, rules, span, last)
        expect(rows.map(({ begins }) => begins)).toStrictEqual(
          [...new Set(all.map(({ first }) => first - (((first % span) + span) % span)))].toSorted(
            (a, b) => a - b,
          ),
        )
        expect(rows.reduce((sum, row) => sum + row.people, 0)).toBe(all.length)
        for (const [column, rule] of rules.entries()) {
          const cells = rows.map((row) => row.cells[column]!)
          const base = cells.reduce((sum, { n }) => sum + n, 0)
          expect(pooled[column]!.n).toBe(base)
          const weighted = cells.reduce((sum, { value, n }) => sum + (value ?? 0) * n, 0)
          if (base > 0) expect(pooled[column]!.value).toBeCloseTo(weighted / base, 9)
          for (const [row, cell] of cells.entries()) {
            const { begins } = rows[row]!
            const members = all.filter(({ first }) => first >= begins && first < begins + span)
            expect(cell).toStrictEqual(returning(members, rule, last).returned)
          }
        }
      }),
      { numRuns: 300 },
    )
  })
  it('have an empty cell where nobody is mature', () => {
    const { rows } = cohorts(
      [
        { first: 0, active: [1] },
        { first: 7, active: [] },
      ],
      [{ on: 7 }],
      7,
      10,
    )
    expect(rows.map(({ cells }) => cells[0]!.value)).toStrictEqual([0, null])
  })
  it.each([0, 1.5, -1, NaN])('refuse a span of %f days', (span) => {
    expect(() => cohorts([], [], span, 0)).toThrow(RangeError)
  })
})
