import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FeedbackEvent } from '@earshot/contract'
import { csat, nps } from './builders.ts'
import { clearLine, fit, judge, maxRows, mostRows, reach, rowBytes, surveysOf, waitOf } from './outbox.ts'
import type { QueueRow } from './queueRow.ts'

const now = 1_800_000_000_000
const answer = (status: number, body: unknown = '', retryAfter: number | null = null) => ({
  status,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  retryAfter,
})
const receipt = (accepted: string[], duplicates: string[] = [], rejected: unknown[] = []) => ({
  accepted,
  duplicates,
  rejected,
})
const rejection = { id: 'b', code: 'score_out_of_range', message: 'no', path: 'data.value' }

describe('judge', () => {
  it('confirms what the receipt names, whether new or known', () => {
    const verdict = judge(answer(200, receipt(['a'], ['b'])), ['a', 'b', 'c'], clearLine, now, 0.5)
    expect(verdict).toMatchObject({ confirmed: ['a', 'b'], refused: [], up: true })
    expect(verdict.line.failures).toBe(0)
  })
  it('never lets go of an id that was not sent', () => {
    expect(judge(answer(200, receipt(['x', 'a'])), ['a'], clearLine, now, 0).confirmed).toEqual(['a'])
  })
  it('keeps a refused event apart with its reason', () => {
    const verdict = judge(answer(200, receipt(['a'], [], [rejection])), ['a', 'b'], clearLine, now, 0)
    expect(verdict.refused).toEqual([rejection])
    expect(verdict.confirmed).toEqual(['a'])
  })
  it.each([
    ['a captive portal', answer(200, '<html>Welcome</html>')],
    ['an empty body', answer(200, '')],
    ['a truncated receipt', answer(200, '{"accepted":["a"')],
    ['a receipt of another shape', answer(200, { ok: true })],
    ['null', answer(200, 'null')],
    ['a receipt that names nothing of ours', answer(200, receipt(['z']))],
    ['a receipt with junk', answer(200, { accepted: [1, null], duplicates: [{}], rejected: [null, 7] })],
    ['no answer', answer(0)],
    ['500', answer(500)],
    ['503', answer(503)],
    ['408', answer(408)],
    ['302', answer(302)],
    ['204', answer(204)],
  ])('keeps everything and waits after %s', (_name, reply) => {
    const verdict = judge(reply, ['a', 'b'], clearLine, now, 0.5)
    expect(verdict).toMatchObject({ confirmed: [], refused: [], up: false })
    expect(verdict.line.failures).toBe(1)
    expect(waitOf(verdict.line, now)).toBeGreaterThanOrEqual(1000)
  })
  it('halves a batch that the collector chokes on, down to the one event, which goes to quarantine', () => {
    for (const status of [400, 413, 422]) {
      const halved = judge(answer(status), ['a', 'b', 'c'], clearLine, now, 0)
      expect(halved).toMatchObject({ confirmed: [], refused: [] })
      expect(halved.line.limit).toBe(2)
      expect(waitOf(halved.line, now)).toBe(0)
      const problem = { type: 'urn:earshot:problem:invalid_envelope', status }
      const alone = judge(answer(status, problem), ['a'], halved.line, now, 0)
      expect(alone.refused.map((each) => each.id)).toEqual(['a'])
    }
  })
  it('sends more at a time while all comes through, and begins again when something does not', () => {
    const through = (limit: number) =>
      judge(answer(200, receipt(['a'])), ['a'], { ...clearLine, limit }, now, 0).line.limit
    expect([1, maxRows, maxRows + 1, mostRows].map(through)).toEqual([2, mostRows, mostRows, mostRows])
    const failed = (limit: number) => judge(answer(0), ['a'], { ...clearLine, limit }, now, 0).line.limit
    expect([1, maxRows, mostRows].map(failed)).toEqual([1, maxRows, maxRows])
  })
  it('keeps an event that only a proxy refused', () => {
    for (const status of [400, 422]) {
      const verdict = judge(answer(status, '<h1>Bad Request</h1>'), ['a'], clearLine, now, 0)
      expect(verdict).toMatchObject({ confirmed: [], refused: [], up: false })
      expect(waitOf(verdict.line, now)).toBeGreaterThan(0)
    }
  })
  it('keeps an event whose body did not arrive whole', () => {
    for (const code of ['invalid_json', 'truncated_body', 'invalid_encoding']) {
      const problem = { type: `urn:earshot:problem:${code}`, code }
      const verdict = judge(answer(400, problem), ['a'], clearLine, now, 0)
      expect(verdict).toMatchObject({ confirmed: [], refused: [], up: false })
      expect(waitOf(verdict.line, now)).toBeGreaterThan(0)
    }
  })
  it('lets others pass an event that something on the way refused alone', () => {
    const rows = ['a', 'b', 'c'].map(row)
    const proxy = answer(400, '<h1>Bad Request</h1>')
    const { line } = judge(proxy, ['a'], { ...clearLine, limit: 1 }, now, 0)
    expect(fit(rows, line).map((each) => each.event.id)).toEqual(['b'])
    expect(reach(line)).toBe(2)
    const after = judge(answer(200, receipt(['b'])), ['b'], line, now, 0).line
    expect(fit(rows, after).map((each) => each.event.id)).toEqual(['b', 'c'])
    expect(fit(rows.slice(0, 1), after).map((each) => each.event.id)).toEqual(['a'])
  })
  it('puts an event aside that is too large by itself, whoever says so', () => {
    expect(judge(answer(413, '<h1>Too large</h1>'), ['a'], clearLine, now, 0).refused).toHaveLength(1)
  })
  it('keeps everything for an hour and says so when the key or the address is wrong', () => {
    for (const status of [401, 403, 404, 410]) {
      const verdict = judge(answer(status), ['a'], clearLine, now, 0)
      expect(verdict).toMatchObject({ confirmed: [], refused: [], up: false })
      expect(verdict.fault?.code).toBe(`collector_${status}`)
      expect(waitOf(verdict.line, now)).toBe(3_600_000)
    }
  })
  it('waits as long as Retry-After says, but never more than a day', () => {
    expect(waitOf(judge(answer(429, '', 8000), ['a'], clearLine, now, 0).line, now)).toBe(8000)
    expect(waitOf(judge(answer(503, '', 1e12), ['a'], clearLine, now, 0).line, now)).toBe(86_400_000)
    expect(waitOf(judge(answer(503, '', -5), ['a'], clearLine, now, 0).line, now)).toBe(1000)
  })
  it('backs off with full jitter, at most five minutes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 5000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (failures, chance) => {
          const { line } = judge(answer(500), ['a'], { ...clearLine, failures }, now, chance)
          const longest = Math.min(300_000, 1000 * 2 ** (failures + 1))
          const wait = line.notBefore - now
          expect(wait).toBeGreaterThanOrEqual(1000)
          expect(wait).toBeLessThanOrEqual(Math.max(1000, longest))
          expect(wait).toBeCloseTo(Math.max(1000, chance * longest), 3)
        },
      ),
      { numRuns: 500 },
    )
  })
  it('lets go only of ids that were sent, and never spins without progress, whatever comes back', () => {
    const ids = ['a', 'b', 'c']
    const id = fc.constantFrom('a', 'b', 'c', 'x', '')
    const list = fc.array(fc.oneof(id, fc.constant(null), fc.integer()), { maxLength: 4 })
    const shaped = fc
      .record({
        accepted: list,
        duplicates: list,
        rejected: fc.array(fc.oneof(fc.record({ id }), fc.constant(null))),
      })
      .map((each) => JSON.stringify(each))
    const status = fc.oneof(fc.constantFrom(200, 400, 413, 422), fc.integer({ min: 0, max: 599 }))
    let moved = 0
    fc.assert(
      fc.property(status, fc.oneof(shaped, fc.string(), fc.json()), (code, body) => {
        const verdict = judge(answer(code, body), ids, clearLine, now, 0.5)
        const gone = [...verdict.confirmed, ...verdict.refused.map((each) => each.id)]
        expect(gone.every((each) => ids.includes(each))).toBe(true)
        moved += gone.length
        if (!gone.length) expect(verdict.line.failures > 0 || verdict.line.limit < ids.length).toBe(true)
      }),
      { numRuns: 1000 },
    )
    expect(moved).toBeGreaterThan(30)
  })
})

describe('waitOf', () => {
  it('is nothing when another clock made it: a year ahead, or set back', () => {
    for (const days of [2, 30, 365, 3650])
      expect(waitOf({ ...clearLine, notBefore: now + days * 86_400_000 }, now)).toBe(0)
    expect(waitOf({ ...clearLine, notBefore: now + 86_400_000 }, now)).toBe(86_400_000)
  })
})

describe('a wait that was ordered before the clock was set back', () => {
  const { line } = judge(answer(503, '', 20 * 60_000), ['a'], clearLine, now, 0)
  it('is over', () => {
    expect(waitOf(line, now - 6 * 3_600_000)).toBe(0)
  })
  it('stands when the clock was only put right by seconds', () => {
    expect(waitOf(line, now - 5000)).toBe(20 * 60_000 + 5000)
  })
})

const row = (text: string): QueueRow => ({ v: 1, event: { id: text } as unknown as FeedbackEvent })

describe('fit', () => {
  it('takes at least one row, however large, and never more bytes or rows than allowed', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 30_000, unit: 'grapheme' }), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: mostRows }),
        (texts, limit) => {
          const rows = texts.map(row)
          const taken = fit(rows, { ...clearLine, limit })
          expect(taken.length).toBeGreaterThanOrEqual(1)
          expect(taken.length).toBeLessThanOrEqual(limit)
          expect(taken).toEqual(rows.slice(0, taken.length))
          const bytes = taken.reduce(
            (sum, each) => sum + new TextEncoder().encode(JSON.stringify(each)).length,
            0,
          )
          if (taken.length > 1) expect(bytes).toBeLessThanOrEqual(rowBytes * Math.max(maxRows, limit))
        },
      ),
      { numRuns: 200 },
    )
  })
  it('takes all of a small queue', () => {
    const rows = ['a', 'b', 'c'].map(row)
    expect(fit(rows, clearLine)).toEqual(rows)
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
