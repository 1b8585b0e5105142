import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fcrFromContacts, fcrFromSurvey, type Issue } from './fcr.ts'

const issue: fc.Arbitrary<Issue> = fc
  .record({
    first: fc.nat(40),
    more: fc.array(fc.nat(30), { maxLength: 2 }),
    after: fc.option(fc.nat(20)),
    solvable: fc.boolean(),
  })
  .map(({ first, more, after, solvable }) => ({
    contacts: [...more.map((later) => first + later), first],
    resolvedAt: after === null ? null : first + after,
    solvable,
  }))

describe('fcrFromSurvey', () => {
  // SQM Group: 280 of 400. Turned over, as some texts have it, that is 1.43.
  it('is 70 percent for 280 of 400', () => {
    expect(fcrFromSurvey({ yes: 280, no: 120 })).toMatchObject({ value: 70, n: 400, method: 'wilson' })
    expect((400 / 280).toFixed(2)).toBe('1.43')
  })
  it('has nothing without answers, and refuses what is no count', () => {
    expect(fcrFromSurvey({ yes: 0, no: 0 })).toMatchObject({
      value: null,
      interval: null,
      reason: 'There is no answer.',
    })
    expect(() => fcrFromSurvey({ yes: 1, no: -1 })).toThrow(/answers\.no is -1/)
  })
})

describe('fcrFromContacts', () => {
  it('takes one contact, a resolution, and silence for the window', () => {
    const got = fcrFromContacts(
      [
        { contacts: [0], resolvedAt: 1 },
        { contacts: [8, 0], resolvedAt: 1 }, // again at the end of the window
        { contacts: [0, 8.5], resolvedAt: 1 }, // again after it
        { contacts: [0, 2], resolvedAt: 5 }, // two contacts until it was resolved
        { contacts: [0], resolvedAt: null }, // open for long
        { contacts: [0], resolvedAt: null, solvable: false },
        { contacts: [20], resolvedAt: 24 }, // the window is not over
        { contacts: [24], resolvedAt: null },
      ],
      7,
      30,
    )
    expect(got.fcr).toMatchObject({ value: (100 * 2) / 6, n: 6 })
    expect(got.net).toMatchObject({ value: 40, n: 5 })
    expect(got.ofResolved).toMatchObject({ value: 50, n: 4 })
    expect(got).toMatchObject({ pending: 2, window: 7 })
  })
  it('does not hear of what happens later', () => {
    fc.assert(
      fc.property(fc.array(issue, { maxLength: 20 }), fc.nat(10), fc.nat(60), (issues, window, now) => {
        const known = issues
          .filter(({ contacts }) => Math.min(...contacts) <= now)
          .map((each) => ({
            ...each,
            contacts: each.contacts.filter((at) => at <= now),
            resolvedAt: each.resolvedAt !== null && each.resolvedAt <= now ? each.resolvedAt : null,
          }))
        const { pending: _, ...got } = fcrFromContacts(issues, window, now)
        expect(fcrFromContacts(known, window, now)).toMatchObject(got)
      }),
      { numRuns: 500 },
    )
  })
  it('falls with the window, and is never above its part of the resolved', () => {
    fc.assert(
      fc.property(fc.array(issue, { maxLength: 20 }), fc.nat(10), (issues, window) => {
        const got = fcrFromContacts(issues, window, 1000)
        const wider = fcrFromContacts(issues, window + 3, 1000)
        expect(got.pending).toBe(0)
        if (got.fcr.value === null) return
        expect(wider.fcr.value).toBeLessThanOrEqual(got.fcr.value)
        if (got.ofResolved.value !== null) expect(got.ofResolved.value).toBeGreaterThanOrEqual(got.fcr.value)
        expect(got.net.n).toBe(issues.filter(({ solvable }) => solvable).length)
      }),
      { numRuns: 500 },
    )
  })
  it('has nothing without settled issues', () => {
    const got = fcrFromContacts([{ contacts: [0], resolvedAt: null }], 7, 100)
    expect(got.ofResolved).toMatchObject({ value: null, reason: 'No issue is resolved.' })
    expect(got.fcr.value).toBe(0)
    expect(fcrFromContacts([], 7, 100).fcr).toMatchObject({ value: null, reason: 'No issue is settled.' })
  })
  it.each([
    [{ contacts: [], resolvedAt: null }, 7, /issues\[0\]\.contacts is empty/],
    [{ contacts: [3], resolvedAt: 2 }, 7, /issues\[0\]\.resolvedAt is 2.*from 3/],
    [{ contacts: [NaN], resolvedAt: null }, 7, /a contact of issues\[0\] is NaN/],
    [{ contacts: [3], resolvedAt: null }, -1, /window is -1/],
  ])('refuses %o with a window of %i', (one, window, message) => {
    expect(() => fcrFromContacts([one], window, 100)).toThrow(RangeError)
    expect(() => fcrFromContacts([one], window, 100)).toThrow(message)
  })
})
