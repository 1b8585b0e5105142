/** Words of paged surveys that belong to no survey. What stands in braces is put in. */

export interface KindStrings {
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
  left: string
  chooseOne: string
  writeOne: string
  misfit: string
  email: string
  number: string
  numberFrom: string
  numberTo: string
  numberBetween: string
  longer: string
  chooseFrom: string
  chooseTo: string
  chooseBetween: string
}

export const english: KindStrings = {
  next: 'Continue',
  send: 'Send',
  done: 'Done',
  back: 'Back',
  skip: 'Skip',
  required: 'Required',
  step: '{at} of {of}',
  newTab: 'opens in a new tab',
  specify: 'Please say which',
  left: '{count} characters left',
  chooseOne: 'Choose an answer to go on.',
  writeOne: 'Write an answer to go on.',
  misfit: 'This does not look right. Please check it.',
  email: 'Enter an e-mail address, for example name@example.com.',
  number: 'Enter a number.',
  numberFrom: 'Enter a number of at least {least}.',
  numberTo: 'Enter a number of at most {most}.',
  numberBetween: 'Enter a number from {least} to {most}.',
  longer: 'Write at least {least} characters.',
  chooseFrom: 'Choose at least {least}.',
  chooseTo: 'Choose at most {most}.',
  chooseBetween: 'Choose {least} to {most}.',
}

/** Puts values in their places. */
export function format(text: string, values: Readonly<Record<string, number>>): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place))
}
