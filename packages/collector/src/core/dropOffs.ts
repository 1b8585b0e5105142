/** Counts at which question responses end that were begun and not completed. */
import { isAsked, type AnswerValue, type Survey } from '@earshot/contract'
import { dropOff, type QuestionDropOff } from '@earshot/metrics'
import type { KeptResponse } from './project.ts'

/** Counts what it is given. */
export interface DropOffs {
  add(response: KeptResponse): void
  result(): QuestionDropOff[]
}

/**
 * Begins to count.
 *
 * What was seen is told by the answers: of a completed response every question that was to be asked; else those up to the last
 * answer, and the next one that was to be asked. Where all was answered and the end not reached, the last answer ended it. A question with a condition beyond the bands of a score counts as seen only where it or a later one was answered.
 *
 * @param surveys the versions, of which the last gives the order
 */
export function createDropOffs(surveys: readonly Survey[]): DropOffs {
  const versions = new Map(surveys.map((each) => [each.version, each]))
  const counts = new Map<string, { seen: number; last: number }>()
  const order = surveys.at(-1)?.questions.map((each) => each.id) ?? []
  for (const each of surveys.flatMap((survey) => survey.questions.map(({ id }) => id)))
    if (!order.includes(each)) order.push(each)
  let started = 0
  const count = (question: string): { seen: number; last: number } => {
    const known = counts.get(question) ?? { seen: 0, last: 0 }
    counts.set(question, known)
    return known
  }

  return {
    add(response) {
      const survey = versions.get(response.version)
      const isAnswered = (id: string): boolean => Object.hasOwn(response.answers, id)
      if (!survey || response.overQuota || !survey.questions.some((each) => isAnswered(each.id))) return
      started += 1
      const values: Record<string, AnswerValue> = Object.fromEntries(
        Object.entries(response.answers).map(([id, { value }]) => [id, value]),
      )
      const lastAnswered = survey.questions.findLastIndex((each) => isAnswered(each.id))
      const isOpen = (index: number): boolean => {
        const question = survey.questions[index]
        return question !== undefined && (isAnswered(question.id) || isAsked(survey, question, values))
      }
      const isComplete = response.completedAt !== null
      const seen = survey.questions.filter(
        (_, index) => (isComplete || index <= lastAnswered) && isOpen(index),
      )
      const next = survey.questions.find((_, index) => index > lastAnswered && isOpen(index))
      if (next && !isComplete) seen.push(next)
      for (const { id } of seen) count(id).seen += 1
      const last = seen.at(-1)
      if (!isComplete && last) count(last.id).last += 1
    },
    result: () =>
      dropOff(
        started,
        order.flatMap((question) => {
          const known = counts.get(question)
          return known ? [{ question, ...known }] : []
        }),
      ),
  }
}
