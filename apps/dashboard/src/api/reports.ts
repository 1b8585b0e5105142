/** Reports of the collector: which there are, how they are asked for, and what they are called. */
import type { Survey } from '@earshot/contract'
import * as z from 'zod/mini'
import type { Period } from '../period/period.ts'
import { withQuery } from './query.ts'
import { ask, type Reply } from './request.ts'
import { type Estimate, estimateShape, type Report, reportShape, type SurveySummary } from './shapes.ts'

/** What is reported, and of whom. */
export interface Wanted {
  metric: string
  survey: string
  question?: string | null
  variant?: string | null
  /** Adds the trend. */
  interval?: string | null
  /** Adds the segments. */
  by?: string | null
  /** Only what meets these, `name:value`. */
  where?: readonly string[]
}

/** Reports of both versions of the effort score have one name. */
const reportNameOf = (metric: string): string => metric.replace(/^ces[12]$/, 'ces')

/** How a metric is called. */
export const metricNames: Readonly<Record<string, string>> = {
  nps: 'NPS',
  enps: 'Employee NPS',
  csat: 'CSAT',
  ces: 'CES',
  ces1: 'CES 1.0',
  ces2: 'CES 2.0',
  rating: 'Rating',
  response: 'Response rate',
}

/** Ends of a metric, for an axis. */
export function rangeOf(report: Pick<Report, 'unit' | 'scale'>): readonly [number, number] {
  if (report.unit === 'points') return [-100, 100]
  if (report.unit === 'percent' || !report.scale) return [0, 100]
  return [report.scale.min, report.scale.max]
}

/** Whether less is better: so it is with the effort of CES 1.0. */
export const lowerIsBetter = (report: Pick<Report, 'scale'>): boolean => report.scale?.metric === 'ces1'

/** What stands beside a share of answers on a scale, in scale points; null where the number is the mean itself, or none. */
export function meanBeside({
  unit,
  scale,
  result,
}: Report): { mean: Estimate; median: number | null } | null {
  if (unit !== 'percent' || !scale) return null
  const read = meanShape.safeParse(result)
  return read.success && read.data.mean.value !== null ? read.data : null
}

const meanShape = z.object({ mean: estimateShape, median: z.nullable(z.number()) })

/** The address of a report of a period, in its time zone. */
export function reportPath({ metric, ...wanted }: Wanted, { bounds, zone }: Period): string {
  return withQuery(`/v1/reports/${metric}`, { ...wanted, ...bounds, timezone: zone })
}

/** One report. */
export const readReport = (wanted: Wanted, period: Period, signal: AbortSignal): Promise<Reply<Report>> =>
  ask(reportPath(wanted, period), reportShape, { signal })

const reportsShape = z.object({ reports: z.array(reportShape) })

/** The reports of all surveys that ask for the metric, in one answer. */
export async function readOfEach(
  metric: string,
  { bounds, zone }: Period,
  signal: AbortSignal,
): Promise<Reply<readonly Report[]>> {
  const path = withQuery(`/v1/reports/${metric}`, { by: 'survey', ...bounds, timezone: zone })
  const reply = await ask(path, reportsShape, { signal })
  return reply.ok ? { ok: true, value: reply.value.reports } : reply
}

/** The reports of all questions of a survey that can be counted, in one answer. */
export async function readQuestions(
  wanted: Omit<Wanted, 'metric'>,
  period: Period,
  signal: AbortSignal,
): Promise<Reply<readonly Report[]>> {
  const reply = await ask(reportPath({ metric: 'question', ...wanted }, period), reportsShape, { signal })
  return reply.ok ? { ok: true, value: reply.value.reports } : reply
}

/** All or the first that failed. Asked a few at a time, so that a page of many does not stand in its own way. */
export async function readAll<Item, Value>(
  items: readonly Item[],
  read: (item: Item) => Promise<Reply<Value>>,
): Promise<Reply<Value[]>> {
  const values: Value[] = []
  for (let at = 0; at < items.length; at += 6) {
    const replies = await Promise.all(items.slice(at, at + 6).map(read))
    for (const reply of replies) {
      if (!reply.ok) return reply
      values.push(reply.value)
    }
  }
  return { ok: true, value: values }
}

/** What a survey is called: its first question, as there is no other title. */
export function titleOf(survey: Survey): string {
  const [first] = survey.questions
  return first?.title ?? survey.id
}

/** Metrics of a survey that have a report, in the order of its questions. */
export const reportsOf = ({ metrics }: Pick<SurveySummary, 'metrics'>): string[] => [
  ...new Set(metrics.filter((each) => each !== 'rating').map(reportNameOf)),
]
