import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvCell, csvLine } from './csv.ts'

/** Reads RFC 4180 back, strictly. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]]
  for (let rest = text; rest !== '';) {
    const found = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/.exec(rest)
    if (!found) throw new Error(`not RFC 4180 at ${JSON.stringify(rest.slice(0, 20))}`)
    rows.at(-1)?.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '')
    if (found[3] === '\r\n') rows.push([])
    rest = rest.slice(found[0].length)
  }
  rows.pop()
  return rows
}

describe('csvCell', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t'=1"],
    ['\r=1', `"'\r'=1"`],
    ['\n=1', `"'\n'=1"`],
    ['ok;=1+1', "ok;'=1+1"],
    ['ok,-1', `"ok,'-1"`],
    ['ok\t＝1', "ok\t'＝1"],
    ['ok\r\n@x', `"ok\r\n'@x"`],
    ['ok;"=1"', `"ok;'""=1"""`],
    ['ok; a-b', 'ok; a-b'],
    ['＝1', "'＝1"],
    ['＋1', "'＋1"],
    ['－1', "'－1"],
    ['＠x', "'＠x"],
    ['=HYPERLINK("http://evil")', `"'=HYPERLINK(""http://evil"")"`],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    ['a=b', 'a=b'],
    ['', ''],
    [null, ''],
    [-5, '-5'],
    [0, '0'],
    [2.5, '2.5'],
    [true, 'true'],
    [false, 'false'],
    [['red', 'other'], 'red|other'],
    [[], ''],
    [['-a', 'b'], "'-a|b"],
  ])('writes %j as %s', (value, cell) => expect(csvCell(value)).toBe(cell))

  it('never starts a formula and always reads back', () => {
    const texts = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom(...Array.from('=+-@\t\r\n"\',;a＝＋－＠')) }),
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(texts, fc.integer()), { minLength: 1 }), (cells) => {
        const [row, ...others] = parseCsv(csvLine(cells))
        expect(others).toEqual([])
        for (const [index, cell] of cells.entries()) {
          const read = row?.[index] ?? ''
          if (typeof cell === 'number') expect(read).toBe(String(cell))
          else {
            expect(read).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/)
            expect(read).not.toMatch(/[;,\t\r\n]"*[=+\-@＝＋－＠]/)
            const start = /^'(?=[=+\-@\t\r\n＝＋－＠])/
            const inside = read.replace(start, '').replace(/([;,\t\r\n])'(?=["']*[=+\-@＝＋－＠])/g, '$1')
            expect(inside).toBe(cell.replace(start, ''))
          }
        }
      }),
      { numRuns: 1000 },
    )
  })
})
