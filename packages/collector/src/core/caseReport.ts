/** What cases tell in numbers: how many, and how long until something was done and until they were closed. */
import { resolution, type ResolutionResult, type Times } from '@earshot/metrics'
import { isOverdue, type Case } from './cases.ts'
import type { Millis } from './time.ts'

/** By what cases are put into groups. */
export const caseGroups = ['rule', 'owner'] as const

/** The numbers of some cases. Times are in hours. */
export interface CaseNumbers {
  /** Opened in the period. */
  opened: number
  /** Closed in the period, and closed still. */
  closed: number
  /** Open now, whenever they were opened. */
  open: number
  /** Of those, how many should be closed by now. */
  overdue: number
  /** Of those that were opened in the period, how many nobody has done anything about. */
  untouched: number
  /** From opening to the first act, of those that were opened in the period. */
  firstAction: Pick<Times, 'median' | 'p90'>
  /** From opening to the last closing, of those that were closed in the period. */
  close: Pick<Times, 'median' | 'p90'>
}

/** The period: from it, to before it; without a bound there is none. */
export interface CasePeriod {
  from?: Millis | undefined
  to?: Millis | undefined
}

const hour: Millis = 3_600_000

/** Whether a moment is in a period. */
function isIn(at: Millis | null, { from = -Infinity, to = Infinity }: CasePeriod): boolean {
  return at !== null && at >= from && at < to
}

/** The times of some cases, as the metrics know those of issues. */
function timesOf(cases: readonly Case[]): ResolutionResult {
  const since = (each: Case, at: Millis | null): number | null =>
    at === null ? null : Math.max(0, at - each.openedAt) / hour
  return resolution(
    cases.map((each) => ({
      createdAt: 0,
      resolvedAt: since(each, each.closedAt),
      answeredAt: since(each, each.actedAt),
      reopened: each.reopened,
    })),
  )
}

/**
 * Counts cases.
 *
 * @example
 * countCases(cases, { from, to }, now).firstAction.median.value // 1.5
 */
export function countCases(cases: readonly Case[], period: CasePeriod, now: Millis): CaseNumbers {
  const opened = cases.filter((each) => isIn(each.openedAt, period))
  const closed = cases.filter((each) => isIn(each.closedAt, period))
  const open = cases.filter((each) => each.state !== 'closed')
  const { firstAnswer } = timesOf(opened)
  const { resolution: close } = timesOf(closed)
  return {
    opened: opened.length,
    closed: closed.length,
    open: open.length,
    overdue: open.filter((each) => isOverdue(each, now)).length,
    untouched: opened.filter((each) => each.actedAt === null).length,
    firstAction: { median: firstAnswer.median, p90: firstAnswer.p90 },
    close: { median: close.median, p90: close.p90 },
  }
}

/** The same by rule or by owner, the most opened first; null is the group of those that nobody looks after. */
export function countCasesBy(
  cases: readonly Case[],
  by: (typeof caseGroups)[number],
  period: CasePeriod,
  now: Millis,
): ({ value: string | null } & CaseNumbers)[] {
  const groups = new Map<string | null, Case[]>()
  for (const each of cases) {
    const group = groups.get(each[by])
    if (group) group.push(each)
    else groups.set(each[by], [each])
  }
  return [...groups]
    .map(([value, group]) => ({ value, ...countCases(group, period, now) }))
    .toSorted((a, b) => b.opened - a.opened || b.open - a.open || compare(a.value, b.value))
}

const compare = (a: string | null, b: string | null): number => {
  const [one, other] = [a ?? '', b ?? '']
  return one < other ? -1 : one > other ? 1 : 0
}
