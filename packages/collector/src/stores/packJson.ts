/** Writes JSON values in a third of the bytes: UUIDs and moments as numbers, known keys and words as one byte. */
import { parseWritten } from '../core/time.ts'
import { keyNames, shapes, tags, words } from './packNames.ts'

const numberOfKey: ReadonlyMap<string, number> = new Map(keyNames.map((name, index) => [name, index + 1]))
const numberOfWord: ReadonlyMap<string, number> = new Map(words.map((word, index) => [word, index]))
const longestWord = Math.max(...words.map((word) => word.length))
/** Numbers of shapes by their first key, so that few are compared. */
const shapesByStart = new Map<string | undefined, number[]>()
for (const [index, [start]] of shapes.entries())
  shapesByStart.set(start, [...(shapesByStart.get(start) ?? []), index])
/** Beyond, doubling loses digits. */
const largestInteger = 2 ** 51

let bytes = Buffer.allocUnsafe(65_536)
let end = 0
let moment = 0
let slots: readonly string[] = []

/**
 * Packs a JSON value. `unpackJson` gives one that is equal, with the keys in the same order except in objects of a known shape.
 *
 * @param row texts which the row has in columns of its own, at most 18; the same ones in the same order are needed to unpack it
 * @returns a view that holds until the next call: what SQLite is given it copies at once
 * @example
 * packJson({ id, survey: 'nps' }, [id]).length // 12
 */
export function packJson(value: unknown, row: readonly string[] = []): Uint8Array {
  end = 0
  moment = 0
  slots = row
  put(value)
  return new Uint8Array(bytes.buffer, bytes.byteOffset, end)
}

function room(size: number): void {
  if (end + size <= bytes.length) return
  const larger = Buffer.allocUnsafe(Math.max(bytes.length * 2, end + size))
  bytes.copy(larger, 0, 0, end)
  bytes = larger
}

function put(value: unknown): void {
  // A tag, and the longest of what has one size: a UUID.
  room(17)
  if (typeof value === 'string') putText(value)
  else if (value === null) bytes[end++] = tags.null
  else if (typeof value === 'number') putNumber(value)
  else if (typeof value === 'boolean') bytes[end++] = value ? tags.true : tags.false
  else if (Array.isArray(value)) {
    bytes[end++] = tags.list
    putLength(value.length)
    for (const each of value) put(each)
  } else if (typeof value === 'object') putFields(value)
  else throw new TypeError(`JSON has no ${typeof value}`)
}

function putFields(fields: object): void {
  const values: readonly unknown[] = Object.values(fields)
  // What is undefined is not there, as everywhere in JSON.
  if (values.includes(undefined)) {
    putFields(Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)))
    return
  }
  const keys = Object.keys(fields)
  const shape = shapeOf(keys)
  if (shape >= 0) {
    bytes[end++] = tags.shape
    bytes[end++] = shape
    putShaped(values)
    return
  }
  bytes[end++] = tags.fields
  putLength(keys.length)
  for (const [index, key] of keys.entries()) {
    const known = numberOfKey.get(key)
    room(8)
    bytes[end++] = known ?? 0
    if (known === undefined) putUtf8(key)
    put(values[index])
  }
}

function shapeOf(keys: readonly string[]): number {
  const found = shapesByStart.get(keys[0])
  if (found)
    for (const index of found) {
      const names = shapes[index] ?? []
      if (names.length !== keys.length) continue
      let at = 1
      while (at < keys.length && keys[at] === names[at]) at++
      if (at === keys.length) return index
    }
  return -1
}

function putShaped(values: readonly unknown[]): void {
  let nulls = 0
  for (const value of values) {
    if (value === null) {
      nulls++
      continue
    }
    if (nulls > 0) putNulls(nulls)
    nulls = 0
    put(value)
  }
  if (nulls > 0) putNulls(nulls)
}

function putNulls(count: number): void {
  room(8)
  if (count === 1) bytes[end++] = tags.null
  else {
    bytes[end++] = tags.nulls
    bytes[end++] = count
  }
}

function putNumber(value: number): void {
  if (!Number.isInteger(value) || Math.abs(value) > largestInteger || Object.is(value, -0)) {
    bytes[end++] = tags.double
    end = bytes.writeDoubleBE(value, end)
  } else if (value >= 0 && value < tags.short - tags.small) bytes[end++] = tags.small + value
  else {
    bytes[end++] = tags.integer
    putSigned(value)
  }
}

function putSigned(value: number): void {
  putLength(value < 0 ? -value * 2 - 1 : value * 2)
}

/** Seven bits in each byte, the lowest first; the highest bit says that more follow. */
function putLength(value: number): void {
  let rest = value
  while (rest >= 0x80) {
    bytes[end++] = (rest % 0x80) + 0x80
    rest = Math.floor(rest / 0x80)
  }
  bytes[end++] = rest
}

function putText(text: string): void {
  for (let index = 0; index < slots.length; index++)
    if (slots[index] === text) {
      bytes[end++] = tags.slot + index
      return
    }
  const { length } = text
  if (length === 36 && putUuid(text)) return
  if (length === 24) {
    const time = parseWritten(text)
    if (!Number.isNaN(time)) {
      bytes[end++] = tags.moment
      putSigned(time - moment)
      moment = time
      return
    }
  }
  const word = length <= longestWord ? numberOfWord.get(text) : undefined
  if (word === undefined) putShort(text)
  else {
    bytes[end++] = tags.word
    bytes[end++] = word
  }
}

/** A short text says its length with its tag. */
function putShort(text: string): void {
  room(text.length * 3 + 8)
  const start = end
  if (text.length < 0x100 - tags.short) {
    end++
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index)
      if (code > 0x7f) {
        end = start
        bytes[end++] = tags.text
        putUtf8(text)
        return
      }
      bytes[end++] = code
    }
    bytes[start] = tags.short + text.length
    return
  }
  bytes[end++] = tags.text
  putUtf8(text)
}

function putUtf8(text: string): void {
  room(text.length * 3 + 8)
  putLength(Buffer.byteLength(text))
  end += bytes.write(text, end)
}

/** Half a byte of each hexadecimal digit in lower case; 0xff for everything else. */
const digits = new Uint8Array(0x80).fill(0xff)
for (let digit = 0; digit < 16; digit++) digits[digit.toString(16).charCodeAt(0)] = digit

function putUuid(text: string): boolean {
  const start = end
  end++
  if (!writeUuid(text, bytes, end)) {
    end = start
    return false
  }
  bytes[start] = tags.uuid
  end += 16
  return true
}

/**
 * Writes a UUID in lower case as 16 bytes.
 *
 * @returns false if the text is none; what was written then means nothing
 */
export function writeUuid(text: string, target: Uint8Array, at: number): boolean {
  if (text.length !== 36) return false
  let place = at
  for (let index = 0; index < 36;) {
    if (index === 8 || index === 13 || index === 18 || index === 23) {
      if (text.charCodeAt(index++) !== 0x2d) return false
      continue
    }
    const high = digits[text.charCodeAt(index++)] ?? 0xff
    const low = digits[text.charCodeAt(index++)] ?? 0xff
    if ((high | low) > 15) return false
    target[place++] = (high << 4) | low
  }
  return true
}
