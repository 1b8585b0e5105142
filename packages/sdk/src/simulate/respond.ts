/** What a respondent says to a question, so that it fits. */
import { answerFlaw, type AnswerValue, type Question, type ScaleQuestion } from '@earshot/contract'
import type { Respond } from './card.ts'
import { type Chance, drawIndex } from './chance.ts'

/** The part of a scale that an answer is drawn from. */
export type Mood = 'bad' | 'middle' | 'good'

/** Says what it is: nobody wrote it. */
const words = 'A simulated answer. '

/**
 * Answers any question by chance, within its bounds.
 *
 * @param moodOf which part of a scale, drawn anew for each; a part without a value gives any value of the scale
 */
export function createRespond(chance: Chance, moodOf: () => Mood): Respond {
  return (question) => {
    const value = draw(question, chance, moodOf)
    // A pattern cannot be turned round, so some texts cannot be given.
    return value === undefined || answerFlaw(question, { value }) ? undefined : value
  }
}

function draw(question: Question, chance: Chance, moodOf: () => Mood): AnswerValue | undefined {
  switch (question.kind) {
    case 'scale':
      return drawScore(question, chance, moodOf())
    case 'yesno':
      return chance() < 0.5
    case 'choice': {
      const ids = question.options.map((each) => each.id)
      const { least = 1, most = ids.length } = question.multiple ? question : { least: 1, most: 1 }
      const count = Math.min(Math.max(least, 1), most, ids.length)
      while (ids.length > count) ids.splice(drawIndex(chance, ids.length), 1)
      return ids
    }
    case 'text':
      if (question.input === 'number') return question.least ?? question.most ?? 1
      if (question.input === 'email') return 'simulated@example.com'
      return words
        .repeat(Math.ceil(Math.max(question.minLength ?? 1, 19) / words.length))
        .slice(0, question.maxLength)
        .trim()
        .padEnd(question.minLength ?? 0, '.')
    default:
      return undefined
  }
}

function drawScore({ min, max, positive, negative }: ScaleQuestion, chance: Chance, mood: Mood): number {
  const all = Array.from({ length: max - min + 1 }, (_, index) => min + index)
  const part = all.filter((each) =>
    mood === 'good'
      ? positive.includes(each)
      : mood === 'bad'
        ? negative.includes(each)
        : !positive.includes(each) && !negative.includes(each),
  )
  const from = part.length ? part : all
  return from[drawIndex(chance, from.length)] as number
}
