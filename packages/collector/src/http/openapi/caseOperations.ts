/** What the document says of the routes about cases. */
import { bulkRequestSchema, caseRequestSchemas } from '../caseSchema.ts'
import type { CaseCommand } from '../../core/cases.ts'
import { admin, type Operation, put } from './operation.ts'

const summaries: Readonly<Record<CaseCommand['do'], string>> = {
  acknowledge: 'Says that a new case is seen; whoever says so looks after it, where nobody does',
  act: 'Says what was done about a case: an action, a note, or both',
  close: 'Closes a case with a reason, and may tell the respondent what was done',
  reopen: 'Opens a case again that was closed',
  assign: 'Gives a case to a person, to a role, or to both',
  note: 'Adds a note for the staff',
  tell: 'Tells the respondent something',
}

/** By method and path. */
export const caseOperations: Readonly<Record<string, Operation>> = {
  'GET /v1/cases': {
    summary: 'Cases that whoever asks may see, newest first',
    query: {
      state: 'new, acknowledged, acted, closed, or open for all but the last',
      role: 'admin, analyst or agent',
      owner: 'Id of `/v1/staff`, me, or none',
      survey: 'Id of a survey',
      response: 'Id of a response',
      person: 'Id of a person or a visitor',
      overdue: '`yes`: open, and to be closed before now',
      limit: 'From 1 to 200, usually 50',
      cursor: 'What `next` of the page before said',
    },
    answers: { 200: 'CasePage', 400: 'Problem', ...admin },
  },
  'GET /v1/cases/{id}': {
    summary: 'One case with its history, the answer, and other cases of the same person',
    answers: { 200: 'CaseDetail', 404: 'Problem', ...admin },
  },
  'POST /v1/cases/acknowledge': {
    summary: 'Acknowledges several; those that are not new or not to be seen are left',
    body: bulkRequestSchema,
    answers: { 200: 'CasesAcknowledged', ...put },
  },
  ...Object.fromEntries(
    Object.entries(caseRequestSchemas).map(([name, body]): [string, Operation] => [
      `POST /v1/cases/{id}/${name}`,
      {
        summary: summaries[name as CaseCommand['do']],
        body,
        answers: { 200: 'Case', 404: 'Problem', 409: 'Problem', ...put },
      },
    ]),
  ),
  'GET /v1/staff': {
    summary: 'Whom cases can be given to, and who asks',
    answers: { 200: 'Staff', ...admin },
  },
  'GET /v1/reports/cases': {
    summary: 'How many cases, and how long until something was done and until they were closed',
    query: {
      survey: 'Id of a survey',
      from: 'Day in UTC (2026-11-21) or moment, included',
      to: 'Day in UTC, included, or moment, excluded',
      timezone: 'Whose days are meant, such as Europe/Berlin; usually UTC',
      by: 'Adds the same by `rule` or `owner`',
    },
    answers: { 200: 'CaseReport', 400: 'Problem', ...admin },
  },
}
