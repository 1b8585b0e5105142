/** Showings that were claimed and came to nothing: a page may be left before its card is drawn, or before anybody has looked at it. */
import { memoryOf } from '../memory.ts'
import type { Ask, Memory } from '../model.ts'
import { after, type Instant, seconds } from '../time.ts'

/** As long as a tab may take to bring the card and to be looked at, unless it still has it. */
const patience = seconds(5 * 60)

/** The last showing of each survey, if it was neither seen nor heard of since. Whether another tab has its card still is not known here. */
export function unseenAsks(memory: Memory, at: Instant): readonly Ask[] {
  const last = new Map(memory.asks.map((each) => [each.survey, each]))
  return [...last.values()].filter((ask) => {
    const { seen, answered, dismissed, snoozed } = memoryOf(memory, ask.survey)
    const isHeardOf = [answered, dismissed, snoozed].some(
      (moment) => moment !== undefined && moment >= ask.at,
    )
    return ask.unseen && seen !== ask.response && !isHeardOf && at > after(ask.at, patience)
  })
}
