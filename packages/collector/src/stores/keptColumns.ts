/** How much of all surveys is kept as columns. */
import type { SurveyColumns } from '../core/columns.ts'

/**
 * Gives up those that were not used for the longest time, until all are within the bound; never the one that is used now.
 *
 * @param kept by key, the one that was used last at the end
 * @returns responses that are kept then; above `most` where the one in use is too large by itself
 */
export function keepWithin(kept: Map<string, { columns: SurveyColumns }>, key: string, most: number): number {
  let all = 0
  for (const each of kept.values()) all += each.columns.size()
  for (const [other, each] of kept) {
    if (all <= most || other === key) break
    all -= each.columns.size()
    kept.delete(other)
  }
  return all
}
