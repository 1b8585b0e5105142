/** What the document says of each route. */
import {
  eraseRequestSchema,
  feedbackRequestSchema,
  placeRequestSchema,
  settingsSchema,
  surveySchema,
} from '@earshot/contract/schema'
import { policySchema } from '../routes/privacy.ts'
import { keyRequestSchema, siteRequestSchema, tokenRequestSchema } from '../routes/access.ts'
import { sessionRequestSchema } from '../routes/session.ts'
import { caseOperations } from './caseOperations.ts'
import { noteOperations } from './noteOperations.ts'
import { customerOperations } from './customerOperations.ts'
import { dashboardOperations } from './dashboardOperations.ts'
import { admin, type Operation, period, put } from './operation.ts'
import { importOperations } from './importOperations.ts'
import { mailOperations } from './mailOperations.ts'
import { outboundOperations } from './outboundOperations.ts'

const browser = {
  400: 'Problem',
  401: 'Problem',
  403: 'Problem',
  413: 'Problem',
  415: 'Problem',
  429: 'Problem',
} as const

const which = { survey: 'Id of a survey', variant: 'Id of a variant', ...period }
const framing = {
  suspects: '`include` counts those that look as if no person had given them; usually `exclude`',
  timezone: 'Whose days are meant, such as Europe/Berlin; usually UTC',
  where: 'Counts only what meets `name:value`; may be given several times: of one name any, of several all',
  minimum: 'Groups of fewer answers are not shown; usually 10. Below that only for who may read responses',
}
const reporting = {
  ...framing,
  interval: 'Adds the trend by `day`, `week`, `month`, `quarter` or `year`; needs `from`',
  by: 'Adds segments by an attribute: channel, touchpoint, stage, locale, variant, version, url, layout, wording, trigger, supported, handledBy, trait.…, hidden.…, answer.…; in `response`, `question` adds the drop-off',
}
const file = { 200: 'text/javascript', 304: null, 404: 'Problem' } as const

/** By method and path, as they are in the table of routes. */
export const operations: Readonly<Record<string, Operation>> = {
  'POST /v1/feedback': {
    summary: 'Takes events; the receipt names every id, after the commit',
    body: feedbackRequestSchema,
    answers: { 200: 'Receipt', ...browser },
  },
  'GET /v1/config': {
    summary: 'Surveys and settings for the SDK',
    query: { key: 'The write key' },
    required: ['key'],
    answers: { 200: 'Config', 304: null, 401: 'Problem', 403: 'Problem', 429: 'Problem' },
  },
  'POST /v1/places': {
    summary: 'Grants a place of a survey with a quota, or says whether a follow-up is settled',
    body: placeRequestSchema,
    answers: { 200: 'Place', 404: 'Problem', ...browser },
  },
  'POST /v1/erase': {
    summary: 'Deletes everything of a visitor, or all but the counts',
    body: eraseRequestSchema,
    answers: { 200: 'Erased', ...browser },
  },
  'GET /v1/surveys': { summary: 'All surveys', answers: { 200: 'SurveyList', ...admin } },
  'GET /v1/surveys/{id}': {
    summary: 'One survey with its versions',
    answers: { 200: 'SurveyVersions', 404: 'Problem', ...admin },
  },
  'PUT /v1/surveys/{id}': {
    summary: 'A new survey, or its next version',
    body: surveySchema,
    answers: { 200: 'PutSurvey', 201: 'PutSurvey', 409: 'Problem', ...put },
  },
  'DELETE /v1/surveys/{id}': {
    summary: 'Removes an inline definition that no response uses',
    query: { version: 'Which version' },
    required: ['version'],
    answers: { 204: null, 400: 'Problem', 404: 'Problem', 409: 'Problem', ...admin },
  },
  'GET /v1/settings': { summary: 'What holds for all surveys', answers: { 200: 'Settings', ...admin } },
  'PUT /v1/settings': {
    summary: 'Replaces what holds for all surveys',
    body: settingsSchema,
    answers: { 200: 'Settings', ...put },
  },
  'GET /v1/responses': {
    summary: 'Responses, newest arrivals first',
    query: {
      ...which,
      status: 'shown, partial, completed or dismissed',
      timezone: 'Whose days are meant; usually UTC',
      q: 'Only those in whose texts all of these are, in any language; what belongs together between quotes',
      score: 'Only those whose first scale has such a score: `9`, or `0-6`',
      where:
        'Only what meets `name:value`, as in reports. A page may have fewer than asked for, and `next` all the same',
      limit: 'From 1 to 200, usually 50',
      cursor: 'What `next` of the page before said',
    },
    answers: { 200: 'ResponsePage', 400: 'Problem', 404: 'Problem', ...admin },
  },
  'GET /v1/responses/{id}': {
    summary: 'One response with its events',
    answers: { 200: 'ResponseWithEvents', 404: 'Problem', ...admin },
  },
  ...Object.fromEntries(
    ['nps', 'enps', 'csat', 'ces', 'question', 'response'].map((metric): [string, Operation] => [
      `GET /v1/reports/${metric}`,
      {
        summary:
          metric === 'question'
            ? 'Report: one question of a survey, or without `question` all of them side by side'
            : `Report: ${metric}`,
        query: {
          ...which,
          ...reporting,
          ...(metric !== 'response' && {
            question: 'Id of a question',
            basis: '`latest` of each person, or `all`',
          }),
          ...(metric === 'question' && {
            choice:
              'Id of a choice whose share is meant, may be given several times; usually those that the survey calls positive. Of yes or no: true or false',
          }),
        },
        answers: { 200: 'ReportOrEach', 400: 'Problem', 404: 'Problem', ...admin },
      },
    ]),
  ),
  'GET /v1/reports/compare': {
    summary: 'Two groups beside each other: difference with interval and p',
    query: {
      ...which,
      metric: 'nps, enps, csat, ces, question or response',
      by: 'The attribute that tells the groups apart, as in the other reports',
      one: 'Its value in the first group; empty: not known',
      other: 'Its value in the second group; without it, all others',
      ...framing,
      question: 'Id of a question',
      choice: 'Id of a choice, with the metric `question`; may be given several times',
      basis: '`latest` of each person, or `all`',
    },
    required: ['metric', 'survey', 'by', 'one'],
    answers: { 200: 'CompareReport', 400: 'Problem', 404: 'Problem', ...admin },
  },
  'GET /v1/reports/themes': {
    summary: 'What answers are about, the most frequent first',
    query: {
      ...which,
      question: 'Id of a question with choices or a text; usually the first',
      band: 'Only of those with such a score: detractor, dissatisfied, hard, …',
      keywords: '`theme:word|word` for a text; may be given several times. Without any, the words themselves',
      ...framing,
    },
    required: ['survey'],
    answers: { 200: 'ThemeReport', 400: 'Problem', 404: 'Problem', ...admin },
  },
  'GET /v1/reports/drivers': {
    summary: 'Which ratings go together with a score',
    query: { ...which, metric: 'nps (usual), enps, csat or ces', question: 'Id of a question', ...framing },
    required: ['survey'],
    answers: { 200: 'DriverReport', 400: 'Problem', 404: 'Problem', ...admin },
  },
  'GET /v1/recommendations': {
    summary: 'What the numbers advise, each with its data, base and interval',
    query: {
      survey: 'Id of a survey; usually all',
      ...period,
      timezone: 'Whose days are meant; usually UTC',
    },
    answers: { 200: 'Recommendations', 400: 'Problem', ...admin },
  },
  ...customerOperations,
  'POST /v1/session': {
    summary: 'Signs in with a token, for pages of the collector: sets a cookie, and gives what changes need',
    body: sessionRequestSchema,
    answers: { 201: 'Session', ...put },
  },
  'GET /v1/session': {
    summary: 'Who is signed in',
    query: { optional: 'Where nobody is, the answer is `{ "session": null }` instead of a 401' },
    answers: { 200: 'MaybeSession', 401: 'Problem' },
    isSession: true,
  },
  'DELETE /v1/session': {
    summary: 'Signs out',
    answers: { 204: null, 401: 'Problem', 403: 'Problem' },
    isSession: true,
  },
  'GET /v1/sites': { summary: 'The sites that the token opens', answers: { 200: 'SiteList', ...admin } },
  'POST /v1/sites': {
    summary: 'Makes a site, with its first write key',
    body: siteRequestSchema,
    answers: { 201: 'MadeSite', 409: 'Problem', ...put },
  },
  'GET /v1/keys': { summary: 'The write keys of the site', answers: { 200: 'KeyList', ...admin } },
  'POST /v1/keys': {
    summary: 'Makes a write key; those that are there stay good',
    body: keyRequestSchema,
    answers: { 201: 'WriteKey', 404: 'Problem', 409: 'Problem', ...put },
  },
  'DELETE /v1/keys/{key}': {
    summary: 'Revokes a write key',
    answers: { 200: 'WriteKey', 404: 'Problem', ...admin },
  },
  'GET /v1/tokens': { summary: 'The tokens, without their secrets', answers: { 200: 'TokenList', ...admin } },
  'POST /v1/tokens': {
    summary: 'Makes a token, and shows it this once',
    body: tokenRequestSchema,
    answers: { 201: 'MadeToken', 404: 'Problem', 409: 'Problem', ...put },
  },
  'DELETE /v1/tokens/{id}': {
    summary: 'Revokes a token',
    answers: { 200: 'Token', 404: 'Problem', 409: 'Problem', ...admin },
  },
  'GET /v1/audit': {
    summary: 'What admins did, newest first; status 102 says what was about to be done',
    query: { limit: 'From 1 to 200, usually 50', cursor: 'What `next` of the page before said' },
    answers: { 200: 'AuditPage', 400: 'Problem', ...admin },
  },
  'GET /v1/privacy': {
    summary: 'What is taken out of texts when they arrive, and how long answers are kept',
    answers: { 200: 'Policy', ...admin },
  },
  'PUT /v1/privacy': {
    summary: 'Replaces it; what is stored already stays as it is until it is old',
    body: policySchema,
    answers: { 200: 'Policy', ...put },
  },
  'GET /v1/people/{id}': {
    summary: 'The visitors that the id of a visitor or a person stands for',
    answers: { 200: 'Person', 404: 'Problem', ...admin },
  },
  'GET /v1/people/{id}/export': {
    summary: 'Everything of a person, as lines of JSON',
    answers: { 200: 'application/x-ndjson', 404: 'Problem', ...admin },
  },
  'DELETE /v1/people/{id}': {
    summary: 'Erases a person, with a receipt',
    query: {
      keep: 'nothing (the default), or counts: scores and choices go on being counted with survey, version, variant, channel and day, and are of nobody',
    },
    answers: { 200: 'Erasure', 400: 'Problem', ...admin },
  },
  'GET /v1/suspects': {
    summary: 'Responses that look as if no person had given them',
    query: { survey: 'Id of a survey', ...period, limit: 'From 1 to 200, usually 50' },
    answers: { 200: 'SuspectList', 400: 'Problem', 404: 'Problem', ...admin },
  },
  'DELETE /v1/suspects/{id}': {
    summary: 'Lets a response count like any other, for good',
    answers: { 204: null, 404: 'Problem', ...admin },
  },
  ...outboundOperations,
  ...caseOperations,
  ...noteOperations,
  ...mailOperations,
  ...importOperations,
  'GET /v1/stats': { summary: 'How much was accepted and is stored', answers: { 200: 'Stats', ...admin } },
  'GET /v1/export': {
    summary: 'All responses as CSV or NDJSON, streamed',
    query: { format: '`csv` or `ndjson`', ...which },
    answers: { 200: 'text/*', 400: 'Problem', 404: 'Problem', ...admin },
  },
  'GET /v1/stream': {
    summary: 'New answers as they arrive, as server-sent events',
    query: {
      after: 'What the last `id` said, as the header `Last-Event-ID`; without it, what comes from now on',
    },
    answers: { 200: 'text/event-stream', 400: 'Problem', ...admin },
  },
  'GET /earshot.js': { summary: 'The loader of the SDK', answers: file },
  'GET /sdk/{version}/{file}': { summary: 'A chunk of the SDK', answers: file },
  ...dashboardOperations,
  'GET /healthz': { summary: 'Whether the process answers', answers: { 200: 'Health' } },
  'GET /readyz': { summary: 'Whether answers can be taken now', answers: { 200: 'Ready' } },
  'GET /metrics': {
    summary: 'Counters for Prometheus',
    answers: { 200: 'text/plain', 401: 'Problem', 429: 'Problem' },
    isMetrics: true,
  },
  'GET /openapi.json': { summary: 'This document', answers: { 200: 'Document', 304: null } },
  'GET /docs/api': { summary: 'This document, to be read', answers: { 200: 'text/html', 304: null } },
}
