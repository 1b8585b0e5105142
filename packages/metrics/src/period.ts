/** Who was a customer at the start and at the end of a period: the base that retention and churn share. */
import { checkCounts, checkPart } from './input.ts'

/** Customers of one period. */
export interface PeriodCounts {
  /** S: customers on the first moment of the period. */
  start: number
  /** E: customers on its last moment. */
  end: number
  /** N: of those at the end, who came during the period and had never been customers before. */
  joined: number
  /** Of those at the end, who came back during the period and had been customers before its start. Default 0. */
  reactivated?: number
}

/** What follows from the counts of a period. */
export interface PeriodMoves {
  start: number
  end: number
  /** Of those at the start, who are there at the end: E - N, without who came back. */
  retained: number
  /** Of those at the start, who are not there at the end. */
  lost: number
  joined: number
  reactivated: number
}

/**
 * The moves of a period, after a check. More at the end than can be explained: a RangeError.
 *
 * @example
 * movesOf('churn()', { start: 100, end: 110, joined: 30 }) // 80 retained, 20 lost
 */
export function movesOf(where: string, counts: PeriodCounts): PeriodMoves {
  const { start, end, joined, reactivated = 0 } = counts
  checkCounts(where, {
    'counts.start': start,
    'counts.end': end,
    'counts.joined': joined,
    'counts.reactivated': reactivated,
  })
  checkPart(where, 'counts.joined + counts.reactivated', joined + reactivated, 'counts.end', end)
  const retained = end - joined - reactivated
  checkPart(
    where,
    'counts.end without joined and reactivated',
    retained,
    'counts.start',
    start,
    'Count who joined or came back during the period as such.',
  )
  return { start, end, retained, lost: start - retained, joined, reactivated }
}
