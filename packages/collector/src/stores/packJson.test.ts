import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SurveyEvent } from '@earshot/contract'
import { project } from '../core/project.ts'
import { answer, now, uuid } from '../fixtures.ts'
import { packedLines } from './packedLines.ts'
import type * as packing from './packJson.ts'
import { packJson } from './packJson.ts'
import { keyNames, shapes, tags, words } from './packNames.ts'
import { unpackJson } from './unpackJson.ts'

const id = '018f0000-0000-7000-8000-00000000abcd'
const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.uuid(),
  fc.uuid().map((each) => each.toUpperCase()),
  fc.constantFrom(
    ...words,
    id,
    '2026-02-30T00:00:00.000Z',
    '2024-02-29T23:59:59.999Z',
    'x'.repeat(127),
    'x'.repeat(128),
  ),
  fc
    .date({ noInvalidDate: true, min: new Date(-62_167_219_200_000), max: new Date(253_402_300_799_999) })
    .map((each) => each.toISOString()),
)
const number = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.maxSafeInteger(),
  fc.nat(200),
)
const key = fc.oneof(fc.constantFrom(...keyNames, '__proto__', 'constructor'), text)
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    text,
    number,
    fc.constantFrom(null, true, false),
    tie('list'),
    tie('fields'),
    tie('shaped'),
  ),
  list: fc.array(tie('value'), { maxLength: 5 }),
  fields: fc
    .uniqueArray(fc.tuple(key, tie('value')), { maxLength: 6, selector: ([name]) => name })
    .map((entries) => Object.fromEntries(entries)),
  shaped: fc
    .constantFrom(...shapes)
    .chain((names) =>
      fc
        .array(fc.option(tie('value'), { freq: 2 }), { minLength: names.length, maxLength: names.length })
        .map((values) => Object.fromEntries(names.map((name, index) => [name, values[index]]))),
    ),
}))

describe('packed JSON', () => {
  it('is the same value again, with the keys in the same order', () => {
    fc.assert(
      fc.property(value, fc.subarray([id, 'visitor', '']), (given, row) => {
        const read = unpackJson(packJson(given, row), row)
        expect(read).toEqual(given)
        expect(JSON.stringify(read)).toBe(JSON.stringify(given))
      }),
      { numRuns: Number(process.env.EARSHOT_RUNS ?? 1000) },
    )
  })

  it('leaves out what is undefined', () => {
    expect(unpackJson(packJson({ a: undefined, b: [{ url: undefined, locale: 'de' }] }))).toEqual({
      b: [{ locale: 'de' }],
    })
  })

  it('is written as lines that say the same', () => {
    const object = value.filter(
      (each) => typeof each === 'object' && each !== null && Object.keys(each).length > 0,
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(object, fc.boolean()), { maxLength: 4 }), (rows) => {
        const bytes = rows.flatMap(([each, isOver]) => [
          ...Buffer.from(id.replaceAll('-', ''), 'hex'),
          isOver ? 1 : 0,
          ...packJson({ first: 1, each }, [id]),
        ])
        const wanted = rows.map(([each, overQuota]) => `${JSON.stringify({ first: 1, each, overQuota })}\n`)
        expect(new TextDecoder().decode(packedLines(Uint8Array.from(bytes)))).toBe(wanted.join(''))
      }),
      { numRuns: Number(process.env.EARSHOT_RUNS ?? 1000) },
    )
  })

  it('takes a fifth of the bytes for a response', () => {
    const event = answer(1) as unknown as SurveyEvent
    const response = project([{ event, at: now, receivedAt: now, occurredAt: now }])
    const packed = packJson(response, [uuid('response', 1)])
    expect(packed.length).toBeLessThan(JSON.stringify(response).length / 5)
    expect(unpackJson(packed, [uuid('response', 1)])).toEqual(response)
  })

  it('that is cut off, or of a newer program, is not taken for another value', () => {
    const packed = packJson({ a: ['text', 1, null] }).slice()
    for (let length = 0; length < packed.length; length++)
      expect(() => unpackJson(packed.slice(0, length))).toThrow(/damaged, or of a newer Earshot/)
    expect(() => unpackJson(Uint8Array.of(31))).toThrow(/damaged, or of a newer Earshot/)
    expect(() => unpackJson(Uint8Array.of(...packed, 0))).toThrow(/damaged, or of a newer Earshot/)
  })
})

it('writes an id whole wherever it falls, also at the end of the memory that it writes to', async () => {
  const ids = Array.from({ length: 4000 }, () => id)
  for (let before = 0; before < 17; before++) {
    // With memory as it is at the start.
    const fresh = (await import(`./packJson.ts?fresh=${before}`)) as typeof packing
    const list = [...Array.from({ length: before }, () => 1), ...ids]
    expect(unpackJson(fresh.packJson(list))).toEqual(list)
  }
})

// No twin of a list elsewhere, though it begins alike: the others may be sorted and shortened, and this one never.
it('has words that never move: rows on disks are written with their numbers', () => {
  const start = (list: readonly unknown[], count: number): string =>
    createHash('sha256')
      .update(JSON.stringify(list.slice(0, count)))
      .digest('hex')
      .slice(0, 16)
  expect([start(keyNames, 52), start(words, 36), start(shapes, 7), start(Object.entries(tags), 16)]).toEqual([
    'c79a35370f547724',
    '27d2ff0e1e71e400',
    '23a509dbe4e71d93',
    '9b267910cea8b11b',
  ])
})
