/** Makes a number of what was counted, with its definition; and sets two such numbers beside each other. */
import { bandOf, type Band, type ScaleQuestion } from '@earshot/contract'
import {
  ces,
  compareMeans,
  compareNps,
  compareShares,
  csat,
  nps,
  response,
  type CesResult,
  type Comparison,
  type CsatResult,
  type Estimate,
  type NpsResult,
  type ResponseResult,
} from '@earshot/metrics'
import type { Sample } from './tally.ts'

/** What was measured. */
export interface Measured {
  /** Stable name of the definition: equal names may be compared. */
  definitionId: 'nps' | 'enps' | 'csat' | 'ces-1.0' | 'ces-2.0' | 'response-rate'
  /** The number of the report: NPS, % satisfied, % easy (mean effort for CES 1.0), % answered. */
  estimate: Estimate
  unit: 'points' | 'percent' | 'scale points'
  /** Everything else that belongs beside it. */
  result: NpsResult | CsatResult | CesResult | ResponseResult
  definition: string
}

/** A bar of the distribution. */
export interface Bar {
  score: number
  count: number
  band: Band
}

const noShowings = { shown: 0, answered: 0, completed: 0, dismissed: 0 }

/** One row per score on the scale, lowest first, also for scores that nobody gave. */
export function barsOf(question: ScaleQuestion, sample: Sample): Bar[] {
  const rows = sample.kind === 'scores' ? sample.rows : []
  return scoresOf(question).map((score) => ({
    score,
    count: rows.find((each) => each.score === score)?.count ?? 0,
    band: bandOf(question, score),
  }))
}

/** How many showings came how far. */
export function showingsOf(sample: Sample): typeof noShowings {
  return sample.kind === 'showings' ? sample.counts : noShowings
}

/**
 * The number of a sample.
 *
 * @param question null: the sample is of showings
 * @param level confidence of the intervals
 * @example
 * measureSample(null, { kind: 'showings', counts: { shown: 4, answered: 1, completed: 1, dismissed: 0 } }).estimate.value // 25
 */
export function measureSample(
  question: ScaleQuestion | null,
  sample: Sample,
  level: number = 0.95,
): Measured {
  return question
    ? measure(question, barsOf(question, sample), level)
    : measureResponse(showingsOf(sample), level)
}

/**
 * One sample minus another, in the unit of the metric, with interval and p.
 *
 * @param level confidence, usually 0.95; more where many are compared
 */
export function compareSamples(
  question: ScaleQuestion | null,
  one: Sample,
  other: Sample,
  level: number = 0.95,
): Comparison {
  if (!question) {
    const [first, second] = [showingsOf(one), showingsOf(other)]
    return compareShares(
      { count: first.answered, n: first.shown },
      { count: second.answered, n: second.shown },
      { level },
    )
  }
  const { metric, min, max } = question
  const [first, second] = [barsOf(question, one), barsOf(question, other)]
  if (metric === 'nps' || metric === 'enps') return compareNps(groupsOf(first), groupsOf(second), { level })
  if (metric === 'ces1') return compareMeans(first.map(bare), second.map(bare), { min, max }, { level })
  return compareShares(goodOf(question, first), goodOf(question, second), { level })
}

const bare = ({ score, count }: Bar): { score: number; count: number } => ({ score, count })

function goodOf({ positive }: ScaleQuestion, bars: readonly Bar[]): { count: number; n: number } {
  const sum = (rows: readonly Bar[]): number => rows.reduce((total, { count }) => total + count, 0)
  return { count: sum(bars.filter(({ score }) => positive.includes(score))), n: sum(bars) }
}

function groupsOf(bars: readonly Bar[]): { detractors: number; passives: number; promoters: number } {
  const sum = (band: Band): number =>
    bars.reduce((total, bar) => total + (bar.band === band ? bar.count : 0), 0)
  return { detractors: sum('detractor'), passives: sum('passive'), promoters: sum('promoter') }
}

function measure(question: ScaleQuestion, bars: readonly Bar[], level: number): Measured {
  const { metric, min, max } = question
  const positive = sorted(question.positive)
  const negative = sorted(question.negative)
  const of = `${min}–${max}`
  const rows = bars.map(bare)
  if (metric === 'nps' || metric === 'enps') {
    const result = nps(groupsOf(bars), { level })
    const definition = `${metric === 'nps' ? 'NPS' : 'Employee NPS'}: percent of promoters (${list(positive)}) minus percent of detractors (${list(negative)}) among all answers on ${of}, passives included; from −100 to 100 points.`
    return { definitionId: metric, estimate: result.nps, unit: 'points', result, definition }
  }
  if (metric === 'csat') {
    const result = csat(rows, { min, max, positive }, { level })
    const definition = `CSAT: percent of satisfied answers (${list(positive)}) among all answers on ${of}.`
    return { definitionId: 'csat', estimate: result.percent, unit: 'percent', result, definition }
  }
  const scale = { version: metric === 'ces1' ? (1 as const) : (2 as const), min, max, positive, negative }
  const result = ces(rows, scale, { level })
  if (metric === 'ces1')
    return {
      definitionId: 'ces-1.0',
      estimate: result.mean,
      unit: 'scale points',
      result,
      definition: `CES 1.0: mean effort on ${of}; lower is better. Never compare it with CES 2.0.`,
    }
  return {
    definitionId: 'ces-2.0',
    estimate: result.percentEasy,
    unit: 'percent',
    result,
    definition: `CES 2.0: percent who found it easy (${list(positive)}) among all answers on ${of}; higher is better. Never compare it with CES 1.0.`,
  }
}

function measureResponse(counts: typeof noShowings, level: number): Measured {
  const result = response(counts, { level })
  const definition =
    'Response rate: showings with at least one answer among all showings (half of the card visible for a second, answered, or closed).'
  return { definitionId: 'response-rate', estimate: result.response, unit: 'percent', result, definition }
}

function scoresOf({ min, max }: ScaleQuestion): number[] {
  return Array.from({ length: max - min + 1 }, (_, index) => min + index)
}

const sorted = (scores: readonly number[]): number[] => [...new Set(scores)].toSorted((a, b) => a - b)
const list = (scores: readonly number[]): string => scores.join(', ') || 'none'
