/** A survey as one visitor gets it: the words and place of the variant, and what its questions may look at. */
import {
  type AnswerValue,
  type Question,
  type Scalar,
  type Survey,
  type Test,
  variantOf,
  type Variant,
} from '@earshot/contract'
import { memoryOf } from '../memory.ts'
import type { Showing, State, Wish } from '../model.ts'
import type { Instant } from '../time.ts'
import { factsOf, own } from './facts.ts'

const defaultLayout = 'bottom-end'

/** As many characters of a hidden field as the wire takes. */
const longestHidden = 1000

/** What a page of all questions cannot do, in questions as JSON. */
const needsPages =
  /"(next|required|known|look|input|minLength|pattern|fact|all|any|not)":|"kind":"(ch|y|l|st)|\{\{/

/** Whether each question has a page of its own: where all are number scales and texts without more to them, they share one. */
export function isPaged({ questions, variants, thanks, translations }: Survey): boolean {
  return (
    needsPages.test(JSON.stringify(questions)) ||
    JSON.stringify([variants, thanks, translations]).includes('{{') ||
    questions.some((each, index) => !each.when === index > 0)
  )
}

/** The survey for a claim that was granted, and what its events say of it. */
export function dress(state: State, survey: Survey, wish: Wish): Omit<Showing, 'response'> {
  const { memory } = state
  const progress = memory && wish.cause === 'resume' ? memoryOf(memory, survey.id).progress : undefined
  const { variants = [] } = survey
  const arm = progress
    ? variants.find((each) => each.id === progress.variant)
    : variantOf(memory?.visitor ?? '', survey.id, variants)
  const worded = arm ? inWordsOf(survey, arm) : survey
  const layout = worded.layout ?? defaultLayout
  const hidden = hiddenOf(survey, wish.hidden)
  const about = progress
    ? { ...progress.about, trigger: wish.cause }
    : {
        trigger: wish.cause,
        ...(wish.followUp !== undefined && { followUp: wish.followUp }),
        ...(hidden && { hidden }),
        ...(layout !== defaultLayout && { layout }),
      }
  // The claim that was granted is the last thing the memory has learned.
  const now = memory?.asks.at(-1)?.at ?? memory?.session.seen ?? (0 as Instant)
  return {
    survey: worded,
    about,
    ...(arm && { variant: arm.id }),
    facts: progress?.facts ?? snapshot(state, now, worded, { ...wish, hidden: about.hidden }),
    ...(progress && { progress }),
    paged: isPaged(survey),
  }
}

function inWordsOf(survey: Survey, { wording, layout }: Variant): Survey {
  const questions = survey.questions.map((each): Question => {
    const words = own(wording, each.id)
    if (!words) return each
    const { title = each.title } = words
    if (each.kind !== 'scale') return { ...each, title }
    const { low = each.low, high = each.high } = words
    return { ...each, title, low, high }
  })
  return { ...survey, questions, ...(layout && { layout }) }
}

/** The values of the fields that the survey has; undefined when there are none. */
function hiddenOf({ hidden = [] }: Survey, given: Wish['hidden']): Record<string, Scalar> | undefined {
  const values: Record<string, Scalar> = {}
  for (const name of hidden) {
    const value: unknown = own(given, name)
    if (typeof value === 'string') values[name] = value.slice(0, longestHidden)
    else if (typeof value === 'number' || typeof value === 'boolean' || value === null) values[name] = value
  }
  return Object.keys(values).length ? values : undefined
}

/**
 * The facts that the questions name in any language, by name (`time.hour@Europe/Berlin` where a test names a zone); answers and bands
 * are the card's own. So the card needs nothing of the state, and all of a showing looks at the same moment.
 */
function snapshot(
  state: State,
  now: Instant,
  { questions, thanks, translations, variants }: Survey,
  wish: Wish,
): Record<string, AnswerValue | null> {
  const facts = factsOf(state, now, wish)
  const values: Record<string, AnswerValue | null> = {}
  const add = (fact: string, zone?: string): void => {
    const value = facts(fact, zone)
    if (value !== undefined) values[zone ? `${fact}@${zone}` : fact] = value
  }
  JSON.stringify([questions, thanks, translations, variants], (key, value: unknown) => {
    if (key === 'known') add(`trait.${String(value)}`)
    // The same visitor gets the same order each time.
    if (key === 'shuffle') values['visitor.id'] = state.memory?.visitor ?? ''
    const { fact: named, zone } = (value ?? {}) as Partial<Test>
    if (named) add(named, zone)
    if (typeof value === 'string')
      for (const [, fact = ''] of value.matchAll(/\{\{([^|}]+)/g)) add(fact.trim())
    return value
  })
  return values
}
