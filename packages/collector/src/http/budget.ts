/** Counts the bytes of request bodies that are in memory, so that many large requests at once cannot use it up. */

/** Bytes that one request holds. */
export interface ByteHold {
  /** Takes that many more, or gives false and takes nothing when there is no room. */
  take(bytes: number): boolean
  /** Gives all of them back. */
  release(): void
}

/** Opens a hold for one request. */
export type Budget = () => ByteHold

/**
 * Makes the counter.
 *
 * @param most bytes of all requests together
 * @example
 * const open = createBudget(1000)
 * open().take(1001) // false
 */
export function createBudget(most: number): Budget {
  let used = 0
  return () => {
    let own = 0
    return {
      take(bytes) {
        if (used + bytes > most) return false
        used += bytes
        own += bytes
        return true
      },
      release() {
        used -= own
        own = 0
      },
    }
  }
}
