/** Counts responses one after another: the whole period, the one before it, its intervals, and its segments. */
import { attributeOf, meets, written, type Condition, type OutsideFact } from './attributes.ts'
import type { CountedQuestion } from './countedQuestion.ts'
import type { KeptResponse } from './project.ts'
import type { Basis, ReportPlan } from './reportPlan.ts'
import { parseMoment, type Millis } from './time.ts'
import { ownValue } from './text.ts'

/** What was counted of some responses: answers by score, by what was chosen, or how far showings came. */
export type Sample =
  | { kind: 'scores'; rows: readonly { score: number; count: number }[] }
  /** By the answer as text, as attributes are written; null: none of several. */
  | { kind: 'choices'; rows: readonly { text: string | null; count: number }[] }
  | {
      kind: 'showings'
      counts: { shown: number; answered: number; completed: number; dismissed: number }
    }

/** What to count. */
export interface TallyPlan {
  plan: Pick<ReportPlan, 'question' | 'versions' | 'variant' | 'basis'>
  from: Millis | null
  to: Millis | null
  /** The period before, to compare with. */
  before: readonly [Millis, Millis] | null
  /** Bounds of the intervals, ascending: one more than there are intervals; or none. */
  bounds: readonly Millis[]
  /** The attribute of the segments. */
  by: string | null
  where: readonly Condition[]
  /** Responses that are left out. */
  without: ReadonlySet<string>
}

/** What came of it. */
export interface Tallied {
  total: Sample
  before: Sample
  intervals: Sample[]
  /** By value; null: not known. */
  segments: Map<string | null, Sample>
}

/** Counts what it is given. */
export interface Tally {
  add(response: KeptResponse): void
  result(): Tallied
}

/**
 * Begins to count. The order of the responses changes nothing.
 *
 * An answer counts at its own moment, a showing at its first; with the basis `latest`, of each person the latest answer of
 * each period, interval and segment.
 *
 * @example
 * const tally = createTally(plan, () => null)
 * for (const response of responses) tally.add(response)
 * tally.result().total
 */
export function createTally(
  { plan, from, to, before, bounds, by, where, without }: TallyPlan,
  outside: OutsideFact,
): Tally {
  const kind = sampleKind(plan.question)
  const make = (): Cell => createCell(kind, plan.basis)
  const total = make()
  const earlier = make()
  const intervals = bounds.slice(1).map(make)
  const segments = new Map<string | null, Cell>()
  const question = plan.question?.id

  return {
    add(response) {
      if (response.overQuota || without.has(response.id) || !plan.versions.includes(response.version)) return
      if (plan.variant !== null && response.variant !== plan.variant) return
      const answer = question === undefined ? undefined : ownValue(response.answers, question)
      const value = ownValue(answer, 'value')
      if (kind === 'scores' && typeof value !== 'number') return
      if (kind === 'choices' && answer === undefined) return
      const moment = parseMoment(question === undefined ? response.firstAt : String(ownValue(answer, 'at')))
      if (moment === null || !meets(response, where, outside)) return
      const said = kind === 'scores' ? Number(value) : written(value)
      const given = { response, said, at: moment }
      if (before && moment >= before[0] && moment < before[1]) earlier.add(given)
      if ((from !== null && moment < from) || (to !== null && moment >= to)) return
      total.add(given)
      intervals[intervalOf(bounds, moment)]?.add(given)
      if (by === null) return
      const group = attributeOf(response, by, outside)
      const segment = segments.get(group) ?? make()
      segments.set(group, segment)
      segment.add(given)
    },
    result: () => ({
      total: total.sample(),
      before: earlier.sample(),
      intervals: intervals.map((each) => each.sample()),
      segments: new Map([...segments].map(([value, cell]) => [value, cell.sample()])),
    }),
  }
}

/** What is counted of a question. */
function sampleKind(question: { kind: CountedQuestion['kind'] } | null): Sample['kind'] {
  return question === null ? 'showings' : question.kind === 'scale' ? 'scores' : 'choices'
}

/** A sample without anything in it. */
export function emptySample(question: { kind: CountedQuestion['kind'] } | null): Sample {
  const kind = sampleKind(question)
  return kind === 'showings'
    ? { kind, counts: { shown: 0, answered: 0, completed: 0, dismissed: 0 } }
    : { kind, rows: [] }
}

/** Place of the interval in which a moment lies; -1 for none. */
export function intervalOf(bounds: readonly Millis[], moment: Millis): number {
  let low = 0
  let high = bounds.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((bounds[middle] ?? 0) <= moment) low = middle + 1
    else high = middle
  }
  return low - 1
}

interface Given {
  response: KeptResponse
  /** The score, or what was chosen. */
  said: Said
  at: Millis
}

type Said = number | string | null

interface Cell {
  add(given: Given): void
  sample(): Sample
}

function createCell(kind: Sample['kind'], basis: Basis): Cell {
  if (kind === 'showings') return createShowings()
  return basis === 'all' ? createAnswers(kind) : createLatest(kind)
}

function createAnswers(kind: 'scores' | 'choices'): Cell {
  const counts = new Map<Said, number>()
  return {
    add: ({ said }) => void counts.set(said, (counts.get(said) ?? 0) + 1),
    sample: () => sampleOf(kind, counts),
  }
}

function createLatest(kind: 'scores' | 'choices'): Cell {
  const latest = new Map<string, { said: Said; at: Millis; id: string }>()
  return {
    add({ response, said, at }) {
      // The letter keeps a person apart from a visitor who has the same text as id.
      const who = response.person === null ? `v:${response.visitor}` : `p:${response.person}`
      const known = latest.get(who)
      if (!known || at > known.at || (at === known.at && response.id > known.id))
        latest.set(who, { said, at, id: response.id })
    },
    sample() {
      const counts = new Map<Said, number>()
      for (const { said } of latest.values()) counts.set(said, (counts.get(said) ?? 0) + 1)
      return sampleOf(kind, counts)
    },
  }
}

function createShowings(): Cell {
  const counts = { shown: 0, answered: 0, completed: 0, dismissed: 0 }
  return {
    add({ response }) {
      const isAnswered = Object.keys(response.answers).length > 0
      counts.shown += 1
      if (isAnswered) counts.answered += 1
      if (isAnswered && response.status === 'completed') counts.completed += 1
      if (response.dismissedAt !== null && response.completedAt === null) counts.dismissed += 1
    },
    sample: () => ({ kind: 'showings', counts: { ...counts } }),
  }
}

function sampleOf(kind: 'scores' | 'choices', counts: ReadonlyMap<Said, number>): Sample {
  if (kind === 'scores') {
    const rows = [...counts].map(([said, count]) => ({ score: Number(said), count }))
    return { kind, rows: rows.toSorted((a, b) => a.score - b.score) }
  }
  return choiceSample(
    [...counts].map(([said, count]) => ({ text: said === null ? null : String(said), count })),
  )
}

/** Choices as a sample, in the order of their texts; alike ones are added. */
export function choiceSample(rows: readonly { text: string | null; count: number }[]): Sample {
  const sums = new Map<string | null, number>()
  for (const { text, count } of rows) sums.set(text, (sums.get(text) ?? 0) + count)
  return {
    kind: 'choices',
    rows: [...sums]
      .map(([text, count]) => ({ text, count }))
      .toSorted((a, b) => ((a.text ?? '') < (b.text ?? '') ? -1 : 1)),
  }
}
