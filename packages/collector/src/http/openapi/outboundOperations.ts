/** What the document says of the routes about follow-ups and webhooks. */
import { planSchema, retrySchema, trialSchema, webhookRequestSchema } from '../followUpSchema.ts'
import { admin, type Operation, put } from './operation.ts'

/** By method and path. */
export const outboundOperations: Readonly<Record<string, Operation>> = {
  'GET /v1/follow-ups': {
    summary: 'What follows what, outside of the page',
    isTagged: true,
    answers: { 200: 'FollowUpPlan', 304: null, ...admin },
  },
  'PUT /v1/follow-ups': {
    summary: 'Replaces it; what is under way is judged by the new one',
    headers: { 'If-Match': '`ETag` of the plan in whose place it is put; without it of any' },
    isTagged: true,
    body: planSchema,
    answers: { 200: 'FollowUpPlan', 412: 'Problem', ...put },
  },
  'POST /v1/follow-ups/simulate': {
    summary: 'What a plan would have done with what happened; it sends and stores nothing',
    body: trialSchema,
    answers: { 200: 'FollowUpTrial', 503: 'Problem', ...put },
  },
  'GET /v1/jobs': {
    summary: 'Follow-ups and deliveries, newest first',
    query: {
      state: 'waiting, done, stopped, or dead for what was given up',
      webhook: 'Id of a webhook: what goes there alone',
      response: 'Id of a response: what is about it alone',
      case: 'Id of a case: what is about it alone',
      rule: 'Id of a rule of the plan: what it put down, and what its cases brought, alone',
      person: 'Id of a person or a visitor: what is about them alone, on all their devices',
      limit: 'From 1 to 200, usually 50',
      cursor: 'What `next` of the page before said',
    },
    answers: { 200: 'JobPage', 400: 'Problem', ...admin },
  },
  'GET /v1/jobs/{job}': {
    summary: 'One of them, with what it brings',
    answers: { 200: 'Job', 404: 'Problem', ...admin },
  },
  'POST /v1/jobs/retry': {
    summary: 'Does all that was given up once more, a thousand at a time',
    body: retrySchema,
    answers: { 200: 'RetriedJobs', ...put },
  },
  'POST /v1/jobs/{job}/retry': {
    summary:
      'Sends a delivery that has ended once more, under the same webhook-id; or does again what was given up',
    answers: { 202: null, 404: 'Problem', ...admin },
  },
  'GET /v1/webhooks': {
    summary: 'The webhooks, without their secrets',
    answers: { 200: 'WebhookList', ...admin },
  },
  'POST /v1/webhooks': {
    summary: 'Makes a webhook, and shows its secret this once',
    body: webhookRequestSchema,
    answers: { 201: 'MadeWebhook', 409: 'Problem', ...put },
  },
  'PUT /v1/webhooks/{id}': {
    summary: 'Changes a webhook; its secrets stay',
    body: webhookRequestSchema,
    answers: { 200: 'Webhook', 404: 'Problem', ...put },
  },
  'DELETE /v1/webhooks/{id}': {
    summary: 'Removes a webhook; what was to go there is stopped',
    answers: { 204: null, 404: 'Problem', 409: 'Problem', ...admin },
  },
  'POST /v1/webhooks/{id}/secret': {
    summary: 'Makes a new secret, and shows it this once; the one before is good for a day',
    answers: { 200: 'MadeWebhook', 404: 'Problem', ...admin },
  },
  'POST /v1/webhooks/{id}/test': {
    summary: 'Sends a message that says no more than that it arrives',
    answers: { 202: null, 404: 'Problem', ...admin },
  },
}
