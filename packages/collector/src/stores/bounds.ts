/** The bounds of a period for a statement that always wants two. */
import type { ResponseFilter } from '../ports/responseStore.ts'

/** Before any moment. */
export const earliest: number = Number.MIN_SAFE_INTEGER
/** After any moment, and any row. */
export const latest: number = Number.MAX_SAFE_INTEGER

/** A period with its missing bounds, in milliseconds. */
export function bounds({ from, to }: Pick<ResponseFilter, 'from' | 'to'>): [number, number] {
  return [from ?? earliest, to ?? latest]
}
