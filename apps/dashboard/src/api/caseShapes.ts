/** What the collector answers about cases. */
import * as z from 'zod/mini'
import { estimateShape, responseShape, roleShape } from './shapes.ts'

const text = z.string()
const number = z.number()
const moment = z.string()
const orNull = <Shape extends z.ZodMiniType>(shape: Shape): z.ZodMiniNullable<Shape> => z.nullable(shape)

const windowShape = z.object({
  from: moment,
  to: moment,
  value: orNull(number),
  interval: orNull(z.tuple([number, number])),
  n: number,
})
const alertShape = z.object({
  survey: text,
  metric: text,
  definitionId: text,
  unit: z.enum(['points', 'percent', 'scale points']),
  side: z.enum(['fall', 'rise', 'below', 'above']),
  bound: orNull(number),
  days: number,
  level: number,
  window: windowShape,
  before: windowShape,
  change: orNull(z.object({ value: number, interval: orNull(z.tuple([number, number])), p: orNull(number) })),
})
export type CaseAlert = z.infer<typeof alertShape>

export const caseShape = z.object({
  id: text,
  rule: text,
  survey: orNull(text),
  response: orNull(text),
  visitor: orNull(text),
  person: orNull(text),
  alert: orNull(alertShape),
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

export const noteShape = z.object({
  id: text,
  at: moment,
  who: text,
  name: orNull(text),
  theme: orNull(text),
  text,
  responses: z.array(text),
})
export type Note = z.infer<typeof noteShape>
export const notesShape = z.object({ notes: z.array(noteShape), next: orNull(text) })
