/** Takes the place of `@earshot/sdk` and `@earshot/sdk/headless` while examples run in Node: everything is real but the client, which needs a page. */
import { createHeadless as startHeadless, type HeadlessOptions } from '../packages/sdk/src/headless.ts'
import { createEarshot as start, type Earshot, type EarshotOptions } from '../packages/sdk/src/index.ts'

export * from '../packages/sdk/src/index.ts'

/** What examples gave to `createEarshot`, in their order. */
export const given: EarshotOptions[] = []

/** A client that hears everything and does nothing. Its keys are the commands that there are. */
export const standIn: Readonly<Earshot> = {
  identify() {},
  setTraits() {},
  group() {},
  track() {},
  page() {},
  show() {},
  dismiss() {},
  snooze() {},
  setLocale() {},
  setTheme() {},
  pause() {},
  resume() {},
  setConsent() {},
  optOut() {},
  reset() {},
  flush: async () => {},
  inspect: async () => ({ queued: [], rejected: [], failures: 0, notBefore: 0, durable: true }),
  retry: async () => 0,
  explain: async (survey) => ({ survey, show: true, rules: [], summary: `"${survey}" would be shown now.` }),
  on: () => () => {},
  destroy() {},
}

/**
 * The same checks as the real one, and then a client that does nothing.
 *
 * @throws TypeError when an option is missing or malformed
 */
export function createEarshot(options: EarshotOptions): Earshot {
  return check(() => start(options), options)
}

/**
 * The same for surveys without the card. Nothing is ever due.
 *
 * @throws TypeError when an option is missing or malformed
 */
export function createHeadless(options: HeadlessOptions): Earshot {
  return check(() => startHeadless(options), options)
}

function check(begin: () => Earshot, options: EarshotOptions): Earshot {
  try {
    begin().destroy()
  } catch (error) {
    // Anything else is the page that there is not.
    if (error instanceof TypeError && error.message.startsWith('Earshot:')) throw error
  }
  given.push(options)
  return standIn
}
