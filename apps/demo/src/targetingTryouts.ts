/** Tryouts of targeting: each survey waits for the event `ask`, and one fact decides. */
import type { Rule } from '@earshot/sdk'
import { appears, asked, stays, tryout, type Tryout } from './tryout.ts'

const ask = [{ on: 'event' as const, name: 'ask' }]

function targeted(
  id: string,
  title: string,
  text: string,
  targeting: Rule,
  ways: Tryout['ways'],
  fields: Parameters<typeof tryout>[3] = {},
): Tryout {
  return tryout(id, title, text, { triggers: ask, targeting, ...fields }, ways)
}

export const targetingTryouts: readonly Tryout[] = [
  targeted(
    'trait',
    'A trait',
    'For customers of the plan “pro”.',
    { fact: 'trait.plan', op: 'equals', value: 'pro' },
    [
      appears('Plan “pro”', [{ do: 'traits', traits: { plan: 'pro' } }, asked]),
      stays('Plan “free”', [{ do: 'traits', traits: { plan: 'free' } }, asked], 'not-targeted'),
      stays('No plan', [asked], 'unknown-fact'),
    ],
  ),
  targeted(
    'unknown',
    'What is not known',
    'A rule about something unknown speaks against, also where it is turned round by “not”.',
    { not: { fact: 'trait.blocked', op: 'equals', value: true } },
    [
      appears('Known, and not so', [{ do: 'traits', traits: { blocked: false } }, asked]),
      stays('Known, and so', [{ do: 'traits', traits: { blocked: true } }, asked], 'not-targeted'),
      stays('Not known', [asked], 'unknown-fact'),
    ],
  ),
  targeted(
    'group',
    'A group',
    'For accounts with more than ten seats.',
    { fact: 'group.seats', op: 'above', value: 10 },
    [
      appears('Twenty seats', [{ do: 'group', group: 'acme', traits: { seats: 20 } }, asked]),
      stays('Two seats', [{ do: 'group', group: 'acme', traits: { seats: 2 } }, asked], 'not-targeted'),
      stays('No account', [asked], 'unknown-fact'),
    ],
  ),
  targeted(
    'group-id',
    'One group of several',
    'For two accounts by their ids.',
    { fact: 'group.id', op: 'in', value: ['acme', 'globex'] },
    [
      appears('One of them', [{ do: 'group', group: 'globex' }, asked]),
      stays('Another', [{ do: 'group', group: 'initech' }, asked], 'not-targeted'),
    ],
  ),
  targeted(
    'device',
    'A device',
    'For phones and tablets.',
    { fact: 'device', op: 'in', value: ['phone', 'tablet'] },
    [
      appears('A phone', [asked], { device: 'phone' }),
      appears('A tablet', [asked], { device: 'tablet' }),
      stays('A desktop', [asked], 'not-targeted'),
    ],
  ),
  targeted(
    'viewport',
    'The window',
    'For windows of at least 900 × 500 pixels.',
    {
      all: [
        { fact: 'viewport.width', op: 'atLeast', value: 900 },
        { fact: 'viewport.height', op: 'atLeast', value: 500 },
      ],
    },
    [
      appears('A wide window', [asked], { width: 1200 }),
      stays('A narrow window', [asked], 'not-targeted', { width: 600 }),
    ],
  ),
  targeted(
    'locale',
    'The language of the page',
    'For pages in German, of any country.',
    { fact: 'locale', op: 'starts', value: 'de' },
    [
      appears('German of Austria', [asked], { query: '?lang=de-AT' }),
      stays('English', [asked], 'not-targeted'),
    ],
  ),
  targeted(
    'page-path',
    'The page',
    'Only on the pages of an account, wherever the event happens.',
    {
      all: [
        { fact: 'page.path', op: 'ends', value: '/account' },
        { fact: 'page.url', op: 'contains', value: 'triggers' },
      ],
    },
    [
      appears('On that page', [{ do: 'go', by: 'pushState', to: '/account' }, asked]),
      stays('On another page', [asked], 'not-targeted'),
    ],
  ),
  targeted(
    'page-views',
    'Page views',
    'From the third page view on.',
    { fact: 'page.views', op: 'atLeast', value: 3 },
    [
      appears('The third page', [{ do: 'reload' }, { do: 'reload' }, asked]),
      stays('The first page', [{ do: 'renew' }, asked], 'not-targeted'),
    ],
  ),
  targeted(
    'referrer',
    'Where they come from',
    'For those who came from the list of all tryouts.',
    { fact: 'referrer', op: 'glob', value: '**/triggers' },
    [appears('From the list', [asked], { fromList: true }), stays('Without a link', [asked], 'unknown-fact')],
  ),
  targeted(
    'campaign',
    'A campaign',
    'For those whom the autumn letter brought.',
    {
      all: [
        { fact: 'campaign.source', op: 'equals', value: 'letter' },
        { fact: 'campaign.name', op: 'pattern', value: '^autumn-\\d{4}$' },
      ],
    },
    [
      appears('The autumn letter', [asked], { query: '?utm_source=letter&utm_campaign=autumn-2026' }),
      stays('The spring letter', [asked], 'not-targeted', {
        query: '?utm_source=letter&utm_campaign=spring-2026',
      }),
      stays('No campaign', [asked], 'unknown-fact'),
    ],
  ),
  targeted(
    'returning',
    'Returning visitors',
    'For those who were here before.',
    { fact: 'visitor.returning', op: 'equals', value: true },
    [
      appears('The next day', [{ do: 'later', days: 1 }, asked]),
      stays('The first visit', [{ do: 'renew' }, asked], 'not-targeted'),
    ],
  ),
  targeted(
    'sessions',
    'The number of visits',
    'From the third visit on.',
    { fact: 'session.count', op: 'atLeast', value: 3 },
    [
      appears('The third visit', [{ do: 'later', days: 1 }, { do: 'later', days: 1 }, asked]),
      stays('The second visit', [{ do: 'renew' }, { do: 'later', days: 1 }, asked], 'not-targeted'),
    ],
  ),
  targeted(
    'tenure-fact',
    'Days since the first visit',
    'Between a week and a month after the first visit.',
    {
      all: [
        { fact: 'tenure.days', op: 'atLeast', value: 7 },
        { fact: 'tenure.days', op: 'below', value: 30 },
      ],
    },
    [
      appears('After eight days', [{ do: 'renew' }, { do: 'later', days: 8 }, asked]),
      stays('After 31 days', [{ do: 'renew' }, { do: 'later', days: 31 }, asked], 'not-targeted'),
    ],
  ),
  tryout(
    'tenure',
    'A time of grace',
    'Nobody is asked in the first week. What says until when is a wait, and no fact.',
    { triggers: ask, tenure: 7 },
    [
      appears('After eight days', [{ do: 'renew' }, { do: 'later', days: 8 }, asked]),
      stays('After six days', [{ do: 'renew' }, { do: 'later', days: 6 }, asked], 'too-new'),
    ],
  ),
  targeted(
    'stage',
    'Stage and touchpoint',
    'Where the site says that the visitor is being welcomed, at the first delivery.',
    {
      all: [
        { fact: 'stage', op: 'equals', value: 'onboarding' },
        { fact: 'touchpoint', op: 'equals', value: 'first-delivery' },
      ],
    },
    [
      appears('There', [
        { do: 'page', context: { stage: 'onboarding', touchpoint: 'first-delivery' } },
        asked,
      ]),
      stays(
        'At another stage',
        [{ do: 'page', context: { stage: 'renewal', touchpoint: 'first-delivery' } }, asked],
        'not-targeted',
      ),
      stays('Nothing said', [asked], 'unknown-fact'),
    ],
  ),
  targeted(
    'channel',
    'The channel',
    'For everything but kiosks. This page is “web”, since it says nothing else.',
    {
      all: [
        { fact: 'channel', op: 'equals', value: 'web' },
        { not: { fact: 'channel', op: 'equals', value: 'kiosk' } },
      ],
    },
    [appears('The web', [asked])],
  ),
  targeted(
    'hours',
    'Office hours in Berlin',
    'From Monday to Friday, from nine to five, by the clocks of Berlin, and not on New Year’s Eve.',
    {
      all: [
        { fact: 'time.weekday', op: 'atMost', value: 5, zone: 'Europe/Berlin' },
        { fact: 'time.hour', op: 'atLeast', value: 9, zone: 'Europe/Berlin' },
        { fact: 'time.hour', op: 'below', value: 17, zone: 'Europe/Berlin' },
        { not: { fact: 'time.date', op: 'equals', value: '2026-12-31', zone: 'Europe/Berlin' } },
      ],
    },
    [
      appears('Monday, five past nine', [asked], { at: '2026-11-23T08:05:00Z' }),
      stays('Monday, five to nine', [asked], 'not-targeted', { at: '2026-11-23T07:55:00Z' }),
      stays('Sunday', [asked], 'not-targeted', { at: '2026-11-22T10:00:00Z' }),
      stays('New Year’s Eve', [asked], 'not-targeted', { at: '2026-12-31T10:00:00Z' }),
    ],
  ),
  targeted(
    'event-fact',
    'The event that asks',
    'The same event for all, but only those are asked whom it concerned.',
    { fact: 'event.own', op: 'equals', value: true },
    [
      appears('Concerned', [{ do: 'track', name: 'ask', props: { own: true } }]),
      stays('Not concerned', [{ do: 'track', name: 'ask', props: { own: false } }], 'not-targeted'),
      stays('Not said', [asked], 'unknown-fact'),
    ],
  ),
  targeted(
    'hidden-fact',
    'A hidden field',
    'The site shows the survey itself, and says which shop it is about.',
    { fact: 'hidden.shop', op: 'known' },
    [
      appears('With a shop', [{ do: 'show', hidden: { shop: 'Leith' } }]),
      stays('Without', [{ do: 'show' }], 'not-targeted'),
    ],
    { hidden: ['shop'] },
  ),
]
