/** What the numbers advise: rules that each name their data, their base and their interval. */
import { bandOf, bandNames, type ScaleQuestion } from '@earshot/contract'
import {
  alert,
  compareShares,
  formatRounded,
  proportion,
  type Comparison,
  type Estimate,
  type QuestionDropOff,
} from '@earshot/metrics'
import { compareSamples, measureSample } from './measure.ts'
import { pooled } from './reportParts.ts'
import type { Sample } from './tally.ts'
import type { Theme } from './themes.ts'

/** A piece of advice, and what it stands on. */
export interface Recommendation {
  /** Stable for the same finding: rule, survey, and what it is about. */
  id: string
  rule: 'segment' | 'change' | 'response-change' | 'drop-off' | 'theme'
  survey: string
  question: string | null
  /** What it is about: `touchpoint:checkout`, a question, a theme; null for the whole survey. */
  about: string | null
  /** In words, for people. */
  text: string
  /** What the number below is. */
  measure: string
  /** With interval, base and method. */
  estimate: Estimate
  /** What it was compared with; null where the rule compares nothing. */
  comparison: Comparison | null
}

/** What is known of one survey in the period. */
export interface SurveyFacts {
  survey: string
  question: ScaleQuestion
  total: Sample
  before: Sample | null
  /** By attribute: the segments. */
  segments: ReadonlyMap<string, ReadonlyMap<string | null, Sample>>
  showings: Sample
  showingsBefore: Sample | null
  dropOff: readonly QuestionDropOff[]
  /** Of those with a bad score, with the question that tells of them. */
  themes: { question: string; answers: number; themes: readonly Theme[] } | null
}

/** Drop-off below this share, in percent, is not worth a word. */
const leastDropOff = 10

/**
 * The advice for one survey, the strongest finding of each rule. Nothing below the minimum, nothing whose interval holds
 * "no difference": of several segments at the level 1 − 0.05 / segments (Bonferroni).
 */
export function recommend(facts: SurveyFacts, minimum: number): Recommendation[] {
  return [
    ...worstSegment(facts, minimum),
    ...fallOf(facts, minimum),
    ...responseFall(facts, minimum),
    ...worstQuestion(facts, minimum),
    ...topTheme(facts, minimum),
  ]
}

const shown = (value: number | null): string => (value === null ? '–' : String(formatRounded(value, 1)))
const withInterval = ({ value, interval, n }: Estimate): string =>
  `${shown(value)} % (95 % interval ${shown(interval?.[0] ?? null)} to ${shown(interval?.[1] ?? null)}, n ${n})`

/** How many of a sample gave a bad score. */
function badOf(question: ScaleQuestion, sample: Sample): { count: number; n: number } {
  const [bad] = bandNames[question.metric]
  let count = 0
  let n = 0
  for (const row of sample.kind === 'scores' ? sample.rows : []) {
    n += row.count
    if (bandOf(question, row.score) === bad) count += row.count
  }
  return { count, n }
}

function worstSegment({ survey, question, segments }: SurveyFacts, minimum: number): Recommendation[] {
  const tests = [...segments].flatMap(([by, samples]) =>
    [...samples].map(([value, sample]) => ({
      by,
      value,
      own: badOf(question, sample),
      others: badOf(
        question,
        pooled([...samples].filter(([other]) => other !== value).map(([, each]) => each)) ?? {
          kind: 'scores',
          rows: [],
        },
      ),
    })),
  )
  const large = tests.filter(
    ({ own, others, value }) => value !== null && own.n >= minimum && others.n >= minimum,
  )
  const level = 1 - 0.05 / Math.max(1, large.length)
  const [bad] = bandNames[question.metric]
  const found = large
    .map((each) => ({ ...each, comparison: compareShares(each.own, each.others, { level }) }))
    .filter(({ comparison }) => alert(comparison, { minimum, direction: 'rise' }).fires)
    .toSorted(
      (a, b) => (b.comparison.difference.interval?.[0] ?? 0) - (a.comparison.difference.interval?.[0] ?? 0),
    )
  return found.slice(0, 1).map(({ by, value, own, comparison }) => {
    const estimate = proportion(own)
    const about = `${by}:${value ?? ''}`
    return {
      id: `segment/${survey}/${question.id}/${about}`,
      rule: 'segment',
      survey,
      question: question.id,
      about,
      text: `Look at ${by} "${value ?? ''}" first: ${withInterval(estimate)} of its answers are "${bad}", ${shown(comparison.difference.value)} points more than of all others.`,
      measure: `share of "${bad}"`,
      estimate,
      comparison,
    }
  })
}

function fallOf({ survey, question, total, before }: SurveyFacts, minimum: number): Recommendation[] {
  if (!before) return []
  const comparison = compareSamples(question, total, before)
  // Of effort, less is better.
  const direction = question.metric === 'ces1' ? 'rise' : 'fall'
  if (!alert(comparison, { minimum, direction }).fires) return []
  const { estimate, definitionId } = measureSample(question, total)
  return [
    {
      id: `change/${survey}/${question.id}`,
      rule: 'change',
      survey,
      question: question.id,
      about: null,
      text: `It got worse: ${definitionId} is ${shown(estimate.value)} (n ${estimate.n}), ${shown(comparison.difference.value)} against the period before (95 % interval ${shown(comparison.difference.interval?.[0] ?? null)} to ${shown(comparison.difference.interval?.[1] ?? null)}). Read what was written since.`,
      measure: definitionId,
      estimate,
      comparison,
    },
  ]
}

function responseFall({ survey, showings, showingsBefore }: SurveyFacts, minimum: number): Recommendation[] {
  if (!showingsBefore) return []
  const comparison = compareSamples(null, showings, showingsBefore)
  if (!alert(comparison, { minimum, direction: 'fall' }).fires) return []
  const { estimate } = measureSample(null, showings)
  return [
    {
      id: `response-change/${survey}`,
      rule: 'response-change',
      survey,
      question: null,
      about: null,
      text: `Fewer answer: ${withInterval(estimate)} of those who saw the survey, ${shown(comparison.difference.value)} points against the period before. See when and where it is asked; scores of few who answer say less.`,
      measure: 'response-rate',
      estimate,
      comparison,
    },
  ]
}

function worstQuestion({ survey, dropOff }: SurveyFacts, minimum: number): Recommendation[] {
  const [worst] = dropOff
    .filter(({ ofSeen }) => ofSeen.n >= minimum && (ofSeen.interval?.[0] ?? 0) >= leastDropOff)
    .toSorted((a, b) => (b.ofStarted.value ?? 0) - (a.ofStarted.value ?? 0))
  if (!worst) return []
  return [
    {
      id: `drop-off/${survey}/${worst.question}`,
      rule: 'drop-off',
      survey,
      question: worst.question,
      about: worst.question,
      text: `Question "${worst.question}" ends the survey for ${withInterval(worst.ofSeen)} of those who come to it. Make it shorter, optional, or leave it out.`,
      measure: 'drop-off of those who saw the question',
      estimate: worst.ofSeen,
      comparison: null,
    },
  ]
}

function topTheme({ survey, question, themes }: SurveyFacts, minimum: number): Recommendation[] {
  const [top] = themes?.themes ?? []
  if (!themes || !top || themes.answers < minimum) return []
  const [bad] = bandNames[question.metric]
  return [
    {
      id: `theme/${survey}/${themes.question}/${top.theme}`,
      rule: 'theme',
      survey,
      question: themes.question,
      about: top.theme,
      text: `Begin with "${top.label}": ${withInterval(top.ofComments)} of those with a score "${bad}" who answered "${themes.question}" name it.`,
      measure: `share of "${bad}" answers that name it, of those who wrote`,
      estimate: top.ofComments,
      comparison: null,
    },
  ]
}
