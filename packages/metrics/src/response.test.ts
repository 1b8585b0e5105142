import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { response, type ResponseCounts } from './response.ts'

const counts: fc.Arbitrary<ResponseCounts> = fc
  .array(fc.record({ answered: fc.boolean(), finished: fc.boolean(), closed: fc.boolean() }), {
    minLength: 1,
    maxLength: 80,
  })
  .map((showings) => ({
    shown: showings.length,
    answered: showings.filter((each) => each.answered).length,
    completed: showings.filter((each) => each.answered && each.finished).length,
    dismissed: showings.filter((each) => each.closed && !each.finished).length,
  }))

describe('response', () => {
  it('divides each count by its own base', () => {
    const got = response({ shown: 200, answered: 50, completed: 40, dismissed: 90 })
    expect(got.response).toMatchObject({ value: 25, n: 200, method: 'wilson', level: 0.95 })
    expect(got.completion).toMatchObject({ value: 80, n: 50 })
    expect(got.dropOff).toMatchObject({ value: 20, n: 50 })
    expect(got.dismiss).toMatchObject({ value: 45, n: 200 })
  })
  // Retently, QuestionPro: 482 of 2,864 is printed as 16.82 (cut off); it is 16.83.
  it('gives 16.83 where a vendor prints 16.82, and pools 82 where a vendor averages 85', () => {
    const rate = (answered: number, shown: number): number =>
      response({ shown, answered, completed: 0, dismissed: 0 }).response.value!
    expect(rate(482, 2864).toFixed(2)).toBe('16.83')
    expect(rate(41, 50)).toBe(82)
  })
  it('has nothing where the base is empty, and says which', () => {
    const none = response({ shown: 0, answered: 0, completed: 0, dismissed: 0 })
    expect(none.response).toMatchObject({
      value: null,
      interval: null,
      reason: expect.stringMatching(/nobody/),
    })
    expect(none.dismiss).toMatchObject({
      value: null,
      interval: null,
      reason: expect.stringMatching(/nobody/),
    })
    const silent = response({ shown: 9, answered: 0, completed: 0, dismissed: 9 })
    expect(silent.response.value).toBe(0)
    expect(silent.completion).toMatchObject({
      value: null,
      interval: null,
      reason: expect.stringMatching(/no answer/),
    })
    expect(silent.dropOff).toMatchObject({
      value: null,
      interval: null,
      reason: expect.stringMatching(/no answer/),
    })
  })
  it('has completion and drop-off add up to 100, with mirrored intervals, all in 0 to 100', () => {
    fc.assert(
      fc.property(counts, fc.constantFrom(0.8, 0.95), (each, level) => {
        const got = response(each, { level })
        for (const { value, interval } of Object.values(got)) {
          if (value === null) continue
          expect(interval![0]).toBeGreaterThanOrEqual(0)
          expect(interval![0]).toBeLessThanOrEqual(value)
          expect(interval![1]).toBeGreaterThanOrEqual(value)
          expect(interval![1]).toBeLessThanOrEqual(100)
        }
        expect(got.response.value).toBe((100 * each.answered) / each.shown)
        expect(got.dismiss.value).toBe((100 * each.dismissed) / each.shown)
        expect(got.response.level).toBe(level)
        if (each.answered === 0) return
        expect(got.completion.value! + got.dropOff.value!).toBeCloseTo(100, 9)
        expect(got.completion.interval![0] + got.dropOff.interval![1]).toBeCloseTo(100, 9)
      }),
      { numRuns: 500 },
    )
  })
  it.each([
    [
      { shown: 1, answered: 2, completed: 0, dismissed: 0 },
      /counts\.answered \(2\) is above counts\.shown \(1\)\. Count/,
    ],
    [{ shown: 1, answered: 0, completed: 0, dismissed: 2 }, /counts\.dismissed \(2\)/],
    [
      { shown: 3, answered: 1, completed: 2, dismissed: 0 },
      /counts\.completed \(2\) is above counts\.answered/,
    ],
    [{ shown: -1, answered: 0, completed: 0, dismissed: 0 }, /counts\.shown is -1/],
    [{ shown: 1, answered: 0.5, completed: 0, dismissed: 0 }, /counts\.answered is 0\.5/],
    [{ shown: NaN, answered: 0, completed: 0, dismissed: 0 }, /counts\.shown is NaN/],
  ])('refuses %o', (each, message) => {
    expect(() => response(each)).toThrow(RangeError)
    expect(() => response(each)).toThrow(message)
  })
})
