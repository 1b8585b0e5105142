/** The responses of a survey as columns of numbers, in chunks of the order of arrival: what reports count by, and nothing else. */
import { written } from './attributes.ts'
import {
  createDictionary,
  packColumn,
  packTimes,
  timeAt,
  type Column,
  type Dictionary,
  type Times,
} from './column.ts'
import { createIdentities, type Identities, type Identity } from './identities.ts'
import type { Millis } from './time.ts'

/** A response, as much of it as reports count by. */
export interface ColumnRow {
  /** Place in the order of arrival. */
  row: number
  visitor: Identity
  person: Identity | null
  /** Names of attributes, `hidden.…` among them, each before its value; what is null is missing. */
  attributes: string[]
  answers: { question: string; value: unknown; at: Millis }[]
  isOverQuota: boolean
  isDoubted: boolean
  isCompleted: boolean
  /** Closed before the end. */
  isClosed: boolean
  firstAt: Millis
  lastAt: Millis
}

/** Bits of `flags`. */
export const flag = { overQuota: 1, doubted: 2, answered: 4, completed: 8, closed: 16 } as const
/** Above all flags. */
export const flagCount = 32

/** Rows of a chunk: those of a range of so many places in the order of arrival. */
export const chunkSize = 4096

/** Answers to one question; the number 0 where there is none. */
export interface Answers extends Column {
  at: Times
  /** By person: the position of the next later answer, and of the one before; -1 for none. Null: all are -1. */
  next: Int32Array | null
  before: Int32Array | null
}

/** Responses of one range. */
export interface Chunk {
  size: number
  /** Their places, counted from the first of the range. */
  rows: Uint16Array
  flags: Column
  /** Who answered: the person, or where none is known the visitor. */
  who: Column
  visitor: Column
  firstAt: Times
  lastAt: Times
  attributes: Map<string, Column>
  answers: Map<string, Answers>
  /** How often a link of one of its answers has changed. */
  links: number
}

/** An answer by its number. */
export interface Answered {
  text: string | null
  /** Null where it is no number. */
  score: number | null
}

/** A survey in columns. */
export interface SurveyColumns {
  identities: Identities
  /** By range. */
  chunks: ReadonlyMap<number, Chunk>
  attributes: ReadonlyMap<string, Dictionary<string | null>>
  answers: ReadonlyMap<string, Dictionary<Answered>>
  /** There were more columns than are kept, so one that is missing may be one of them. */
  isPartial(): boolean
  /** How many responses there are. */
  size(): number
  /** Replaces the responses of a range; without any it is gone. In the order of arrival. */
  put(range: number, rows: readonly ColumnRow[]): void
  /** Has the answers to a question linked by person from now on. */
  link(question: string): void
}

/** Most attributes, and most questions, of one survey. */
const mostColumns = 100

const scratch = new Float64Array(chunkSize)
const numbers = new Uint32Array(chunkSize)

/**
 * Begins without responses.
 *
 * @param idOf the id of the response of a place: of two answers of one person at one time the one with the higher id is later
 * @param seed what nobody outside knows; see `createIdentities`
 */
export function createSurveyColumns(idOf: (row: number) => string, seed?: Identity): SurveyColumns {
  const identities = createIdentities(seed)
  const chunks = new Map<number, Chunk>()
  const attributes = new Map<string, Dictionary<string | null>>()
  const answers = new Map<string, Dictionary<Answered>>()
  /** By question: the position of the last answer of each identity, plus one. */
  const lasts = new Map<string, Int32Array<ArrayBuffer>>()
  let isPartial = false
  let size = 0

  const dictionaryOf = <Value>(
    all: Map<string, Dictionary<Value>>,
    name: string,
    none: Value,
  ): Dictionary<Value> | null => {
    const known = all.get(name)
    if (known) return known
    if (all.size >= mostColumns) {
      isPartial = true
      return null
    }
    const made = createDictionary(none)
    all.set(name, made)
    return made
  }

  const build = (rows: readonly ColumnRow[]): Chunk => {
    const { length } = rows
    const pack = (of: (row: ColumnRow) => number): Column => {
      for (let index = 0; index < length; index++) numbers[index] = of(rows[index] as ColumnRow)
      return packColumn(numbers, length)
    }
    const times = (of: (row: ColumnRow) => Millis): Times => {
      for (let index = 0; index < length; index++) scratch[index] = of(rows[index] as ColumnRow)
      return packTimes(scratch, length)
    }
    const who = pack((row) => identities.add(row.person ?? row.visitor))
    const chunk: Chunk = {
      size: length,
      rows: Uint16Array.from(rows, ({ row }) => row % chunkSize),
      flags: pack(flagsOf),
      who,
      visitor: rows.some((row) => row.person !== null) ? pack((row) => identities.add(row.visitor)) : who,
      firstAt: times((row) => row.firstAt),
      lastAt: times((row) => row.lastAt),
      attributes: new Map(),
      answers: new Map(),
      links: 0,
    }
    const filled = new Map<string, { values: Uint32Array; dictionary: Dictionary<string | null> } | null>()
    const given = new Map<
      string,
      { values: Uint32Array; at: Float64Array; dictionary: Dictionary<Answered> } | null
    >()
    for (let index = 0; index < length; index++) {
      const row = rows[index] as ColumnRow
      const { attributes: told, answers: said } = row
      for (let each = 0; each < told.length; each += 2) {
        const name = told[each] as string
        const value = told[each + 1] as string
        let column = filled.get(name)
        if (column === undefined) {
          const dictionary = dictionaryOf(attributes, name, null)
          column = dictionary && { dictionary, values: new Uint32Array(length) }
          filled.set(name, column)
        }
        if (column) column.values[index] = column.dictionary.numberOf(value, value)
      }
      for (const { question, value, at } of said) {
        let column = given.get(question)
        if (column === undefined) {
          const dictionary = dictionaryOf<Answered>(answers, question, { text: null, score: null })
          column = dictionary && {
            dictionary,
            values: new Uint32Array(length),
            at: new Float64Array(length).fill(NaN),
          }
          given.set(question, column)
        }
        if (!column) continue
        column.values[index] = numberOfAnswer(column.dictionary, value)
        column.at[index] = at
      }
    }
    for (const [name, column] of filled)
      if (column) chunk.attributes.set(name, packColumn(column.values, length))
    for (const [question, column] of given)
      if (column)
        chunk.answers.set(question, {
          ...packColumn(column.values, length),
          at: packTimes(column.at, length),
          next: null,
          before: null,
        })
    return chunk
  }

  const later = (question: string, one: number, other: number): boolean => {
    const [first, second] = [momentOf(question, one), momentOf(question, other)]
    return first === second ? idOf(rowOf(one)) > idOf(rowOf(other)) : first > second
  }
  const chunkOf = (position: number): Chunk | undefined => chunks.get(Math.floor(position / chunkSize))
  const momentOf = (question: string, position: number): Millis => {
    const of = chunkOf(position)?.answers.get(question)
    return of ? timeAt(of.at, position % chunkSize) : NaN
  }
  const rowOf = (position: number): number =>
    position - (position % chunkSize) + (chunkOf(position)?.rows[position % chunkSize] ?? 0)
  const step = (question: string, position: number, to: 'next' | 'before'): number =>
    chunkOf(position)?.answers.get(question)?.[to]?.[position % chunkSize] ?? -1
  const point = (question: string, from: number, to: 'next' | 'before', target: number): void => {
    const chunk = from < 0 ? undefined : chunkOf(from)
    const of = chunk?.answers.get(question)
    if (!chunk || !of) return
    of[to] ??= new Int32Array(chunk.size).fill(-1)
    of[to][from % chunkSize] = target
    chunk.links++
  }

  const linkAt = (question: string, who: number, position: number): void => {
    let last = lasts.get(question) ?? new Int32Array(1024)
    if (who >= last.length) {
      const larger = new Int32Array(Math.max(who + 1, identities.size(), last.length * 2))
      larger.set(last)
      last = larger
    }
    lasts.set(question, last)
    let after = -1
    let before = (last[who] ?? 0) - 1
    while (before >= 0 && later(question, before, position)) {
      after = before
      before = step(question, before, 'before')
    }
    if (before >= 0) {
      point(question, before, 'next', position)
      point(question, position, 'before', before)
    }
    if (after < 0) last[who] = position + 1
    else {
      point(question, position, 'next', after)
      point(question, after, 'before', position)
    }
  }
  const unlinkAt = (question: string, who: number, position: number): void => {
    const next = step(question, position, 'next')
    const before = step(question, position, 'before')
    point(question, before, 'next', next)
    point(question, next, 'before', before)
    const last = lasts.get(question)
    if (last && next < 0) last[who] = before + 1
  }
  const each = (range: number, chunk: Chunk, question: string, change: typeof linkAt): void => {
    const of = chunk.answers.get(question)
    if (!of) return
    for (let index = 0; index < chunk.size; index++) {
      if ((of.values === null ? of.constant : of.values[index]) === 0) continue
      const who = chunk.who.values === null ? chunk.who.constant : (chunk.who.values[index] ?? 0)
      change(question, who, range * chunkSize + index)
    }
  }

  return {
    identities,
    chunks,
    attributes,
    answers,
    isPartial: () => isPartial,
    size: () => size,
    put(range, rows) {
      const old = chunks.get(range)
      if (old) for (const question of lasts.keys()) each(range, old, question, unlinkAt)
      size += rows.length - (old?.size ?? 0)
      if (rows.length === 0) {
        chunks.delete(range)
        return
      }
      const chunk = build(rows)
      chunks.set(range, chunk)
      for (const question of lasts.keys()) each(range, chunk, question, linkAt)
    },
    link(question) {
      if (lasts.has(question)) return
      lasts.set(question, new Int32Array(identities.size() + 1))
      for (const [range, chunk] of chunks) each(range, chunk, question, linkAt)
    },
  }
}

function flagsOf(row: ColumnRow): number {
  const isAnswered = row.answers.length > 0
  return (
    (row.isOverQuota ? flag.overQuota : 0) |
    (row.isDoubted ? flag.doubted : 0) |
    (isAnswered ? flag.answered : 0) |
    (isAnswered && row.isCompleted ? flag.completed : 0) |
    (row.isClosed ? flag.closed : 0)
  )
}

function numberOfAnswer(dictionary: Dictionary<Answered>, value: unknown): number {
  if (dictionary.isFull) return 0
  const text = written(value)
  const score = typeof value === 'number' ? value : null
  // A number and a text may be written alike, and a choice of none is an answer too.
  return dictionary.numberOf(score === null ? `${typeof value}:${text ?? ''}` : score, { text, score })
}
