/** The lazy chunk of what goes wrong with delivery: long queues, bounds, quarantine, turns without locks, storage that heals. */
import type { KeeperChunk } from '../ports/keeper.ts'
import { createAside } from './aside.ts'
import { createAgain } from './circuit.ts'
import { bounds as usual, type Bounds } from './evict.ts'
import { createHurry } from './hurry.ts'
import { createTurns } from './lease.ts'
import { createMend } from './mend.ts'
import { createSettle } from './settle.ts'
import { createTrim } from './trim.ts'

/** @param bounds other ones than usual, for tests */
export const createKeeper = (
  ...[key, parts, listener, bounds = usual]: [...Parameters<KeeperChunk['createKeeper']>, bounds?: Bounds]
): ReturnType<KeeperChunk['createKeeper']> => {
  const timers = new Set<() => void>()
  const wait = (milliseconds: number, callback: () => void): (() => void) => {
    const cancel = parts.clock.wait(milliseconds, () => {
      timers.delete(cancel)
      callback()
    })
    timers.add(cancel)
    return () => {
      timers.delete(cancel)
      cancel()
    }
  }
  const trim = createTrim(parts, listener, bounds)
  const settle = createSettle(parts, listener, trim)
  return {
    ...createAside(parts),
    ...createMend(parts, listener),
    ...createTurns(key, parts, wait),
    again: createAgain(parts, wait),
    hurry: createHurry(parts, listener, settle),
    settle,
    trim,
    close: () => timers.forEach((cancel) => cancel()),
  }
}
