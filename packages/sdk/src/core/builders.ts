/** The three standard surveys, with published wording and a follow-up question per band. */
import type { Band, Question, ScaleQuestion, Survey, TextQuestion, Trigger } from '@earshot/contract'

/** What a builder needs, and what may be said otherwise. */
export interface SurveyOptions {
  /** Stable name, 1–64 of `A–Z a–z 0–9 . _ -`. */
  id: string
  /** Name of the company or product, as it stands in the question. */
  name: string
  /** Default 1. Raise it when a question or a scale changes. */
  version?: number
  /** BCP 47 tag of the texts, default `en`. */
  locale?: string
  /** What makes it appear by itself; default nothing but `earshot.show(id)`. */
  triggers?: Trigger[]
  /** Days before the same person may see it again. */
  recontact?: Partial<Survey['recontact']>
  /** Text of the question; the default is the metric's published wording. */
  question?: string
  /** Words at both ends of the scale. */
  labels?: { low: string; high: string }
  /** Follow-up question per band; `null` asks none. */
  followUps?: Partial<Record<Band, string | null>>
  thanks?: Survey['thanks']
  touchpoint?: string
  stage?: string
}

/**
 * Net Promoter Score: likelihood to recommend, 0–10. Detractors 0–6, passives 7–8, promoters 9–10.
 * May be asked again after 90 days, 30 after dismissal, 7 after being shown without action.
 *
 * @throws TypeError when `id` or `name` is missing
 * @example
 * nps({ id: 'nps-q4', name: 'Acme', triggers: [{ on: 'event', name: 'checkout_done' }] })
 */
export function nps(options: SurveyOptions): Survey {
  return build(
    options,
    {
      metric: 'nps',
      min: 0,
      max: 10,
      positive: [9, 10],
      negative: [0, 1, 2, 3, 4, 5, 6],
      title: `How likely is it that you would recommend ${options.name} to a friend or colleague?`,
      low: 'Not at all likely',
      high: 'Extremely likely',
    },
    {
      detractor: 'What is the main reason for your score?',
      passive: 'What would make it a 9 or 10?',
      promoter: 'What do you value most?',
    },
    { answered: 90, dismissed: 30, shown: 7 },
  )
}

/**
 * Customer Effort Score 2.0: agreement with "made it easy", 1–7, high is good. Hard 1–3, easy 5–7.
 * May be asked again after 30 days.
 *
 * @throws TypeError when `id` or `name` is missing
 * @example
 * ces({ id: 'ces-support', name: 'Acme', triggers: [{ on: 'event', name: 'ticket_solved' }] })
 */
export function ces(options: SurveyOptions): Survey {
  return build(
    options,
    {
      metric: 'ces2',
      min: 1,
      max: 7,
      positive: [5, 6, 7],
      negative: [1, 2, 3],
      title: `${options.name} made it easy for me to handle my issue.`,
      low: 'Strongly disagree',
      high: 'Strongly agree',
    },
    {
      hard: 'What made it hard?',
      neutral: 'What would have made it easier?',
      easy: 'What went well?',
    },
    { answered: 30, dismissed: 30, shown: 7 },
  )
}

/**
 * Customer Satisfaction: 1–5, satisfied 4–5, dissatisfied 1–2. May be asked again after 30 days.
 *
 * @throws TypeError when `id` or `name` is missing
 * @example
 * csat({ id: 'csat-order', name: 'Acme', question: 'How satisfied are you with your order?' })
 */
export function csat(options: SurveyOptions): Survey {
  return build(
    options,
    {
      metric: 'csat',
      min: 1,
      max: 5,
      positive: [4, 5],
      negative: [1, 2],
      title: `Overall, how satisfied are you with ${options.name}?`,
      low: 'Very dissatisfied',
      high: 'Very satisfied',
    },
    {
      dissatisfied: 'What went wrong?',
      neutral: 'What could we do better?',
      satisfied: 'What did you like?',
    },
    { answered: 30, dismissed: 30, shown: 7 },
  )
}

const mends = {
  id: 'a stable name such as "nps-q4"',
  name: 'the company or product as it stands in the question',
}

function build(
  options: SurveyOptions,
  scale: Omit<ScaleQuestion, 'kind' | 'id'>,
  followUps: Partial<Record<Band, string>>,
  recontact: Survey['recontact'],
): Survey {
  for (const field of ['id', 'name'] as const) {
    // The name stands in the question: without it respondents would be asked about "undefined".
    if (!options[field]) throw new TypeError(`Earshot: a survey needs "${field}", ${mends[field]}`)
  }
  const wording = { ...followUps, ...options.followUps }
  const texts = (Object.keys(followUps) as Band[]).flatMap((band): TextQuestion[] => {
    const title = wording[band]
    if (!title) return []
    const when = { question: 'score', bands: [band] }
    return [{ kind: 'text', id: `why-${band}`, title, maxLength: 2000, when }]
  })
  const question: Question = {
    kind: 'scale',
    id: 'score',
    ...scale,
    ...options.labels,
    title: options.question ?? scale.title,
  }
  return {
    id: options.id,
    version: options.version ?? 1,
    locale: options.locale ?? 'en',
    questions: [question, ...texts],
    thanks: options.thanks ?? { title: 'Thank you', text: 'Your feedback helps us get better.' },
    triggers: options.triggers ?? [],
    recontact: { ...recontact, ...options.recontact },
    ...(options.touchpoint === undefined ? {} : { touchpoint: options.touchpoint }),
    ...(options.stage === undefined ? {} : { stage: options.stage }),
  }
}
