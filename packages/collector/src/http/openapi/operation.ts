/** What the document says of one route. */
import type { z } from 'zod'
import type { SchemaName } from './schemas.ts'

/** What is in an answer. */
export type Content = SchemaName | `${string}/${string}`

/** A route in words, and what goes in and out. */
export interface Operation {
  summary: string
  /** Parameters of the query: what each means. */
  query?: Readonly<Record<string, string>>
  /** Those that must be there. */
  required?: readonly string[]
  /** Headers of the request: what each means. */
  headers?: Readonly<Record<string, string>>
  /** Whether what it gives has an `ETag`. */
  isTagged?: true
  /** The body, as JSON. */
  body?: z.ZodType
  /** Answers by status: the name of a schema, a media type for what is no JSON, null for none, or several that `Accept` chooses from. */
  answers: Readonly<Record<number, Content | null | readonly Content[]>>
  /** Whether the metrics token opens it too. */
  isMetrics?: true
  /** Whether it goes by the cookie of a session alone. */
  isSession?: true
}

/** What the document says of the period of a report. */
export const period: Readonly<Record<'from' | 'to', string>> = {
  from: 'Day in UTC (2026-11-21) or moment, included',
  to: 'Day in UTC, included, or moment, excluded',
}

/** Refusals of any route that wants a token. */
export const admin: Operation['answers'] = { 401: 'Problem', 403: 'Problem', 429: 'Problem' }
/** The same of one that takes a body. */
export const put: Operation['answers'] = { 400: 'Problem', 413: 'Problem', 415: 'Problem', ...admin }
