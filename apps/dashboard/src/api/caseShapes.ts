/** What the collector answers about cases. */
import * as z from 'zod/mini'
import { estimateShape, responseShape, roleShape } from './shapes.ts'

const text = z.string()
const number = z.number()
const moment = z.string()
const orNull = <Shape extends z.ZodMiniType>(shape: Shape): z.ZodMiniNullable<Shape> => z.nullable(shape)

export const caseShape = z.object({
  id: text,
  rule: text,
  survey: orNull(text),
  response: orNull(text),
  visitor: text,
  person: orNull(text),
  title: text,
  priority: z.enum(['high', 'normal', 'low']),
  role: orNull(text),
  owner: orNull(text),
  state: z.enum(['new', 'acknowledged', 'acted', 'closed']),
  openedAt: moment,
  dueAt: orNull(moment),
  acknowledgedAt: orNull(moment),
  actedAt: orNull(moment),
  closedAt: orNull(moment),
  reason: orNull(text),
  reopened: number,
  version: number,
  isOverdue: z.boolean(),
  can: z.array(text),
})
export type Case = z.infer<typeof caseShape>

export const casesShape = z.object({
  cases: z.array(caseShape),
  responses: z.array(responseShape),
  next: orNull(text),
})

const entryShape = z.object({
  number,
  at: moment,
  who: text,
  what: text,
  to: text,
  role: orNull(text),
  owner: orNull(text),
  action: orNull(text),
  reason: orNull(text),
  note: orNull(text),
  message: orNull(text),
})
export type CaseEntry = z.infer<typeof entryShape>

export const caseDetailShape = z.object({
  case: caseShape,
  history: z.array(entryShape),
  response: orNull(responseShape),
  others: z.array(caseShape),
})

export const staffShape = z.object({
  me: text,
  staff: z.array(z.object({ id: text, name: text, role: roleShape })),
})
export type Staff = z.infer<typeof staffShape>

export const acknowledgedShape = z.object({ acknowledged: z.array(text), left: z.array(text) })

const timesShape = z.object({ median: estimateShape, p90: estimateShape })
export const caseReportShape = z.object({
  opened: number,
  closed: number,
  open: number,
  overdue: number,
  firstAction: timesShape,
  close: timesShape,
  definition: text,
})
