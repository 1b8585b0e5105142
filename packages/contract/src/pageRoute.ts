/** Which pages a respondent comes to: the questions that are asked, in order, by what was answered so far. In a browser and behind a link they are the same. */
import type { AnswerValue, Question } from './question.ts'
import { judgeRule, type Fact, type Facts } from './rule.ts'
import { bandOf } from './rules.ts'
import type { Survey } from './survey.ts'

/** What the way depends on. */
export interface Answered {
  survey: Pick<Survey, 'questions'>
  /** By question id; what was written beside the choice `other` by `otherKey`. */
  answers: Readonly<Record<string, AnswerValue>>
  /** What else is known, such as `trait.plan`; default nothing. */
  facts?: Readonly<Record<string, Fact>> | undefined
}

/**
 * Key among the answers of what was written beside the choice `other`. No question has such an id.
 *
 * @example
 * otherKey('cause') // 'cause/other'
 */
export function otherKey(question: string): string {
  return `${question}/other`
}

/** Own properties only: a page may have polluted the prototype. */
export const own = <Value>(values: Readonly<Record<string, Value>>, key: string): Value | undefined =>
  Object.hasOwn(values, key) ? values[key] : undefined

/**
 * The facts that rules and texts of a page may look at: those of the showing, and the answers on the way to it. An
 * answer that the respondent has turned away from is kept, but decides nothing and is told nowhere any more.
 */
export function factsOf({ survey, answers, facts = {} }: Answered, route: readonly string[]): Facts {
  const answerTo = (id: string): AnswerValue | undefined =>
    route.includes(id) ? own(answers, id) : undefined
  return (fact, zone): Fact => {
    const [, kind, id = ''] = /^(answer|band)\.(.*)$/.exec(fact) ?? []
    if (kind === 'answer') return answerTo(id)
    if (!kind) return own(facts, zone ? `${fact}@${zone}` : fact)
    const question = survey.questions.find((each) => each.id === id)
    const value = answerTo(id)
    return question?.kind === 'scale' && typeof value === 'number' ? bandOf(question, value) : undefined
  }
}

/**
 * Ids of the pages, from the first to the last that follows from the answers; where one is missing, as if it were
 * skipped. It only ever leads on: a jump back, or to nowhere, which no valid survey has, is the next question.
 *
 * @example
 * routeOf({ survey: nps({ id: 'q', name: 'Acme' }), answers: { score: 9 } }) // ['score', 'why-promoter']
 */
export function routeOf(flow: Answered): string[] {
  const { questions } = flow.survey
  const route: string[] = []
  const facts = factsOf(flow, route)
  for (let index = 0; index < questions.length;) {
    const question = questions[index]!
    const { id, when, known, next = [] } = question
    let to = index + 1
    const isAsked = !when || judgeRule(when, facts) === true
    if (isAsked && !(known && isKnown(facts(`trait.${known}`)))) {
      route.push(id)
      const jump = next.find((each) => !each.when || judgeRule(each.when, facts) === true)
      if (jump?.to === 'end') break
      to = Math.max(
        to,
        questions.findIndex((each) => each.id === jump?.to),
      )
    }
    index = to
  }
  return route
}

/**
 * Whether a page can only be left with an answer. Reading needs none, nor can anybody be sent to another page.
 *
 * @example
 * mustAnswer({ survey }, { kind: 'text', id: 'why', title: 'Why?', maxLength: 200, required: true }) // true
 */
export function mustAnswer(
  { survey }: Pick<Answered, 'survey'>,
  { id, kind, required = false }: Question,
): boolean {
  if (kind === 'statement' || kind === 'link') return false
  // Without its first scale there is no response.
  return required || id === survey.questions.find((each) => each.kind === 'scale')?.id
}

const isKnown = (value: Fact): boolean => value !== undefined && value !== null && value !== ''
