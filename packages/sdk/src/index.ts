/** The public entry of the SDK. Importing it does nothing; `createEarshot` does. */
import type { FeedbackEvent, Scalar, Survey, Trigger } from '@earshot/contract'
import { ces, csat, nps, type SurveyOptions } from './core/builders.ts'
import type { Consent, Decision, DismissReason, EarshotEvents, Reason } from './core/model.ts'
import type { Instant } from './core/time.ts'
import { createClient, type Earshot, type EarshotOptions } from './shell/client.ts'
import { importCard } from './shell/importCard.ts'

export { ces, csat, nps }
export type {
  Consent,
  Decision,
  DismissReason,
  Earshot,
  EarshotEvents,
  EarshotOptions,
  FeedbackEvent,
  Instant,
  Reason,
  Scalar,
  Survey,
  SurveyOptions,
  Trigger,
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
  check(options ?? {})
  return createClient(options, importCard)
}

/** Mistakes of the programmer are told at once, with the mend. */
function check({ key, collector, consent, surveys = [] }: EarshotOptions): void {
  const fail = (what: string): never => {
    throw new TypeError(`createEarshot: ${what}`)
  }
  if (!key) fail('"key" is missing; pass the write key "pk_…" that the collector printed.')
  if (key.startsWith('sk_')) fail('"key" is an admin token; make a new one, and pass the write key "pk_…".')
  if (!/^https?:\/\//.test(collector))
    fail(`"collector" is "${collector}"; pass its address, for example "https://feedback.example.com".`)
  if (consent && consent !== 'required' && consent !== 'implied')
    fail(`"consent" is "${String(consent)}"; pass "required" or "implied".`)
  const isSurvey = (each: Survey): boolean =>
    each?.questions?.[0]?.kind === 'scale' &&
    Array.isArray(each.triggers) &&
    !!each.recontact &&
    !!each.thanks
  if (!Array.isArray(surveys) || !surveys.every(isSurvey))
    fail('"surveys" takes a list of what nps(), ces() and csat() make.')
}
