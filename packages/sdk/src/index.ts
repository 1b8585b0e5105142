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
  check(options)
  return createClient(options, importCard)
}

/** Mistakes of the programmer are told at once, with the mend. */
function check({ key, collector, consent, surveys = [] }: EarshotOptions = {} as EarshotOptions): void {
  const must = (isSo: unknown, name: string, mend: string): void => {
    if (!isSo) throw new TypeError(`Earshot: "${name}" must be ${mend}`)
  }
  must(key?.startsWith('pk_'), 'key', 'the write key "pk_…"')
  must(/^https?:/.test(collector), 'collector', 'an address "https://…"')
  must(!consent || consent === 'required' || consent === 'implied', 'consent', '"required" or "implied"')
  const isSurvey = (each: Survey): unknown =>
    each?.questions && each.triggers && each.recontact && each.thanks
  must(Array.isArray(surveys) && surveys.every(isSurvey), 'surveys', 'made by nps(), ces(), csat()')
}
