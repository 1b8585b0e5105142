/** Counts the responses of a survey in columns: the same numbers as `createTally` gives, in a hundredth of the time. */
import type { Condition } from './attributes.ts'
import { numberAt, timeAt, type Column, type Times } from './column.ts'
import type { FactColumns } from './columnFacts.ts'
import {
  chunkSize,
  flag,
  flagCount,
  type Answered,
  type Answers,
  type Chunk,
  type SurveyColumns,
} from './columns.ts'
import { choiceSample, intervalOf, type Sample, type Tallied, type TallyPlan } from './tally.ts'
import type { Millis } from './time.ts'

/** What to count; who is doubted is known to the columns. */
export type ColumnPlan = Omit<TallyPlan, 'without'> & { suspects: 'include' | 'exclude' }

/** An attribute of the responses: its column in a chunk, and what its numbers stand for. */
interface Attribute {
  columnOf(chunk: Chunk): Column
  texts(): readonly (string | null)[]
}

/** A condition: which numbers of a column are let in. */
interface Sieve {
  columnOf(chunk: Chunk): Column
  lets: Uint8Array
}

const nothing: Column = { constant: 0, values: null }

/**
 * Counts.
 *
 * @param facts what is known of people beyond their responses
 * @returns null where the columns cannot tell: an attribute has too many values, or there are too many attributes
 */
export function tallyColumns(
  survey: SurveyColumns,
  { plan, from, to, before, bounds, by, where, suspects }: ColumnPlan,
  facts: FactColumns,
): Tallied | null {
  const question = plan.question?.id ?? null
  const answered = question === null ? undefined : survey.answers.get(question)
  if (answered?.isFull || (question !== null && !answered && survey.isPartial())) return null
  const said = answered?.values ?? []
  const isChosen = plan.question !== null && plan.question.kind !== 'scale'
  const counts = Uint8Array.from(said, ({ score }, number) =>
    (isChosen ? number > 0 : score !== null) ? 1 : 0,
  )
  const width = question === null ? flagCount : Math.max(1, said.length)
  const segmentsOf = by === null ? null : attributeOf(survey, by, facts)
  const sieves = sievesOf(survey, plan.versions, plan.variant, where, facts)
  if ((by !== null && !segmentsOf) || !sieves) return null
  const isLatest = question !== null && plan.basis === 'latest'
  if (isLatest) survey.link(question)

  const texts = segmentsOf?.texts() ?? []
  // Numbers that are written alike are one segment: that of the first of them.
  const alike = Uint32Array.from(texts, (text) => texts.indexOf(text))
  const total = new Float64Array(width)
  const earlier = new Float64Array(width)
  const intervals = new Float64Array(width * Math.max(0, bounds.length - 1))
  const segments = new Float64Array(width * texts.length)

  const least = before ? Math.min(before[0], from ?? -Infinity) : (from ?? -Infinity)
  const start = from ?? -Infinity
  const end = to ?? Infinity
  const left = flag.overQuota | (suspects === 'include' ? 0 : flag.doubted)
  const passing = (chunk: Chunk, index: number): boolean =>
    (numberAt(chunk.flags, index) & left) === 0 &&
    sieves.every(({ columnOf, lets }) => lets[numberAt(columnOf(chunk), index)] === 1)

  /** Whether the same person has a later answer that counts, before a moment, and in the same segment if one is given. */
  const isOutdated = (answers: Answers, index: number, until: Millis, segment: number): boolean => {
    let position = answers.next?.[index] ?? -1
    while (position >= 0) {
      const chunk = survey.chunks.get(Math.floor(position / chunkSize))
      const own = question === null ? undefined : chunk?.answers.get(question)
      if (!chunk || !own) return false
      const at = position % chunkSize
      if (timeAt(own.at, at) >= until) return false
      if (
        counts[numberAt(own, at)] === 1 &&
        passing(chunk, at) &&
        (segment < 0 || (segmentsOf && alike[numberAt(segmentsOf.columnOf(chunk), at)] === segment))
      )
        return true
      position = own.next?.[at] ?? -1
    }
    return false
  }

  /** Leaves out of the mask who has a later answer before a moment. */
  const dropOutdated = (answers: Answers | undefined, size: number, until: Millis, segment: number): void => {
    const next = isLatest ? answers?.next : null
    if (!answers || !next) return
    for (let index = 0; index < size; index++)
      if (
        (next[index] ?? -1) >= 0 &&
        mask[index] === 1 &&
        isOutdated(answers, index, until, segment < 0 ? -1 : (split[index] ?? 0))
      )
        mask[index] = 0
  }

  for (const chunk of survey.chunks.values()) {
    const { size } = chunk
    const answers = question === null ? undefined : chunk.answers.get(question)
    if (question !== null && !answers) continue
    const times = answers?.at ?? chunk.firstAt
    if (times.most < least || times.least >= end || !fillMask(chunk, sieves, left)) continue
    expand(answers ?? chunk.flags, values, size)
    if (answers) sieve(values, counts, size)
    const isWhole = times.least >= start && times.most < end && !(before && times.least < before[1])
    const parts = isWhole ? intervalsOf(bounds, times.least, times.most) : null
    // All of it lies in the period, and in one interval of it.
    const isPlain = isWhole && (bounds.length === 0 || parts !== null)
    if (!isPlain || isLatest) kept.set(mask)
    if (!isWhole) {
      expandTimes(times, moments, size)
      if (before) {
        keepWithin(before[0], before[1], size)
        dropOutdated(answers, size, before[1], -1)
        add(earlier, 0, size)
        mask.set(kept)
      }
      keepWithin(start, end, size)
      kept.set(mask)
    } else if (!isPlain) expandTimes(times, moments, size)
    dropOutdated(answers, size, end, -1)
    add(total, 0, size)
    if (bounds.length > 0) {
      const [first, last] =
        parts === null ? intervalsBetween(bounds, times.least, times.most) : [parts, parts]
      for (let interval = first; interval <= last; interval++) {
        const [lower = NaN, upper = NaN] = [bounds[interval], bounds[interval + 1]]
        if (!isPlain || isLatest) mask.set(kept)
        if (!isPlain) keepWithin(lower, upper, size)
        dropOutdated(answers, size, upper, -1)
        add(intervals, interval * width, size)
      }
    }
    if (segmentsOf) {
      if (!isPlain || isLatest) mask.set(kept)
      expand(segmentsOf.columnOf(chunk), split, size)
      merge(split, alike, size)
      dropOutdated(answers, size, end, 0)
      addSplit(segments, width, size)
    }
  }
  const sample = (cells: Float64Array): Sample =>
    question === null ? showings(cells) : rows(cells, said, isChosen)
  const part = (cells: Float64Array, index: number): Float64Array =>
    cells.subarray(index * width, (index + 1) * width)
  return {
    total: sample(total),
    before: sample(earlier),
    intervals: bounds.slice(1).map((_, index) => sample(part(intervals, index))),
    segments: new Map(
      texts.flatMap((text, index) => {
        const cells = part(segments, index)
        return cells.some((count) => count > 0) ? [[text, sample(cells)] as const] : []
      }),
    ),
  }
}

// One chunk at a time, in arrays of one type: so the loops below are as fast as such loops can be.
const mask = new Uint8Array(chunkSize)
const kept = new Uint8Array(chunkSize)
const values = new Uint16Array(chunkSize)
const split = new Uint16Array(chunkSize)
const moments = new Float64Array(chunkSize)
const sieved = new Uint16Array(chunkSize)

function expand(column: Column, into: Uint16Array, size: number): void {
  if (column.values === null) into.fill(column.constant, 0, size)
  else into.set(column.values)
}

function expandTimes({ offsets, base }: Times, into: Float64Array, size: number): void {
  if (offsets === null) into.fill(base, 0, size)
  else {
    into.set(offsets)
    for (let index = 0; index < size; index++) into[index] = (into[index] as number) + base
  }
}

/** Marks the rows that count with 1; false where there are none. */
function fillMask(chunk: Chunk, sieves: readonly Sieve[], left: number): boolean {
  const { size, flags } = chunk
  if (flags.values === null) {
    if ((flags.constant & left) !== 0) return false
    mask.fill(1, 0, size)
  } else {
    expand(flags, sieved, size)
    for (let index = 0; index < size; index++) mask[index] = ((sieved[index] as number) & left) === 0 ? 1 : 0
  }
  for (const { columnOf, lets } of sieves) {
    const column = columnOf(chunk)
    if (column.values === null) {
      if (lets[column.constant] !== 1) return false
    } else {
      expand(column, sieved, size)
      sieve(sieved, lets, size)
    }
  }
  return true
}

function sieve(numbers: Uint16Array, lets: Uint8Array, size: number): void {
  for (let index = 0; index < size; index++)
    mask[index] = (mask[index] as number) & (lets[numbers[index] as number] as number)
}

function keepWithin(from: Millis, to: Millis, size: number): void {
  for (let index = 0; index < size; index++) {
    const moment = moments[index] as number
    if (!(moment >= from && moment < to)) mask[index] = 0
  }
}

function merge(numbers: Uint16Array, alike: Uint32Array, size: number): void {
  for (let index = 0; index < size; index++) numbers[index] = alike[numbers[index] as number] as number
}

function add(cells: Float64Array, first: number, size: number): void {
  for (let index = 0; index < size; index++) {
    const cell = first + (values[index] as number)
    cells[cell] = (cells[cell] as number) + (mask[index] as number)
  }
}

function addSplit(cells: Float64Array, width: number, size: number): void {
  for (let index = 0; index < size; index++) {
    const cell = (split[index] as number) * width + (values[index] as number)
    cells[cell] = (cells[cell] as number) + (mask[index] as number)
  }
}

/** The one interval in which both moments lie; null where there is none. */
function intervalsOf(bounds: readonly Millis[], least: Millis, most: Millis): number | null {
  if (bounds.length === 0) return null
  const interval = intervalOf(bounds, least)
  return interval >= 0 && intervalOf(bounds, most) === interval && interval < bounds.length - 1
    ? interval
    : null
}

/** The first and the last interval that has a part of what lies between two moments. */
function intervalsBetween(bounds: readonly Millis[], least: Millis, most: Millis): [number, number] {
  return [Math.max(0, intervalOf(bounds, least)), Math.min(bounds.length - 2, intervalOf(bounds, most))]
}

function attributeOf(survey: SurveyColumns, name: string, facts: FactColumns): Attribute | null {
  if (name.startsWith('answer.')) {
    const question = name.slice(7)
    const dictionary = survey.answers.get(question)
    if (dictionary?.isFull || (!dictionary && survey.isPartial())) return null
    const texts = dictionary?.values.map((each) => each.text) ?? [null]
    return { columnOf: (chunk) => chunk.answers.get(question) ?? nothing, texts: () => texts }
  }
  const fact = facts.columns(name, survey)
  if (fact !== undefined) return fact
  const dictionary = survey.attributes.get(name)
  if (dictionary?.isFull || (!dictionary && survey.isPartial())) return null
  return {
    columnOf: (chunk) => chunk.attributes.get(name) ?? nothing,
    texts: () => dictionary?.values ?? [null],
  }
}

function sievesOf(
  survey: SurveyColumns,
  versions: readonly number[],
  variant: string | null,
  where: readonly Condition[],
  facts: FactColumns,
): Sieve[] | null {
  const wanted = new Map<string, (string | null)[]>()
  for (const { name, value } of where) wanted.set(name, [...(wanted.get(name) ?? []), value])
  const all: [string, readonly (string | null)[]][] = [['version', versions.map(String)], ...wanted]
  if (variant !== null) all.push(['variant', [variant]])
  const sieves: Sieve[] = []
  for (const [name, wantedTexts] of all) {
    const attribute = attributeOf(survey, name, facts)
    if (!attribute) return null
    const lets = Uint8Array.from(attribute.texts(), (text) => (wantedTexts.includes(text) ? 1 : 0))
    sieves.push({ columnOf: attribute.columnOf, lets })
  }
  return sieves
}

function rows(cells: Float64Array, said: readonly Answered[], isChosen: boolean): Sample {
  if (isChosen)
    return choiceSample(
      said.flatMap(({ text }, index) => {
        const count = cells[index] ?? 0
        return count > 0 ? [{ text, count }] : []
      }),
    )
  const found = said.flatMap(({ score }, index) => {
    const count = cells[index] ?? 0
    return score !== null && count > 0 ? [{ score, count }] : []
  })
  return { kind: 'scores', rows: found.toSorted((a, b) => a.score - b.score) }
}

function showings(cells: Float64Array): Sample {
  const sum = (bit: number): number =>
    cells.reduce((all, count, flags) => all + ((flags & bit) === bit ? count : 0), 0)
  const counts = {
    shown: sum(0),
    answered: sum(flag.answered),
    completed: sum(flag.completed),
    dismissed: sum(flag.closed),
  }
  return { kind: 'showings', counts }
}
