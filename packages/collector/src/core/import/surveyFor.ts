/** The survey that an import makes for scores which have none here. */
import { cesScale, csatScale } from '@earshot/metrics'
import type { Metric, ScaleQuestion, Survey } from '@earshot/contract'

/** Metrics that such a survey may ask for. */
export type ImportMetric = 'nps' | 'enps' | 'csat' | 'ces1' | 'ces2'
export const importMetrics: readonly ImportMetric[] = ['nps', 'enps', 'csat', 'ces1', 'ces2']

/** How many answers a survey may have that asks for CSAT. The metrics know more scales, for answers that are not asked for here. */
export const importPoints = [2, 3, 5, 7, 10] as const
/** One of these. */
export type ImportPoints = (typeof importPoints)[number]

/**
 * A survey with the questions `score` and `comment`.
 *
 * @param points of CSAT; 5 where nothing is said
 * @example
 * surveyFor('nps-2024', 'nps')
 */
export function surveyFor(id: string, metric: ImportMetric, points?: ImportPoints): Survey {
  return {
    id,
    version: 1,
    locale: 'en',
    questions: [
      {
        kind: 'scale',
        id: 'score',
        title: 'Imported score',
        low: 'Lowest',
        high: 'Highest',
        ...scaleFor(metric, points),
      },
      { kind: 'text', id: 'comment', title: 'Imported comment', maxLength: 5000 },
    ],
    thanks: { title: 'Thank you' },
    triggers: [],
    recontact: { answered: 90, dismissed: 30, shown: 7 },
  }
}

type ScaleOf = Pick<ScaleQuestion, 'metric' | 'min' | 'max' | 'positive' | 'negative'>

function scaleFor(metric: ImportMetric, points: ImportPoints | undefined): ScaleOf {
  if (metric === 'nps' || metric === 'enps')
    return { metric, min: 0, max: 10, positive: [9, 10], negative: [0, 1, 2, 3, 4, 5, 6] }
  if (metric === 'ces1' || metric === 'ces2') {
    const { min, max, positive, negative } = cesScale(metric === 'ces1' ? 1 : 2)
    return { metric: metric satisfies Metric, min, max, positive: [...positive], negative: [...negative] }
  }
  const { min, max, positive } = csatScale(points ?? 5)
  const lower = Math.floor((max - min) / 2)
  return {
    metric,
    min,
    max,
    positive: [...positive],
    negative: Array.from({ length: lower }, (_, index) => min + index).filter(
      (each) => !positive.includes(each),
    ),
  }
}
