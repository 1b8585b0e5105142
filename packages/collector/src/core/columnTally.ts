/** Counts the responses of a survey in columns: the same numbers as `createTally` gives, in a hundredth of the time. */
import { numberAt, timeAt } from './column.ts'
import { keptCounts, type ChunkCounts } from './columnCounts.ts'
import type { FactColumns } from './columnFacts.ts'
import {
  add,
  addSplit,
  expand,
  expandTimes,
  fillMask,
  keepWithin,
  kept,
  mask,
  merge,
  sieve,
  split,
  values,
} from './columnLoops.ts'
import { attributeOf, sievesOf } from './columnSieves.ts'
import {
  chunkSize,
  flag,
  flagCount,
  type Answered,
  type Answers,
  type Chunk,
  type SurveyColumns,
} from './columns.ts'
import { momentsFor } from './peopleFacts.ts'
import { choiceSample, intervalOf, type Sample, type Tallied, type TallyPlan } from './tally.ts'
import type { Millis } from './time.ts'

/** What to count; who is doubted is known to the columns. */
export type ColumnPlan = Omit<TallyPlan, 'without'> & { suspects: 'include' | 'exclude' }

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
  const isGiven = Uint8Array.from(said, ({ score }, number) =>
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

  /** Whether an answer counts, in a segment if one is given. */
  const isCounted = (chunk: Chunk, answers: Answers, index: number, segment: number): boolean =>
    isGiven[numberAt(answers, index)] === 1 &&
    passing(chunk, index) &&
    (segment < 0 || segmentAt(chunk, index) === segment)
  const segmentAt = (chunk: Chunk, index: number): number =>
    segmentsOf ? (alike[numberAt(segmentsOf.columnOf(chunk), index)] ?? 0) : -1

  /** Whether the same person has a later answer that counts, before a moment, and in the same segment if one is given. */
  const isOutdated = (answers: Answers, index: number, until: Millis, segment: number): boolean => {
    for (let next = answers.next?.[index] ?? -1; next >= 0;) {
      const chunk = survey.chunks.get(Math.floor(next / chunkSize))
      const own = question === null ? undefined : chunk?.answers.get(question)
      if (!chunk || !own) return false
      const at = next % chunkSize
      if (timeAt(own.at, at) >= until) return false
      if (isCounted(chunk, own, at, segment)) return true
      next = own.next?.[at] ?? -1
    }
    return false
  }

  /** Leaves out of the mask who has a later answer before a moment. */
  const dropOutdated = (
    answers: Answers | undefined,
    size: number,
    until: Millis,
    isSplit: boolean,
  ): void => {
    const next = isLatest ? answers?.next : null
    if (!answers || !next) return
    for (let index = 0; index < size; index++)
      if (
        (next[index] ?? -1) >= 0 &&
        mask[index] === 1 &&
        isOutdated(answers, index, until, isSplit ? (split[index] ?? 0) : -1)
      )
        mask[index] = 0
  }

  /** Leaves out of the mask who has a later answer at all; gives the rows of which the next answer alone does not tell. */
  const settle = (answers: Answers | undefined, size: number, isSplit: boolean): Uint16Array<ArrayBuffer> => {
    const open: number[] = []
    const next = isLatest ? answers?.next : null
    if (!next) return Uint16Array.from(open)
    for (let index = 0; index < size; index++) {
      const position = next[index] ?? -1
      if (position < 0 || mask[index] === 0) continue
      mask[index] = 0
      const chunk = survey.chunks.get(Math.floor(position / chunkSize))
      const own = question === null ? undefined : chunk?.answers.get(question)
      if (!chunk || !own || !isCounted(chunk, own, position % chunkSize, isSplit ? (split[index] ?? 0) : -1))
        open.push(index)
    }
    return Uint16Array.from(open)
  }

  /** All of a chunk, whatever the period. */
  const countChunk = (chunk: Chunk, answers: Answers | undefined): ChunkCounts => {
    const { size } = chunk
    const one = new Float64Array(width)
    const many = new Float64Array(segments.length)
    let open = new Uint16Array()
    let openSegments = new Uint16Array()
    if (fillMask(chunk, sieves, left)) {
      expand(answers ?? chunk.flags, values, size)
      if (answers) sieve(values, isGiven, size)
      kept.set(mask)
      open = settle(answers, size, false)
      add(one, 0, size)
      if (segmentsOf) {
        mask.set(kept)
        expand(segmentsOf.columnOf(chunk), split, size)
        merge(split, alike, size)
        openSegments = settle(answers, size, true)
        addSplit(many, width, size)
      }
    }
    return { total: Uint16Array.from(one), segments: Uint16Array.from(many), open, openSegments }
  }

  // What is known of people changes beside the chunks.
  const counts =
    momentsFor(by, where).length > 0
      ? null
      : keptCounts(
          survey,
          JSON.stringify([question, isChosen, isLatest, plan.versions, plan.variant, by, where, suspects]),
          width,
          segments.length,
        )
  const countsOf = (chunk: Chunk, answers: Answers | undefined): ChunkCounts | null => {
    const known = counts?.of(chunk)
    if (!counts || known) return known ?? null
    const counted = countChunk(chunk, answers)
    counts.keep(chunk, counted)
    return counted
  }
  /** Adds what was counted of a chunk that lies in the period with all later answers. */
  const addCounts = (chunk: Chunk, answers: Answers | undefined, counted: ChunkCounts): void => {
    addAll(total, 0, counted.total)
    addAll(segments, 0, counted.segments)
    if (!answers) return
    const addOne = (cells: Float64Array, index: number, segment: number): void => {
      if (isOutdated(answers, index, Infinity, segment)) return
      const cell = Math.max(0, segment) * width + numberAt(answers, index)
      cells[cell] = (cells[cell] as number) + 1
    }
    for (const index of counted.open) addOne(total, index, -1)
    for (const index of counted.openSegments) addOne(segments, index, segmentAt(chunk, index))
  }
  let newest = -Infinity
  for (const chunk of survey.chunks.values()) {
    const most = question === null ? chunk.firstAt.most : chunk.answers.get(question)?.at.most
    if (most !== undefined && most > newest) newest = most
  }
  const isOpenEnded = end > newest

  for (const chunk of survey.chunks.values()) {
    const { size } = chunk
    const answers = question === null ? undefined : chunk.answers.get(question)
    if (question !== null && !answers) continue
    const times = answers?.at ?? chunk.firstAt
    if (times.most < least || times.least >= end) continue
    const isWhole = times.least >= start && times.most < end && !(before && times.least < before[1])
    const parts = isWhole ? intervalsOf(bounds, times.least, times.most) : null
    // All of it lies in the period, and in one interval of it.
    const isPlain = isWhole && (bounds.length === 0 || parts !== null)
    const isEarlier =
      before !== null && times.least >= before[0] && times.most < before[1] && times.most < start
    if (isLatest ? isPlain && isOpenEnded && bounds.length === 0 : isPlain || isEarlier) {
      const counted = countsOf(chunk, answers)
      if (counted) {
        if (isEarlier) addAll(earlier, 0, counted.total)
        else {
          addCounts(chunk, answers, counted)
          if (parts !== null) addAll(intervals, parts * width, counted.total)
        }
        continue
      }
    }
    if (!fillMask(chunk, sieves, left)) continue
    expand(answers ?? chunk.flags, values, size)
    if (answers) sieve(values, isGiven, size)
    if (!isPlain || isLatest) kept.set(mask)
    if (!isWhole) {
      expandTimes(times, size)
      if (before) {
        keepWithin(before[0], before[1], size)
        dropOutdated(answers, size, before[1], false)
        add(earlier, 0, size)
        mask.set(kept)
      }
      keepWithin(start, end, size)
      kept.set(mask)
    } else if (!isPlain) expandTimes(times, size)
    dropOutdated(answers, size, end, false)
    add(total, 0, size)
    if (bounds.length > 0) {
      const [first, last] =
        parts === null ? intervalsBetween(bounds, times.least, times.most) : [parts, parts]
      for (let interval = first; interval <= last; interval++) {
        const [lower = NaN, upper = NaN] = [bounds[interval], bounds[interval + 1]]
        if (!isPlain || isLatest) mask.set(kept)
        if (!isPlain) keepWithin(lower, upper, size)
        dropOutdated(answers, size, upper, false)
        add(intervals, interval * width, size)
      }
    }
    if (segmentsOf) {
      if (!isPlain || isLatest) mask.set(kept)
      expand(segmentsOf.columnOf(chunk), split, size)
      merge(split, alike, size)
      dropOutdated(answers, size, end, true)
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

function addAll(cells: Float64Array, first: number, counts: Uint16Array): void {
  for (let index = 0; index < counts.length; index++)
    cells[first + index] = (cells[first + index] as number) + (counts[index] as number)
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
