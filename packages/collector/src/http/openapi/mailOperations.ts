/** What the document says of mail, and of the pages behind its links. */
import {
  mailAddressSchema,
  mailTestSchema,
  previewSchema,
  rotationSchema,
  unsubscribeSchema,
} from '../mailSchema.ts'
import { admin, type Operation, put } from './operation.ts'

/** A page for who asks for HTML, a problem for anybody else. */
const either = ['text/html', 'Problem'] as const
const page = { 200: 'text/html', 404: either, 429: 'Problem' } as const
const survey = { ...page, 200: ['text/html', 'HostedState'], 409: 'Problem', 410: either } as const

/** By method and path. */
export const mailOperations: Readonly<Record<string, Operation>> = {
  'GET /v1/people/{id}/mail': {
    summary: 'The address of a person',
    answers: { 200: 'MailAddress', 404: 'Problem', ...admin },
  },
  'PUT /v1/people/{id}/mail': {
    summary: 'Tells where a person is written to, and in which language',
    body: mailAddressSchema,
    answers: { 204: null, ...put },
  },
  'DELETE /v1/people/{id}/mail': {
    summary: 'Forgets the address of a person',
    answers: { 204: null, 404: 'Problem', ...admin },
  },
  'GET /v1/unsubscribed': {
    summary: 'Who wants no mail, newest first; of who was erased, no name is left',
    query: {
      q: 'A part of the id of a person, or a whole address',
      limit: 'From 1 to 200, usually 50',
      cursor: 'What `next` of the page before said',
    },
    answers: { 200: 'UnsubscribedPage', 400: 'Problem', ...admin },
  },
  'PUT /v1/unsubscribed/{id}': {
    summary: 'Keeps that a person wants no mail, and stops messages that wait',
    body: unsubscribeSchema,
    answers: { 204: null, ...put },
  },
  'DELETE /v1/unsubscribed/{id}': {
    summary: 'Lets a person have mail again',
    query: { reason: 'Why, for the log of what admins did: `asked` or `mistake`' },
    answers: { 204: null, 400: 'Problem', 404: 'Problem', ...admin },
  },
  'GET /v1/mail': { summary: 'Whether and by whom mail is sent', answers: { 200: 'MailState', ...admin } },
  'POST /v1/mail/preview': {
    summary: 'A message as somebody with this language would get it; its links open nothing',
    body: previewSchema,
    answers: { 200: 'MailPreview', 404: 'Problem', ...put },
  },
  'POST /v1/mail/test': {
    summary: 'Sends such a message once to an address, to be looked at; its links open nothing',
    body: mailTestSchema,
    answers: { 200: 'MailTried', 404: 'Problem', 409: 'Problem', 502: 'Problem', ...put },
  },
  'POST /v1/mail/secret': {
    summary: 'Signs links with a new secret; those that were sent go on working for so many days, usually 60',
    body: rotationSchema,
    answers: { 200: 'LinkRotation', ...put },
  },
  'GET /s/{token}': {
    summary:
      'The survey behind a link of a message, as a page, or as JSON for the script of that page; to look changes nothing',
    query: { a: 'The answer that the link has chosen' },
    answers: survey,
  },
  'POST /s/{token}': {
    summary:
      'Answers a question, as a form of HTML, and gives the next page; or takes what the script of the page tells, as JSON',
    answers: { ...survey, 400: either, 413: 'Problem', 415: 'Problem' },
  },
  'GET /u/{token}': { summary: 'Asks before somebody unsubscribes', answers: page },
  'POST /u/{token}': {
    summary: 'Unsubscribes, with one click (RFC 8058)',
    answers: { ...page, 413: 'Problem' },
  },
  'GET /hosted/page.css': {
    summary: 'The sheet of the pages behind links',
    answers: { 200: 'text/css', 304: null },
  },
  'GET /hosted/card.js': {
    summary: 'Shows the survey of such a page in the card of the SDK',
    answers: { 200: 'text/javascript', 304: null, 404: 'Problem' },
  },
  'GET /hosted/page.js': {
    summary: 'Has a tap confirm what a link has chosen; the pages work without it, too',
    answers: { 200: 'text/javascript', 304: null },
  },
}
