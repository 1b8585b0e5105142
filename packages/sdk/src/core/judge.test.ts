import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FeedbackEvent } from '@earshot/contract'
import { waitOf } from './backOff.ts'
import { judge, pick, reach } from './judge.ts'
import { clearLine, glance, maxRows } from './outbox.ts'
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

const row = (text: string): QueueRow => ({ v: 1, event: { id: text } as unknown as FeedbackEvent })

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
  it('sends as much as usual again when something comes through, and half as much when it chokes', () => {
    const through = (limit: number) =>
      judge(answer(200, receipt(['a'])), ['a'], { ...clearLine, limit }, now, 0).line.limit
    expect([1, 60, maxRows, 2 * maxRows].map(through)).toEqual([2, maxRows, maxRows, maxRows])
    const failed = (limit: number) => judge(answer(0), ['a'], { ...clearLine, limit }, now, 0).line.limit
    expect([1, maxRows].map(failed)).toEqual([1, maxRows])
    const ids = Array.from({ length: 4 * maxRows }, (_, index) => String(index))
    expect(judge(answer(413), ids, clearLine, now, 0).line.limit).toBe(maxRows)
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
    expect(pick(rows, line).map((each) => each.event.id)).toEqual(['b'])
    expect(reach(line)).toBe(2)
    const after = judge(answer(200, receipt(['b'])), ['b'], line, now, 0).line
    expect(pick(rows, after).map((each) => each.event.id)).toEqual(['b', 'c'])
    expect(pick(rows.slice(0, 1), after).map((each) => each.event.id)).toEqual(['a'])
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
    expect(waitOf(judge(answer(429, '', 8000), ['a'], clearLine, now, 0).line, now)).toBe(9500)
    expect(waitOf(judge(answer(503, '', 1e12), ['a'], clearLine, now, 0).line, now)).toBe(86_400_000)
    expect(waitOf(judge(answer(503, '', -5), ['a'], clearLine, now, 0).line, now)).toBe(1495)
  })
  it('backs off by half a span and a random part of the other half, at most five minutes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 5000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (failures, chance) => {
          const { line } = judge(answer(500), ['a'], { ...clearLine, failures }, now, chance)
          const longest = Math.min(300_000, 1000 * 3 ** (failures + 1))
          const wait = line.notBefore - now
          expect(wait).toBeGreaterThanOrEqual(1000)
          expect(wait).toBeLessThanOrEqual(Math.max(1000, longest))
          expect(wait).toBeCloseTo(Math.max(1000, (longest / 2) * (1 + chance)), 3)
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

describe('a glance', () => {
  it('sees what a closer look sees, wherever it calls nothing odd', () => {
    const ids = ['a', 'b', 'c']
    const list = fc.subarray(['a', 'b', 'c', 'x'])
    const body = fc.oneof(
      fc
        .record({ accepted: list, duplicates: list, rejected: fc.constant([]) })
        .map((each) => JSON.stringify(each)),
      fc.constant('<h1>no</h1>'),
    )
    const line = fc.record({ failures: fc.nat(30), limit: fc.integer({ min: 1, max: maxRows }) })
    const status = fc.constantFrom(0, 200, 204, 301, 400, 401, 404, 408, 413, 425, 429, 500, 503)
    let calm = 0
    fc.assert(
      fc.property(status, body, line, fc.option(fc.nat(100_000)), (code, text, given, retryAfter) => {
        const reply = { status: code, body: text, retryAfter }
        const known = { ...clearLine, ...given }
        const seen = glance(reply, ids, known, now, 0.5)
        const { confirmed, refused, line: next, fault } = judge(reply, ids, known, now, 0.5)
        expect(seen.confirmed).toEqual(confirmed)
        if (seen.isOdd) return
        calm++
        expect({ refused, fault, next }).toEqual({ refused: [], fault: undefined, next: seen.line })
      }),
      { numRuns: 500 },
    )
    expect(calm).toBeGreaterThan(100)
  })
  it('has what it does not understand wait for long, where nobody takes a closer look', () => {
    for (const status of [401, 403, 404, 410])
      expect(waitOf(glance(answer(status), ['a'], clearLine, now, 0).line, now)).toBe(3_600_000)
    // A closer look may be had by then.
    for (const status of [400, 413, 422])
      expect(glance(answer(status), ['a'], clearLine, now, 0)).toMatchObject({
        isOdd: true,
        line: { notBefore: now + 1500 },
      })
    const refused = glance(answer(200, receipt([], [], [rejection])), ['b'], clearLine, now, 0)
    expect(refused).toMatchObject({ isOdd: true, confirmed: [] })
    expect(waitOf(refused.line, now)).toBe(1500)
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
    expect(waitOf(line, now - 5000)).toBe(20 * 60_000 + 6500)
  })
})
