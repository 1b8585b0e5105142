/** Schemas of what the routes about cases and notes give. */
import { z } from 'zod'
import { caseActions, casePriorities, caseReasons, caseRoles, caseStates } from '../../core/cases.ts'
import { estimate } from './reportSchemas.ts'

const moment = z.iso.datetime()
const count = z.int().min(0)
const text = z.string().nullable()
const window = z.strictObject({
  from: moment,
  to: moment,
  value: z.number().nullable(),
  interval: z.tuple([z.number(), z.number()]).nullable(),
  n: count,
})
const alertFacts = z.strictObject({
  survey: z.string(),
  metric: z.enum(['nps', 'enps', 'csat', 'ces', 'response']),
  question: text,
  definitionId: z.enum(['nps', 'enps', 'csat', 'ces-1.0', 'ces-2.0', 'response-rate']),
  unit: z.enum(['points', 'percent', 'scale points']),
  side: z.enum(['fall', 'rise', 'below', 'above']),
  bound: z.number().nullable(),
  days: count,
  level: z.number(),
  window,
  before: window,
  /** The window minus the one before. */
  change: z
    .strictObject({
      value: z.number(),
      interval: z.tuple([z.number(), z.number()]).nullable(),
      p: z.number().nullable(),
    })
    .nullable(),
})
const commands = z.enum(['acknowledge', 'act', 'close', 'reopen', 'assign', 'note', 'tell'])

const shown = z.strictObject({
  id: z.string(),
  rule: z.string(),
  cause: z.string(),
  survey: text,
  response: text,
  /** Null where an alert has opened it, which concerns nobody. */
  visitor: text,
  person: text,
  alert: alertFacts.nullable(),
  title: z.string(),
  priority: z.enum(casePriorities),
  role: z.enum(caseRoles).nullable(),
  owner: text,
  state: z.enum(caseStates),
  openedAt: moment,
  dueAt: moment.nullable(),
  acknowledgedAt: moment.nullable(),
  actedAt: moment.nullable(),
  closedAt: moment.nullable(),
  reason: z.enum(caseReasons).nullable(),
  changedAt: moment,
  reopened: count,
  version: count,
  isOverdue: z.boolean(),
  /** What whoever asks can do now. */
  can: z.array(commands),
})
const entry = z.strictObject({
  number: count,
  at: moment,
  who: z.string(),
  what: z.enum(['open', ...commands.options]),
  from: z.enum(caseStates).nullable(),
  to: z.enum(caseStates),
  role: z.enum(caseRoles).nullable(),
  owner: text,
  action: z.enum(caseActions).nullable(),
  reason: z.enum(caseReasons).nullable(),
  note: text,
  message: text,
})
const times = z.strictObject({ median: estimate, p90: estimate })
const numbers = {
  opened: count,
  closed: count,
  open: count,
  overdue: count,
  untouched: count,
  firstAction: times,
  close: times,
}

const note = z.strictObject({
  id: z.string(),
  at: moment,
  /** Id of the token of whoever wrote it. */
  who: z.string(),
  /** Its name; null where it is not known any more. */
  name: text,
  theme: text,
  text: z.string(),
  responses: z.array(z.string()),
})

/** By name, as they stand under `components.schemas`. */
export const caseSchemas: Readonly<
  Record<'Case' | 'CasesAcknowledged' | 'Staff' | 'CaseReport' | 'Note' | 'NotePage', z.ZodType>
> = {
  Case: shown,
  Note: note,
  NotePage: z.strictObject({ notes: z.array(note), next: text }),
  CasesAcknowledged: z.strictObject({ acknowledged: z.array(z.string()), left: z.array(z.string()) }),
  Staff: z.strictObject({
    me: z.string(),
    staff: z.array(z.strictObject({ id: z.string(), name: z.string(), role: z.enum(caseRoles) })),
  }),
  CaseReport: z.strictObject({
    survey: text,
    from: moment.nullable(),
    to: moment.nullable(),
    timezone: z.string(),
    unit: z.literal('hours'),
    ...numbers,
    groups: z.array(z.strictObject({ value: text, ...numbers })).nullable(),
    definition: z.string(),
  }),
}

/** Cases with the answers that they are about. */
export function casePageOf(response: z.ZodType): z.ZodType {
  return z.strictObject({
    cases: z.array(shown),
    responses: z.array(response),
    next: z.string().nullable(),
  })
}

/** One case with the answer that it is about. */
export function caseDetailOf(response: z.ZodType): z.ZodType {
  return z.strictObject({
    case: shown,
    history: z.array(entry),
    response: response.nullable(),
    others: z.array(shown),
  })
}
