/** Tryouts of what protects visitors from too many questions, and of surveys that more is asked by. */
import type { Question, Survey } from '@earshot/sdk'
import { appears, asked, freely, stays, tryout, type Act, type Tryout } from './tryout.ts'

const ask = [{ on: 'event' as const, name: 'ask' }]
const close: Act = { do: 'close' }
const limits = freely.limits

const questions: Question[] = [
  {
    kind: 'choice',
    id: 'grow',
    title: 'What do you grow, {{trait.first_name|dear gardener}}?',
    options: [
      { id: 'herbs', label: 'Herbs' },
      { id: 'roses', label: 'Roses' },
      { id: 'nothing', label: 'Nothing yet' },
    ],
    other: 'Something else',
    shuffle: true,
    required: true,
    next: [{ when: { fact: 'answer.grow', op: 'contains', value: 'nothing' }, to: 'contact' }],
  },
  {
    kind: 'scale',
    id: 'score',
    metric: 'csat',
    min: 1,
    max: 5,
    positive: [4, 5],
    negative: [1, 2],
    title: 'How content are you with what you grow?',
    low: 'Not at all',
    high: 'Very',
    look: 'stars',
  },
  { kind: 'text', id: 'why', title: 'You gave it {{answer.score}}. Why?', maxLength: 500 },
  { kind: 'yesno', id: 'contact', title: 'May we write to you?', yes: 'Yes', no: 'No', purpose: 'contact' },
]

const paged = tryout(
  'paged',
  'Several pages',
  'A choice in an order of your own, a name in the question, a jump for those who grow nothing, stars, and a score that the next question repeats.',
  { triggers: ask, thanks: { title: 'Thank you, {{trait.first_name|dear gardener}}' } },
  [
    appears('Without a name', [asked]),
    appears('With a name', [{ do: 'traits', traits: { first_name: 'Ada' } }, asked]),
  ],
)

/** Served, because the collector counts its places. */
const quota = tryout(
  'quota',
  'A quota',
  'One answer is wanted. The collector gives one visitor a place, and the next one none.',
  { triggers: ask, quota: 1 },
  [
    appears('The first visitor', [asked]),
    stays('The second visitor', [{ do: 'renew' }, asked], 'quota-full'),
  ],
  { served: true },
)

export const quotaSurvey: Survey = quota.survey

export const limitTryouts: readonly Tryout[] = [
  tryout(
    'sampling',
    'A sample',
    'One visitor in two is asked. Whoever is in the sample stays in it.',
    { triggers: ask, sampling: 0.5 },
    [
      appears('In the sample', [{ do: 'renew', until: { rule: 'sampling', pass: true } }, asked]),
      stays(
        'Not in the sample',
        [{ do: 'renew', until: { rule: 'sampling', pass: false } }, asked],
        'not-sampled',
      ),
    ],
  ),
  tryout(
    'holdout',
    'A group to compare with',
    'Three visitors in ten are never asked anything.',
    { triggers: ask },
    [
      appears('The others', [{ do: 'renew', until: { rule: 'limits.holdout', pass: true } }, asked]),
      stays(
        'Never asked',
        [{ do: 'renew', until: { rule: 'limits.holdout', pass: false } }, asked],
        'held-out',
      ),
    ],
    { settings: { limits: { ...limits, holdout: 0.3 } } },
  ),
  tryout(
    'variant',
    'An experiment',
    'Half of the visitors get another question, at another corner of the window.',
    {
      triggers: ask,
      variants: [
        { id: 'a', weight: 1 },
        {
          id: 'b',
          weight: 1,
          layout: 'top-start',
          wording: { score: { title: 'Are you content with Fernwood?' } },
        },
      ],
    },
    [appears('One of the two', [{ do: 'renew' }, asked])],
  ),
  quota,
  tryout(
    'snooze',
    'Ask me later',
    'Whoever wants to be asked later is asked later, here after a day.',
    { triggers: ask },
    [
      appears('After more than a day', [asked, { do: 'snooze', days: 1 }, { do: 'later', days: 1.1 }, asked]),
      stays('Before', [asked, { do: 'snooze', days: 1 }, asked], 'snoozed'),
    ],
  ),
  tryout('pause', 'A pause', 'While the site has paused all surveys, nothing appears.', { triggers: ask }, [
    appears('After the pause', [{ do: 'pause' }, { do: 'resume' }, asked]),
    stays('In the pause', [{ do: 'pause' }, asked], 'paused'),
  ]),
  tryout(
    'quiet',
    'The quiet period',
    'After any survey nobody sees another one for two weeks.',
    { triggers: ask },
    [
      appears('After two weeks', [asked, close, { do: 'later', days: 14.1 }, asked]),
      stays('After thirteen days', [asked, close, { do: 'later', days: 13 }, asked], 'quiet-period'),
    ],
    { settings: { limits: { ...limits, quiet: 14 } } },
  ),
  tryout(
    'transactional',
    'Inside the quiet period',
    'A survey about what has just happened passes over the quiet period, and over nothing else.',
    { triggers: ask, transactional: true },
    [appears('Again at once', [asked, close, asked])],
    { settings: { limits: { ...limits, quiet: 14 } } },
  ),
  tryout(
    'per-session',
    'Once a visit',
    'One survey in each visit.',
    { triggers: ask },
    [
      appears('In the next visit', [asked, close, { do: 'later', days: 0.5 }, asked]),
      stays('In the same visit', [asked, close, asked], 'session-cap'),
    ],
    { settings: { limits: { quiet: 0, perSession: 1 } } },
  ),
  tryout(
    'per-page',
    'Once a page',
    'One survey on each page view.',
    { triggers: ask },
    [
      appears('On the next page', [asked, close, { do: 'go', by: 'pushState', to: '/next' }, asked]),
      stays('On the same page', [asked, close, asked], 'page-cap'),
    ],
    { settings: { limits: { ...limits, perPage: 1 } } },
  ),
  tryout(
    'per-day',
    'Twice a day',
    'Two surveys in 24 hours.',
    { triggers: ask },
    [
      appears('The third a day later', [asked, close, asked, close, { do: 'later', days: 1.01 }, asked]),
      stays('The third', [asked, close, asked, close, asked], 'day-cap'),
    ],
    { settings: { limits: { ...limits, perDay: 2 } } },
  ),
  tryout(
    'dismissed',
    'After it was closed',
    'Whoever closed a survey does not see it for thirty days.',
    { triggers: ask, recontact: { dismissed: 30 } },
    [
      appears('After 31 days', [asked, close, { do: 'later', days: 31 }, asked]),
      stays('At once', [asked, close, asked], 'dismissed-recently'),
    ],
  ),
  tryout(
    'answered',
    'After an answer',
    'Whoever answered a survey does not see it for ninety days.',
    { triggers: ask, recontact: { answered: 90 } },
    [
      appears('After 91 days', [asked, { do: 'answer' }, close, { do: 'later', days: 91 }, asked]),
      stays('At once', [asked, { do: 'answer' }, close, asked], 'answered-recently'),
    ],
  ),
  tryout(
    'shown',
    'After it was merely shown',
    'Whoever let it stand does not see it for a week.',
    { triggers: ask, recontact: { shown: 7 } },
    [
      appears('After eight days', [asked, { do: 'later', days: 8 }, asked]),
      stays('The next day', [asked, { do: 'later', days: 1 }, asked], 'shown-recently'),
    ],
  ),
  tryout(
    'most',
    'Twice in vain',
    'A survey that was closed twice does not come a third time.',
    { triggers: ask, recontact: { most: 2 } },
    [
      appears('The second time', [asked, close, asked]),
      stays('The third time', [asked, close, asked, close, asked], 'shown-too-often'),
    ],
  ),
  { ...paged, survey: { ...paged.survey, questions } },
]
