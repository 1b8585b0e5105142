import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { resolution, type Ticket } from './resolution.ts'

const ticket: fc.Arbitrary<Ticket> = fc
  .record({ createdAt: fc.nat(1000), takes: fc.option(fc.nat(300)), reopened: fc.nat(2) })
  .map(({ createdAt, takes, reopened }) => ({
    createdAt,
    resolvedAt: takes === null ? null : createdAt + takes,
    reopened,
  }))

describe('resolution', () => {
  const times = [2, 4, 9, 12, 18, 20, 30, 70, 130, 607]
  const tickets: Ticket[] = [
    ...times.map((time, index) => ({
      createdAt: 100 * index,
      resolvedAt: 100 * index + time,
      answeredAt: 100 * index + 1,
      reopened: index === 9 ? 2 : 0,
    })),
    { createdAt: 5, resolvedAt: null },
    { createdAt: 6, resolvedAt: null, reopened: 1 },
  ]
  it('divides by the resolved, where the literal formula divides by the received', () => {
    const got = resolution(tickets)
    expect(got.resolution.mean).toMatchObject({ value: 90.2, n: 10, method: 't' })
    expect(got.totalPerReceived).toBe(902 / 12)
    expect(got.resolution.median).toMatchObject({ value: 19, interval: [4, 130], method: 'order-statistics' })
    // Type 7; the nearest rank would be 130.
    expect(got.resolution.p90.value).toBeCloseTo(177.7, 9)
    expect(got.resolution.p90.interval).toBeNull()
    expect(got.open).toBe(2)
    expect(got.reopenRate).toMatchObject({ value: (100 * 2) / 11, n: 11 })
    expect(got.firstAnswer.mean).toMatchObject({ value: 1, n: 10, interval: null })
  })
  it('never lets an open issue into a time, nor one resolved twice count twice', () => {
    fc.assert(
      fc.property(fc.array(ticket, { maxLength: 30 }), fc.nat(20), (some, waiting) => {
        const open = Array.from({ length: waiting }, (_, createdAt) => ({ createdAt, resolvedAt: null }))
        const got = resolution(some)
        const more = resolution([...open, ...some])
        expect(more.resolution).toStrictEqual(got.resolution)
        expect(more.reopenRate).toStrictEqual(got.reopenRate)
        expect(more.open).toBe(got.open + waiting)
        const { mean, median, p90 } = got.resolution
        if (mean.value === null) {
          expect(mean.reason).toBe('No issue is resolved.')
          return
        }
        expect(median.value).toBeLessThanOrEqual(p90.value!)
        expect(got.totalPerReceived).toBeCloseTo((mean.value * mean.n) / some.length, 9)
        if (mean.interval) expect(mean.interval[0]).toBeGreaterThanOrEqual(0)
      }),
      { numRuns: 300 },
    )
  })
  it('has nothing without issues, and says why', () => {
    expect(resolution([])).toMatchObject({
      resolution: {
        mean: { value: null },
        median: { value: null, reason: 'No issue is resolved.' },
        p90: { value: null },
      },
      firstAnswer: { mean: { value: null, reason: 'No issue is answered.' } },
      reopenRate: { value: null, reason: 'No issue has been resolved.' },
      open: 0,
      totalPerReceived: null,
    })
  })
  it.each([
    [{ createdAt: 2, resolvedAt: 1 }, /tickets\[0\]\.resolvedAt is 1.*from 2/],
    [{ createdAt: 2, resolvedAt: null, answeredAt: 1 }, /answeredAt is 1/],
    [{ createdAt: NaN, resolvedAt: null }, /createdAt is NaN/],
    [{ createdAt: 2, resolvedAt: Infinity }, /Infinity/],
    [{ createdAt: 2, resolvedAt: 3, reopened: -1 }, /reopened is -1/],
  ])('refuses %o', (one, message) => {
    expect(() => resolution([one])).toThrow(RangeError)
    expect(() => resolution([one])).toThrow(message)
  })
})
