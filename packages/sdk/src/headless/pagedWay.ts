/** A survey with pages: every kind of question, one at a time. A lazy chunk, in the place of the card's. */
import {
  answerFlaw,
  createFill,
  mustAnswer,
  routeOf,
  type AnswerValue,
  type Question,
} from '@earshot/contract'
import type { Flow } from '../core/flow.ts'
import { choicesOf } from '../core/pageChoices.ts'
import { judgeAll } from '../core/pageJudge.ts'
import { lengthOf, questionOf } from '../core/pageRoute.ts'
import { startPages, stepPages } from '../core/pages.ts'
import { typedValue } from '../core/pageTyped.ts'
import type { HeadlessQuestion, Way } from './model.ts'

/** Texts of a question that may have facts in them. */
const texts = ['title', 'text', 'low', 'high', 'yes', 'no', 'label', 'other'] as const

const pagedWay: Way = {
  start(showing, offline) {
    const flow = startPages(showing, offline)
    // Told as a card that could not be drawn: a survey that asks nothing was not shown.
    if (flow.page === undefined) throw new Error(`nothing is left to ask in "${showing.survey.id}"`)
    return flow
  },
  step: (flow, input) => stepPages(flow, input, judgeAll),
  takesEmpty: true,
  look(flow) {
    const question = questionOf(flow, flow.page)
    const route = routeOf(flow)
    const place = route.indexOf(flow.page ?? '')
    return {
      questions: question ? [worded(flow, question)] : [],
      progress: { at: place + 1, of: lengthOf(flow) },
      canGoBack: place > 0,
      isLast: place === route.length - 1,
    }
  },
  judge(question, given, other) {
    const typed = typeof given === 'string' ? typedValue(question, given) : given
    // A list of the site's own may change later.
    const value = (Array.isArray(typed) ? [...(typed as string[])] : typed) as AnswerValue | null
    if (other !== undefined && typeof other !== 'string')
      return { value, wrong: 'takes a text beside the choice "other"' }
    const flaw = answerFlaw(question, { value: value as AnswerValue, other: other?.trim() || undefined })
    return { value, wrong: flaw && flaw.message }
  },
  onward: ({ page = '' }) => ({ type: 'next', page }),
}

function worded(flow: Flow, question: Question): HeadlessQuestion {
  const fill = createFill(flow, question.id)
  const filled = Object.entries(question).map(([key, value]: [string, unknown]) => [
    key,
    typeof value === 'string' && (texts as readonly string[]).includes(key) ? fill(value) : value,
  ])
  const options = question.kind === 'choice' && {
    options: choicesOf(flow, question).map((each) => ({ ...each, label: fill(each.label) })),
  }
  return {
    ...question,
    ...Object.fromEntries(filled),
    ...options,
    required: mustAnswer(flow, question),
  }
}

/** By the name under which the chunk of the card has its own. */
export const createKinds = (): Way => pagedWay
