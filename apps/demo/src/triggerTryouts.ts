/** Tryouts of the triggers. */
import type { AddressMatch } from '@earshot/contract'
import { appears, stays, track, tryout, type Tryout } from './tryout.ts'

const root = '/triggers'

/** A survey at once on certain pages of the app. */
function addressed(id: string, title: string, text: string, url: AddressMatch, ways: Tryout['ways']): Tryout {
  return tryout(id, title, text, { triggers: [{ on: 'page', delay: 0, url: [url] }] }, ways)
}

export const triggerTryouts: readonly Tryout[] = [
  tryout(
    'event-property',
    'An event with a property',
    'Appears when an order of at least 100 was paid.',
    {
      triggers: [
        { on: 'event', name: 'order_paid', where: { fact: 'event.total', op: 'atLeast', value: 100 } },
      ],
    },
    [
      appears('A large order', [track('order_paid', { total: 120 })]),
      stays('A small order', [track('order_paid', { total: 20 })]),
      stays('An order without a total', [track('order_paid')]),
    ],
  ),
  tryout(
    'event-nth',
    'The third time',
    'Appears at the third search of this visitor, over all visits, and at no other.',
    { triggers: [{ on: 'event', name: 'searched', nth: 3 }] },
    [
      appears('Three searches', [track('searched'), track('searched'), track('searched')]),
      appears('Two searches, a reload, and one more', [
        track('searched'),
        track('searched'),
        { do: 'reload' },
        track('searched'),
      ]),
      stays('Two searches', [track('searched'), track('searched')]),
    ],
  ),
  tryout(
    'sequence',
    'A sequence',
    'Appears when two errors were followed by a success within a minute.',
    {
      triggers: [{ on: 'sequence', steps: [{ name: 'error', times: 2 }, { name: 'success' }], within: 60 }],
    },
    [
      appears('Error twice, then success', [track('error'), track('error'), track('success')]),
      stays('Error once, then success', [track('error'), track('success')]),
      stays('Success before the second error', [track('error'), track('success'), track('error')]),
      stays('Too slow', [track('error'), track('error'), { do: 'wait', seconds: 61 }, track('success')]),
    ],
  ),
  addressed(
    'url-exact',
    'An exact address',
    'Appears on one page of the app, which history.pushState goes to.',
    { match: 'exact', value: `${root}/url-exact/thanks` },
    [
      appears('To that page', [{ do: 'go', by: 'pushState', to: '/thanks' }]),
      stays('To a page below it', [{ do: 'go', by: 'pushState', to: '/thanks/again' }]),
    ],
  ),
  addressed(
    'url-prefix',
    'The beginning of an address',
    'Appears on all pages under /orders, which history.replaceState goes to.',
    { match: 'prefix', value: `${root}/url-prefix/orders/` },
    [
      appears('To an order', [{ do: 'go', by: 'replaceState', to: '/orders/17' }]),
      stays('To a basket', [{ do: 'go', by: 'replaceState', to: '/basket' }]),
    ],
  ),
  addressed(
    'url-glob',
    'A glob',
    'Appears at the end of any order, which navigation.navigate goes to.',
    { match: 'glob', value: `${root}/url-glob/orders/*/done` },
    [
      appears('To the end of an order', [{ do: 'go', by: 'navigate', to: '/orders/17/done' }]),
      stays('To a part of an order', [{ do: 'go', by: 'navigate', to: '/orders/17/part/done' }]),
    ],
  ),
  addressed(
    'url-pattern',
    'A pattern',
    'Appears on pages that end with a number, also when the visitor goes back to one.',
    { match: 'pattern', value: '/item-\\d+$' },
    [
      appears('To an item', [{ do: 'go', by: 'pushState', to: '/item-42' }]),
      stays('To an item without a number', [{ do: 'go', by: 'pushState', to: '/item-x' }]),
      appears('Back to an item', [
        { do: 'go', by: 'pushState', to: '/item-42' },
        { do: 'close' },
        { do: 'go', by: 'pushState', to: '/elsewhere' },
        { do: 'back' },
      ]),
    ],
  ),
  addressed(
    'url-query',
    'A query',
    'Appears where the query says so. A query is no page of its own, so the app says when it makes one.',
    { match: 'exact', value: `${root}/url-query?step=done` },
    [
      appears('To the last step', [
        { do: 'go', by: 'pushState', to: '?step=done' },
        { do: 'page', context: {} },
      ]),
      stays('To another step', [
        { do: 'go', by: 'pushState', to: '?step=pay' },
        { do: 'page', context: {} },
      ]),
    ],
  ),
  addressed(
    'url-hash',
    'A fragment',
    'Appears on one page of an app that keeps its pages behind the hash.',
    { match: 'exact', value: `${root}/url-hash#/thanks` },
    [
      appears('To that page', [{ do: 'go', by: 'hash', to: '#/thanks' }]),
      stays('To another page', [{ do: 'go', by: 'hash', to: '#/basket' }]),
    ],
  ),
  tryout(
    'delay',
    'With a delay',
    'Appears five seconds after the event.',
    { triggers: [{ on: 'event', name: 'read', delay: 5 }] },
    [
      appears('Five seconds', [track('read'), { do: 'wait', seconds: 5 }]),
      stays('Four seconds', [track('read'), { do: 'wait', seconds: 4 }]),
    ],
  ),
  tryout(
    'cancel',
    'Called off',
    'The same, but an event in between calls it off.',
    { triggers: [{ on: 'event', name: 'asked_for_help', delay: 5, cancel: ['found_it'] }] },
    [
      appears('Nothing in between', [track('asked_for_help'), { do: 'wait', seconds: 5 }]),
      appears('Another event in between', [
        track('asked_for_help'),
        track('read'),
        { do: 'wait', seconds: 5 },
      ]),
      stays('Found it', [track('asked_for_help'), track('found_it'), { do: 'wait', seconds: 6 }]),
    ],
  ),
  tryout(
    'page',
    'After the page view',
    'Appears ten seconds after the page was opened.',
    { triggers: [{ on: 'page', delay: 10 }] },
    [
      appears('Ten seconds', [{ do: 'wait', seconds: 10 }]),
      stays('Eight seconds', [{ do: 'wait', seconds: 8 }]),
      stays('Eight seconds and eight, with a navigation between', [
        { do: 'wait', seconds: 8 },
        { do: 'go', by: 'pushState', to: '/next' },
        { do: 'wait', seconds: 8 },
      ]),
    ],
  ),
  tryout(
    'time',
    'Time on the page',
    'Appears when the page was really visible for twenty seconds.',
    { triggers: [{ on: 'time', seconds: 20 }] },
    [
      appears('Twenty seconds', [{ do: 'wait', seconds: 21 }]),
      stays('Fifteen seconds', [{ do: 'wait', seconds: 15 }]),
    ],
  ),
  tryout(
    'scroll',
    'Scrolling down',
    'Appears when 60 per cent of the page were scrolled into view.',
    { triggers: [{ on: 'scroll', percent: 60 }] },
    [appears('To the end', [{ do: 'scroll' }]), stays('A little', [{ do: 'scrollALittle' }])],
    { scene: 'tall' },
  ),
  tryout(
    'exit',
    'About to leave',
    'Appears when the mouse leaves the window over its top edge. On touch, a quick scroll back up does the same.',
    { triggers: [{ on: 'exit' }] },
    [
      appears('The mouse leaves', [{ do: 'wait', seconds: 3 }, { do: 'leave' }]),
      stays('The mouse leaves at once', [{ do: 'leave' }]),
      appears(
        'A quick scroll back up on a phone',
        [{ do: 'wait', seconds: 3 }, { do: 'scroll' }, { do: 'flick' }],
        { device: 'phone' },
      ),
      stays('A scroll down on a phone', [{ do: 'wait', seconds: 3 }, { do: 'scroll' }], undefined, {
        device: 'phone',
      }),
    ],
    { scene: 'tall' },
  ),
  tryout(
    'idle',
    'Doing nothing',
    'Appears when there was no input for fifteen seconds.',
    { triggers: [{ on: 'idle', seconds: 15 }] },
    [
      appears('Fifteen seconds', [{ do: 'wait', seconds: 16 }]),
      stays('Ten seconds twice, with a press between', [
        { do: 'wait', seconds: 10 },
        { do: 'press' },
        { do: 'wait', seconds: 10 },
      ]),
    ],
    { scene: 'button' },
  ),
  tryout(
    'seen',
    'Something was seen',
    'Appears when half of the offer at the end of the page was on the screen for a second.',
    { triggers: [{ on: 'seen', selector: '#offer' }] },
    [appears('Look at the offer', [{ do: 'look' }]), stays('Scroll a little', [{ do: 'scrollALittle' }])],
    { scene: 'offer' },
  ),
  tryout(
    'click',
    'Something was pressed',
    'Appears when the button was pressed, by mouse, finger or key.',
    { triggers: [{ on: 'click', selector: '#scene-button' }] },
    [appears('Press it', [{ do: 'press' }]), stays('Press something else', [track('read')])],
    { scene: 'button' },
  ),
  tryout(
    'rage',
    'Rage clicks',
    'Appears after three clicks within a second at one place.',
    { triggers: [{ on: 'rage', selector: '#scene-button' }] },
    [appears('Three clicks', [{ do: 'hammer' }]), stays('One click', [{ do: 'press' }])],
    { scene: 'button' },
  ),
]
