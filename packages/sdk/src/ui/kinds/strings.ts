/** Words of paged surveys that belong to no survey. What stands in braces is put in. */

/** Words that hang on a number: one form for each class of numbers that the language has, as `Intl.PluralRules` knows them. */
export type Counted = { [Class in Intl.LDMLPluralRule]?: string } & { other: string }

export interface KindStrings {
  /** BCP 47 tag of these words, by which numbers are written and their classes told. */
  tag: string
  next: string
  send: string
  /** Leaves a last page where nothing is sent. */
  done: string
  back: string
  skip: string
  required: string
  /** How far: `{at}` of `{of}` pages, and a score on a scale. */
  step: string
  /** For those who do not see the sign. */
  newTab: string
  /** At the field beside a last choice. */
  specify: string
  left: Counted
  chooseOne: string
  writeOne: string
  misfit: string
  email: string
  number: string
  numberFrom: string
  numberTo: string
  numberBetween: string
  longer: Counted
  chooseFrom: Counted
  chooseTo: Counted
  /** By the second number. */
  chooseBetween: Counted
}

export const english: KindStrings = {
  tag: 'en',
  next: 'Continue',
  send: 'Send',
  done: 'Done',
  back: 'Back',
  skip: 'Skip',
  required: 'Required',
  step: '{at} of {of}',
  newTab: 'opens in a new tab',
  specify: 'Please say which',
  left: { one: '{count} character left', other: '{count} characters left' },
  chooseOne: 'Choose an answer to go on.',
  writeOne: 'Write an answer to go on.',
  misfit: 'This does not look right. Please check it.',
  email: 'Enter an e-mail address, for example name@example.com.',
  number: 'Enter a number.',
  numberFrom: 'Enter a number of at least {least}.',
  numberTo: 'Enter a number of at most {most}.',
  numberBetween: 'Enter a number from {least} to {most}.',
  longer: { one: 'Write at least {least} character.', other: 'Write at least {least} characters.' },
  chooseFrom: { one: 'Choose at least {least} answer.', other: 'Choose at least {least} answers.' },
  chooseTo: { one: 'Choose at most {most} answer.', other: 'Choose at most {most} answers.' },
  chooseBetween: { other: 'Choose {least} to {most} answers.' },
}

/**
 * Puts a number in each place, in the form for the last of them. Digits are those of the scales, whatever the script.
 *
 * @example
 * format(english, english.left, { count: 1 }) // '1 character left'
 */
export function format(
  { tag }: KindStrings,
  words: string | Counted,
  values: Readonly<Record<string, number>>,
): string {
  const last = Object.values(values).at(-1)!
  const text =
    typeof words === 'string' ? words : (words[new Intl.PluralRules(tag).select(last)] ?? words.other)
  const digits = new Intl.NumberFormat(tag, { numberingSystem: 'latn', maximumSignificantDigits: 15 })
  return text.replace(/{(\w+)}/g, (_place, name: string) => digits.format(values[name]!))
}
