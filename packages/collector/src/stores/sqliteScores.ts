/** The scores of a response, as SQLite counts them. */
import type { StoredResponse } from '../core/project.ts'
import { parseMoment, type Millis } from '../core/time.ts'

/** The answers that reports count: a number field may hold what is on no scale, and what no whole number of SQLite can hold. */
export function scoresOf({ answers }: StoredResponse): { question: string; score: number; at: Millis }[] {
  const scores: { question: string; score: number; at: Millis }[] = []
  for (const question in answers) {
    const { value, at } = answers[question] ?? {}
    if (Number.isSafeInteger(value))
      scores.push({ question, score: value as number, at: parseMoment(at ?? '') ?? 0 })
  }
  return scores
}
