import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FeedbackEvent } from '@earshot/contract'
import { eventSchema } from '@earshot/contract/schema'
import type { QueueRow } from '../core/queueRow.ts'
import { bounds, evict, lossOf } from './evict.ts'

const now = Date.parse('2026-11-21T10:00:00Z')
const day = 86_400_000
const types = ['track', 'display', 'dismiss', 'answer', 'complete', 'loss'] as const
const uuid = (number: number): string => `018f0000-0000-7000-8000-${String(number).padStart(12, '0')}`
const row = (number: number, type: (typeof types)[number], age = 0, text = ''): QueueRow => ({
  v: 1,
  event: {
    id: uuid(number),
    type,
    at: new Date(now - age * day).toISOString(),
    visitor: 'v',
    person: null,
    session: 's',
    seq: number,
    context: { channel: 'web' },
    ...(/answer|complete|dis/.test(type) && { survey: 'nps' }),
    data: { text },
  } as unknown as FeedbackEvent,
})
const gone = (...given: Parameters<typeof evict>) =>
  evict(...given).flatMap(({ rows }) => rows.map(({ event }) => Number(event.id.slice(-12))))

describe('what has to go', () => {
  it('is nothing while there is room', () => {
    expect(evict([row(1, 'track'), row(2, 'answer')], bounds, now)).toEqual([])
  })
  it('is what the site said before what was shown, and both before what was answered; the oldest first', () => {
    const rows = [row(1, 'answer'), row(2, 'track'), row(3, 'display'), row(4, 'track'), row(5, 'complete')]
    const most = (count: number) => ({ ...bounds, rows: count })
    expect(gone(rows, most(4), now)).toEqual([2, 4])
    expect(gone(rows, most(3), now)).toEqual([2, 4, 3])
    expect(gone(rows, most(1), now)).toEqual([2, 4, 3, 1, 5])
  })
  it('is measured in bytes too', () => {
    const rows = [row(1, 'track', 0, 'x'.repeat(5000)), row(2, 'track'), row(3, 'answer', 0, 'x'.repeat(900))]
    expect(gone(rows, { ...bounds, bytes: 3000 }, now)).toEqual([1])
  })
  it('is what is older than a month; what a respondent said, than a year', () => {
    const rows = [row(1, 'answer', 400), row(2, 'answer', 300), row(3, 'display', 31), row(4, 'track', 29)]
    expect(gone(rows, bounds, now)).toEqual([1, 3])
    expect(gone(rows, bounds, null)).toEqual([])
  })
  it('never is a word about losses, never leaves more than there is room for, and never takes too much', () => {
    const some = fc.array(fc.tuple(fc.constantFrom(...types), fc.nat(500)), { maxLength: 60 })
    fc.assert(
      fc.property(some, fc.integer({ min: 1, max: 40 }), (list, most) => {
        const rows = list.map(([type, age], index) => row(index, type, age))
        const left = new Set(rows.map((_, index) => index))
        for (const each of gone(rows, { ...bounds, rows: most }, null)) left.delete(each)
        const losses = rows.filter(({ event }) => event.type === 'loss').length
        expect(rows.filter(({ event }, index) => event.type === 'loss' && left.has(index))).toHaveLength(
          losses,
        )
        if (rows.length <= most) expect(left.size).toBe(rows.length)
        else expect(left.size).toBe(Math.max(losses, Math.min(rows.length, Math.floor(most * 0.9))))
      }),
    )
  })
})

describe('the word about it', () => {
  it('is an event that the collector takes, and says how many of what', () => {
    const rows = [row(1, 'answer', 3), row(2, 'display', 2), row(3, 'track', 1)]
    const loss = lossOf({ reason: 'room', rows }, uuid(9), new Date(now).toISOString())
    expect(eventSchema.parse(loss)).toEqual(loss)
    expect(loss).toMatchObject({ seq: 3, visitor: 'v' })
    expect(loss.data).toEqual({
      reason: 'room',
      events: { answer: 1, display: 1, track: 1 },
      surveys: { nps: 2 },
      from: new Date(now - 3 * day).toISOString(),
      to: new Date(now - day).toISOString(),
    })
  })
})
