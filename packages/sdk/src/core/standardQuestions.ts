/** The questions of the standard metrics: a scale with the published wording, and one question for the reason per band. */
import type { Band, Question, ScaleQuestion, TextQuestion } from '@earshot/contract'

/** What may be worded otherwise. */
export interface StandardWords {
  /** Text of the question; the default is the metric's published wording. */
  question?: string | undefined
  /** Words at both ends of the scale. */
  labels?: { low: string; high: string } | undefined
  /** The question for the reason, by band; `null` asks none. */
  reasons?: Partial<Record<Band, string | null>> | undefined
}

/** How many answers a satisfaction scale has. */
export type CsatPoints = 2 | 3 | 5 | 7 | 10

/** What a satisfaction scale may have besides. */
export interface CsatWords extends StandardWords {
  /** How many answers, from 1 up; default 5. */
  points?: CsatPoints | undefined
  /** How they are drawn; default thumbs for 2, faces for 3, numbers for more. */
  look?: ScaleQuestion['look']
}

type Scale = Omit<ScaleQuestion, 'kind' | 'id'>
/** By band, from bad to good. */
type Reasons = Readonly<Partial<Record<Band, string>>>

const recommendation = {
  min: 0,
  max: 10,
  positive: [9, 10],
  negative: [0, 1, 2, 3, 4, 5, 6],
  low: 'Not at all likely',
  high: 'Extremely likely',
}
const recommendationReasons: Reasons = {
  detractor: 'What is the main reason for your score?',
  passive: 'What would make it a 9 or 10?',
  promoter: 'What do you value most?',
}
const effortReasons: Reasons = {
  hard: 'What made it hard?',
  neutral: 'What would have made it easier?',
  easy: 'What went well?',
}

/** Likelihood to recommend, 0–10. */
export function npsQuestions(name: string, words: StandardWords = {}): Question[] {
  const title = `How likely is it that you would recommend ${name} to a friend or colleague?`
  return scored({ metric: 'nps', ...recommendation, title }, recommendationReasons, words)
}

/** Likelihood to recommend as an employer, 0–10. */
export function enpsQuestions(name: string, words: StandardWords = {}): Question[] {
  const title = `How likely is it that you would recommend ${name} as a place to work?`
  return scored({ metric: 'enps', ...recommendation, title }, recommendationReasons, words)
}

/** Agreement with "made it easy", 1–7. */
export function cesQuestions(name: string, words: StandardWords = {}): Question[] {
  return scored(
    {
      metric: 'ces2',
      min: 1,
      max: 7,
      positive: [5, 6, 7],
      negative: [1, 2, 3],
      title: `${name} made it easy for me to handle my issue.`,
      low: 'Strongly disagree',
      high: 'Strongly agree',
    },
    effortReasons,
    words,
  )
}

/** Effort put forth, 1–5, low is good. */
export function ces1Questions(words: StandardWords = {}): Question[] {
  return scored(
    {
      metric: 'ces1',
      min: 1,
      max: 5,
      positive: [1, 2],
      negative: [4, 5],
      title: 'How much effort did you personally have to put forth to handle your request?',
      low: 'Very low effort',
      high: 'Very high effort',
    },
    effortReasons,
    words,
  )
}

/** By number of answers: which are good, which are bad, and how they are drawn. */
const csatScales: Readonly<
  Record<CsatPoints, Pick<ScaleQuestion, 'positive' | 'negative'> & { look?: 'thumbs' | 'faces' }>
> = {
  2: { positive: [2], negative: [1], look: 'thumbs' },
  3: { positive: [3], negative: [1], look: 'faces' },
  5: { positive: [4, 5], negative: [1, 2] },
  7: { positive: [6, 7], negative: [1, 2] },
  10: { positive: [9, 10], negative: [1, 2, 3, 4, 5, 6] },
}

/** Satisfaction on two to ten answers. */
export function csatQuestions(name: string, words: CsatWords = {}): Question[] {
  const { points = 5 } = words
  if (!Object.hasOwn(csatScales, points))
    throw new TypeError('Earshot: "points" of csat() must be 2, 3, 5, 7 or 10')
  const { positive, negative, look: usual } = csatScales[points]
  const look = words.look ?? usual
  if ((look === 'thumbs' && points !== 2) || (look === 'faces' && points > 5))
    throw new TypeError(
      `Earshot: "look" of csat() cannot be "${look}" with ${points} points; thumbs need 2, faces 2, 3 or 5`,
    )
  const very = points > 3
  return scored(
    {
      metric: 'csat',
      min: 1,
      max: points,
      positive,
      negative,
      title: `Overall, how satisfied are you with ${name}?`,
      low: very ? 'Very dissatisfied' : 'Dissatisfied',
      high: very ? 'Very satisfied' : 'Satisfied',
      // Numbers are what a scale has anyway: unsaid, the survey needs no more code than the simplest.
      ...(look === undefined || look === 'numbers' ? {} : { look }),
    },
    {
      dissatisfied: 'What went wrong?',
      // On two answers there is nothing between.
      ...(points > 2 && { neutral: 'What could we do better?' }),
      satisfied: 'What did you like?',
    },
    words,
  )
}

/** The scale, and a text for each band. */
function scored(scale: Scale, reasons: Reasons, words: StandardWords): Question[] {
  const texts = (Object.keys(reasons) as Band[]).flatMap((band): TextQuestion[] => {
    const other = words.reasons?.[band]
    const title = other === undefined ? reasons[band] : other
    if (!title) return []
    const when = { question: 'score', bands: [band] }
    return [{ kind: 'text', id: `why-${band}`, title, maxLength: 2000, when }]
  })
  // The sets are copied: a survey that somebody changes must not change the next one.
  const sets = { positive: [...scale.positive], negative: [...scale.negative] }
  const title = words.question ?? scale.title
  return [{ kind: 'scale', id: 'score', ...scale, ...sets, ...words.labels, title }, ...texts]
}
