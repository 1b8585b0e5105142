/** Schemas of reports. */
import { z } from 'zod'
import { customerMetrics, type CustomerMetric } from '../../core/customerNumbers.ts'

const moment = z.iso.datetime()
const count = z.int().min(0)

/** A number with its interval, its base and its method. */
export const estimate: z.ZodType = z.strictObject({
  value: z.number().nullable(),
  interval: z.tuple([z.number(), z.number()]).nullable(),
  n: count,
  level: z.number(),
  method: z.string(),
  reason: z.string().optional(),
})
const scale = z.strictObject({
  metric: z.string(),
  min: z.int(),
  max: z.int(),
  positive: z.array(z.int()),
  negative: z.array(z.int()),
})
const counts = z.strictObject({ shown: count, answered: count, completed: count, dismissed: count })
/** One group minus another. `ratio` only of shares. */
const comparison: z.ZodType = z.strictObject({
  difference: estimate,
  p: z.number().nullable(),
  test: z.string(),
  sizes: z.tuple([count, count]),
  ratio: estimate.optional(),
})
const alert = z.strictObject({
  fires: z.boolean(),
  reason: z.enum(['no-interval', 'too-few', 'not-significant', 'other-direction', 'fall', 'rise']),
})
const distribution = z.array(z.strictObject({ score: z.int(), count, band: z.string() }))
const numbers = { estimate, responses: count, distribution, counts: counts.nullable() }

const definitionId = z.enum([
  'nps',
  'enps',
  'csat',
  'ces-1.0',
  'ces-2.0',
  'rating',
  'choice',
  'response-rate',
])
const unit = z.enum(['points', 'percent', 'scale points'])

const report = z.strictObject({
  metric: z.enum(['nps', 'enps', 'csat', 'ces', 'question', 'response']),
  definitionId,
  survey: z.string(),
  question: z.string().nullable(),
  versions: z.array(z.int()),
  scale: scale.nullable(),
  from: moment.nullable(),
  to: moment.nullable(),
  timezone: z.string(),
  basis: z.enum(['all', 'latest']),
  variant: z.string().nullable(),
  where: z.array(z.string()),
  minimum: count,
  estimate,
  unit,
  result: z.looseObject({}).nullable(),
  distribution,
  counts: counts.nullable(),
  responses: count,
  suspects: z.strictObject({ count, areIncluded: z.boolean() }),
  segments: z
    .strictObject({
      by: z.string(),
      rows: z.array(
        z.strictObject({
          value: z.string().nullable(),
          ...numbers,
          isHidden: z.boolean(),
          share: z.number().nullable(),
          rest: comparison.nullable(),
        }),
      ),
      more: count,
    })
    .nullable(),
  trend: z
    .strictObject({
      interval: z.enum(['day', 'week', 'month', 'quarter', 'year']),
      points: z.array(
        z.strictObject({
          name: z.string(),
          from: moment,
          to: moment,
          ...numbers,
          change: comparison.nullable(),
          since: z.string().nullable(),
          alert: alert.nullable(),
          late: count,
          isRevised: z.boolean(),
        }),
      ),
    })
    .nullable(),
  change: z
    .strictObject({ from: moment, to: moment, estimate, comparison: comparison.nullable(), alert })
    .nullable(),
  dropOff: z
    .array(z.strictObject({ question: z.string(), ofSeen: estimate, ofStarted: estimate }))
    .nullable(),
  definition: z.string(),
  notes: z.array(z.string()),
})

const frame = {
  survey: z.string(),
  question: z.string().nullable(),
  versions: z.array(z.int()),
  from: moment.nullable(),
  to: moment.nullable(),
  timezone: z.string(),
  where: z.array(z.string()),
  minimum: count,
}
const said = { definition: z.string(), notes: z.array(z.string()) }

const compare = z.strictObject({
  metric: z.enum(['nps', 'enps', 'csat', 'ces', 'question', 'response']),
  definitionId,
  unit,
  ...frame,
  basis: z.enum(['all', 'latest']),
  by: z.string(),
  groups: z.array(
    z.strictObject({ value: z.string().nullable(), isRest: z.boolean(), ...numbers, isHidden: z.boolean() }),
  ),
  comparison: comparison.nullable(),
  alert: alert.nullable(),
  ...said,
})

const themes = z.strictObject({
  ...frame,
  kind: z.enum(['choice', 'text']),
  band: z.string().nullable(),
  answers: count,
  isHidden: z.boolean(),
  themes: z.array(
    z.strictObject({
      theme: z.string(),
      label: z.string(),
      count,
      ofComments: estimate,
      ofMentions: z.number(),
      cumulative: z.number(),
      covered: z.number(),
      vital: z.boolean(),
    }),
  ),
  ...said,
})

const drivers = z.strictObject({
  metric: z.enum(['nps', 'enps', 'csat', 'ces']),
  ...frame,
  answers: count,
  isHidden: z.boolean(),
  complete: count.nullable(),
  explained: z.number().nullable(),
  drivers: z.array(
    z.strictObject({
      name: z.string(),
      correlation: estimate,
      p: z.number().nullable(),
      mean: estimate,
      importance: z.number().nullable(),
    }),
  ),
  ...said,
})

const recommendations = z.strictObject({
  from: moment,
  to: moment,
  timezone: z.string(),
  minimum: count,
  recommendations: z.array(
    z.strictObject({
      id: z.string(),
      rule: z.enum(['segment', 'change', 'response-change', 'drop-off', 'theme']),
      survey: z.string(),
      question: z.string().nullable(),
      about: z.string().nullable(),
      text: z.string(),
      measure: z.string(),
      estimate,
      comparison: comparison.nullable(),
    }),
  ),
})

const customers = z.strictObject({
  metric: z.enum(customerMetrics as [CustomerMetric, ...CustomerMetric[]]),
  definitionId: z.string(),
  from: moment,
  to: moment,
  timezone: z.string(),
  window: count.nullable(),
  estimate,
  unit: z.enum(['percent', 'hours', 'amount']),
  result: z.looseObject({}),
  segments: z
    .strictObject({
      by: z.string(),
      rows: z.array(
        z.strictObject({
          value: z.string().nullable(),
          estimate,
          isHidden: z.boolean(),
          rest: comparison.nullable(),
        }),
      ),
      more: count,
    })
    .nullable(),
  ...said,
})

/** By name, as they stand under `components.schemas`. */
export const reportSchemas: Readonly<
  Record<
    | 'Report'
    | 'ReportOrEach'
    | 'CompareReport'
    | 'ThemeReport'
    | 'DriverReport'
    | 'Recommendations'
    | 'CustomerReport',
    z.ZodType
  >
> = {
  Report: report,
  ReportOrEach: z.union([report, z.strictObject({ metric: z.string(), reports: z.array(report) })]),
  CompareReport: compare,
  ThemeReport: themes,
  DriverReport: drivers,
  Recommendations: recommendations,
  CustomerReport: customers,
}
