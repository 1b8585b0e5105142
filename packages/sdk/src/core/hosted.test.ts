import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  emptyRow,
  type HostedAct,
  type HostedAnswer,
  type HostedRow,
  withAct,
  withPassed,
  withState,
} from './hosted.ts'
import type { Instant } from './time.ts'

const at = (number: number): Instant => number as Instant
const answer = (question: string, value: number, revision: number): HostedAct => ({
  at: at(revision),
  question,
  value,
  revision,
})

it('keeps what was done until the collector has it, and of what both know the later', () => {
  const row = withPassed(withAct(withAct(emptyRow, answer('a', 1, 0)), answer('b', 2, 0)), 'c', at(3))
  expect(row).toMatchObject({
    acts: [{ question: 'a' }, { question: 'b' }],
    answers: { a: { value: 1, revision: 0 }, b: { value: 2, revision: 0 } },
    passed: ['c'],
    isDone: false,
  })
  const told = { a: { value: 7, revision: 1 }, b: { value: 9, revision: 0 }, d: { value: 4, revision: 0 } }
  expect(withState(row, { answers: told, isDone: false }, [row.acts[0]!])).toMatchObject({
    acts: [{ question: 'b' }],
    // Of two alike, the one that is not delivered yet.
    answers: { a: { value: 7 }, b: { value: 2 }, d: { value: 4 } },
  })
})

it('keeps no answer on the device when all is over and delivered, and takes an end back that the collector refused', () => {
  const row = withAct(withAct(emptyRow, answer('a', 1, 0)), { at: at(2), end: true })
  expect(row.isDone).toBe(true)
  // Behind, or only a part was delivered.
  expect(withState(row, { answers: {}, isDone: false }, [])).toEqual(row)
  expect(withState(row, { answers: {}, isDone: true }, row.acts)).toEqual({
    ...emptyRow,
    at: 2,
    isDone: true,
  })
  expect(withState(row, { answers: {}, isDone: false }, row.acts)).toMatchObject({ acts: [], isDone: false })
})

it('loses nothing and asks for nothing twice, for any order of answers, deliveries, lost receipts and other devices', () => {
  const step = fc.oneof(
    fc.record({
      type: fc.constant('answer' as const),
      question: fc.constantFrom('a', 'b', 'c'),
      value: fc.nat(9),
    }),
    fc.record({
      type: fc.constant('elsewhere' as const),
      question: fc.constantFrom('a', 'b', 'c'),
      value: fc.nat(9),
    }),
    fc.record({ type: fc.constant('deliver' as const), isLost: fc.boolean() }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let row: HostedRow = emptyRow
      let clock = 0
      const stored: Record<string, HostedAnswer> = {}
      const take = (question: string, given: HostedAnswer): void => {
        if (given.revision >= (stored[question]?.revision ?? 0)) stored[question] = given
      }
      const deliver = (isLost: boolean): void => {
        const { acts } = row
        for (const act of acts)
          if ('question' in act) take(act.question, { value: act.value, revision: act.revision })
        if (!isLost) row = withState(row, { answers: { ...stored }, isDone: false }, acts)
      }
      for (const each of steps) {
        clock += 1
        if (each.type === 'deliver') deliver(each.isLost)
        else if (each.type === 'elsewhere')
          take(each.question, { value: each.value, revision: (stored[each.question]?.revision ?? -1) + 1 })
        else {
          const revision = (row.answers[each.question]?.revision ?? -1) + 1
          row = withAct(row, { ...answer(each.question, each.value, revision), at: at(clock) })
          // What is not delivered waits, and is known.
          expect(row.acts.at(-1)).toMatchObject({ question: each.question, revision })
        }
        for (const id of Object.keys(stored).filter((known) =>
          row.acts.some((act) => 'question' in act && act.question === known),
        ))
          expect(Object.hasOwn(row.answers, id)).toBe(true)
      }
      deliver(false)
      expect(row.acts).toEqual([])
      expect(row.answers).toEqual(stored)
    }),
  )
})
