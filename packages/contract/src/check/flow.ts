/** Finds what is wrong with the order of questions: jumps into nothing or back, questions that nobody comes to. */
import type { Question } from '../question.ts'
import { canHold, checkRule } from './rule.ts'
import type { Scope } from './fact.ts'
import { namesInWords, type Loose, type Path, type Report } from './report.ts'

type Questions = readonly (Loose<Question> | undefined)[]

/** Reports what is wrong with conditions and jumps. */
export function checkFlow(report: Report, questions: Questions, hidden: Scope['hidden']): void {
  for (const [index, question] of questions.entries()) {
    const at = ['questions', index]
    const scope: Scope = { place: 'condition', questions, asked: index, hidden }
    checkRule(report, [...at, 'when'], question?.when, scope)
    for (const [place, jump] of (question?.next ?? []).entries()) {
      const jumpAt = [...at, 'next', place]
      checkRule(report, [...jumpAt, 'when'], jump?.when, { ...scope, asked: index + 1 })
      if (jump?.to !== undefined) checkTarget(report, [...jumpAt, 'to'], jump.to, questions, index)
      if (place > 0 && question?.next?.slice(0, place).some((each) => each && isAlways(each)))
        report.warning({
          at: jumpAt,
          found: jump,
          allowed: 'a jump without "when" only as the last',
          problem: 'is never taken, since an earlier one always is',
        })
    }
  }
  checkReached(report, questions)
}

type LooseJump = NonNullable<NonNullable<Loose<Question>['next']>[number]>

const isAlways = (jump: LooseJump): boolean => !('when' in jump && jump.when !== undefined)

function checkTarget(report: Report, at: Path, to: string, questions: Questions, from: number): void {
  if (to === 'end') return
  const target = questions.findIndex((each) => each?.id === to)
  const later = questions.slice(from + 1).flatMap((each) => each?.id ?? [])
  const allowed = `a later question or the end: ${namesInWords([...later, 'end'])}`
  if (target < 0)
    report.error({
      at,
      found: to,
      allowed,
      problem: `is "${to}", but there is no such question`,
      names: [...later, 'end'],
    })
  else if (target <= from) {
    const ids = shortestWay(questions, target, from).map((index) => questions[index]?.id ?? String(index))
    report.error({ at, found: to, allowed, problem: `leads back: ${[...ids, to].join(' → ')}` })
  }
}

/** Where one may come from a question: forward only, the number of questions standing for the end. */
function waysOn(questions: Questions, from: number): number[] {
  const question = questions[from]
  const jumps = (question?.next ?? []).flatMap((each) => each ?? [])
  const ways = jumps.map(({ to }) =>
    to === 'end' ? questions.length : questions.findIndex((each) => each?.id !== undefined && each.id === to),
  )
  // Who is not asked a question takes none of its jumps either.
  const isSkipped = question?.when !== undefined || question?.known !== undefined
  if (isSkipped || !jumps.some(isAlways)) ways.push(from + 1)
  return ways.filter((each) => each > from && each <= questions.length)
}

/** The questions on the shortest way, both ends included; only the ends where there is none. */
function shortestWay(questions: Questions, from: number, to: number): number[] {
  const ways: number[][] = [[from]]
  const seen = new Set([from])
  for (const way of ways) {
    const last = way.at(-1) ?? from
    if (last === to) return way
    for (const next of waysOn(questions, last)) {
      if (seen.has(next)) continue
      seen.add(next)
      ways.push([...way, next])
    }
  }
  return [from, to]
}

/** Reports questions that no way leads to, and those whose condition cannot hold because of that. */
function checkReached(report: Report, questions: Questions): void {
  const reached = new Set([0])
  for (const index of reached) for (const next of waysOn(questions, index)) reached.add(next)
  const neverAsked = new Set<string>()
  for (const [index, question] of questions.entries()) {
    if (!question) continue
    const at = ['questions', index]
    const refuse = (place: Path, problem: string): void => {
      if (question.id !== undefined) neverAsked.add(question.id)
      if (report.hasErrorIn(place)) return
      report.error({
        at: place,
        found: question.id,
        allowed: 'only questions that somebody is asked',
        problem,
      })
    }
    if (!reached.has(index)) refuse([...at, 'id'], 'is never reached, since every way goes past it')
    else if (question.when && !canHold(question.when, (id) => neverAsked.has(id)))
      refuse([...at, 'when'], 'can never hold, so the question is never asked')
  }
}
