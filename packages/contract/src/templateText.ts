/** What the templates say besides the standard texts, known by its English wording too. Apart from those, since few who read another language need it. */
import { createTextFinder, type StandardKey, standardTexts } from './standardText.ts'

/** English wording of each, with `{name}` for the company or product. */
export const templateTexts = {
  // A visit.
  visit: '{name} made it easy for me to do what I came for.',
  success: 'Did you get done what you came for?',
  partly: 'Partly',
  emotion: 'How do you feel about this visit?',
  veryBad: 'Very bad',
  veryGood: 'Very good',
  // The end of a trial.
  plans: 'What are your plans when your trial of {name} ends?',
  subscribe: 'I am going to subscribe',
  undecided: 'I have not decided yet',
  stop: 'I am going to stop',
  useful: 'What has been most useful to you so far?',
  why: 'What is the main reason for that?',
  // Leaving.
  cancelled: 'What is the main reason you cancelled?',
  price: 'The price',
  lacking: 'Something I need is missing',
  unreliable: 'It did not work reliably',
  difficult: 'It was hard to use',
  help: 'The help I got',
  switched: 'I use something else now',
  unneeded: 'I no longer need it',
  other: 'Something else',
  return: 'What, if anything, would bring you back to {name}?',
  // Product-market fit.
  miss: 'How would you feel if you could no longer use {name}?',
  veryDisappointed: 'Very disappointed',
  somewhatDisappointed: 'Somewhat disappointed',
  notDisappointed: 'Not disappointed',
  gone: 'I no longer use it',
  benefit: 'What is the main benefit you get from {name}?',
  improve: 'How can we improve {name} for you?',
  // Leaving the checkout.
  notOrdered: 'What is the main reason you have not ordered yet?',
  delivery: 'Cost or time of delivery',
  payment: 'The ways to pay',
  account: 'Having to create an account',
  fault: 'Something did not work',
  deciding: 'I am still deciding',
  whatFault: 'What did not work?',
} as const

/** Key of a text of a template. */
export type TemplateKey = keyof typeof templateTexts

/** A standard text or one of a template, and the name that stands in it. */
export interface BuiltInText {
  key: StandardKey | TemplateKey
  name: string
}

/**
 * Which text this is of all that are built in; undefined where it is another.
 *
 * @example
 * builtInText('How can we improve Acme for you?') // { key: 'improve', name: 'Acme' }
 */
export const builtInText: (text: string) => BuiltInText | undefined = /* @__PURE__ */ createTextFinder({
  ...standardTexts,
  ...templateTexts,
})
