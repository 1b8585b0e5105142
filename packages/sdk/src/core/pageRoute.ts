/** Which pages a respondent comes to: the questions that are asked, in order, by what was answered so far. */
import { bandOf, judgeRule, type AnswerValue, type Fact, type Facts, type Question } from '@earshot/contract'
import type { Flow } from './flow.ts'

/** What the way depends on. */
export type Answered = Pick<Flow, 'survey' | 'answers' | 'facts'>

/** Own properties only: a page may have polluted the prototype. */
export function own<Value>(values: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(values, key) ? values[key] : undefined
}

/** Key among the answers of what was written beside the choice `other`. No question has such an id. */
export function otherKey(question: string): string {
  return `${question}/other`
}

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

/** The length of the way, where no answer can change it; else undefined. */
export function lengthOf(flow: Answered): number | undefined {
  const rules = flow.survey.questions.map(({ when, next }) => [when, next])
  const depends = /"fact":"(answer|band)\.|"question":/.test(JSON.stringify(rules))
  return depends ? undefined : routeOf(flow).length
}

/** The question of a page. */
export function questionOf({ survey }: Pick<Flow, 'survey'>, id: string | undefined): Question | undefined {
  return survey.questions.find((each) => each.id === id)
}

const isKnown = (value: Fact): boolean => value !== undefined && value !== null && value !== ''
