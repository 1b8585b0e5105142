/** The few rules that browser and collector must compute alike. */
import type { AnswerValue, Band, Metric, Question, ScaleQuestion } from './question.ts'
import type { Survey } from './survey.ts'

/** Band names of a metric, from bad to good. */
export const bandNames: Readonly<Record<Metric, readonly [Band, Band, Band]>> = {
  nps: ['detractor', 'passive', 'promoter'],
  enps: ['detractor', 'passive', 'promoter'],
  csat: ['dissatisfied', 'neutral', 'satisfied'],
  ces1: ['hard', 'neutral', 'easy'],
  ces2: ['hard', 'neutral', 'easy'],
  rating: ['low', 'middle', 'high'],
}

/**
 * Band of a score, by the sets that the question stores.
 *
 * @example
 * bandOf(nps({ id: 'q', name: 'Acme' }).questions[0], 9) // 'promoter'
 */
export function bandOf(
  question: Pick<ScaleQuestion, 'metric' | 'positive' | 'negative'>,
  value: number,
): Band {
  const names = bandNames[question.metric]
  if (question.positive.includes(value)) return names[2]
  return question.negative.includes(value) ? names[0] : names[1]
}

/** True when `value` is a whole number inside the scale. */
export function isOnScale(question: Pick<ScaleQuestion, 'min' | 'max'>, value: unknown): boolean {
  return Number.isInteger(value) && question.min <= (value as number) && (value as number) <= question.max
}

/** Names of the best bands and of the worst, of all metrics. No name is good for one metric and bad for another. */
const ends: readonly (readonly string[])[] = [
  ['promoter', 'satisfied', 'easy', 'high'],
  ['detractor', 'dissatisfied', 'hard', 'low'],
]

const placeIn = <Value>(sets: readonly (readonly Value[])[], value: Value): number =>
  sets.findIndex((each) => each.includes(value))

/** True when a question whose condition is nothing but a band is to be asked, given the answers so far (question id → value). */
export function isAsked(
  survey: Pick<Survey, 'questions'>,
  question: Question,
  answers: Readonly<Record<string, AnswerValue>>,
): boolean {
  const when = question.when
  if (!when || !('question' in when)) return !when
  const source = survey.questions.find((each) => each.id === when.question)
  const value = Object.hasOwn(answers, when.question) ? answers[when.question] : undefined
  if (source?.kind !== 'scale' || typeof value !== 'number') return false
  // As `bandOf`, without its table: every page that shows a card loads this.
  const place = placeIn([source.positive, source.negative], value)
  return when.bands.some((band) => placeIn(ends, band) === place)
}

/**
 * Identity of a follow-up. Both ends derive it from what caused it, so that a mail and a prompt for the same cause
 * are one follow-up, and planning twice plans once.
 *
 * Any text will do as a part. A lone half of a surrogate pair, which has no place in an address, counts as U+FFFD: that is
 * what the collector, too, puts for it in any text. So causes that differ in nothing else have one identity.
 *
 * @example
 * followUpId('nps-q4', 'ask-why', '018f…') // 'nps-q4/ask-why/018f…'
 */
export function followUpId(survey: string, rule: string, cause: string): string {
  return [survey, rule, cause].map((part) => encodeURIComponent(part.replace(/\p{Cs}/gu, '\ufffd'))).join('/')
}

/**
 * Whether a question is a link that may ask for a review in public: every link that does not say otherwise. No answer
 * may decide who comes to one.
 *
 * @example
 * mayAskReview({ kind: 'link', purpose: 'help' }) // false
 */
export function mayAskReview({
  kind,
  purpose,
}: {
  kind?: string | undefined
  purpose?: string | undefined
}): boolean {
  return kind === 'link' && purpose !== 'help'
}
