/** The Web Locks of one browser profile: who dies lets go, who is frozen does not. */
import type { Locks } from '../../../packages/sdk/src/ports/delivery.ts'
import type { Life, World } from './world.ts'

export interface SimLocks {
  open(life: Life): Locks
  abandon(life: Life): void
}

export function createLocks(world: World): SimLocks {
  const held = new Map<string, { life: Life; lose: (error: Error) => void }>()
  return {
    open: (life) => ({
      request: (name, { steal }, work) =>
        new Promise((resolve, reject) => {
          if (world.switches.noLock) return void work(true).then(resolve, reject)
          world.later(life, 'gets an answer of the locks', world.chance.next(), () => {
            const before = held.get(name)
            if (before && !steal) return void work(null).then(resolve, reject)
            if (before)
              world.later(before.life, 'loses the lock', 0, () => before.lose(new Error('AbortError')))
            const turn = { life, lose: reject }
            held.set(name, turn)
            void work(true)
              .then(resolve, reject)
              .then(() => held.get(name) === turn && held.delete(name))
          })
        }),
      query: () =>
        new Promise((resolve) =>
          world.later(life, 'is told of the locks', world.chance.next(), () =>
            resolve({ held: [...held].map(([name, turn]) => ({ name, clientId: turn.life.name })) }),
          ),
        ),
    }),
    abandon(life) {
      for (const [name, turn] of held) if (turn.life === life) held.delete(name)
    },
  }
}
