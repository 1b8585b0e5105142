/** Knows which answers are still being streamed from the store, so that it is not closed under them. */

/** The streams that read from the store. */
export interface Streams {
  /**
   * Tells that a stream began.
   *
   * @param abort breaks the stream off
   * @returns to be called when it ended
   */
  begin(abort: () => void): () => void
  /** Resolves when all have ended; those that need longer than this many milliseconds are broken off. */
  finish(timeout: number): Promise<void>
}

/** Makes an empty set of streams. */
export function createStreams(): Streams {
  const open = new Set<() => void>()
  let settle = (): void => undefined
  return {
    begin(abort) {
      open.add(abort)
      return () => {
        open.delete(abort)
        settle()
      }
    },
    finish: (timeout) =>
      new Promise((resolve) => {
        const limit = setTimeout(() => {
          for (const abort of open) abort()
          open.clear()
          settle()
        }, timeout)
        settle = () => {
          if (open.size > 0) return
          clearTimeout(limit)
          resolve()
        }
        settle()
      }),
  }
}
