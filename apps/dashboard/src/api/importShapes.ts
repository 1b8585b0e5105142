/** What the collector answers about an import. */
import * as z from 'zod/mini'

const number = z.number()
const text = z.string()

export const importShape = z.object({
  responses: number,
  skipped: z.array(z.object({ reason: text, rows: number })),
  errors: z.array(z.object({ line: number, message: text })),
  bad: number,
  columns: z.array(text),
  taken: z.record(text, text),
  stored: z.nullable(z.object({ accepted: number, duplicates: number, refused: number })),
})
export type ImportAnswer = z.infer<typeof importShape>
