/** The one global that the client's view asks for: when the browser has nothing else to do. */
import type { World } from './world.ts'

export async function inWindow<Result>(world: World, run: () => Promise<Result>): Promise<Result> {
  const host = globalThis as { window?: unknown }
  const before = host.window
  const requestIdleCallback = (callback: () => void): void => {
    const life = world.current()
    world.later(life, 'is idle', world.chance.whole(1, 500), callback)
  }
  host.window = { requestIdleCallback }
  try {
    return await run()
  } finally {
    host.window = before
  }
}
