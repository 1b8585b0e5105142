/** One tab at a time, where the browser's locks are missing or do not help. */
import { lockName } from '../core/outbox.ts'
import type { Keeper, KeeperParts } from '../ports/keeper.ts'

/** A turn ends after this if it is not prolonged, so that a tab that died holds up nobody for long. */
const span = 30_000
const prolonging = 10_000
const check = 5000
/** Together longer than one request may take. */
const checks = 6

/** @param wait calls back, unless the page is done with */
export function createTurns(
  key: string,
  { store, clock, random, locks }: KeeperParts,
  wait: (milliseconds: number, callback: () => void) => () => void,
): Pick<Keeper, 'lease' | 'seize'> {
  const owner = random.id()
  const pause = (milliseconds: number): Promise<void> => new Promise((go) => wait(milliseconds, go))

  const lease: Keeper['lease'] = async (work) => {
    let until = 0
    /** Takes the turn, or prolongs it. One that seems to end late was given by a clock that was set back since. */
    const take = async (): Promise<boolean> => {
      let isOurs = false
      await store.change(async (rows, at) => {
        const now = clock.now()
        const held = await rows.get<{ owner: string; until: number }>(at('t'))
        isOurs = !held || held.owner === owner || held.until <= now || held.until > now + span
        if (isOurs) rows.put(at('t'), { owner, until: now + span })
        until = isOurs ? now + span : 0
      })
      return isOurs
    }
    while (!(await take())) await pause(check)
    let isOver = false
    let stop = (): void => {}
    const prolong = (): void => {
      stop = wait(prolonging, () => void take().then((isOurs) => isOurs && !isOver && prolong()))
    }
    prolong()
    try {
      await work(() => clock.now() < until && clock.now() > until - 2 * span)
    } finally {
      isOver = true
      stop()
      await store.change(async (rows, at) => {
        const held = await rows.get<{ owner: string }>(at('t'))
        if (held?.owner === owner) rows.delete(at('t'))
      })
    }
  }

  return {
    lease,
    async seize(work) {
      // Whoever sends changes one of both at least as often as a request may take. Another may have begun meanwhile.
      const trace = async (): Promise<string> => {
        const [first] = await store.peek(1)
        const { held } = (await locks?.query()) ?? {}
        const holder = held?.find(({ name }) => name === lockName(key))?.clientId
        return JSON.stringify([await store.read('l'), first?.event?.id, holder])
      }
      const before = await trace()
      // The turn may go to another tab and come back, so it is looked more often than at the end.
      for (let left = checks; left--;) {
        await pause(check)
        if (before !== (await trace())) return
      }
      let isOurs = true
      await locks
        ?.request(lockName(key), { steal: true }, () => work(() => isOurs))
        .catch(() => (isOurs = false))
    },
  }
}
