/** Makes a number of what was counted, with its definition; and sets two such numbers beside each other. */
import { bandOf, type Band, type ScaleQuestion } from '@earshot/contract'
import {
  ces,
  choice,
  compareMeans,
  compareNps,
  compareShares,
  csat,
  nps,
  response,
  type CesResult,
  type ChoiceResult,
  type Comparison,
  type CsatResult,
  type Estimate,
  type NpsResult,
  type ResponseResult,
} from '@earshot/metrics'
import { chosenIn, type ChosenQuestion, type CountedQuestion } from './countedQuestion.ts'
import type { Sample } from './tally.ts'

/** What was measured. */
export interface Measured {
  /** Stable name of the definition: equal names may be compared. */
  definitionId: 'nps' | 'enps' | 'csat' | 'ces-1.0' | 'ces-2.0' | 'rating' | 'choice' | 'response-rate'
  /** The number of the report: NPS, % satisfied, % easy (mean effort for CES 1.0), % high, % who chose it, % answered. */
  estimate: Estimate
  unit: 'points' | 'percent' | 'scale points'
  /** Everything else that belongs beside it. */
  result: NpsResult | CsatResult | CesResult | ChosenResult | ResponseResult
  definition: string
}

/** What belongs beside the share of choices: each of them with its words. */
export interface ChosenResult extends Omit<ChoiceResult, 'choices'> {
  choices: (ChoiceResult['choices'][number] & { label: string; isPositive: boolean })[]
}

/** A bar of the distribution. */
export interface Bar {
  score: number
  count: number
  band: Band
}

const noShowings = { shown: 0, answered: 0, completed: 0, dismissed: 0 }

/** One row per score on the scale, lowest first, also for scores that nobody gave; none of choices. */
export function barsOf(question: CountedQuestion, sample: Sample): Bar[] {
  if (question.kind !== 'scale') return []
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
  question: CountedQuestion | null,
  sample: Sample,
  level: number = 0.95,
): Measured {
  if (!question) return measureResponse(showingsOf(sample), level)
  return question.kind === 'scale'
    ? measure(question, barsOf(question, sample), level)
    : measureChosen(question, sample, level)
}

/**
 * One sample minus another, in the unit of the metric, with interval and p.
 *
 * @param level confidence, usually 0.95; more where many are compared
 */
export function compareSamples(
  question: CountedQuestion | null,
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
  if (question.kind !== 'scale') {
    const [first, second] = [chosenOf(question, one, level), chosenOf(question, other, level)]
    return compareShares(partOf(first), partOf(second), { level })
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

/** Below so many answers NPS has its score interval: the adjusted Wald interval of one answer does not even reach the answer. */
const few = 30

function measure(question: ScaleQuestion, bars: readonly Bar[], level: number): Measured {
  const { metric, min, max } = question
  const positive = sorted(question.positive)
  const negative = sorted(question.negative)
  const of = `${min}–${max}`
  const rows = bars.map(bare)
  if (metric === 'nps' || metric === 'enps') {
    const counts = groupsOf(bars)
    const method = counts.detractors + counts.passives + counts.promoters < few ? 'score' : 'adjusted-wald'
    const result = nps(counts, { level, method })
    const definition = `${metric === 'nps' ? 'NPS' : 'Employee NPS'}: percent of promoters (${list(positive)}) minus percent of detractors (${list(negative)}) among all answers on ${of}, passives included; from −100 to 100 points.`
    return { definitionId: metric, estimate: result.nps, unit: 'points', result, definition }
  }
  if (metric === 'rating') {
    const result = csat(rows, { min, max, positive }, { level })
    const definition = `Rating: percent of high answers (${list(positive)}) among all answers on ${of}. It is no standard metric, and compares with nothing but the same question.`
    return { definitionId: 'rating', estimate: result.percent, unit: 'percent', result, definition }
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

function measureChosen(question: ChosenQuestion, sample: Sample, level: number): Measured {
  const { percent, positiveCount, choices } = chosenOf(question, sample, level)
  const labels = new Map(question.options.map(({ id, label }) => [id, label]))
  const meant = question.positive.map((id) => `“${labels.get(id) ?? id}”`).join(' or ')
  return {
    definitionId: 'choice',
    estimate: percent,
    unit: 'percent',
    result: {
      percent,
      positiveCount,
      choices: choices.map((each) => ({
        ...each,
        label: labels.get(each.id) ?? each.id,
        isPositive: question.positive.includes(each.id),
      })),
    },
    definition: `Percent who chose ${meant} among all who answered this question.`,
  }
}

function chosenOf({ options, positive }: ChosenQuestion, sample: Sample, level: number): ChoiceResult {
  const all = options.map((each) => each.id)
  const rows = sample.kind === 'choices' ? sample.rows : []
  const counts = rows.map(({ text, count }) => ({
    chosen: chosenIn(text).filter((each) => all.includes(each)),
    count,
  }))
  return choice(counts, { all, positive }, { level })
}

const partOf = ({ positiveCount, percent }: ChoiceResult): { count: number; n: number } => ({
  count: positiveCount,
  n: percent.n,
})

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
