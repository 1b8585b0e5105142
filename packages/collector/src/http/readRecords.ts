/** Reads the records of a file that is imported: CSV with any usual separator, lines of JSON, or a JSON array. */
import { parse } from 'csv-parse/sync'
import type { SourceRecord } from '../core/import/foreign.ts'
import { readJson as readBounded } from '../core/json.ts'
import { isRecord } from '../core/text.ts'

/** What is in a file. */
export interface Records {
  /** Names of the columns of CSV; empty for JSON. */
  columns: string[]
  records: SourceRecord[]
  /** Lines that cannot be read. */
  flaws: { line: number; flaw: string }[]
}

/** Lists inside which programs put their records. */
const lists = ['data', 'results', 'responses'] as const

/** Reads the text of a file by what it begins with. */
export function readRecords(given: string): Records {
  const text = given.replace(/^\uFEFF/, '')
  const start = text.trimStart()[0]
  return start === '{' || start === '[' ? readJson(text) : readCsv(text)
}

function readCsv(text: string): Records {
  const flaws: Records['flaws'] = []
  let columns: string[] = []
  const [head = ''] = text.split(/\r?\n/, 1)
  const count = (separator: string): number => head.split(separator).length
  const [delimiter = ','] = [',', ';', '\t'].toSorted((a, b) => count(b) - count(a))
  const rows = parse(text, {
    columns: (names: string[]) => (columns = names.map((each) => each.trim())),
    delimiter,
    info: true,
    skip_empty_lines: true,
    relax_column_count: true,
  }) as unknown as { record: Record<string, string>; info: { lines: number; error?: { message: string } } }[]
  const records = rows.flatMap(({ record, info }): SourceRecord[] => {
    // One that has more or fewer cells than there are columns is shifted somewhere.
    if (info.error) {
      flaws.push({ line: info.lines, flaw: 'it has another number of cells than there are columns' })
      return []
    }
    return [{ line: info.lines, fields: record }]
  })
  return { columns, records, flaws }
}

function readJson(text: string): Records {
  const whole = parsed(text)
  const list = Array.isArray(whole)
    ? whole
    : lists.map((name) => (isRecord(whole) ? whole[name] : undefined)).find(Array.isArray)
  if (list) return recordsOf(list.map((value: unknown, index) => ({ value, line: index + 1 })))
  const lines = text
    .split(/\r?\n/)
    .flatMap((each, index) => (each.trim() === '' ? [] : [{ text: each, line: index + 1 }]))
  return recordsOf(lines.map((each) => ({ value: parsed(each.text), line: each.line })))
}

function recordsOf(values: readonly { value: unknown; line: number }[]): Records {
  const good = values.filter(({ value }) => isRecord(value))
  return {
    columns: [],
    records: good.map(({ value, line }) => ({ line, fields: value as Record<string, unknown> })),
    flaws: values
      .filter(({ value }) => !isRecord(value))
      .map(({ line }) => ({ line, flaw: 'it is no JSON object' })),
  }
}

/** Undefined for what is no JSON, or is nested so deep that no program has written it for somebody to read. */
function parsed(text: string): unknown {
  const read = readBounded(text)
  return read.ok ? read.value : undefined
}
