/** Templates around a purchase: satisfaction after it, and what kept somebody from it. */
import type { AddressMatch, FollowUpRule, Survey } from '@earshot/contract'
import { often } from './makeSurvey.ts'
import { csatQuestions } from './standardQuestions.ts'
import {
  type About,
  chose,
  type EventTemplateOptions,
  fillTemplate,
  openQuestion,
  type TemplateOptions,
} from './template.ts'

export const csatAfterPurchaseAbout: About = {
  title: 'Satisfaction after a purchase',
  purpose: 'Find out what goes wrong between the basket and the doorstep.',
  owner: 'online shop',
  stage: 'purchase',
  touchpoint: 'order',
}

/** What `csatAfterPurchase` takes. */
export interface CsatAfterPurchaseOptions extends EventTemplateOptions {
  /** `placed` (default) asks about ordering, at once; `delivered` about what came, the day after. */
  moment?: 'placed' | 'delivered' | undefined
}

/**
 * Satisfaction after a purchase: about ordering, or about what came.
 *
 * - Purpose: find out what goes wrong between the basket and the doorstep. Owner: online shop.
 * - Stage `purchase`, touchpoint `order`.
 * - Asks: satisfaction, 1–5, and the reason; the usual CSAT wording, "Overall, how satisfied are you with …".
 * - When: `placed`: at once on the event `order_placed`. `delivered`: 24 hours after the event `order_delivered`, for
 *   14 days, once for each value of its property `order`; `order_returned` with the same `order` calls it off. Right
 *   after the click nobody can judge the goods, and days later nobody remembers the checkout.
 * - Again: 30 days after an answer or after it was closed, 7 after it was merely shown. It is transactional.
 *
 * @throws TypeError when `id` or `name` is missing, or `moment` is something else
 * @example
 * csatAfterPurchase({ id: 'csat-order', name: 'Acme' })
 * earshot.track('order_placed')
 */
export function csatAfterPurchase(options: CsatAfterPurchaseOptions): Survey {
  const { name, moment = 'placed' } = options
  if (moment !== 'placed' && moment !== 'delivered')
    throw new TypeError('Earshot: "moment" of csatAfterPurchase() must be "placed" or "delivered"')
  const thing = moment === 'placed' ? 'ordering' : 'your order'
  const question = `Overall, how satisfied are you with ${thing} from ${name}?`
  return fillTemplate(csatAfterPurchaseAbout, options, {
    questions: csatQuestions(name, { question }),
    ...(moment === 'placed'
      ? { triggers: [{ on: 'event', name: options.event ?? 'order_placed' }] }
      : { followUps: afterDelivery(options.event) }),
    transactional: true,
    recontact: often,
  })
}

function afterDelivery(name = 'order_delivered'): FollowUpRule[] {
  return [
    {
      id: 'delivered',
      after: { on: 'event', name, key: 'order' },
      delay: 1,
      expires: 14,
      cancel: [{ name: 'order_returned', key: 'order' }],
    },
  ]
}

export const checkoutExitAbout: About = {
  title: 'Leaving the checkout',
  purpose: 'Learn why people leave the checkout without an order, and remove the largest reason.',
  owner: 'online shop',
  stage: 'purchase',
  touchpoint: 'checkout',
}

/** What `checkoutExit` takes. */
export interface CheckoutExitOptions extends TemplateOptions {
  /** On which pages; default those whose path begins with `/checkout`. */
  url?: AddressMatch[] | undefined
}

/**
 * Leaving the checkout: why somebody goes without an order.
 *
 * - Purpose: learn why people leave the checkout without an order, and remove the largest reason. Owner: online shop.
 * - Stage `purchase`, touchpoint `checkout`.
 * - Asks: the main reason, in an order of its own for each visitor, so that the first choice gains nothing; where
 *   something did not work, what. The wording is our own.
 * - When: about to leave a page whose path begins with `/checkout` and does not look like that of a confirmation
 *   (`confirm`, `thank`, `success`, `complete`). A `url` or `targeting` of your own names it better.
 * - Again: 30 days after an answer or after it was closed, 7 after it was merely shown.
 *
 * @throws TypeError when `id` or `name` is missing
 * @example
 * checkoutExit({ id: 'checkout-exit', name: 'Acme', url: [{ match: 'exact', value: '/basket/pay' }] })
 */
export function checkoutExit(options: CheckoutExitOptions): Survey {
  const { url = [{ match: 'prefix', value: '/checkout' }] } = options
  return fillTemplate(checkoutExitAbout, options, {
    questions: [
      {
        kind: 'choice',
        id: 'reason',
        title: 'What is the main reason you have not ordered yet?',
        options: [
          { id: 'price', label: 'The price' },
          { id: 'delivery', label: 'Cost or time of delivery' },
          { id: 'payment', label: 'The ways to pay' },
          { id: 'account', label: 'Having to create an account' },
          { id: 'fault', label: 'Something did not work' },
          { id: 'deciding', label: 'I am still deciding' },
        ],
        other: 'Something else',
        shuffle: true,
        required: true,
      },
      openQuestion('fault', 'What did not work?', chose('reason', 'fault')),
    ],
    triggers: [{ on: 'exit', url }],
    targeting: { not: { fact: 'page.path', op: 'pattern', value: 'confirm|thank|success|complete' } },
    recontact: often,
  })
}
