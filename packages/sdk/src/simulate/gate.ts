/** Holds commands back, in order, until what they wait for is there: memory and surveys, rows that are being deleted, rules for a command. */

export interface Gate {
  /** Runs work after all earlier, once nothing blocks. */
  run(work: () => void): void
  block(): void
  /** Takes one block away. */
  release(): void
}

/** Blocked once from the beginning: the memory has not been read. */
export function createGate(): Gate {
  const held: (() => void)[] = []
  let blocks = 1
  const release = (): void => {
    blocks--
    while (blocks === 0 && held.length) held.shift()?.()
  }
  return {
    block: () => void blocks++,
    release,
    run(work) {
      held.push(work)
      blocks++
      release()
    },
  }
}
