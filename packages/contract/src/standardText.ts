/** The texts that standard surveys are made of, known by their English wording, so that they come translated. */

/** English wording of each, with `{name}` for the company or product. */
export const standardTexts = {
  // The standard metrics.
  nps: 'How likely is it that you would recommend {name} to a friend or colleague?',
  enps: 'How likely is it that you would recommend {name} as a place to work?',
  unlikely: 'Not at all likely',
  likely: 'Extremely likely',
  whyScore: 'What is the main reason for your score?',
  whatLacks: 'What would make it a 9 or 10?',
  valued: 'What do you value most?',
  ces: '{name} made it easy for me to handle my issue.',
  disagree: 'Strongly disagree',
  agree: 'Strongly agree',
  hard: 'What made it hard?',
  easier: 'What would have made it easier?',
  easy: 'What went well?',
  ces1: 'How much effort did you personally have to put forth to handle your request?',
  lowEffort: 'Very low effort',
  highEffort: 'Very high effort',
  csat: 'Overall, how satisfied are you with {name}?',
  veryDissatisfied: 'Very dissatisfied',
  verySatisfied: 'Very satisfied',
  dissatisfied: 'Dissatisfied',
  satisfied: 'Satisfied',
  wrong: 'What went wrong?',
  better: 'What could we do better?',
  liked: 'What did you like?',
  thanks: 'Thank you',
  thanksText: 'Your feedback helps us get better.',
  // The templates that ask with them.
  contact: 'May we contact you about your answer?',
  email: 'Which email address should we use?',
  emailHint: 'An address such as ada@example.com',
  yes: 'Yes',
  no: 'No',
  recovery: 'Some time ago you told us what you think of {name}. How satisfied are you with {name} now?',
  change: 'If you could change one thing about working here, what would it be?',
  ordering: 'Overall, how satisfied are you with ordering from {name}?',
  order: 'Overall, how satisfied are you with your order from {name}?',
  resolved: 'Was your enquiry solved the first time you got in touch?',
  stillOpen: 'What is still open, or why did you have to get in touch again?',
  helpful: 'Was this page helpful?',
  unhelpful: 'What is missing or wrong on this page?',
} as const

/** Key of a standard text. */
export type StandardKey = keyof typeof standardTexts

/** A text that is a standard one, and the name that stands in it. */
export interface StandardText {
  key: StandardKey
  name: string
}

/**
 * Which standard text this is; undefined where it is another. What stands in the place of the name must look like one:
 * in "Overall, how satisfied are you with our help?" it does not, and to leave it in English amid another language would
 * be worse than not to translate the question.
 *
 * @example
 * standardText('Overall, how satisfied are you with Acme?') // { key: 'csat', name: 'Acme' }
 */
export const standardText: (text: string) => StandardText | undefined =
  /* @__PURE__ */ createTextFinder(standardTexts)

/**
 * What knows texts by their English wording.
 *
 * @example
 * createTextFinder({ hello: 'Hello, {name}!' })('Hello, Ada!') // { key: 'hello', name: 'Ada' }
 */
export function createTextFinder<Key extends string>(
  texts: Readonly<Record<Key, string>>,
): (text: string) => { key: Key; name: string } | undefined {
  const keys = Object.keys(texts) as Key[]
  const hasName = (key: Key): boolean => texts[key].includes('{name}')
  /** Those without a name, by their wording. */
  const fixed: ReadonlyMap<string, Key> = new Map(
    keys.filter((key) => !hasName(key)).map((key) => [texts[key], key]),
  )
  /**
   * Those with a name, cut where it stands. The longest come first: of several that fit, it is the one that leaves least
   * to the name, for "your order from Acme" is no company.
   */
  const named = keys
    .filter(hasName)
    .sort((a, b) => texts[b].length - texts[a].length)
    .map((key) => [key, texts[key].split('{name}')] as const)
  return (text) => {
    const key = fixed.get(text)
    if (key) return { key, name: '' }
    for (const [each, parts] of named) {
      const name = nameIn(text, parts)
      if (name !== undefined) return isPhrase(name) ? undefined : { key: each, name }
    }
    return undefined
  }
}

/** What stands between the parts, the same everywhere. */
function nameIn(text: string, parts: readonly string[]): string | undefined {
  const [first = '', ...rest] = parts
  if (!text.startsWith(first)) return undefined
  const room = text.length - parts.join('').length
  const name = text.slice(first.length, first.length + room / rest.length)
  return room > 0 && parts.join(name) === text ? name : undefined
}

/** Whether it reads on in English: a word for what is at hand, or several words of which the first has small letters only. */
function isPhrase(name: string): boolean {
  return /^(?:us|me|it|this|that|these|those|them|everything|[a-z]+(?:['’][a-z]+)? .*)$/s.test(name)
}
