/** Writes packed objects as lines of JSON, without making values of them: an export is not slowed down by what nobody looks at. */
import { formatMoment } from '../core/time.ts'
import { keyNames, shapes, tags, words } from './packNames.ts'
import { unreadable } from './unpackJson.ts'

/** A text that is written often, eight bytes in one number; what is beyond `size` is written too, and then over. */
interface Stamp {
  parts: Float64Array
  size: number
}

/** Of ASCII, in which no eight bytes are a number that is none: such ones need not be written as they were read. */
function stampOf(text: string): Stamp {
  const bytes = new DataView(new ArrayBuffer(Math.ceil(text.length / 8) * 8))
  for (let index = 0; index < text.length; index++) bytes.setUint8(index, text.charCodeAt(index))
  const parts = new Float64Array(bytes.byteLength / 8)
  for (let index = 0; index < parts.length; index++) parts[index] = bytes.getFloat64(index * 8, true)
  return { parts, size: text.length }
}

const starts: readonly Stamp[] = keyNames.map((name) => stampOf(`"${name}":`))
const wordTexts: readonly Stamp[] = words.map((word) => stampOf(`"${word}"`))
const nullText = stampOf('null')
const overQuotaTexts = [stampOf(',"overQuota":false}\n'), stampOf(',"overQuota":true}\n')] as const
/** The two digits of a byte, the first in the lower half. */
const pairs = Uint16Array.from({ length: 256 }, (_, byte) => {
  const text = byte.toString(16).padStart(2, '0')
  return text.charCodeAt(0) | (text.charCodeAt(1) << 8)
})
/** The same of the numbers up to 99, in tens. */
const tens = Uint16Array.from(
  { length: 100 },
  (_, number) => (0x30 + Math.floor(number / 10)) | ((0x30 + (number % 10)) << 8),
)
const minute = 60_000
const day = 86_400_000
/** More nulls in a row than an object of a known shape has keys. */
const mostNulls = 64

/**
 * Of each shape: what stands before the value of a key, when so many nulls stand before that, at key * mostNulls + nulls; made
 * when it is needed.
 */
const befores: readonly (Stamp | undefined)[][] = shapes.map(() => [])

function makeBefore(shape: number, key: number, nulls: number): Stamp {
  const names = shapes[shape] ?? fail()
  let text = ''
  for (let index = key - nulls; index <= key && index < names.length; index++)
    text += `${index === 0 ? '' : ','}"${names[index] ?? ''}":${index < key ? 'null' : ''}`
  const made = stampOf(text)
  const known = befores[shape]
  if (known) known[key * mostNulls + nulls] = made
  return made
}

const quote = 0x22
const comma = 0x2c
const closeObject = 0x7d

let source: Buffer = Buffer.alloc(0)
let at = 0
let out = new Uint8Array(0)
let target = new DataView(out.buffer)
let end = 0
let moment = 0
let slot = 0

/** `"2026-11-21T10:05:` of the minute that was written last. */
const minuteText = new Uint8Array(24)
const minuteParts = new DataView(minuteText.buffer)
const minuteSize = 18
let minuteOfText = NaN
let dayOfText = NaN

/** Bytes to begin with, where there is no room. */
const firstRoom = 256 * 1024
/** What may be written without asking for room: the longest of what has one size, and what is written beyond it. */
const slack = 64

/**
 * Lines of JSON from rows that stand one after another: 16 bytes of id, one byte that says whether it is over quota, and a
 * packed object in which slot 0 is the id.
 *
 * @param room to write to; where it is too small, the lines are in memory of their own
 * @example
 * packedLines(bytes) // bytes of '{"id":"018f…",…,"overQuota":false}\n…'
 */
export function packedLines(
  rows: Uint8Array,
  room: ArrayBuffer = new ArrayBuffer(firstRoom),
): Uint8Array<ArrayBuffer> {
  source = Buffer.from(rows.buffer, rows.byteOffset, rows.byteLength)
  at = 0
  write(room)
  const whole = out.subarray(0, end)
  // What was written is the caller's now.
  writeTo(new Uint8Array(0))
  return whole
}

function write(room: ArrayBuffer): void {
  writeTo(new Uint8Array(room))
  end = 0
  while (at < source.length) {
    slot = at
    const isOver = source[at + 16] === 1
    at += 17
    moment = 0
    writeValue()
    if (at > source.length) fail()
    // In place of the brace that closes the object.
    end--
    stamp(overQuotaTexts[isOver ? 1 : 0])
  }
}

function writeTo(bytes: Uint8Array<ArrayBuffer>): void {
  out = bytes
  target = new DataView(bytes.buffer)
}

function need(size: number): void {
  if (end + size + slack <= out.length) return
  const larger = new Uint8Array(Math.max(out.length * 2, end + size + slack, firstRoom))
  larger.set(out.subarray(0, end))
  writeTo(larger)
}

// In the loops what is shared stands in constants: read anew for each byte, it takes twice as long.
function stamp({ parts, size }: Stamp): void {
  const { length } = parts
  need(length * 8)
  const bytes = target
  const start = end
  for (let index = 0; index < length; index++) bytes.setFloat64(start + index * 8, parts[index] ?? 0, true)
  end = start + size
}

function next(): number {
  const byte = source[at++]
  return byte ?? fail()
}

function fail(): never {
  throw unreadable()
}

function writeValue(): void {
  need(0)
  const tag = next()
  if (tag >= tags.short) return writeText(tag - tags.short)
  if (tag >= tags.small) return writeNumber(tag - tags.small)
  switch (tag) {
    case tags.null:
      return stamp(nullText)
    case tags.false:
    case tags.true:
      return writeSlowly(tag === tags.true)
    case tags.double:
      at += 8
      return writeSlowly(source.readDoubleBE(at - 8))
    case tags.uuid:
      at += 16
      return writeUuid(at - 16)
    case tags.moment:
      moment += readSigned()
      return writeMoment()
    case tags.text:
      return writeText(readLength())
    case tags.list:
      return writeList()
    case tags.fields:
      return writeFields()
    case tags.shape:
      return writeShaped()
    case tags.word:
      return stamp(wordTexts[next()] ?? fail())
    case tags.integer:
      return writeNumber(readSigned())
    case tags.slot:
      return writeUuid(slot)
    default:
      return fail()
  }
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

function writeSlowly(value: unknown): void {
  const text = JSON.stringify(value)
  need(text.length * 3)
  end += Buffer.from(out.buffer).write(text, end)
}

function writeNumber(value: number): void {
  if (value < 0 || value >= 100) return writeSlowly(value)
  if (value < 10) out[end++] = 0x30 + value
  else writeTwo(value)
}

/** UTF-8 stays as it is, unless something in it has to be escaped. */
function writeText(length: number): void {
  const from = source
  const stop = at + length
  const start = end
  need(length)
  const bytes = out
  let place = start
  bytes[place++] = quote
  for (let index = at; index < stop; index++) {
    const byte = from[index] ?? 0
    if (byte < 0x20 || byte === quote || byte === 0x5c) {
      writeSlowly(from.toString('utf8', at, stop))
      at = stop
      return
    }
    bytes[place++] = byte
  }
  bytes[place++] = quote
  end = place
  at = stop
}

function writeUuid(start: number): void {
  const from = source
  const bytes = target
  let place = end
  bytes.setUint8(place++, quote)
  for (let index = 0; index < 16; index++) {
    if (index === 4 || index === 6 || index === 8 || index === 10) bytes.setUint8(place++, 0x2d)
    bytes.setUint16(place, pairs[from[start + index] ?? 0] ?? 0, true)
    place += 2
  }
  bytes.setUint8(place, quote)
  end = place + 1
}

function writeMoment(): void {
  const minutes = Math.floor(moment / minute)
  if (minutes !== minuteOfText) setMinute(minutes)
  const bytes = target
  const start = end
  for (let index = 0; index < minuteText.length; index += 8)
    bytes.setFloat64(start + index, minuteParts.getFloat64(index, true), true)
  end = start + minuteSize
  const rest = moment - minutes * minute
  writeTwo(Math.floor(rest / 1000))
  const thousandths = rest % 1000
  out[end++] = 0x2e
  out[end++] = 0x30 + Math.floor(thousandths / 100)
  writeTwo(thousandths % 100)
  out[end++] = 0x5a
  out[end++] = quote
}

function setMinute(minutes: number): void {
  minuteOfText = minutes
  const days = Math.floor((minutes * minute) / day)
  if (days !== dayOfText) {
    dayOfText = days
    Buffer.from(minuteText.buffer).write(`"${formatMoment(days * day).slice(0, 11)}00:00:`)
  }
  const rest = minutes - (days * day) / minute
  minuteParts.setUint16(12, tens[Math.floor(rest / 60)] ?? 0, true)
  minuteParts.setUint16(15, tens[rest % 60] ?? 0, true)
}

function writeTwo(value: number): void {
  target.setUint16(end, tens[value] ?? 0, true)
  end += 2
}

function writeList(): void {
  const count = readLength()
  out[end++] = 0x5b
  for (let index = 0; index < count; index++) {
    if (index > 0) out[end++] = comma
    writeValue()
  }
  need(0)
  out[end++] = 0x5d
}

function writeFields(): void {
  const count = readLength()
  out[end++] = 0x7b
  for (let index = 0; index < count; index++) {
    need(0)
    if (index > 0) out[end++] = comma
    const known = next()
    if (known === 0) {
      writeText(readLength())
      out[end++] = 0x3a
    } else stamp(starts[known - 1] ?? fail())
    writeValue()
  }
  need(0)
  out[end++] = closeObject
}

function writeShaped(): void {
  const shape = next()
  const before = befores[shape] ?? fail()
  const count = shapes[shape]?.length ?? 0
  out[end++] = 0x7b
  for (let key = 0; key < count; key++) {
    let nulls = 0
    if (source[at] === tags.nulls) {
      nulls = source[at + 1] ?? 0
      if (key + nulls > count) fail()
      at += 2
    } else if (source[at] === tags.null) {
      nulls = 1
      at++
    }
    key += nulls
    stamp(before[key * mostNulls + nulls] ?? makeBefore(shape, key, nulls))
    if (key < count) writeValue()
  }
  need(0)
  out[end++] = closeObject
}
