/** Schemas of all that the routes give; those of the wire are the contract's own. */
import { z } from 'zod'
import {
  configSchema,
  eventSchema,
  placeSchema,
  problemSchema,
  receiptSchema,
  scalarsSchema,
  settingsSchema,
  surveySchema,
} from '@earshot/contract/schema'
import { caseDetailOf, casePageOf, caseSchemas } from './caseSchemas.ts'
import { accessSchemas } from './accessSchemas.ts'
import { outboundSchemas } from './outboundSchemas.ts'
import { reportSchemas } from './reportSchemas.ts'
import type { KeptResponse } from '../../core/project.ts'
import type { Stats } from '../../ports/countStore.ts'

const moment = z.iso.datetime()
const count = z.int().min(0)

const answer = z.strictObject({
  value: z.union([z.number(), z.string(), z.boolean(), z.array(z.string())]),
  other: z.string().optional(),
  order: z.array(z.string()).optional(),
  revision: count,
  at: moment,
})

const response = z.strictObject({
  id: z.string(),
  survey: z.string(),
  version: z.int(),
  status: z.enum(['shown', 'partial', 'completed', 'dismissed']),
  visitor: z.string(),
  person: z.string().nullable(),
  session: z.string(),
  channel: z.string(),
  touchpoint: z.string().nullable(),
  stage: z.string().nullable(),
  locale: z.string().nullable(),
  url: z.string().nullable(),
  variant: z.string().nullable(),
  trigger: z.unknown(),
  followUp: z.string().nullable(),
  hidden: scalarsSchema.nullable(),
  layout: z.string().nullable(),
  wording: z.string().nullable(),
  displayedAt: moment.nullable(),
  answers: z.record(z.string(), answer),
  completedAt: moment.nullable(),
  dismissedAt: moment.nullable(),
  dismissReason: z.string().nullable(),
  firstAt: moment,
  lastAt: moment,
  overQuota: z.boolean(),
})
/** Fails to compile when a response has a field that the schema lacks, or the other way round. */
const sameFields: Record<keyof KeptResponse, unknown> &
  Record<Exclude<keyof typeof response.shape, keyof KeptResponse>, never> = response.shape

const source = z.enum(['served', 'inline'])
const summary = {
  id: z.string(),
  version: z.int(),
  source,
  metrics: z.array(z.string()),
  survey: surveySchema,
}

const flaw = z.looseObject({ path: z.string(), message: z.string() })
const stats = z.strictObject({
  accepted: count,
  duplicates: count,
  rejected: count,
  events: count,
  responses: count,
  lost: count,
}) satisfies z.ZodType<Stats>

/** Name of a schema. */
export type SchemaName =
  | keyof typeof accessSchemas
  | keyof typeof outboundSchemas
  | keyof typeof caseSchemas
  | 'CasePage'
  | 'CaseDetail'
  | keyof typeof reportSchemas
  | 'Receipt'
  | 'Config'
  | 'Place'
  | 'Erased'
  | 'Survey'
  | 'PutSurvey'
  | 'SurveyList'
  | 'SurveyVersions'
  | 'Settings'
  | 'Response'
  | 'ResponsePage'
  | 'ResponseWithEvents'
  | 'ImportResult'
  | 'Stats'
  | 'Health'
  | 'Ready'
  | 'Document'
  | 'Problem'

/** By name, as they stand under `components.schemas`. */
export const schemas: Readonly<Record<SchemaName, z.ZodType>> = {
  Receipt: receiptSchema,
  Config: configSchema,
  Place: placeSchema,
  Erased: z.strictObject({
    erased: count,
    keep: z.literal('counts').optional(),
    keptResponses: count.optional(),
  }),
  Survey: surveySchema,
  PutSurvey: z.strictObject({
    ...(surveySchema as unknown as z.ZodObject).shape,
    warnings: z.array(flaw).optional(),
  }),
  SurveyList: z.strictObject({ surveys: z.array(z.strictObject(summary)) }),
  SurveyVersions: z.strictObject({
    ...summary,
    versions: z.array(z.strictObject({ survey: surveySchema, source })),
  }),
  Settings: settingsSchema,
  Response: z.strictObject(sameFields as typeof response.shape),
  ResponsePage: z.strictObject({ responses: z.array(response), next: z.string().nullable() }),
  ResponseWithEvents: z.strictObject({
    response: response.nullable(),
    ignored: count,
    events: z.array(
      z.strictObject({
        event: eventSchema,
        country: z.string().length(2).nullable(),
        receivedAt: moment,
        occurredAt: moment,
      }),
    ),
  }),
  ...accessSchemas,
  ...outboundSchemas,
  ...caseSchemas,
  CasePage: casePageOf(response),
  CaseDetail: caseDetailOf(response),
  ...reportSchemas,
  ImportResult: z.strictObject({
    responses: count,
    skipped: z.array(z.strictObject({ reason: z.string(), rows: count })),
    errors: z.array(z.strictObject({ line: count, message: z.string() })),
    bad: count,
    columns: z.array(z.string()),
    taken: z.record(z.string(), z.string()),
    stored: z.strictObject({ accepted: count, duplicates: count, refused: count }).nullable(),
  }),
  Stats: stats,
  Health: z.strictObject({ status: z.literal('ok') }),
  Ready: z.strictObject({ status: z.literal('ready') }),
  Document: z.looseObject({ openapi: z.literal('3.1.0') }),
  Problem: z.looseObject({
    ...(problemSchema as unknown as z.ZodObject).shape,
    errors: z.array(flaw).optional(),
    warnings: z.array(flaw).optional(),
  }),
}
