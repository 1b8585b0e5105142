/** Finds what stands between a respondent and a link to reviews in public, which is offered to everybody who is asked, or to nobody. */
import type { Question } from '../question.ts'
import type { Rule } from '../rule.ts'
import { mayAskReview } from '../rules.ts'
import type { Survey } from '../survey.ts'
import type { Finding, Loose, Path, Report } from './report.ts'

type Questions = readonly (Loose<Question> | undefined)[]

const mend = '"purpose": "help" on a link that leads to no reviews'
const open = 'no condition on the way to a link for reviews: it is offered to everybody or to nobody'

/**
 * Reports what lets an answer decide who comes to such a link: a condition, a jump past it, the follow-up that asks. On
 * the way to one that says that it is for reviews, no condition of any kind may stand.
 */
export function checkReviewLinks(report: Report, { questions = [], followUps = [] }: Loose<Survey>): void {
  const byAnswers = dependentOnAnswers(questions)
  let isFirst = true
  for (const [index, link] of questions.entries()) {
    if (link?.kind !== 'link' || !mayAskReview(link)) continue
    const isDeclared = link.purpose === 'review'
    const found = isDeclared ? firstObstacle(questions, index) : byAnswers[index]
    if (found)
      report.error({
        at: found.at,
        found: found.rule,
        allowed: isDeclared ? open : `${open}; or ${mend}`,
        problem: isDeclared
          ? `lets some only come to "${link.id ?? index}", which asks for a review`
          : `lets an answer decide who comes to the link "${link.id ?? index}"`,
      })
    if (!isFirst) continue
    isFirst = false
    for (const [place, rule] of followUps.entries())
      if (rule?.after?.on === 'answer' && rule.after.when !== undefined)
        report.error({
          at: ['followUps', place, 'after', 'when'],
          found: rule.after.when,
          allowed: isDeclared ? open : `${open}; or ${mend}`,
          problem: `lets an answer decide who is asked, and so who comes to the link "${link.id ?? index}"`,
        })
  }
}

interface Obstacle {
  at: Path
  rule: Finding['found']
}

/** By question: what lets answers decide whether somebody comes to it. */
function dependentOnAnswers(questions: Questions): (Obstacle | undefined)[] {
  const found: (Obstacle | undefined)[] = []
  for (const [index, question] of questions.entries()) {
    const own = question?.when
    found.push(
      readsAnswer(own)
        ? { at: ['questions', index, 'when'], rule: own }
        : firstOf(jumpsPast(questions, index), ({ from, place }) => {
            const jumps = questions[from]?.next ?? []
            // One that is tried after another is taken where that does not hold.
            const decides = jumps.findIndex((each, at) => at <= place && readsAnswer(each?.when))
            const at = ['questions', from, 'next', decides]
            return decides < 0 ? found[from] : { at, rule: jumps[decides] }
          }),
    )
  }
  return found
}

/** What lets any fact decide whether somebody comes to a question. */
function firstObstacle(questions: Questions, index: number): Obstacle | undefined {
  const question = questions[index]
  for (const field of ['when', 'known'] as const)
    if (question?.[field] !== undefined) return { at: ['questions', index, field], rule: question[field] }
  return firstOf(jumpsPast(questions, index), ({ from, place }) => ({
    at: ['questions', from, 'next', place],
    rule: questions[from]?.next?.[place],
  }))
}

/** The jumps that lead from a question before this one to a later one. */
function jumpsPast(questions: Questions, index: number): { from: number; place: number }[] {
  return questions.slice(0, index).flatMap((question, from) =>
    (question?.next ?? []).flatMap((jump, place) => {
      const target = questions.findIndex((each) => each?.id !== undefined && each.id === jump?.to)
      return jump?.to === 'end' || target > index ? [{ from, place }] : []
    }),
  )
}

/** Whether a rule looks at an answer, wherever in it. */
function readsAnswer(rule: Loose<Rule> | undefined): boolean {
  if (rule === undefined) return false
  if ('all' in rule) return (rule.all ?? []).some(readsAnswer)
  if ('any' in rule) return (rule.any ?? []).some(readsAnswer)
  if ('not' in rule) return readsAnswer(rule.not)
  if ('question' in rule) return true
  return 'fact' in rule && /^(?:answer|band)\./.test(rule.fact ?? '')
}

function firstOf<Item, Result>(
  items: readonly Item[],
  find: (item: Item) => Result | undefined,
): Result | undefined {
  for (const item of items) {
    const result = find(item)
    if (result !== undefined) return result
  }
  return undefined
}
