/** Watches how much room is left where the data is. */
import { statfsSync } from 'node:fs'
import { stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { diskFloor } from '../core/findings.ts'
import { databaseName } from './keptBeside.ts'

/** The room of one directory. */
export interface DiskRoom {
  /** Whether there is less than the floor; at most a second old while it is asked for. */
  isLow(): boolean
  /** Free bytes, and bytes of the database with its log, as they are now. */
  look(): Promise<{ free: number; database: number }>
}

/** How long a look counts, in milliseconds. */
const fresh = 1000

/**
 * Begins to watch. There is no timer: who asks has it looked up again for the next.
 *
 * @param floor free bytes
 */
export function createDiskRoom(data: string, floor: number = diskFloor): DiskRoom {
  const first = statfsSync(data)
  let free = first.bavail * first.bsize
  let lookedAt = performance.now()
  const ask = async (): Promise<number> => {
    lookedAt = performance.now()
    const { bavail, bsize } = await statfs(data)
    free = bavail * bsize
    return free
  }
  const sizeOf = (name: string): Promise<number> =>
    stat(join(data, name)).then(
      ({ size }) => size,
      () => 0,
    )
  return {
    isLow() {
      // A directory that cannot be looked at any more shows when it is written to.
      if (performance.now() - lookedAt > fresh) ask().catch(() => undefined)
      return free < floor
    },
    async look() {
      const [now, main, log] = await Promise.all([ask(), sizeOf(databaseName), sizeOf(`${databaseName}-wal`)])
      return { free: now, database: main + log }
    },
  }
}
