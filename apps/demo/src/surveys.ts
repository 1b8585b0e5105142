/** Every survey of the demo: those that the collector serves, and those that a page brings along. */
import { ces, csat, nps, type SiteSettings, type Survey } from '@earshot/sdk'

const shop = 'Fernwood'

/**
 * Whoever looks at the shop wants to see one survey after the other, in one visit. A shop for customers says nothing
 * here: then a visitor sees one survey a visit at most, and one in two weeks.
 */
export const demoSettings: SiteSettings = { limits: { quiet: 0, perSession: 50 } }

/** Appears when an order was placed in the shop with the script tag. */
const shopNps: Survey = nps({
  id: 'shop-nps',
  name: shop,
  triggers: [{ on: 'event', name: 'order_placed' }],
  touchpoint: 'checkout',
  stage: 'purchase',
  purpose: 'Whether those who ordered would recommend the shop, and why.',
  owner: 'customer care',
})

/** Appears when somebody presses the feedback button. */
const pageCsat: Survey = csat({
  id: 'page-csat',
  name: 'this page',
  question: 'How satisfied are you with this page?',
  touchpoint: 'feedback-button',
  purpose: 'Which pages do not help, and what is missing on them.',
  owner: 'web shop',
})

/** Appears when a visitor says that the help page answered the question. */
const helpCes: Survey = ces({
  id: 'help-ces',
  name: shop,
  question: `${shop} made it easy for me to find an answer.`,
  triggers: [{ on: 'event', name: 'enquiry_solved' }],
  touchpoint: 'help',
  stage: 'support',
  purpose: 'Whether the help pages spare customers an enquiry.',
  owner: 'support',
})

/** Travels with the single-page shop. */
export const spaNps: Survey = nps({
  id: 'spa-nps',
  name: shop,
  triggers: [{ on: 'event', name: 'order_placed' }],
  touchpoint: 'checkout',
  stage: 'purchase',
  purpose: 'Whether those who ordered would recommend the shop, and why.',
  owner: 'customer care',
})

/** May be answered again and again, so that the timeline can be repeated. */
export const verifyNps: Survey = nps({
  id: 'verify-nps',
  name: shop,
  recontact: { answered: 0, dismissed: 0, shown: 0 },
  touchpoint: 'timeline',
  purpose: 'See one answer on all of its way.',
  owner: 'web shop',
})

/** Asked by mail when an enquiry was answered and the customer did not come back. */
export const replyNps: Survey = nps({
  id: 'reply-nps',
  name: shop,
  touchpoint: 'help',
  stage: 'support',
  purpose: 'Whether customers whose enquiry was answered would recommend the shop.',
  owner: 'support',
})

/** Appears at once on the strict page, which may not run a script of its own to ask for it. */
export const cspNps: Survey = nps({
  id: 'csp-nps',
  name: shop,
  triggers: [{ on: 'page', delay: 0 }],
  recontact: { answered: 0, dismissed: 0, shown: 0 },
  touchpoint: 'strict-page',
  purpose: 'Show that the strictest page can ask, too.',
  owner: 'web shop',
})

/** The question of the interviews in `data/nps_botanic.csv`. */
export const botanicNps: Survey = nps({
  id: 'botanic-nps',
  name: 'our garden centre',
  touchpoint: 'interview',
  purpose: 'Whether visitors of the garden centre would recommend it.',
  owner: 'customer care',
})

/** What the shop's collector serves. The timeline's survey is among them, so that its report exists before the first answer. */
export const servedSurveys: readonly Survey[] = [shopNps, pageCsat, helpCes, verifyNps]
