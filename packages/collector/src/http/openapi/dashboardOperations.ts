/** What the document says of the dashboard and the documentation. */
import type { Operation } from './operation.ts'

const page = { 200: 'text/html', 304: null, 404: 'Problem' } as const
const docsFile = { 200: '*/*', 304: null, 404: 'Problem' } as const

/** By method and path. */
export const dashboardOperations: Readonly<Record<string, Operation>> = {
  'GET /dashboard': { summary: 'The dashboard', answers: page },
  'GET /dashboard/': { summary: 'The dashboard', answers: page },
  'GET /dashboard/{page}': { summary: 'A page of the dashboard', answers: page },
  'GET /dashboard/{page}/{id}': { summary: 'A page of the dashboard about one thing', answers: page },
  'GET /dashboard/mail.html': {
    summary: 'The frame that a message is shown in, without an origin',
    answers: page,
  },
  'GET /dashboard/preview.html': { summary: 'The page in which the dashboard shows a survey', answers: page },
  'GET /dashboard/assets/{name}': {
    summary: 'A file of the dashboard',
    answers: { 200: '*/*', 304: null, 404: 'Problem' },
  },
  'GET /docs': { summary: 'The documentation', answers: page },
  'GET /docs/': { summary: 'The documentation', answers: page },
  'GET /docs/{one}': { summary: 'A page of the documentation', answers: page },
  'GET /docs/{one}/{two}': { summary: 'A page of the documentation, or one of its files', answers: docsFile },
  'GET /docs/{one}/{two}/{three}': { summary: 'A file of the documentation', answers: docsFile },
}
