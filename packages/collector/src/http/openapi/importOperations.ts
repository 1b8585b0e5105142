/** What the document says of bringing answers in. */
import { importSchema } from '../routes/import.ts'
import type { Operation } from './operation.ts'

/** By method and path. */
export const importOperations: Readonly<Record<string, Operation>> = {
  'POST /v1/import': {
    summary:
      'Brings answers of other programs or of an export, or life-cycle events, into the site: all lines are looked at, then all are stored, or none',
    body: importSchema,
    answers: {
      200: 'ImportResult',
      400: 'Problem',
      401: 'Problem',
      403: 'Problem',
      409: 'Problem',
      413: 'Problem',
      415: 'Problem',
      429: 'Problem',
    },
  },
}
