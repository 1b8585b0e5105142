/** Surveys that use all there is, for the tests of schema and validation. */
import type { Survey } from './survey.ts'

/** A survey in which nothing is wrong and hardly a field is missing. */
export function richSurvey(): Survey {
  return {
    id: 'nps-q4',
    version: 3,
    locale: 'en',
    questions: [
      { kind: 'statement', id: 'hello', title: 'Hello {{trait.first_name|there}}', text: 'One minute.' },
      {
        kind: 'scale',
        id: 'score',
        metric: 'nps',
        min: 0,
        max: 10,
        positive: [9, 10],
        negative: [0, 1, 2, 3, 4, 5, 6],
        title: 'How likely is it?',
        low: 'Not at all',
        high: 'Extremely',
        look: 'numbers',
        next: [
          { when: { question: 'score', bands: ['promoter'] }, to: 'review' },
          { when: { fact: 'answer.score', op: 'atMost', value: 2 }, to: 'contact' },
        ],
      },
      {
        kind: 'choice',
        id: 'why',
        title: 'Why?',
        options: [
          { id: 'price', label: 'Price' },
          { id: 'speed', label: 'Speed' },
        ],
        multiple: true,
        least: 1,
        most: 2,
        other: 'Anything else',
        positive: ['speed', 'other'],
        shuffle: true,
        required: true,
        when: {
          any: [
            { question: 'score', bands: ['detractor', 'passive'] },
            { fact: 'trait.vip', op: 'known' },
          ],
        },
      },
      {
        kind: 'text',
        id: 'more',
        title: 'Tell us more',
        maxLength: 500,
        minLength: 2,
        input: 'short',
        pattern: '.*\\w.*',
        hint: 'A word at least',
        when: { not: { fact: 'answer.why', op: 'contains', value: 'price' } },
      },
      {
        kind: 'scale',
        id: 'mood',
        metric: 'rating',
        min: 1,
        max: 3,
        positive: [3],
        negative: [1],
        title: 'And your mood?',
        low: 'Bad',
        high: 'Good',
        look: 'faces',
        known: 'mood',
      },
      {
        kind: 'yesno',
        id: 'contact',
        title: 'May we call?',
        yes: 'Yes',
        no: 'No',
        purpose: 'contact',
        next: [{ when: { fact: 'answer.contact', op: 'equals', value: false }, to: 'end' }],
      },
      {
        kind: 'link',
        id: 'review',
        title: 'Look at it together',
        text: 'It helps.',
        href: 'https://example.com/call',
        label: 'Choose a time',
        purpose: 'help',
        when: { question: 'score', bands: ['promoter'] },
      },
    ],
    thanks: { title: 'Thank you', text: 'Bye.' },
    translations: {
      de: {
        questions: {
          hello: { title: 'Hallo {{trait.first_name|und guten Tag}}', text: 'Eine Minute.' },
          score: { title: 'Wie wahrscheinlich ist es?', low: 'Überhaupt nicht', high: 'Äußerst' },
          why: { title: 'Warum?', options: { price: 'Preis', speed: 'Tempo' }, other: 'Etwas anderes' },
          more: { title: 'Was noch?', hint: 'Mindestens ein Wort' },
          mood: { title: 'Und Ihre Stimmung?', low: 'Schlecht', high: 'Gut' },
          contact: { title: 'Dürfen wir anrufen?', yes: 'Ja', no: 'Nein' },
          review: { title: 'Sehen wir es uns an', text: 'Es hilft.', label: 'Zeit wählen' },
        },
        thanks: { title: 'Danke', text: 'Bis bald.' },
      },
    },
    triggers: [
      {
        on: 'event',
        name: 'checkout_done',
        where: { fact: 'event.amount', op: 'above', value: 100 },
        nth: 3,
        delay: 5,
        url: [{ match: 'glob', value: '/shop/**' }],
        cancel: ['payment_failed'],
      },
      {
        on: 'sequence',
        steps: [
          { name: 'search', times: 2 },
          { name: 'cart', where: { fact: 'event.items', op: 'atLeast', value: 1 } },
        ],
        within: 600,
        delay: 1,
      },
      { on: 'page', delay: 30, url: [{ match: 'pattern', value: '^/(de|fr)/' }] },
      { on: 'time', seconds: 60 },
      { on: 'scroll', percent: 80 },
      { on: 'exit' },
      { on: 'idle', seconds: 30 },
      { on: 'seen', selector: '#footer' },
      { on: 'click', selector: '.help' },
      { on: 'rage' },
    ],
    followUps: [
      {
        id: 'again',
        after: { on: 'answer', when: { question: 'score', bands: ['detractor'] } },
        delay: 30,
        expires: 14,
        reminders: { most: 2, every: 7 },
        cancel: [{ name: 'churned' }],
      },
      {
        id: 'ticket',
        after: {
          on: 'event',
          name: 'ticket_solved',
          where: { fact: 'event.kind', op: 'in', value: ['a', 'b'] },
          key: 'ticket',
        },
        delay: 1,
        expires: 13,
        cancel: [{ name: 'ticket_opened', key: 'ticket' }],
      },
      { id: 'quiet', after: { on: 'silence', survey: 'csat' }, delay: 7, expires: 7 },
    ],
    targeting: {
      all: [
        { fact: 'device', op: 'in', value: ['phone', 'desktop'] },
        {
          not: {
            any: [
              { fact: 'page.path', op: 'glob', value: '/admin/**' },
              { fact: 'referrer', op: 'pattern', value: 'spam\\d' },
            ],
          },
        },
        { fact: 'time.hour', op: 'atLeast', value: 9, zone: 'Europe/Berlin' },
        { fact: 'time.date', op: 'below', value: '2027-01-01' },
        { fact: 'visitor.returning', op: 'equals', value: true },
        { fact: 'group.id', op: 'known' },
        { fact: 'hidden.order', op: 'known', value: false },
      ],
    },
    sampling: 0.5,
    variants: [
      { id: 'a', weight: 1 },
      {
        id: 'b',
        weight: 2.5,
        wording: {
          score: { title: 'Would you, {{trait.first_name|friend}}?', low: 'No', high: 'Yes' },
          why: { title: 'Why so?' },
        },
        translations: {
          de: {
            score: { title: 'Würden Sie, {{trait.first_name|liebe Kundschaft}}?', low: 'Nein', high: 'Ja' },
            why: { title: 'Wieso?' },
          },
        },
        triggers: [{ on: 'exit' }],
        layout: 'top-end',
      },
    ],
    recontact: { answered: 90, dismissed: 30, shown: 7, snoozed: 3, most: 5 },
    tenure: 2,
    transactional: false,
    quota: 1000,
    hidden: ['order', 'cart.value'],
    layout: 'bottom-start',
    touchpoint: 'checkout',
    stage: 'purchase',
    purpose: 'To see what hinders people.',
    owner: 'support',
  }
}

/** The least that a survey is. */
export function plainSurvey(): Survey {
  return {
    id: 'csat',
    version: 1,
    locale: 'de-AT',
    questions: [
      {
        kind: 'scale',
        id: 'score',
        metric: 'csat',
        min: 1,
        max: 5,
        positive: [4, 5],
        negative: [1, 2],
        title: 'Zufrieden?',
        low: 'Nein',
        high: 'Ja',
      },
    ],
    thanks: { title: 'Danke' },
    triggers: [],
    recontact: { answered: 30, dismissed: 30, shown: 7 },
  }
}
