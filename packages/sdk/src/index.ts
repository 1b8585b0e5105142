/** The public entry of the SDK. Importing it does nothing; `createEarshot` does. */
import type {
  FeedbackEvent,
  FollowUpRule,
  Limits,
  Privacy,
  Question,
  Rule,
  Scalar,
  SiteSettings,
  Survey,
  SurveyWords,
  Theme,
  ThemeColors,
  Trigger,
  Variant,
} from '@earshot/contract'
import {
  ces,
  ces1,
  csat,
  enps,
  nps,
  type CsatOptions,
  type CsatWords,
  type StandardWords,
  type SurveyFields,
  type SurveyOptions,
} from './core/builders.ts'
import type { ExplainedRule, Explanation, Reason } from './core/decision.ts'
import type { DismissReason, EarshotEvents } from './core/emission.ts'
import type { JourneyContext } from './core/model.ts'
import type { Consent } from './core/remembered.ts'
import type { CsatPoints } from './core/standardQuestions.ts'
import {
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
  templates,
  trialEnding,
  type CheckoutExitOptions,
  type CsatAfterPurchaseOptions,
  type EventTemplateOptions,
  type PageHelpfulOptions,
  type RecoveryCheckOptions,
  type RelationshipNpsOptions,
  type Template,
  type TemplateOptions,
  type TemplateWording,
} from './core/templates.ts'
import type { Instant } from './core/time.ts'
import type { Inspection } from './ports/keeper.ts'
import { checkOptions } from './shell/checkOptions.ts'
import { createClient, type Earshot, type EarshotOptions } from './shell/client.ts'
import { importCard } from './shell/importCard.ts'
import { importKinds } from './shell/importKinds.ts'
import { importKeeper } from './shell/importKeeper.ts'
import { importOutbox } from './shell/importOutbox.ts'
import { importRules } from './shell/importRules.ts'

export {
  ces,
  ces1,
  cesAfterSupport,
  checkoutExit,
  churnReason,
  csat,
  csatAfterPurchase,
  enps,
  firstContactResolution,
  nps,
  pageHelpful,
  productMarketFit,
  recoveryCheck,
  relationshipNps,
  staffEnps,
  successEffortEmotion,
  templates,
  trialEnding,
}
export type {
  CheckoutExitOptions,
  Consent,
  CsatAfterPurchaseOptions,
  CsatOptions,
  CsatPoints,
  CsatWords,
  DismissReason,
  Earshot,
  EarshotEvents,
  EarshotOptions,
  EventTemplateOptions,
  ExplainedRule,
  Explanation,
  FeedbackEvent,
  FollowUpRule,
  Inspection,
  Instant,
  JourneyContext,
  Limits,
  PageHelpfulOptions,
  Privacy,
  Question,
  Reason,
  RecoveryCheckOptions,
  RelationshipNpsOptions,
  Rule,
  Scalar,
  SiteSettings,
  StandardWords,
  Survey,
  SurveyFields,
  SurveyOptions,
  SurveyWords,
  Template,
  TemplateOptions,
  TemplateWording,
  Theme,
  ThemeColors,
  Trigger,
  Variant,
}

/**
 * Starts Earshot on this page. Two instances may live on one page; each ends with `destroy()`.
 *
 * @throws TypeError when an option is missing or malformed; the message says which and how to mend it. Nothing throws later.
 * @example
 * import { createEarshot, nps } from '@earshot/sdk'
 *
 * const earshot = createEarshot({
 *   key: 'pk_…',
 *   collector: 'https://feedback.example.com',
 *   surveys: [nps({ id: 'nps-q4', name: 'Acme', triggers: [{ on: 'event', name: 'checkout_done' }] })],
 * })
 * earshot.track('checkout_done')
 */
export function createEarshot(options: EarshotOptions): Earshot {
  checkOptions(options)
  return createClient(options, {
    loadCard: importCard,
    loadKinds: importKinds,
    loadOutbox: importOutbox,
    loadKeeper: importKeeper,
    loadRules: importRules,
  })
}
