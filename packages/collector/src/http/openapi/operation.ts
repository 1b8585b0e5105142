/** What the document says of one route. */
import type { z } from 'zod'
import type { SchemaName } from './schemas.ts'

/** A route in words, and what goes in and out. */
export interface Operation {
  summary: string
  /** Parameters of the query: what each means. */
  query?: Readonly<Record<string, string>>
  /** Those that must be there. */
  required?: readonly string[]
  /** The body, as JSON. */
  body?: z.ZodType
  /** Answers by status: the name of a schema, a media type for what is no JSON, or null for none. */
  answers: Readonly<Record<number, SchemaName | `${string}/${string}` | null>>
  /** Whether the metrics token opens it too. */
  isMetrics?: true
  /** Whether it goes by the cookie of a session alone. */
  isSession?: true
}
