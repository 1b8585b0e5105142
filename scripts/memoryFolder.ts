/** Has the temporary files of a test run in memory, where there is room: on a disk, making and removing databases alone costs a fourth of the processor time of a run. */
import { chmodSync, mkdirSync, readdirSync, rmSync, statfsSync } from 'node:fs'
import { join } from 'node:path'

/** Where systems keep files in memory. */
const memory = '/dev/shm'
/** A run needs about a fifth of it. */
const leastRoom = 4 * 2 ** 30
const name = 'earshot-tests-'

/**
 * Makes a folder for the temporary files of this process and of all that it starts; it goes with this process.
 *
 * @param root - Where it is made.
 * @param least - Bytes that have to be free there.
 * @returns the folder, or null where there is no memory for it: then files are where the system has them
 * @example
 * process.env.TMPDIR ??= memoryFolder() ?? undefined
 */
export function memoryFolder(root = memory, least = leastRoom): string | null {
  try {
    for (const each of readdirSync(root))
      if (isLeft(each)) rmSync(join(root, each), { recursive: true, force: true })
    const { bavail, bsize } = statfsSync(root)
    if (bavail * bsize < least) return null
    const folder = join(root, `${name}${process.pid}`)
    // As /tmp: a database server runs as somebody else.
    mkdirSync(folder, { recursive: true })
    chmodSync(folder, 0o1777)
    process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))
    return folder
  } catch {
    return null
  }
}

/** Whether a folder is of a run that was killed. */
function isLeft(folder: string): boolean {
  if (!folder.startsWith(name)) return false
  try {
    process.kill(Number(folder.slice(name.length)), 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}
