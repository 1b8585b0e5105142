/** Reads of packed responses what reports count by, without making values of the rest. */
import { createHash, randomBytes } from 'node:crypto'
import type { ColumnRow } from '../core/columns.ts'
import { written } from '../core/attributes.ts'
import type { Identity } from '../core/identities.ts'
import { parts, startAt } from './unpackJson.ts'

/** Bytes before a packed response: place in its range and two marks, as `columnHead` writes them, and its id. */
const headSize = 19

/** What stands before the body of a row: three bytes and the id. The marks are whether it is over quota, and doubted. */
export const columnHead = (row: string, overQuota: string, doubted: string, id: string): string =>
  `unhex(printf('%06x', ((${row} & 4095) << 2) | (${overQuota} << 1) | ${doubted})) || ${id}`

/** Attributes that are texts of their own, or nothing. */
const attributes: ReadonlySet<string> = new Set([
  'channel',
  'touchpoint',
  'stage',
  'locale',
  'variant',
  'url',
  'layout',
  'wording',
  'trigger',
  'version',
])

/** Chosen anew for each table: whoever makes ids up cannot tell which of them would stand in one place of it. */
export function tableSeed(): Identity {
  return identityAt(randomBytes(16), 0)
}

/** The identity of a visitor, 16 bytes or a text that is none. */
export function visitorIdentity(key: unknown): Identity {
  return key instanceof Uint8Array
    ? identityAt(Buffer.from(key.buffer, key.byteOffset, 16), 0)
    : hashed(`v:${String(key)}`)
}

/** The identity of a person, who is never a visitor. */
export function personIdentity(person: string): Identity {
  return hashed(`p:${person}`)
}

function hashed(text: string): Identity {
  return identityAt(createHash('sha256').update(text).digest(), 0)
}

/** The identity of which the 16 bytes are there. */
export function identityAt(bytes: Buffer, start: number): Identity {
  return [
    bytes.readInt32BE(start),
    bytes.readInt32BE(start + 4),
    bytes.readInt32BE(start + 8),
    bytes.readInt32BE(start + 12),
  ]
}

/**
 * Rows that stand one after another.
 *
 * @param first the first place of their range
 */
export function readColumnRows(packed: Uint8Array, first: number): ColumnRow[] {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength)
  const rows: ColumnRow[] = []
  for (let start = 0; start < bytes.length; start = parts.at()) rows.push(readRow(bytes, start, first))
  return rows
}

/** In place of the id of the response, which nothing is counted by. */
const noId = ['']

function readRow(bytes: Buffer, start: number, first: number): ColumnRow {
  const head = bytes.readUIntBE(start, 3)
  const row: ColumnRow = {
    row: first + (head >> 2),
    visitor: [0, 0, 0, 0],
    person: null,
    attributes: [],
    answers: [],
    isOverQuota: (head & 2) !== 0,
    isDoubted: (head & 1) !== 0,
    isCompleted: false,
    isClosed: false,
    firstAt: NaN,
    lastAt: NaN,
  }
  let isEnded = false
  let isDismissed = false
  startAt(bytes, start + headSize, noId)
  parts.fields((key) => {
    if (attributes.has(key)) {
      const value = written(parts.value())
      if (value !== null) row.attributes.push(key, value)
      return
    }
    switch (key) {
      case 'visitor':
        row.visitor = readVisitor(bytes, start + headSize - 16)
        return
      case 'person': {
        const person = parts.value()
        row.person = typeof person === 'string' ? personIdentity(person) : null
        return
      }
      case 'status':
        row.isCompleted = parts.value() === 'completed'
        return
      case 'completedAt':
        isEnded = parts.value() !== null
        return
      case 'dismissedAt':
        isDismissed = parts.value() !== null
        return
      case 'firstAt':
        row.firstAt = parts.moment()
        return
      case 'lastAt':
        row.lastAt = parts.moment()
        return
      case 'hidden':
        for (const [name, value] of Object.entries(parts.value() ?? {})) {
          const text = written(value)
          if (text !== null) row.attributes.push(`hidden.${name}`, text)
        }
        return
      case 'answers':
        parts.fields((question) => row.answers.push(readAnswer(question)))
        return
      default:
        parts.skip()
    }
  })
  row.isClosed = isDismissed && !isEnded
  return row
}

function readAnswer(question: string): ColumnRow['answers'][number] {
  const answer = { question, value: null as unknown, at: NaN }
  parts.fields((key) => {
    if (key === 'value') answer.value = parts.value()
    else if (key === 'at') answer.at = parts.moment()
    else parts.skip()
  })
  return answer
}

/** A visitor whose id is that of the response is not packed twice. */
function readVisitor(bytes: Buffer, id: number): Identity {
  const start = parts.uuid()
  if (start >= 0) return identityAt(bytes, start)
  const visitor = parts.value()
  return visitor === '' ? identityAt(bytes, id) : visitorIdentity(visitor)
}
