/** The vocabulary of life-cycle events: names of `track` from which the collector computes what becomes of customers. */

/**
 * Names of `track` that the collector understands, from browsers and from servers. Any other name is stored as it is, and
 * counts in no report on customers.
 *
 * | name | properties |
 * | --- | --- |
 * | `signed_up` | |
 * | `active` | somebody used the product; once a day is enough |
 * | `trial_started`, `trial_ended` | |
 * | `subscription_started`, `subscription_changed` | `amount`: what is paid per month from now on |
 * | `subscription_ended` | |
 * | `purchased` | `referred`: whether it came of a recommendation; `amount`; `margin` |
 * | `enquiry_opened`, `enquiry_contacted`, `enquiry_answered`, `enquiry_resolved`, `enquiry_reopened` | `enquiry`: its id; `solvable: false` for what the first level cannot solve |
 * | `conversation_ended` | `handledBy`: `bot`, `handover` or `person` |
 *
 * @example
 * earshot.track(lifecycle.purchased, { referred: true, amount: 49 })
 */
export const lifecycle: {
  readonly signedUp: 'signed_up'
  readonly active: 'active'
  readonly trialStarted: 'trial_started'
  readonly trialEnded: 'trial_ended'
  readonly subscriptionStarted: 'subscription_started'
  readonly subscriptionChanged: 'subscription_changed'
  readonly subscriptionEnded: 'subscription_ended'
  readonly purchased: 'purchased'
  readonly enquiryOpened: 'enquiry_opened'
  readonly enquiryContacted: 'enquiry_contacted'
  readonly enquiryAnswered: 'enquiry_answered'
  readonly enquiryResolved: 'enquiry_resolved'
  readonly enquiryReopened: 'enquiry_reopened'
  readonly conversationEnded: 'conversation_ended'
} = {
  signedUp: 'signed_up',
  active: 'active',
  trialStarted: 'trial_started',
  trialEnded: 'trial_ended',
  subscriptionStarted: 'subscription_started',
  subscriptionChanged: 'subscription_changed',
  subscriptionEnded: 'subscription_ended',
  purchased: 'purchased',
  enquiryOpened: 'enquiry_opened',
  enquiryContacted: 'enquiry_contacted',
  enquiryAnswered: 'enquiry_answered',
  enquiryResolved: 'enquiry_resolved',
  enquiryReopened: 'enquiry_reopened',
  conversationEnded: 'conversation_ended',
}

/** A name of the vocabulary. */
export type LifecycleName = (typeof lifecycle)[keyof typeof lifecycle]

/** All names of the vocabulary. */
export const lifecycleNames: readonly LifecycleName[] = Object.values(lifecycle)
