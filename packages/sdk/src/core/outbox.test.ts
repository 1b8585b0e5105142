import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FeedbackEvent } from '@earshot/contract'
import { csat, nps } from './builders.ts'
import { fit, maxRows, rowBytes, surveysOf } from './outbox.ts'
import type { QueueRow } from './queueRow.ts'

const row = (text: string): QueueRow => ({ v: 1, event: { id: text } as unknown as FeedbackEvent })

describe('fit', () => {
  it('takes at least one row, however large, and never more bytes or rows than allowed', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 30_000, unit: 'grapheme' }), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: maxRows }),
        (texts, limit) => {
          const rows = texts.map(row)
          const taken = fit(rows, limit)
          expect(taken.length).toBeGreaterThanOrEqual(1)
          expect(taken.length).toBeLessThanOrEqual(limit)
          expect(taken).toEqual(rows.slice(0, taken.length))
          const bytes = taken.reduce(
            (sum, each) => sum + new TextEncoder().encode(JSON.stringify(each)).length,
            0,
          )
          if (taken.length > 1) expect(bytes).toBeLessThanOrEqual(rowBytes * maxRows)
        },
      ),
      { numRuns: 200 },
    )
  })
  it('takes all of a small queue', () => {
    const rows = ['a', 'b', 'c'].map(row)
    expect(fit(rows, maxRows)).toEqual(rows)
  })
})

describe('surveysOf', () => {
  it('names each inline survey once, and none for served ones', () => {
    const one = nps({ id: 'one', name: 'Acme' })
    const newer = { ...one, version: 2 }
    const other = csat({ id: 'other', name: 'Acme' })
    const rows = [one, one, undefined, other, newer].map((survey) => ({
      ...row('x'),
      ...(survey && { survey }),
    }))
    expect(surveysOf(rows)).toEqual([one, other, newer])
  })
})
