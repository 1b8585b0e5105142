/** Schema of a note of the staff, as it is sent. */
import { z } from 'zod'
import { mostNoted } from '../core/notes.ts'

/** What is sent. */
export interface NoteRequest {
  text: string
  theme?: string | undefined
  responses: string[]
}

export const noteRequestSchema: z.ZodType<NoteRequest> = z.strictObject({
  text: z.string().trim().min(1).max(5000),
  theme: z.string().trim().min(1).max(100).optional(),
  responses: z.array(z.uuid()).min(1).max(mostNoted),
})
