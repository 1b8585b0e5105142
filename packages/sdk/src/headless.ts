/** Earshot without its card: the same deciding, queue and delivery, for those who draw the survey themselves. */
import type { AnswerValue, Question, Scalar, Survey } from '@earshot/contract'
import type { EarshotEvents } from './core/emission.ts'
import type {
  HeadlessFlaw,
  HeadlessQuestion,
  HeadlessState,
  HeadlessSurvey,
  OnSurvey,
} from './headless/model.ts'
import type { LoadKinds, MountCard } from './ports/card.ts'
import { checkOptions } from './shell/checkOptions.ts'
import { createClient, type Earshot, type EarshotOptions } from './shell/client.ts'
import { importKeeper } from './shell/importKeeper.ts'
import { importOutbox } from './shell/importOutbox.ts'
import { importRules } from './shell/importRules.ts'

export type {
  AnswerValue,
  Earshot,
  EarshotEvents,
  EarshotOptions,
  HeadlessFlaw,
  HeadlessQuestion,
  HeadlessState,
  HeadlessSurvey,
  OnSurvey,
  Question,
  Scalar,
  Survey,
}

/** How Earshot runs on a page that draws its surveys itself. */
export interface HeadlessOptions extends EarshotOptions {
  /** Gets every survey that is to be shown, one at a time; the result is called when it is over. */
  onSurvey: OnSurvey
}

/**
 * Starts Earshot on this page, without its card: `onSurvey` draws. The next survey can come only after the site has
 * closed this one by `dismiss()`, also after the thanks.
 *
 * @throws TypeError when an option is missing or malformed; the message says which and how to mend it
 * @example
 * const earshot = createHeadless({
 *   key: 'pk_…',
 *   collector: 'https://feedback.example.com',
 *   onSurvey(survey) {
 *     survey.displayed()
 *     return survey.subscribe(() => console.log(survey.state().stage))
 *   },
 * })
 */
export function createHeadless(options: HeadlessOptions): Earshot {
  checkOptions(options)
  const { onSurvey } = options
  if (typeof onSurvey !== 'function')
    throw new TypeError('Earshot: "onSurvey" must be a function that draws a survey')
  const loadCard = async (): Promise<{ mountCard: MountCard }> => {
    importOutbox().catch(() => {})
    const { createMount } = await import('./headless/mount.ts')
    return { mountCard: createMount(onSurvey, (days) => client.snooze(days)) }
  }
  const loadKinds: LoadKinds = () => import('./headless/pagedWay.ts')
  const client = createClient(options, {
    loadCard,
    loadKinds,
    loadOutbox: importOutbox,
    loadKeeper: importKeeper,
    loadRules: importRules,
  })
  return client
}
