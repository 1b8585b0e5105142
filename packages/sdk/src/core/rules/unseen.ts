/** Showings that were claimed and came to nothing: a page may be left before its card is drawn, or before anybody has looked at it. */
import type { Ask, Memory, MemoryChange } from '../remembered.ts'
import { after, type Instant, seconds } from '../time.ts'

/** As long as a tab may take to bring the card and to be looked at, unless it still has it. */
const patience = seconds(5 * 60)

/** Whether a change still holds in the freshest memory: what this tab took for unseen, another one may have seen. */
export function stands(memory: Memory, change: MemoryChange, at: Instant, isUnseen: boolean): boolean {
  if (!isUnseen || change.kind !== 'unask') return true
  return unseenAsks(memory, at).some((each) => each.response === change.response)
}

/** Showings that nobody has seen. Whether another tab has the card still is not known here. */
export function unseenAsks({ asks }: Memory, at: Instant): readonly Ask[] {
  return asks.filter((ask) => ask.unseen && at > after(ask.at, patience))
}
