/** The Web Locks of one browser profile: whoever asks first is first, and who dies lets go. */
import type { Lock } from '../../../packages/sdk/src/ports.ts'
import type { Life, World } from './world.ts'

export interface Locks {
  open(life: Life): Lock
  abandon(life: Life): void
}

interface Turn {
  life: Life
  begin: () => void
}

/** @param works false for a browser without them, where work runs at once */
export function createLocks(world: World, works: boolean): Locks {
  const queues = new Map<string, Turn[]>()
  const pump = (queue: Turn[]): void => {
    const first = queue[0]
    if (first) world.later(first.life, 'gets the lock', world.chance.next(), first.begin)
  }
  return {
    open: (life) => (name, work) => {
      if (!works || world.switches.noLock) return work()
      return new Promise((resolve, reject) => {
        const queue = queues.get(name) ?? []
        queues.set(name, queue)
        const turn: Turn = {
          life,
          begin: () =>
            void work()
              .then(resolve, reject)
              .then(() => {
                if (queue[0] !== turn) return
                queue.shift()
                pump(queue)
              }),
        }
        queue.push(turn)
        if (queue.length === 1) pump(queue)
      })
    },
    abandon(life) {
      for (const queue of queues.values()) {
        const held = queue[0]?.life === life
        queue.splice(0, queue.length, ...queue.filter((each) => each.life !== life))
        if (held) pump(queue)
      }
    },
  }
}
