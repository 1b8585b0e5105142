/** All templates: ready-made surveys with a purpose and an owner, and a list of them for a gallery. */
import type { Survey } from '@earshot/contract'
import type { About, EventTemplateOptions, TemplateOptions, TemplateWording } from './template.ts'
import {
  churnReason,
  churnReasonAbout,
  productMarketFit,
  productMarketFitAbout,
  successEffortEmotion,
  successEffortEmotionAbout,
  trialEnding,
  trialEndingAbout,
} from './templateProduct.ts'
import {
  recoveryCheck,
  recoveryCheckAbout,
  type RecoveryCheckOptions,
  relationshipNps,
  relationshipNpsAbout,
  type RelationshipNpsOptions,
  staffEnps,
  staffEnpsAbout,
} from './templateRelationship.ts'
import {
  checkoutExit,
  checkoutExitAbout,
  type CheckoutExitOptions,
  csatAfterPurchase,
  csatAfterPurchaseAbout,
  type CsatAfterPurchaseOptions,
} from './templateShop.ts'
import {
  cesAfterSupport,
  cesAfterSupportAbout,
  firstContactResolution,
  firstContactResolutionAbout,
  pageHelpful,
  pageHelpfulAbout,
  type PageHelpfulOptions,
} from './templateSupport.ts'

export {
  cesAfterSupport,
  checkoutExit,
  churnReason,
  csatAfterPurchase,
  firstContactResolution,
  pageHelpful,
  productMarketFit,
  recoveryCheck,
  relationshipNps,
  staffEnps,
  successEffortEmotion,
  trialEnding,
}

export type {
  CheckoutExitOptions,
  CsatAfterPurchaseOptions,
  EventTemplateOptions,
  PageHelpfulOptions,
  RecoveryCheckOptions,
  RelationshipNpsOptions,
  TemplateOptions,
  TemplateWording,
}

/** One template, as a gallery shows it. */
export interface Template {
  /** Name of the function. */
  name: string
  title: string
  /** What the answers are for. */
  purpose: string
  /** The role that acts on the answers. */
  owner: string
  /** Stage of the customer's journey; `staff` for what is asked of colleagues. */
  stage: string
  /** The function itself. */
  make: (options: TemplateOptions) => Survey
}

/**
 * All templates.
 *
 * @example
 * templates.map(({ name, make }) => make({ id: name, name: 'Acme' }))
 */
export const templates: readonly Template[] = [
  /* @__PURE__ */ list('relationshipNps', relationshipNpsAbout, relationshipNps),
  /* @__PURE__ */ list('recoveryCheck', recoveryCheckAbout, recoveryCheck),
  /* @__PURE__ */ list('cesAfterSupport', cesAfterSupportAbout, cesAfterSupport),
  /* @__PURE__ */ list('firstContactResolution', firstContactResolutionAbout, firstContactResolution),
  /* @__PURE__ */ list('pageHelpful', pageHelpfulAbout, pageHelpful),
  /* @__PURE__ */ list('csatAfterPurchase', csatAfterPurchaseAbout, csatAfterPurchase),
  /* @__PURE__ */ list('checkoutExit', checkoutExitAbout, checkoutExit),
  /* @__PURE__ */ list('successEffortEmotion', successEffortEmotionAbout, successEffortEmotion),
  /* @__PURE__ */ list('productMarketFit', productMarketFitAbout, productMarketFit),
  /* @__PURE__ */ list('trialEnding', trialEndingAbout, trialEnding),
  /* @__PURE__ */ list('churnReason', churnReasonAbout, churnReason),
  /* @__PURE__ */ list('staffEnps', staffEnpsAbout, staffEnps),
]

function list(
  name: string,
  { title, purpose, owner, stage }: About,
  make: (options: TemplateOptions) => Survey,
): Template {
  return { name, title, purpose, owner, stage, make }
}
