/** What the collector's answers look like, as far as this app reads them. */
import type { Survey } from '@earshot/contract'
import * as z from 'zod/mini'

// It would probe whether code may be made of text, and the policy would report that.
z.config({ jitless: true })

const text = z.string()
const number = z.number()
const moment = z.string()
const orNull = <Shape extends z.ZodMiniType>(shape: Shape): z.ZodMiniNullable<Shape> => z.nullable(shape)

export const roleShape = z.enum(['admin', 'analyst', 'agent', 'viewer'])
export type Role = z.infer<typeof roleShape>

export const sessionShape = z.object({
  role: roleShape,
  name: text,
  site: orNull(number),
  sites: z.array(z.object({ id: number, name: text })),
  csrf: text,
  expiresAt: moment,
})
/** Of the question whether somebody is signed in. */
export const maybeSessionShape = z.union([sessionShape, z.object({ session: z.null() })])
export type Session = z.infer<typeof sessionShape>

export const estimateShape = z.object({
  value: orNull(number),
  interval: orNull(z.tuple([number, number])),
  n: number,
  level: number,
  method: text,
  reason: z.optional(text),
})
export type Estimate = z.infer<typeof estimateShape>

/** A survey is the collector's own; it has judged it. */
const surveyShape = z.custom<Survey>(
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    Array.isArray((value as { questions?: unknown }).questions),
)

export const surveySummaryShape = z.object({
  id: text,
  version: number,
  source: text,
  metrics: z.array(text),
  survey: surveyShape,
})
export type SurveySummary = z.infer<typeof surveySummaryShape>
export const surveysShape = z.object({ surveys: z.array(surveySummaryShape) })
export const surveyHistoryShape = z.object({
  ...surveySummaryShape.shape,
  versions: z.array(z.object({ survey: surveyShape, source: text })),
})

const countsShape = z.object({ shown: number, answered: number, completed: number, dismissed: number })
export type Counts = z.infer<typeof countsShape>

export const comparisonShape = z.object({
  difference: estimateShape,
  p: orNull(number),
  sizes: z.tuple([number, number]),
})
export type Comparison = z.infer<typeof comparisonShape>

const distributionShape = z.array(z.object({ score: number, count: number, band: text }))

/** What every number of a part of a report carries. */
const numbersShape = {
  estimate: estimateShape,
  responses: number,
  distribution: distributionShape,
  counts: orNull(countsShape),
}
const unitShape = z.enum(['points', 'percent', 'scale points'])

export const segmentShape = z.object({
  ...numbersShape,
  value: orNull(text),
  isHidden: z.boolean(),
  share: orNull(number),
  rest: orNull(comparisonShape),
})
export type Segment = z.infer<typeof segmentShape>

export const dropOffShape = z.object({ question: text, ofSeen: estimateShape, ofStarted: estimateShape })
export type DropOff = z.infer<typeof dropOffShape>

export const reportShape = z.object({
  metric: text,
  survey: text,
  question: orNull(text),
  versions: z.array(number),
  scale: orNull(z.object({ metric: text, min: number, max: number })),
  minimum: number,
  estimate: estimateShape,
  unit: unitShape,
  /** All that belongs beside the number, by its name: estimates, counts, texts. */
  result: orNull(z.record(text, z.unknown())),
  distribution: distributionShape,
  counts: orNull(countsShape),
  responses: number,
  suspects: z.object({ count: number, areIncluded: z.boolean() }),
  segments: orNull(z.object({ by: text, rows: z.array(segmentShape), more: number })),
  trend: orNull(
    z.object({
      interval: text,
      points: z.array(
        z.object({ ...numbersShape, name: text, change: orNull(comparisonShape), isRevised: z.boolean() }),
      ),
    }),
  ),
  change: orNull(z.object({ estimate: estimateShape, comparison: orNull(comparisonShape) })),
  dropOff: orNull(z.array(dropOffShape)),
  definition: text,
  notes: z.array(text),
})
export type Report = z.infer<typeof reportShape>

/** What stands beside the share of choices. */
export const choicesShape = z.object({
  choices: z.array(
    z.object({ id: text, label: text, isPositive: z.boolean(), count: number, share: estimateShape }),
  ),
})
export type ChoiceShare = z.infer<typeof choicesShape>['choices'][number]

export const compareShape = z.object({
  metric: text,
  unit: unitShape,
  groups: z.array(
    z.object({ ...numbersShape, value: orNull(text), isRest: z.boolean(), isHidden: z.boolean() }),
  ),
  comparison: orNull(comparisonShape),
  minimum: number,
  definition: text,
  notes: z.array(text),
})
export type Compare = z.infer<typeof compareShape>

export const themesShape = z.object({
  question: orNull(text),
  kind: text,
  answers: number,
  isHidden: z.boolean(),
  minimum: number,
  themes: z.array(
    z.object({
      theme: text,
      label: text,
      count: number,
      ofComments: estimateShape,
      ofMentions: number,
      cumulative: number,
      covered: number,
      vital: z.boolean(),
    }),
  ),
  definition: text,
  notes: z.array(text),
})
export type Themes = z.infer<typeof themesShape>

export const recommendationsShape = z.object({
  minimum: number,
  recommendations: z.array(
    z.object({
      id: text,
      rule: text,
      survey: text,
      question: orNull(text),
      about: orNull(text),
      text,
      measure: text,
      estimate: estimateShape,
      comparison: orNull(comparisonShape),
    }),
  ),
})

const answerShape = z.object({
  value: z.union([number, text, z.boolean(), z.array(z.union([text, number]))]),
  other: z.optional(text),
  at: moment,
})

export const responseShape = z.object({
  id: text,
  survey: text,
  version: number,
  status: text,
  visitor: text,
  person: orNull(text),
  channel: text,
  touchpoint: orNull(text),
  stage: orNull(text),
  locale: orNull(text),
  url: orNull(text),
  variant: orNull(text),
  displayedAt: orNull(moment),
  completedAt: orNull(moment),
  dismissedAt: orNull(moment),
  dismissReason: orNull(text),
  answers: z.record(text, answerShape),
  firstAt: moment,
  lastAt: moment,
})
export type Response = z.infer<typeof responseShape>
export const responsesShape = z.object({ responses: z.array(responseShape), next: orNull(text) })
export const responseDetailShape = z.object({
  response: orNull(responseShape),
  ignored: number,
  events: z.array(
    z.object({
      event: z.looseObject({ id: text, type: text, data: z.optional(z.unknown()) }),
      receivedAt: moment,
      occurredAt: moment,
    }),
  ),
})
export type StoredEvent = z.infer<typeof responseDetailShape>['events'][number]

/** One answer as the stream tells it. */
export const liveAnswerShape = z.object({
  row: number,
  response: text,
  survey: text,
  question: text,
  value: z.unknown(),
  band: orNull(text),
  at: moment,
})
export type LiveAnswer = z.infer<typeof liveAnswerShape>

export const customerReportShape = z.object({
  metric: text,
  estimate: estimateShape,
  unit: z.enum(['percent', 'hours', 'amount']),
  window: orNull(number),
  segments: orNull(
    z.object({
      by: text,
      rows: z.array(
        z.object({
          value: orNull(text),
          estimate: estimateShape,
          isHidden: z.boolean(),
          rest: orNull(comparisonShape),
        }),
      ),
      more: number,
    }),
  ),
  definition: text,
  notes: z.array(text),
})
export type CustomerReport = z.infer<typeof customerReportShape>

const scalarsShape = z.record(text, z.union([text, number, z.boolean()]))
const timelineEntryShape = z.object({
  at: moment,
  receivedAt: moment,
  type: text,
  id: text,
  visitor: text,
  touchpoint: orNull(text),
  url: orNull(text),
  survey: orNull(text),
  response: orNull(text),
  question: orNull(text),
  value: z.unknown(),
  band: orNull(text),
  name: orNull(text),
  data: orNull(scalarsShape),
})
export type TimelineEntry = z.infer<typeof timelineEntryShape>
export const personShape = z.object({
  visitors: z.array(z.object({ visitor: text, events: number, firstAt: moment, lastAt: moment })),
  profile: z.object({
    traits: scalarsShape,
    group: orNull(text),
    channels: z.array(text),
    locales: z.array(text),
  }),
  timeline: z.array(timelineEntryShape),
  isComplete: z.boolean(),
})
export type Person = z.infer<typeof personShape>
