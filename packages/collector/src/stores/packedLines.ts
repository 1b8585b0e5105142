/** Writes packed objects as lines of JSON, without making values of them: an export is not slowed down by what nobody looks at. */
import { formatMoment } from '../core/time.ts'
import { keyNames, shapes, tags, words } from './packNames.ts'

const ascii = (text: string): Uint8Array => Buffer.from(text)
const starts: readonly Uint8Array[] = keyNames.map((name) => ascii(`"${name}":`))
const shapeStarts: readonly (readonly Uint8Array[])[] = shapes.map((names) =>
  names.map((name, index) => ascii(`${index === 0 ? '' : ','}"${name}":`)),
)
const wordTexts: readonly Uint8Array[] = words.map((word) => ascii(`"${word}"`))
const nullText = ascii('null')
const overQuotaTexts = [ascii(',"overQuota":false}\n'), ascii(',"overQuota":true}\n')] as const
const high = Uint8Array.from({ length: 256 }, (_, byte) => (byte >> 4).toString(16).charCodeAt(0))
const low = Uint8Array.from({ length: 256 }, (_, byte) => (byte & 15).toString(16).charCodeAt(0))
const day = 86_400_000

const quote = 0x22
const comma = 0x2c
const closeObject = 0x7d

let source: Buffer = Buffer.alloc(0)
let at = 0
let out: Buffer = Buffer.allocUnsafeSlow(1 << 20)
let end = 0
let moment = 0
let slot = 0
let dayOfText = NaN
let textOfDay = ascii('1970-01-01')

/**
 * Lines of JSON from rows that stand one after another: 16 bytes of id, one byte that says whether it is over quota, and a
 * packed object in which slot 0 is the id.
 *
 * @example
 * packedLines(bytes) // bytes of '{"id":"018f…",…,"overQuota":false}\n…'
 */
export function packedLines(rows: Uint8Array): Uint8Array<ArrayBuffer> {
  source = Buffer.from(rows.buffer, rows.byteOffset, rows.byteLength)
  at = 0
  end = 0
  while (at < source.length) {
    slot = at
    const isOver = source[at + 16] === 1
    at += 17
    moment = 0
    write()
    // In place of the brace that closes the object.
    end--
    room(32)
    copy(overQuotaTexts[isOver ? 1 : 0])
  }
  return new Uint8Array(out.subarray(0, end))
}

function room(size: number): void {
  if (end + size <= out.length) return
  const larger = Buffer.allocUnsafeSlow(Math.max(out.length * 2, end + size))
  out.copy(larger, 0, 0, end)
  out = larger
}

// In the loops over bytes what is shared stands in constants: read anew for each byte, it takes twice as long.
function copy(text: Uint8Array): void {
  const target = out
  const start = end
  const { length } = text
  for (let index = 0; index < length; index++) target[start + index] = text[index] ?? 0
  end = start + length
}

function next(): number {
  const byte = source[at++]
  return byte ?? fail()
}

function fail(): never {
  throw new Error('a packed value cannot be read: it is damaged, or of a newer Earshot')
}

function write(): void {
  room(64)
  const tag = next()
  if (tag >= tags.short) return writeText(tag - tags.short)
  if (tag >= tags.small) return writeNumber(tag - tags.small)
  switch (tag) {
    case tags.null:
      return copy(nullText)
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
      return copy(wordTexts[next()] ?? fail())
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
  room(text.length * 3 + 64)
  end += out.write(text, end)
}

function writeNumber(value: number): void {
  if (value >= 0 && value < 10) out[end++] = 0x30 + value
  else writeSlowly(value)
}

/** UTF-8 stays as it is, unless something in it has to be escaped. */
function writeText(length: number): void {
  const from = source
  const stop = at + length
  const start = end
  room(length + 64)
  const target = out
  let place = start
  target[place++] = quote
  for (let index = at; index < stop; index++) {
    const byte = from[index] ?? 0
    if (byte < 0x20 || byte === quote || byte === 0x5c) {
      writeSlowly(from.toString('utf8', at, stop))
      at = stop
      return
    }
    target[place++] = byte
  }
  target[place++] = quote
  end = place
  at = stop
}

function writeUuid(start: number): void {
  const from = source
  const target = out
  let place = end
  target[place++] = quote
  for (let index = 0; index < 16; index++) {
    if (index === 4 || index === 6 || index === 8 || index === 10) target[place++] = 0x2d
    const byte = from[start + index] ?? 0
    target[place++] = high[byte] ?? 0
    target[place++] = low[byte] ?? 0
  }
  target[place++] = quote
  end = place
}

function writeMoment(): void {
  const days = Math.floor(moment / day)
  if (days !== dayOfText) {
    dayOfText = days
    textOfDay = ascii(formatMoment(days * day).slice(0, 11))
  }
  const rest = moment - days * day
  const seconds = Math.floor(rest / 1000)
  const minutes = Math.floor(seconds / 60)
  out[end++] = quote
  copy(textOfDay)
  writeTwo(Math.floor(minutes / 60))
  out[end++] = 0x3a
  writeTwo(minutes % 60)
  out[end++] = 0x3a
  writeTwo(seconds % 60)
  out[end++] = 0x2e
  const thousandths = rest % 1000
  out[end++] = 0x30 + Math.floor(thousandths / 100)
  writeTwo(thousandths % 100)
  out[end++] = 0x5a
  out[end++] = quote
}

function writeTwo(value: number): void {
  out[end++] = 0x30 + Math.floor(value / 10)
  out[end++] = 0x30 + (value % 10)
}

function writeList(): void {
  const count = readLength()
  out[end++] = 0x5b
  for (let index = 0; index < count; index++) {
    if (index > 0) out[end++] = comma
    write()
  }
  room(8)
  out[end++] = 0x5d
}

function writeFields(): void {
  const count = readLength()
  out[end++] = 0x7b
  for (let index = 0; index < count; index++) {
    room(64)
    if (index > 0) out[end++] = comma
    const known = next()
    if (known === 0) {
      writeText(readLength())
      out[end++] = 0x3a
    } else copy(starts[known - 1] ?? fail())
    write()
  }
  room(8)
  out[end++] = closeObject
}

function writeShaped(): void {
  out[end++] = 0x7b
  let nulls = 0
  for (const start of shapeStarts[next()] ?? fail()) {
    room(64)
    copy(start)
    if (nulls === 0 && source[at] === tags.nulls) {
      nulls = source[at + 1] ?? 0
      at += 2
    }
    if (nulls > 0) {
      nulls--
      copy(nullText)
    } else write()
  }
  room(8)
  out[end++] = closeObject
}
