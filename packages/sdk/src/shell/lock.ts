/** One tab at a time, by Web Locks. */
import type { Lock } from '../ports.ts'

/**
 * Waits for its turn among the tabs of this origin. Where the browser has no Web Locks (or forbids them), work runs at
 * once: two tabs may then send the same event, and the collector takes it once.
 */
export const lock: Lock = async (name, work) => {
  let ran = false
  const once = (): Promise<void> => {
    ran = true
    return work()
  }
  try {
    await navigator.locks.request(name, once)
  } catch (error) {
    if (ran) throw error
    await once()
  }
}
