import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { churn } from './churn.ts'
import { retention } from './retention.ts'

const counts = fc
  .record({ retained: fc.nat(500), lost: fc.nat(500), joined: fc.nat(500), reactivated: fc.nat(500) })
  .map(({ retained, lost, joined, reactivated }) => ({
    retained,
    period: { start: retained + lost, end: retained + joined + reactivated, joined, reactivated },
  }))

describe('retention and churn', () => {
  it('give 80 and 20 percent of 100 at the start, 110 at the end, 30 new, where the difference of counts gives -10', () => {
    const period = { start: 100, end: 110, joined: 30 }
    const kept = retention(period)
    expect(kept.retention).toMatchObject({ value: 80, n: 100, method: 'wilson', level: 0.95 })
    expect(kept).toMatchObject({ retained: 80, lost: 20, joined: 30, reactivated: 0 })
    const gone = churn(period)
    expect(gone.churn.value).toBe(20)
    expect(gone.netGrowth).toBe(10)
    expect((100 * (period.start - period.end)) / period.start).toBe(-10)
  })
  it('leave out who came back', () => {
    expect(retention({ start: 10, end: 10, joined: 0, reactivated: 4 })).toMatchObject({
      retention: { value: 60 },
      reactivated: 4,
      lost: 4,
    })
  })
  it('sum up to 100 for every period with somebody at the start', () => {
    fc.assert(
      fc.property(counts, ({ retained, period }) => {
        const kept = retention(period)
        const gone = churn(period)
        expect(kept.retained).toBe(retained)
        if (period.start === 0) {
          expect(kept.retention).toMatchObject({ value: null, reason: 'There was no customer at the start.' })
          expect(gone).toMatchObject({ churn: { value: null, n: 0 }, netGrowth: null })
          return
        }
        expect(kept.retention.value! + gone.churn.value!).toBeCloseTo(100, 10)
        expect(gone.lost + gone.retained).toBe(period.start)
        expect(gone.churn.interval![0]).toBeCloseTo(100 - kept.retention.interval![1], 9)
        // New customers change neither.
        const grown = { ...period, end: period.end + 7, joined: period.joined + 7 }
        expect(churn(grown).churn).toStrictEqual(gone.churn)
      }),
      { numRuns: 500 },
    )
  })
  it.each([
    [{ start: 10, end: 12, joined: 1 }, /\(11\) is above counts\.start \(10\)/],
    [{ start: 10, end: 2, joined: 3 }, /\(3\) is above counts\.end \(2\)/],
    [{ start: 10, end: 5, joined: 3, reactivated: 3 }, /\(6\) is above counts\.end/],
    [{ start: -1, end: 0, joined: 0 }, /counts\.start is -1/],
    [{ start: 1, end: 0.5, joined: 0 }, /counts\.end is 0\.5/],
  ])('refuse %o', (period, message) => {
    for (const metric of [retention, churn]) {
      expect(() => metric(period)).toThrow(RangeError)
      expect(() => metric(period)).toThrow(message)
    }
  })
})
