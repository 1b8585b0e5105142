/** Counts responses one after another: the whole period, the one before it, its intervals, and its segments. */
import { attributeOf, meets, type Condition, type OutsideFact } from './attributes.ts'
import type { KeptResponse } from './project.ts'
import type { Basis, ReportPlan } from './reportPlan.ts'
import { parseMoment, type Millis } from './time.ts'
import { ownValue } from './text.ts'

/** What was counted of some responses: answers by score, or how far showings came. */
export type Sample =
  | { kind: 'scores'; rows: readonly { score: number; count: number }[] }
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
  const make = (): Cell => createCell(plan.question ? plan.basis : null)
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
      const score = ownValue(answer, 'value')
      if (question !== undefined && typeof score !== 'number') return
      const moment = parseMoment(question === undefined ? response.firstAt : String(ownValue(answer, 'at')))
      if (moment === null || !meets(response, where, outside)) return
      const given = { response, score: Number(score), at: moment }
      if (before && moment >= before[0] && moment < before[1]) earlier.add(given)
      if ((from !== null && moment < from) || (to !== null && moment >= to)) return
      total.add(given)
      intervals[intervalOf(bounds, moment)]?.add(given)
      if (by === null) return
      const value = attributeOf(response, by, outside)
      const segment = segments.get(value) ?? make()
      segments.set(value, segment)
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
  score: number
  at: Millis
}

interface Cell {
  add(given: Given): void
  sample(): Sample
}

function createCell(basis: Basis | null): Cell {
  return basis === null ? createShowings() : basis === 'all' ? createScores() : createLatest()
}

function createScores(): Cell {
  const counts = new Map<number, number>()
  return {
    add: ({ score }) => void counts.set(score, (counts.get(score) ?? 0) + 1),
    sample: () => ({ kind: 'scores', rows: rowsOf(counts) }),
  }
}

function createLatest(): Cell {
  const latest = new Map<string, { score: number; at: Millis; id: string }>()
  return {
    add({ response, score, at }) {
      // The letter keeps a person apart from a visitor who has the same text as id.
      const who = response.person === null ? `v:${response.visitor}` : `p:${response.person}`
      const known = latest.get(who)
      if (!known || at > known.at || (at === known.at && response.id > known.id))
        latest.set(who, { score, at, id: response.id })
    },
    sample() {
      const counts = new Map<number, number>()
      for (const { score } of latest.values()) counts.set(score, (counts.get(score) ?? 0) + 1)
      return { kind: 'scores', rows: rowsOf(counts) }
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

function rowsOf(counts: ReadonlyMap<number, number>): { score: number; count: number }[] {
  return [...counts].toSorted(([a], [b]) => a - b).map(([score, count]) => ({ score, count }))
}
