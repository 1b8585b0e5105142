/** Databases as earlier versions left them, one for each shape that was ever stored: key and value of every row. */

/** Events that every one of them holds. */
const events = ['01a00000-0000-7000-8000-000000000001', '01a00000-0000-7000-8000-000000000002'] as const
const response = '01a00000-0000-7000-8000-0000000000aa'
const survey = {
  id: 'nps',
  version: 1,
  locale: 'en',
  questions: [
    {
      kind: 'scale',
      id: 'score',
      metric: 'nps',
      min: 0,
      max: 10,
      positive: [9, 10],
      negative: [0, 1, 2, 3, 4, 5, 6],
      title: 'How likely are you to recommend us?',
      low: 'Not at all',
      high: 'Very',
    },
  ],
  thanks: { title: 'Thank you' },
  triggers: [],
  recontact: { answered: 90, dismissed: 30, shown: 7 },
}
const event = (id: string, seq: number, more: object) => ({
  id,
  at: '2026-11-21T10:00:00.000Z',
  visitor: 'old-visitor',
  person: null,
  session: 'old-session',
  seq,
  survey: 'nps',
  surveyVersion: 1,
  response,
  context: { url: 'https://shop.example/', locale: 'en', channel: 'web' },
  ...more,
})
const shown = (seq: number) => event(events[0], seq, { type: 'display', data: { trigger: 'show' } })
const answered = (seq: number) =>
  event(events[1], seq, { type: 'answer', data: { question: 'score', value: 9, revision: 0 } })
const refused = {
  v: 1,
  event: event('01a00000-0000-7000-8000-000000000009', 0, { type: 'complete', data: {} }),
  rejection: {
    id: '01a00000-0000-7000-8000-000000000009',
    code: 'unknown_survey',
    message: 'no',
    path: 'survey',
  },
}
const at = Date.parse('2026-11-21T10:00:00.000Z')
const visitor = {
  visitor: 'old-visitor',
  person: null,
  consent: 'granted',
  optedOut: false,
  session: { id: 'old-session', seen: at },
}
const line = { failures: 2, notBefore: at, held: false, limit: 50 }

export const formats: { name: string; rows: Record<string, unknown> }[] = [
  {
    name: 'a counter for sequence numbers; what was shown stands at the survey; surveys that were served are a list',
    rows: {
      [`pk:q:${events[0]}`]: { v: 1, event: shown(0), survey },
      [`pk:q:${events[1]}`]: { v: 1, event: answered(1), survey },
      [`pk:d:${refused.event.id}`]: refused,
      'pk:n:': 1,
      'pk:l:': line,
      'pk:c:': [survey],
      'pk:m:': { ...visitor, surveys: { nps: { shown: { at, response }, answered: at } } },
    },
  },
  {
    name: 'the same with the moment alone of what was shown',
    rows: {
      [`pk:q:${events[0]}`]: { v: 1, event: shown(0), survey },
      [`pk:q:${events[1]}`]: { v: 1, event: answered(1), survey },
      [`pk:d:${refused.event.id}`]: refused,
      'pk:n:': 1,
      'pk:l:': line,
      'pk:c:': [survey],
      'pk:m:': { ...visitor, surveys: { nps: { shown: at, answered: at } } },
    },
  },
  {
    name: 'page views are counted',
    rows: {
      [`pk:q:${events[0]}`]: { v: 1, event: shown(300_000), survey },
      [`pk:q:${events[1]}`]: { v: 1, event: answered(300_001), survey },
      [`pk:d:${refused.event.id}`]: refused,
      'pk:l:': line,
      'pk:c:': [survey],
      'pk:m:': { ...visitor, pages: 3, surveys: { nps: { shown: at, answered: at } } },
    },
  },
  {
    name: 'showings are a list, and what was served has settings',
    rows: {
      [`pk:q:${events[0]}`]: { v: 1, event: shown(300_000) },
      [`pk:q:${events[1]}`]: { v: 1, event: answered(300_001) },
      [`pk:d:${refused.event.id}`]: refused,
      'pk:l:': line,
      'pk:c:': { surveys: [survey], plain: ['nps'], settings: { limits: { quiet: 7 } } },
      'pk:m:': {
        ...visitor,
        pages: 3,
        surveys: { nps: { answered: at } },
        asks: [{ survey: 'nps', response, at, session: 'old-session' }],
        sessions: 2,
        counted: 'old-session',
        since: at,
      },
    },
  },
  {
    name: 'the line says when it was written, and what comes last',
    rows: {
      [`pk:q:${events[0]}`]: { v: 1, event: shown(300_000) },
      [`pk:q:${events[1]}`]: { v: 1, event: answered(300_001) },
      [`pk:d:${refused.event.id}`]: refused,
      'pk:l:': { ...line, at, last: [] },
      'pk:c:': { surveys: [survey], plain: ['nps'], wait: { failures: 1, notBefore: at, at } },
      'pk:m:': {
        ...visitor,
        pages: 3,
        surveys: { nps: { answered: at, seen: response } },
        asks: [{ survey: 'nps', response, at, session: 'old-session' }],
        sessions: 2,
        since: at,
      },
    },
  },
]
