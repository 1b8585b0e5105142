/** What the document says of the routes about what becomes of customers. */
import { customerMetrics } from '../../core/customerNumbers.ts'
import { lifecycleSchema } from '../routes/lifecycle.ts'
import { admin, type Operation, period, put } from './operation.ts'

/** By method and path. */
export const customerOperations: Readonly<Record<string, Operation>> = {
  'POST /v1/lifecycle': {
    summary: 'Takes life-cycle events from servers; the receipt names every id',
    body: lifecycleSchema,
    answers: { 200: 'Receipt', ...put },
  },
  ...Object.fromEntries(
    customerMetrics.map((metric): [string, Operation] => [
      `GET /v1/reports/${metric}`,
      {
        summary: `Report on customers: ${metric}`,
        query: {
          ...period,
          timezone: 'Whose days are meant; usually UTC',
          where:
            'Counts only customers who met `name:value` when the period began, of `trait.…`, `supported` and `handledBy`; may be given several times: of one name any, of several all',
          by: 'Splits by `trait.…`, `supported` or `handledBy`, as known when the period began: `segments`',
          minimum: 'Groups of a smaller n are hidden; usually 10, and less for roles that may read responses',
          ...((metric === 'fcr' || metric === 'trial') && {
            window:
              metric === 'fcr'
                ? 'Days that an enquiry must stay solved; usually 7'
                : 'Days in which a trial may become paid; usually 30',
          }),
        },
        answers: { 200: 'CustomerReport', 400: 'Problem', ...admin },
      },
    ]),
  ),
}
