/** The order in which a visitor sees choices. A file of its own, because the card loads it only with such a question. */
import { shuffled, type ChoiceQuestion } from '@earshot/contract'
import type { Flow } from './flow.ts'
import { own } from './pageRoute.ts'

/** The choices as this visitor sees them, always in the same order. `other` is not among them: it stays last. */
export function choicesOf(
  { survey, facts = {}, response }: Pick<Flow, 'survey' | 'facts' | 'response'>,
  { id, options, shuffle }: ChoiceQuestion,
): ChoiceQuestion['options'] {
  const visitor = String(own(facts, 'visitor.id') ?? response)
  return shuffle ? shuffled(options, visitor, `${survey.id}/${id}`) : options
}

/** What is stored with the answer: the order, where it is the visitor's own. */
export function orderOf(flow: Flow, question: ChoiceQuestion): string[] | undefined {
  return question.shuffle ? choicesOf(flow, question).map((each) => each.id) : undefined
}
