import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FileFlaw, type FileIndex, indexFile, planParts, readPart, readTexts } from './parts.ts'
import { cellsOf, createScanner, kindOf } from './scan.ts'

const blob = (text: string): Blob => new Blob([text])
const csvCell = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
const cell = fc.string({ unit: fc.constantFrom('a', 'ü', '中', '"', ',', '\n', ' ', '1') })

/** All records of a file as text, with their lines. */
async function recordsOf(text: string): Promise<[number, string][]> {
  const file = blob(text)
  const index = await indexFile(file)
  const texts = await readTexts(file, index, planParts(index).parts.flat())
  return texts.map((each, at) => [index.lines[at] ?? 0, each])
}

describe('a file', () => {
  it('is told apart by its beginning', () => {
    expect(
      [
        'score,at\n',
        '[{"a":1}]',
        ' [\n',
        '{"a":1}\n{"a":2}',
        '{"data":[{"a":1}]}',
        '{\n  "responses": [',
        '{"id":"x","data":{"q":1}}\n',
        '{"a":1,\n{"a":2}',
      ].map(kindOf),
    ).toEqual(['csv', 'list', 'list', 'lines', 'list', 'list', 'lines', 'lines'])
  })
  it('of CSV has its rows, with ends of lines inside quotes, empty lines and both line ends', async () => {
    expect(await recordsOf('\u{feff}a,b\r\n1,"x\ny"\r\n\r\n2,"say ""so"""\n3,z')).toEqual([
      [2, '1,"x\ny"'],
      [5, '2,"say ""so"""'],
      [6, '3,z'],
    ])
  })
  it('of JSON has its objects, whatever stands in them', async () => {
    const odd = { text: 'a "]}{[ \\', deep: [{ a: [1, { b: 2 }] }], data: [{ not: 'this' }] }
    const list = [odd, { a: 1 }, odd]
    const expected = list.map((each, at) => [at + 1, JSON.stringify(each)])
    expect(await recordsOf(JSON.stringify(list))).toEqual(expected)
    const wrapped = { meta: { n: 3 }, note: [{ no: 'record' }], responses: list, more: [{ no: 1 }] }
    expect(await recordsOf(JSON.stringify(wrapped))).toEqual(expected)
    expect(await recordsOf(JSON.stringify(wrapped, null, 2).replaceAll('\n', '\r\n'))).toHaveLength(3)
    expect(await recordsOf(`${JSON.stringify(odd)}\n\n{"a":1}\n{broken`)).toEqual([
      [1, JSON.stringify(odd)],
      [3, '{"a":1}'],
      [4, '{broken'],
    ])
  })
  it('is refused with words where it is empty, of other letters, or never ends a quote', async () => {
    const flawOf = async (file: Blob): Promise<string> =>
      indexFile(file).then(
        (index) =>
          readPart(file, index, [0]).then(
            () => '',
            (error: Error) => error.message,
          ),
        (error: unknown) => (error instanceof FileFlaw ? error.message : ''),
      )
    expect(await flawOf(blob(''))).toMatch(/no rows/)
    expect(await flawOf(blob('score,at\n'))).toMatch(/no rows/)
    expect(await flawOf(new Blob([new Uint8Array([0xff, 0xfe, 0x61, 0])]))).toMatch(/UTF-8/)
    expect(await flawOf(new Blob(['a\n1\n', new Uint8Array([0xfc, 0x0a])]))).toBe('')
    expect(await flawOf(new Blob(['a\n', new Uint8Array([0xfc, 0x0a])]))).toMatch(/Line 2 is not in UTF-8/)
    expect(await flawOf(blob(`a\n1\n"${'x\n'.repeat(300_000)}`))).toMatch(/begins on line 3.*quote/)
  })
  it('gives the same records in pieces of any size', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 }),
        fc.constantFrom<'csv' | 'list'>('csv', 'list'),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 }),
        (rows, kind, cuts) => {
          const text =
            kind === 'csv'
              ? ['x,y', ...rows.map((row) => row.map(csvCell).join(','))].join('\n')
              : JSON.stringify({ data: rows.map(([x, y]) => ({ x, y })) })
          const bytes = new TextEncoder().encode(text)
          const scanned = (lengths: readonly number[]): string[] => {
            const found: string[] = []
            const scanner = createScanner(kind, (start, end, line, print) =>
              found.push(`${new TextDecoder().decode(bytes.slice(start, end))} ${line} ${print}`),
            )
            let at = 0
            for (let turn = 0; at < bytes.length; turn++) {
              const length = lengths[turn % lengths.length] ?? 1
              scanner.take(bytes.slice(at, at + length), at)
              at += length
            }
            scanner.end(bytes.length)
            return found
          }
          expect(scanned(cuts)).toEqual(scanned([bytes.length]))
          if (kind === 'list') expect(scanned(cuts)).toHaveLength(rows.length)
          for (const row of rows) expect(cellsOf(row.map(csvCell).join(','), ',')).toEqual(row)
        },
      ),
    )
  })
})

describe('parts', () => {
  const csv = ['score,at', ...Array.from({ length: 4500 }, (_, row) => `${row % 3},2026-11-01`)].join('\n')
  it('have every record once, in order, and say how many alike came before', async () => {
    const file = blob(csv)
    const index = await indexFile(file)
    expect(index.columns).toEqual(['score', 'at'])
    const { parts, alike } = planParts(index)
    expect(parts.map((each) => each.length)).toEqual([2000, 2000, 500])
    expect(parts.flat()).toEqual(Array.from({ length: 4500 }, (_, place) => place))
    const second = await readPart(file, index, parts[1] ?? [], alike)
    expect(second.text.split('\n').slice(0, 3)).toEqual(['score,at', '2,2026-11-01', '0,2026-11-01'])
    expect(second.lineOf(2)).toBe(2002)
    // Of each score a third of the 2,000 rows before; rows in the same part are counted by the collector.
    expect([second.alike[2], second.alike[3], second.alike[5]]).toEqual([666, 667, 666])
    expect((await readPart(file, index, parts[0] ?? [], alike)).alike).toEqual({})
  })
  it('keep together what belongs together', async () => {
    const lines = Array.from({ length: 5000 }, (_, row) => JSON.stringify({ s: row % 2500 })).join('\n')
    const index: FileIndex = await indexFile(blob(lines))
    const { parts } = planParts(index, (place) => String(place % 2500))
    for (const part of parts) {
      const groups = new Map<number, number>()
      for (const place of part) groups.set(place % 2500, (groups.get(place % 2500) ?? 0) + 1)
      expect(new Set(groups.values())).toEqual(new Set([2]))
    }
    expect(parts.flat().toSorted((a, b) => a - b)).toEqual(Array.from({ length: 5000 }, (_, place) => place))
  })
  it('are small enough for a request', async () => {
    const long = ['score,comment', ...Array.from({ length: 50 }, () => `9,"${'""'.repeat(20_000)}"`)].join(
      '\n',
    )
    const file = blob(long)
    const index = await indexFile(file)
    const { parts, alike } = planParts(index)
    expect(parts.length).toBeGreaterThan(3)
    for (const part of parts) {
      const { text } = await readPart(file, index, part, alike)
      expect(new TextEncoder().encode(JSON.stringify({ text })).length).toBeLessThan(1_000_000)
    }
  })
})
