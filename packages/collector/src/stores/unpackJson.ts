/** Reads packed JSON. */
import { formatMoment } from '../core/time.ts'
import { keyNames, shapes, tags, words } from './packNames.ts'

let bytes: Buffer = Buffer.alloc(0)
let at = 0
let moment = 0
let slots: readonly string[] = []

/**
 * The value that was packed.
 *
 * @param row the texts that were given when it was packed
 * @throws when it was packed by a newer program, or is damaged
 * @example
 * unpackJson(packJson({ a: [1, null] })) // { a: [1, null] }
 */
export function unpackJson(packed: Uint8Array, row: readonly string[] = []): unknown {
  bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength)
  at = 0
  moment = 0
  slots = row
  const value = read()
  if (at !== bytes.length) throw unreadable()
  return value
}

/** What is said of a packed value that cannot be read. */
export const unreadable = (): Error =>
  new Error('a packed value cannot be read: it is damaged, or of a newer Earshot')

function read(): unknown {
  const tag = next()
  if (tag >= tags.short) return readAscii(tag - tags.short)
  if (tag >= tags.small) return tag - tags.small
  if (tag >= tags.slot) {
    const slot = slots[tag - tags.slot]
    if (slot === undefined) throw unreadable()
    return slot
  }
  switch (tag) {
    case tags.null:
      return null
    case tags.false:
      return false
    case tags.true:
      return true
    case tags.double:
      return bytes.readDoubleBE(skip(8))
    case tags.uuid:
      return readUuid(bytes, skip(16))
    case tags.moment:
      moment += readSigned()
      return formatMoment(moment)
    case tags.text:
      return readUtf8()
    case tags.list:
      return Array.from({ length: readLength() }, read)
    case tags.fields:
      return readFields()
    case tags.shape:
      return readShaped()
    case tags.word:
      return words[next()] ?? fail()
    case tags.integer:
      return readSigned()
    default:
      return fail()
  }
}

function next(): number {
  const byte = bytes[at++]
  if (byte === undefined) throw unreadable()
  return byte
}

function fail(): never {
  throw unreadable()
}

function readLength(): number {
  let value = 0
  for (let factor = 1; ; factor *= 0x80) {
    const byte = next()
    if (byte < 0x80) return value + byte * factor
    value += (byte - 0x80) * factor
  }
}

function readSigned(): number {
  const value = readLength()
  return value % 2 === 1 ? -(value + 1) / 2 : value / 2
}

/** Goes on by so many bytes, and says where they begin. */
function skip(length: number): number {
  at += length
  if (at > bytes.length) throw unreadable()
  return at - length
}

function readAscii(length: number): string {
  return bytes.toString('latin1', skip(length), at)
}

function readUtf8(): string {
  return bytes.toString('utf8', skip(readLength()), at)
}

function readKey(): string {
  const known = next()
  return known === 0 ? readUtf8() : (keyNames[known - 1] ?? fail())
}

function readFields(): object {
  const fields: Record<string, unknown> = {}
  for (let left = readLength(); left > 0; left--) {
    const key = readKey()
    const value = read()
    // Assigned, it would be the prototype.
    if (key === '__proto__')
      Object.defineProperty(fields, key, { value, enumerable: true, writable: true, configurable: true })
    else fields[key] = value
  }
  return fields
}

function readShaped(): object {
  const fields: Record<string, unknown> = {}
  let nulls = 0
  for (const name of shapes[next()] ?? fail()) {
    if (nulls === 0 && bytes[at] === tags.nulls) {
      nulls = bytes[at + 1] ?? 0
      at += 2
    }
    if (nulls > 0) {
      nulls--
      fields[name] = null
    } else fields[name] = read()
  }
  return fields
}

const hexadecimal: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, '0'),
)

/** The UUID that 16 bytes stand for. */
export function readUuid(source: Uint8Array, start = 0): string {
  let text = ''
  for (let index = 0; index < 16; index++) {
    if (index === 4 || index === 6 || index === 8 || index === 10) text += '-'
    text += hexadecimal[source[start + index] ?? 0] ?? ''
  }
  return text
}

/** Begins to read a value in the midst of bytes, in parts. */
export function startAt(packed: Buffer, start: number, row: readonly string[]): void {
  bytes = packed
  at = start
  moment = 0
  slots = row
}

/** What reads the parts of a value, one after another. */
export interface Parts {
  /** Where the next part begins. */
  at(): number
  /** The next value. */
  value(): unknown
  /** Goes past the next value, without making anything of it. */
  skip(): void
  /** The next value as a moment in milliseconds; NaN for any other. */
  moment(): number
  /** Where the 16 bytes of the next value begin, if it is a UUID; else -1, and it is still to be read. */
  uuid(): number
  /** Calls `visit` for each key of the next value, an object; it reads or skips the value. Nulls may be left out. */
  fields(visit: (key: string) => void): void
}

/** Reads from where `startAt` began. */
export const parts: Parts = {
  at: () => at,
  value: read,
  skip: skipValue,
  moment() {
    if (bytes[at] !== tags.moment) {
      read()
      return NaN
    }
    at++
    moment += readSigned()
    return moment
  },
  uuid() {
    if (bytes[at] !== tags.uuid) return -1
    at++
    return skip(16)
  },
  fields(visit) {
    const tag = next()
    if (tag === tags.fields) for (let left = readLength(); left > 0; left--) visit(readKey())
    else if (tag === tags.shape) {
      let nulls = 0
      for (const name of shapes[next()] ?? fail()) {
        if (nulls === 0 && bytes[at] === tags.nulls) {
          nulls = bytes[at + 1] ?? 0
          at += 2
        }
        if (nulls > 0) nulls--
        else visit(name)
      }
    } else fail()
  },
}

function skipValue(): void {
  const tag = bytes[at] ?? 0
  if (tag >= tags.short) skip(1 + tag - tags.short)
  else if (tag >= tags.slot || tag <= tags.true) at++
  else if (tag === tags.uuid) skip(17)
  else if (tag === tags.moment) {
    at++
    moment += readSigned()
  } else if (tag === tags.text) {
    at++
    skip(readLength())
  } else if (tag === tags.fields || tag === tags.shape) parts.fields(skipValue)
  else read()
}
