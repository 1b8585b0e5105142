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
  /** Where as many must be chosen as may be. */
  chooseExactly: Counted
  chooseTo: Counted
  /** By the second number. */
  chooseBetween: Counted
}

/** What every page may say. The words of one type of question are with its file. */
export const pageWords = {
  tag: 'en',
  next: 'Continue',
  send: 'Send',
  done: 'Done',
  back: 'Back',
  skip: 'Skip',
  required: 'Required',
  step: '{at} of {of}',
  chooseOne: 'Choose an answer to go on.',
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
