/** Counts by day: what answers and responses that come, change or go change about them, and reports over whole days of them. */
import type { ColumnPlan } from './columnTally.ts'
import { intervalOf, type Sample, type Tallied } from './tally.ts'
import { day, type Millis } from './time.ts'

/** An answer with a score, as it is counted. */
export interface CountedAnswer {
  site: number
  survey: string
  question: string
  version: number
  variant: string | null
  at: Millis
  score: number
}

/** A response, as it is counted. */
export interface CountedResponse {
  site: number
  survey: string
  variant: string | null
  firstAt: Millis
  answers: number
  status: string
  /** 0 or 1. */
  closed: number
  /** 0 or 1. */
  overQuota: number
  ignored: number
}

/** By how many the answers of one score and day are more or fewer. */
export interface ScoreDay {
  site: number
  survey: string
  question: string
  /** Days since 1970 in UTC. */
  day: number
  version: number
  /** Empty: none. */
  variant: string
  score: number
  count: number
}

/** By how many the responses of a day are more or fewer. */
export interface ResponseDay {
  site: number
  survey: string
  day: number
  variant: string
  shown: number
  answered: number
  completed: number
  dismissed: number
  overQuota: number
  ignored: number
}

/** Sums changes up, since many of one transaction are about the same day and score. */
export interface DayChanges {
  /** Counts an answer (1) or takes it back (-1). */
  answer(change: 1 | -1, answer: CountedAnswer): void
  /** Counts a response (1) or takes it back (-1). */
  response(change: 1 | -1, response: CountedResponse): void
  /** What has changed since the last time, without what came to nothing; begins anew. */
  take(): { scores: ScoreDay[]; responses: ResponseDay[] }
}

/**
 * Begins without changes.
 *
 * @example
 * const changes = createDayChanges()
 * changes.answer(1, { site: 1, survey: 'nps', question: 'score', version: 1, variant: null, at: 0, score: 9 })
 * changes.take().scores // [{ …, day: 0, variant: '', score: 9, count: 1 }]
 */
export function createDayChanges(): DayChanges {
  const scores = new Map<string, Map<number, ScoreDay>>()
  const responses = new Map<string, ResponseDay>()
  // Most are about what the one before was about; to find that again by its name would cost more than to count.
  let lastAnswer: { about: CountedAnswer; day: number; byScore: Map<number, ScoreDay> } | undefined
  let lastResponse: ResponseDay | undefined

  const byScoreOf = (about: CountedAnswer, date: number): Map<number, ScoreDay> => {
    if (lastAnswer?.day === date && isAlike(lastAnswer.about, about)) return lastAnswer.byScore
    const { site, survey, question, version, variant } = about
    // No part but the last may contain a line feed: the others are numbers and identifiers.
    const name = `${site}\n${survey}\n${question}\n${date}\n${version}\n${variant ?? ''}`
    const byScore = scores.get(name) ?? new Map<number, ScoreDay>()
    scores.set(name, byScore)
    lastAnswer = { about, day: date, byScore }
    return byScore
  }
  const entryOf = ({ site, survey, variant: arm }: CountedResponse, date: number): ResponseDay => {
    const variant = arm ?? ''
    const last = lastResponse
    if (last?.day === date && last.site === site && last.survey === survey && last.variant === variant)
      return last
    const name = `${site}\n${survey}\n${date}\n${variant}`
    const found = responses.get(name) ?? {
      site,
      survey,
      day: date,
      variant,
      shown: 0,
      answered: 0,
      completed: 0,
      dismissed: 0,
      overQuota: 0,
      ignored: 0,
    }
    responses.set(name, found)
    lastResponse = found
    return found
  }

  return {
    answer(change, counted) {
      const date = Math.floor(counted.at / day)
      const byScore = byScoreOf(counted, date)
      const { score } = counted
      const entry = byScore.get(score)
      if (entry) {
        entry.count += change
        return
      }
      const { site, survey, question, version, variant } = counted
      const about = { site, survey, question, day: date, version, variant: variant ?? '' }
      byScore.set(score, { ...about, score, count: change })
    },
    response(change, counted) {
      const entry = entryOf(counted, Math.floor(counted.firstAt / day))
      const { answers, status } = counted
      entry.ignored += change * counted.ignored
      if (counted.overQuota === 1) {
        entry.overQuota += change
        return
      }
      entry.shown += change
      if (answers > 0) entry.answered += change
      if (answers > 0 && status === 'completed') entry.completed += change
      entry.dismissed += change * counted.closed
    },
    take() {
      const changed = {
        scores: [...scores.values()].flatMap((each) => [...each.values()].filter(({ count }) => count !== 0)),
        responses: [...responses.values()].filter((each) =>
          [each.shown, each.answered, each.completed, each.dismissed, each.overQuota, each.ignored].some(
            (count) => count !== 0,
          ),
        ),
      }
      scores.clear()
      responses.clear()
      lastAnswer = undefined
      lastResponse = undefined
      return changed
    },
  }
}

function isAlike(a: CountedAnswer, b: CountedAnswer): boolean {
  return (
    a.site === b.site &&
    a.survey === b.survey &&
    a.question === b.question &&
    a.version === b.version &&
    a.variant === b.variant
  )
}

/** What is counted of a day: answers of one score, or how far its responses came. */
export type DayCount =
  | { day: number; score: number; count: number }
  | { day: number; shown: number; answered: number; completed: number; dismissed: number }

/** What counts by day answer: whole days in UTC of all answers, without segments and conditions. */
export interface DayPlan extends Pick<ColumnPlan, 'from' | 'to' | 'before' | 'bounds' | 'suspects'> {
  plan: Pick<ColumnPlan['plan'], 'variant' | 'basis'> & {
    question: { id: string } | null
    versions: readonly number[]
  }
}

/** The days that a plan is about; with some milliseconds of a last day where it ends within one. */
export interface DayRange {
  /** The first day, and the one after the last whole one; null: without end. */
  first: number | null
  end: number | null
  /** From when to when beyond the whole days; null where there is nothing. */
  rest: readonly [Millis, Millis] | null
}

/**
 * Finds the days of a plan.
 *
 * @returns null where a period begins within a day, or another than the last one ends within one
 * @example
 * daysOf({ …, from: 0, to: 2 * day + 5 }) // { first: 0, end: 2, rest: [2 * day, 2 * day + 5] }
 */
export function daysOf({ plan, from, to, before, bounds }: DayPlan): DayRange | null {
  if (plan.basis !== 'all') return null
  const inner = [from ?? 0, ...(before ?? []), ...bounds]
  if (!inner.every((each) => each % day === 0 || each === to)) return null
  const starts = [from ?? 0, ...(before ?? []), ...bounds.slice(0, -1)]
  if (!starts.every((each) => each % day === 0)) return null
  const least = Math.min(from ?? -Infinity, before?.[0] ?? Infinity)
  const end = to === null ? null : Math.floor(to / day)
  return {
    first: Number.isFinite(least) ? least / day : null,
    end,
    rest: to === null || end === null || to % day === 0 ? null : [end * day, to],
  }
}

/** Sums the counts of days up by the periods of a plan that `daysOf` has found days for; those of its rest are of its last day. */
export function tallyDays(counts: readonly DayCount[], { plan, from, to, before, bounds }: DayPlan): Tallied {
  const sums = Array.from({ length: 2 + Math.max(0, bounds.length - 1) }, createSum)
  for (const each of counts) {
    const at = each.day * day
    if (before && at >= before[0] && at < before[1]) sums[1]?.add(each)
    if ((from !== null && at < from) || (to !== null && at >= to)) continue
    sums[0]?.add(each)
    const interval = intervalOf(bounds, at)
    if (interval >= 0) sums[2 + interval]?.add(each)
  }
  const [total, earlier, ...intervals] = sums.map((each) => each.sample(plan.question !== null))
  const none: Sample = createSum().sample(plan.question !== null)
  return { total: total ?? none, before: earlier ?? none, intervals, segments: new Map() }
}

interface Sum {
  add(count: DayCount): void
  sample(isOfScores: boolean): Sample
}

function createSum(): Sum {
  const scores = new Map<number, number>()
  const counts = { shown: 0, answered: 0, completed: 0, dismissed: 0 }
  return {
    add(each) {
      if ('score' in each) scores.set(each.score, (scores.get(each.score) ?? 0) + each.count)
      else {
        counts.shown += each.shown
        counts.answered += each.answered
        counts.completed += each.completed
        counts.dismissed += each.dismissed
      }
    },
    sample(isOfScores) {
      if (!isOfScores) return { kind: 'showings', counts }
      const rows = [...scores].map(([score, count]) => ({ score, count })).filter(({ count }) => count !== 0)
      return { kind: 'scores', rows: rows.toSorted((a, b) => a.score - b.score) }
    },
  }
}
