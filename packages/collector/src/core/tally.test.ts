import { expect, it } from 'vitest'
import { npsQuestion } from '../fixtures.ts'
import type { KeptResponse } from './project.ts'
import { createTally } from './tally.ts'

it('of two answers of one person at one time the one with the higher id stands, in any order', () => {
  const at = '2026-11-20T10:00:00.000Z'
  const of = (id: string, value: number): KeptResponse =>
    ({
      id,
      survey: 'nps',
      version: 1,
      visitor: 'v',
      person: 'ann',
      variant: null,
      overQuota: false,
      firstAt: at,
      lastAt: at,
      answers: { score: { value, revision: 0, at } },
    }) as unknown as KeptResponse
  const both = [of('a', 0), of('b', 10)]
  for (const order of [both, both.toReversed()]) {
    const tally = createTally(
      {
        plan: { question: npsQuestion, versions: [1], variant: null, basis: 'latest' },
        from: null,
        to: null,
        before: null,
        bounds: [],
        by: null,
        where: [],
        without: new Set(),
      },
      () => null,
    )
    for (const each of order) tally.add(each)
    expect(tally.result().total).toEqual({ kind: 'scores', rows: [{ score: 10, count: 1 }] })
  }
})
