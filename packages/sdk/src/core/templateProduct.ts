/** Templates about a product or a visit: success, effort and emotion, the end of a trial, leaving, and product-market fit. */
import type { FollowUpRule, Survey } from '@earshot/contract'
import { often, seldom } from './makeSurvey.ts'
import { cesQuestions } from './standardQuestions.ts'
import {
  type About,
  chose,
  contactQuestions,
  type EventTemplateOptions,
  fillTemplate,
  notStaff,
  openQuestion,
  type TemplateOptions,
} from './template.ts'

export const successEffortEmotionAbout: About = {
  title: 'Success, effort, emotion',
  purpose: 'See whether visitors get done what they came for, how easily, and how they feel about it.',
  owner: 'product design',
  stage: 'consideration',
  touchpoint: 'website',
}

/**
 * Success, effort, emotion: three short questions about one visit, one page each.
 *
 * - Purpose: see whether visitors get done what they came for, how easily, and how they feel about it. Owner: product
 *   design.
 * - Stage `consideration`, touchpoint `website`.
 * - Asks: done, partly or not; Customer Effort Score 2.0, worded for a visit after CEB's statement of 2013; a feeling as
 *   one of five faces, whose upper two count as satisfied. The other wording is our own.
 * - Reports: `GET /v1/reports/question` has the share of "yes", the share of easy answers and CSAT side by side.
 * - When: about to leave. An event at the end of a task would only reach those who got there.
 * - Again: 30 days after an answer or after it was closed, 7 after it was merely shown.
 *
 * @throws TypeError when `id` or `name` is missing
 * @example
 * successEffortEmotion({ id: 'visit', name: 'Acme', sampling: 0.2 })
 */
export function successEffortEmotion(options: TemplateOptions): Survey {
  const question = `${options.name} made it easy for me to do what I came for.`
  const effort = cesQuestions(options.name, {
    question,
    reasons: { hard: null, neutral: null, easy: null },
  })
  return fillTemplate(successEffortEmotionAbout, options, {
    questions: [
      {
        kind: 'choice',
        id: 'success',
        title: 'Did you get done what you came for?',
        options: [
          { id: 'yes', label: 'Yes' },
          { id: 'partly', label: 'Partly' },
          { id: 'no', label: 'No' },
        ],
        positive: ['yes'],
        required: true,
      },
      ...effort.map((each) => ({ ...each, id: 'effort' })),
      {
        kind: 'scale',
        id: 'emotion',
        metric: 'csat',
        min: 1,
        max: 5,
        positive: [4, 5],
        negative: [1, 2],
        title: 'How do you feel about this visit?',
        low: 'Very bad',
        high: 'Very good',
        look: 'faces',
      },
    ],
    triggers: [{ on: 'exit' }],
    recontact: often,
  })
}

/** At once, for a week; taken back, it is off. */
function soonAfter(id: string, name: string, undone: string): FollowUpRule[] {
  return [{ id, after: { on: 'event', name }, delay: 0, expires: 7, cancel: [{ name: undone }] }]
}

export const trialEndingAbout: About = {
  title: 'End of a trial',
  purpose: 'Know who goes on after the trial, and help those who have not decided.',
  owner: 'sales',
  stage: 'consideration',
  touchpoint: 'trial',
}

/**
 * End of a trial: what comes after it, and why.
 *
 * - Purpose: know who goes on after the trial, and help those who have not decided. Owner: sales.
 * - Stage `consideration`, touchpoint `trial`.
 * - Asks: the plans; of those who go on, what was most useful; of the others, the main reason; of the undecided, whether
 *   you may get in touch. The wording is our own.
 * - When: from the event `trial_ending` on, for 7 days. Track it once, some days before the end. `subscribed` calls it off.
 * - Again: 90 days after an answer, 30 after it was closed, 7 after it was merely shown. It is transactional.
 *
 * @throws TypeError when `id` or `name` is missing
 * @example
 * trialEnding({ id: 'trial', name: 'Acme' })
 * earshot.track('trial_ending')
 */
export function trialEnding(options: EventTemplateOptions): Survey {
  return fillTemplate(trialEndingAbout, options, {
    questions: [
      {
        kind: 'choice',
        id: 'plan',
        title: `What are your plans when your trial of ${options.name} ends?`,
        options: [
          { id: 'subscribe', label: 'I am going to subscribe' },
          { id: 'undecided', label: 'I have not decided yet' },
          { id: 'stop', label: 'I am going to stop' },
        ],
        required: true,
      },
      openQuestion('useful', 'What has been most useful to you so far?', chose('plan', 'subscribe')),
      openQuestion('reason', 'What is the main reason for that?', chose('plan', 'undecided', 'stop')),
      ...contactQuestions(chose('plan', 'undecided')),
    ],
    followUps: soonAfter('ending', options.event ?? 'trial_ending', 'subscribed'),
    transactional: true,
    recontact: seldom,
  })
}

export const churnReasonAbout: About = {
  title: 'Reason for leaving',
  purpose: 'Learn why customers leave, mend the most frequent reason, and win back those who would return.',
  owner: 'customer success',
  stage: 'retention',
  touchpoint: 'cancellation',
}

/**
 * Reason for leaving: why a subscription was cancelled, and what would bring the customer back.
 *
 * - Purpose: learn why customers leave, mend the most frequent reason, and win back those who would return. Owner:
 *   customer success.
 * - Stage `retention`, touchpoint `cancellation`.
 * - Asks: the main reason, in an order of its own for each visitor; what would bring them back; whether you may get in
 *   touch. The wording is our own.
 * - When: from the event `subscription_cancelled` on, for 7 days, also on a later page. `subscription_resumed` calls it
 *   off. Ask after the cancellation, never in its way.
 * - Again: 90 days after an answer, 30 after it was closed, 7 after it was merely shown. It is transactional.
 *
 * @throws TypeError when `id` or `name` is missing
 * @example
 * churnReason({ id: 'churn', name: 'Acme' })
 * earshot.track('subscription_cancelled')
 */
export function churnReason(options: EventTemplateOptions): Survey {
  return fillTemplate(churnReasonAbout, options, {
    questions: [
      {
        kind: 'choice',
        id: 'reason',
        title: 'What is the main reason you cancelled?',
        options: [
          { id: 'price', label: 'The price' },
          { id: 'missing', label: 'Something I need is missing' },
          { id: 'faults', label: 'It did not work reliably' },
          { id: 'hard', label: 'It was hard to use' },
          { id: 'support', label: 'The help I got' },
          { id: 'switched', label: 'I use something else now' },
          { id: 'unneeded', label: 'I no longer need it' },
        ],
        other: 'Something else',
        shuffle: true,
        required: true,
      },
      openQuestion('return', `What, if anything, would bring you back to ${options.name}?`),
      ...contactQuestions(),
    ],
    followUps: soonAfter('cancelled', options.event ?? 'subscription_cancelled', 'subscription_resumed'),
    transactional: true,
    recontact: seldom,
  })
}

export const productMarketFitAbout: About = {
  title: 'Product-market fit',
  purpose: 'See how many would miss the product, and what they would miss.',
  owner: 'product',
  stage: 'retention',
  touchpoint: 'product',
}

/**
 * Product-market fit: how many would miss the product.
 *
 * - Purpose: see how many would miss the product, and what they would miss. Owner: product.
 * - Stage `retention`, touchpoint `product`.
 * - Asks: Sean Ellis's question, "How would you feel if you could no longer use …", with his answers; of those who would
 *   be disappointed, the main benefit; of all who use it, how to improve. The answers keep their order: it is a scale.
 *   The share of "very disappointed" counts among those who still use it. That 40 % mean a fit is his observation of
 *   start-ups, not a law.
 * - When: after 30 seconds on a page, of those who have come in at least 3 visits since 14 days ago or longer. Not of
 *   those whose trait `staff` is true.
 * - Again: 90 days after an answer, 30 after it was closed, 7 after it was merely shown.
 *
 * @throws TypeError when `id` or `name` is missing
 * @example
 * productMarketFit({ id: 'fit', name: 'Acme' })
 */
export function productMarketFit(options: TemplateOptions): Survey {
  const { name } = options
  return fillTemplate(productMarketFitAbout, options, {
    questions: [
      {
        kind: 'choice',
        id: 'feeling',
        title: `How would you feel if you could no longer use ${name}?`,
        options: [
          { id: 'very', label: 'Very disappointed' },
          { id: 'somewhat', label: 'Somewhat disappointed' },
          { id: 'not', label: 'Not disappointed' },
          { id: 'gone', label: 'I no longer use it' },
        ],
        required: true,
      },
      openQuestion(
        'benefit',
        `What is the main benefit you get from ${name}?`,
        chose('feeling', 'very', 'somewhat'),
      ),
      openQuestion(
        'improve',
        `How can we improve ${name} for you?`,
        chose('feeling', 'very', 'somewhat', 'not'),
      ),
    ],
    triggers: [{ on: 'time', seconds: 30 }],
    targeting: { all: [{ fact: 'session.count', op: 'atLeast', value: 3 }, notStaff()] },
    tenure: 14,
    recontact: seldom,
  })
}
