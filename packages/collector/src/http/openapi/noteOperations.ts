/** What the document says of the routes about notes of the staff. */
import { noteRequestSchema } from '../noteSchema.ts'
import { admin, type Operation, put } from './operation.ts'

const written = {
  survey: 'Only notes about an answer of this survey',
  from: 'Written on this day (2026-11-21) or at this moment, or later',
  to: 'Written on this day or before, or before this moment',
  timezone: 'Whose days are meant, such as Europe/Berlin; usually UTC',
}

/** By method and path. */
export const noteOperations: Readonly<Record<string, Operation>> = {
  'GET /v1/notes': {
    summary: 'Notes of the staff on answers, newest first',
    query: {
      ...written,
      response: 'Only notes about this answer',
      limit: 'From 1 to 200, usually 50',
      cursor: 'What `next` of the page before said',
    },
    answers: { 200: 'NotePage', 400: 'Problem', 404: 'Problem', ...admin },
  },
  'POST /v1/notes': {
    summary: 'Writes a note on one answer or on several',
    body: noteRequestSchema,
    answers: { 201: 'Note', 404: 'Problem', ...put },
  },
  'DELETE /v1/notes/{id}': {
    summary: 'Deletes a note: of whoever asks, or for an admin any',
    answers: { 204: null, 404: 'Problem', ...admin },
  },
  'GET /v1/notes/export': {
    summary: 'Notes of a period with the answers that they are about, as CSV or NDJSON, streamed',
    query: { format: '`csv` or `ndjson`', ...written },
    answers: { 200: 'text/*', 400: 'Problem', 404: 'Problem', ...admin },
  },
}
