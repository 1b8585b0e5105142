/** Finds where the records of a file stand, piece by piece, so that a file of any size is never in memory as a whole. */

/** How a file has its records: rows under a line of columns, lines of JSON, or a list of JSON. */
export type Kind = 'csv' | 'lines' | 'list'

/** Takes the bytes of a file, one piece after the other. */
export interface Scanner {
  /** @param at where the piece begins in the file */
  take(bytes: Uint8Array, at: number): void
  /** The file is at its end. */
  end(size: number): void
}

/**
 * Is told of each record: where it begins and ends, on which line (of a list: as which it stands there), from 1, and a number
 * that records of other bytes do not share.
 */
export type Found = (start: number, end: number, line: number, print: number) => void

const quote = 0x22
const newline = 0x0a
const carriage = 0x0d
const backslash = 0x5c

/** A number of what a record holds (two hashes of 32 and 21 bits), without its line ends. */
function createPrint(): { add(byte: number): void; take(): number } {
  let one = 0x811c9dc5
  let two = 0x9e3779b9
  return {
    add(byte) {
      one = Math.imul(one ^ byte, 0x01000193)
      two = Math.imul(two ^ byte, 0x85ebca6b) ^ (two >>> 13)
    },
    take() {
      const print = (one >>> 0) * 2 ** 21 + (two >>> 11)
      one = 0x811c9dc5
      two = 0x9e3779b9
      return print
    },
  }
}

/** Rows of CSV, or lines: an end of a line inside quotes of CSV ends no row; empty lines are none. */
function createRows(kind: 'csv' | 'lines', found: Found): Scanner {
  const print = createPrint()
  let isQuoted = false
  let start = -1
  let line = 1
  let startLine = 1
  const finish = (end: number): void => {
    if (start >= 0) found(start, end, startLine, print.take())
    start = -1
  }
  return {
    take(bytes, at) {
      for (let index = 0; index < bytes.length; index++) {
        const byte = bytes[index] ?? 0
        if (byte === quote && kind === 'csv') isQuoted = !isQuoted
        if (byte === newline && !isQuoted) finish(at + index)
        else if (byte !== carriage) {
          if (start < 0) {
            start = at + index
            startLine = line
          }
          print.add(byte)
        }
        if (byte === newline) line += 1
      }
    },
    end: finish,
  }
}

/** Names under which programs put their records; as the collector knows them. */
const lists: readonly string[] = ['data', 'results', 'responses']

/** The objects of a list, which is the whole, or stands in an object under one of the names. */
function createList(found: Found): Scanner {
  const print = createPrint()
  let isText = false
  let isEscaped = false
  let depth = 0
  /** At which depth the objects begin; 0 before it is known, −1 after the list. */
  let level = 0
  let name = ''
  let start = -1
  let count = 0
  return {
    take(bytes, at) {
      for (let index = 0; index < bytes.length; index++) {
        const byte = bytes[index] ?? 0
        if (start >= 0) print.add(byte)
        if (isText) {
          if (isEscaped) isEscaped = false
          else if (byte === backslash) isEscaped = true
          else if (byte === quote) isText = false
          else if (depth === 1 && level === 0 && name.length < 20) name += String.fromCharCode(byte)
          continue
        }
        if (byte === quote) {
          isText = true
          if (depth === 1 && level === 0) name = ''
        } else if (byte === 0x7b || byte === 0x5b) {
          if (byte === 0x5b && level === 0 && (depth === 0 || (depth === 1 && lists.includes(name))))
            level = depth + 1
          if (byte === 0x7b && depth === level && level > 0) {
            start = at + index
            print.add(byte)
          }
          depth += 1
        } else if (byte === 0x7d || byte === 0x5d) {
          depth -= 1
          if (byte === 0x7d && depth === level && start >= 0) {
            count += 1
            found(start, at + index + 1, count, print.take())
            start = -1
          }
          if (byte === 0x5d && level > 0 && depth === level - 1) level = -1
        }
      }
    },
    end: () => undefined,
  }
}

/**
 * A scanner for a kind of file.
 *
 * @example
 * const scanner = createScanner('csv', (start, end, line) => console.log(line))
 * scanner.take(new TextEncoder().encode('a\n1\n'), 0)
 * scanner.end(4)
 */
export function createScanner(kind: Kind, found: Found): Scanner {
  return kind === 'list' ? createList(found) : createRows(kind, found)
}

/**
 * The kind of a file by its beginning.
 *
 * @param head the first bytes as text, without a mark of byte order
 * @example
 * kindOf('{"id":1}\n{"id":2}\n') // 'lines'
 */
export function kindOf(head: string): Kind {
  const text = head.trim()
  if (text.startsWith('[')) return 'list'
  if (!text.startsWith('{')) return 'csv'
  const [line = ''] = text.split('\n', 1)
  try {
    const value = JSON.parse(line) as Record<string, unknown>
    if (text.slice(line.length).trim() !== '') return 'lines'
    return lists.some((name) => Array.isArray(value[name])) ? 'list' : 'lines'
  } catch {
    return /^\{\s*(?:\n|$)/.test(text) || lists.some((name) => line.includes(`"${name}"`)) ? 'list' : 'lines'
  }
}

/**
 * The cells of one row of CSV.
 *
 * @example
 * cellsOf('a;"b ""c"""', ';') // ['a', 'b "c"']
 */
export function cellsOf(row: string, separator: string): string[] {
  const cell = new RegExp(`(?:"((?:[^"]|"")*)"|([^${separator}]*))(?:${separator}|$)`, 'gsy')
  const cells: string[] = []
  const text = row.replace(/\r$/, '')
  for (let end = 0; end <= text.length;) {
    cell.lastIndex = end
    const found = cell.exec(text)
    if (!found) return text.split(separator)
    cells.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '')
    end = cell.lastIndex
    if (end === text.length) return text.endsWith(separator) && found[0] !== '' ? [...cells, ''] : cells
  }
  return cells
}

/**
 * What separates the cells of CSV, by its line of columns.
 *
 * @example
 * separatorOf('Score;Date') // ';'
 */
export function separatorOf(head: string): string {
  const count = (separator: string): number => head.split(separator).length
  const [first = ','] = [',', ';', '\t'].toSorted((a, b) => count(b) - count(a))
  return first
}
