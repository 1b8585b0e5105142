import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { AnswerValue } from '@earshot/contract'
import { npsQuestion } from '../fixtures.ts'
import type { ChosenQuestion } from './countedQuestion.ts'
import { createFactColumns } from './columnFacts.ts'
import { chunkSize, createSurveyColumns, type ColumnRow } from './columns.ts'
import { tallyColumns, type ColumnPlan } from './columnTally.ts'
import type { KeptResponse } from './project.ts'
import { createTally, type Tallied } from './tally.ts'
import { formatMoment } from './time.ts'

/** The same answers, counted by what was chosen. */
const chosen: ChosenQuestion = { kind: 'choice', id: npsQuestion.id, options: [], positive: [] }
const noFacts = createFactColumns([])

/** A few responses, in one of three ranges whose times follow each other. */
const made = fc.record({
  range: fc.nat(2),
  rows: fc.uniqueArray(
    fc.record({
      place: fc.nat(5),
      who: fc.nat(2),
      answer: fc.constantFrom(null, 0, 7, 10, 'a', 'b', true, ['a', 'b'], []),
      channel: fc.constantFrom('web', 'app'),
      hour: fc.nat(11),
      isDoubted: fc.boolean(),
    }),
    { selector: ({ place }) => place, maxLength: 4 },
  ),
})
type Made = typeof made extends fc.Arbitrary<infer Value> ? Value : never

const idOf = (row: number): string => String(row).padStart(9, '0')

const rowsOf = ({ range, rows }: Made): ColumnRow[] =>
  rows
    .toSorted((a, b) => a.place - b.place)
    .map(({ place, who, answer, channel, hour, isDoubted }) => {
      const at = range * 10 + hour
      return {
        row: range * chunkSize + place,
        visitor: [who, 0, 0, 0],
        person: null,
        attributes: ['version', '1', 'channel', channel],
        answers: answer === null ? [] : [{ question: npsQuestion.id, value: answer, at }],
        isOverQuota: false,
        isDoubted,
        isCompleted: false,
        isClosed: false,
        firstAt: at,
        lastAt: at,
      }
    })

/** The same as one response. */
const responseOf = (each: ColumnRow): KeptResponse => {
  const [given] = each.answers
  const at = formatMoment(each.firstAt)
  return {
    id: idOf(each.row),
    survey: 'nps',
    version: 1,
    status: 'partial',
    visitor: each.visitor.join(),
    person: null,
    session: 's',
    channel: each.attributes[3] ?? '',
    touchpoint: null,
    stage: null,
    locale: null,
    url: null,
    variant: null,
    trigger: null,
    followUp: null,
    hidden: null,
    layout: null,
    wording: null,
    displayedAt: null,
    answers: given ? { [given.question]: { value: given.value as AnswerValue, revision: 0, at } } : {},
    completedAt: null,
    dismissedAt: null,
    dismissReason: null,
    firstAt: at,
    lastAt: at,
    overQuota: false,
  }
}

const asked = fc.record({
  isLatest: fc.boolean(),
  about: fc.constantFrom('scores', 'choices', 'showings'),
  by: fc.constantFrom(null, 'channel'),
  isOfWeb: fc.boolean(),
  from: fc.constantFrom(null, 10, 15),
  to: fc.constantFrom(null, 20, 40),
  width: fc.constantFrom(null, 4, 20),
  isWithDoubted: fc.boolean(),
})
type Asked = typeof asked extends fc.Arbitrary<infer Value> ? Value : never

function planOf({ isLatest, about, by, isOfWeb, from, to, width, isWithDoubted }: Asked): ColumnPlan {
  const bounds: number[] = []
  if (from !== null && to !== null && width !== null)
    for (let bound = from; bound < to + width; bound += width) bounds.push(Math.min(bound, to))
  return {
    plan: {
      question: about === 'showings' ? null : about === 'scores' ? npsQuestion : chosen,
      versions: [1],
      variant: null,
      basis: isLatest ? 'latest' : 'all',
    },
    from,
    to,
    before: from === null ? null : [from - 15, from],
    bounds,
    by,
    where: isOfWeb ? [{ name: 'channel', value: 'web' }] : [],
    suspects: isWithDoubted ? 'include' : 'exclude',
  }
}

const plain = (tallied: Tallied | null): object | null =>
  tallied && {
    ...tallied,
    segments: [...tallied.segments].toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
  }

it('counts what looking at each response counts, whatever was counted before, and whichever range has changed since', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(made, fc.array(asked, { maxLength: 2 })), { minLength: 1, maxLength: 12 }),
      fc.array(asked, { minLength: 1, maxLength: 3 }),
      (rounds, always) => {
        const columns = createSurveyColumns(idOf)
        const ranges = new Map<number, ColumnRow[]>()
        for (const [change, sometimes] of rounds) {
          const rows = rowsOf(change)
          ranges.set(change.range, rows)
          columns.put(change.range, rows)
          const all = [...ranges.values()].flat()
          const without = new Set(all.filter((each) => each.isDoubted).map((each) => idOf(each.row)))
          for (const each of [...always, ...sometimes]) {
            const plan = planOf(each)
            const tally = createTally(
              { ...plan, without: plan.suspects === 'exclude' ? without : new Set() },
              () => null,
            )
            for (const row of all) tally.add(responseOf(row))
            expect(plain(tallyColumns(columns, plan, noFacts))).toEqual(plain(tally.result()))
          }
        }
      },
    ),
    { numRuns: Number(process.env.EARSHOT_RUNS ?? 500) },
  )
})
