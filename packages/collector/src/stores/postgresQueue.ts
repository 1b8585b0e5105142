/** Lets those who arrive while a transaction runs share the next one, because the commit is what costs. */
import { isStoreFailure } from '../core/failure.ts'

/** Takes work, one piece at a time. */
export interface Queue<Work, Result> {
  /** Resolves with what became of this piece, after the commit of the group that it was in. */
  add(site: number, work: Work): Promise<Result>
  /** Resolves when nothing is waiting any more: all is committed or has failed. */
  drain(): Promise<void>
}

/** What became of one piece of a group that was committed. */
export type Outcome<Result> = { ok: true; result: Result } | { ok: false; error: unknown }

interface Waiting<Work, Result> {
  site: number
  work: Work
  resolve(result: Result): void
  reject(error: unknown): void
}

/**
 * Makes a queue. There is no timer: whoever comes alone waits for nobody, and all who come while a group runs go together.
 *
 * A group that fails as a whole for a reason that is not the database's is halved, until the bad piece is alone. While the
 * database is not there, all who wait are refused at once: they have waited as long as the group that found out.
 *
 * @param most weight of a group; a piece that is heavier goes alone
 * @param weigh the weight of a piece
 * @param run writes a group of one site; resolves, after the commit, with the outcomes in the order of the pieces
 * @example
 * const queue = createQueue(64, () => 1, async (site, works) => works.map((work) => ({ ok: true, result: work * 2 })))
 * await queue.add(1, 21) // 42
 */
export function createQueue<Work, Result>(
  most: number,
  weigh: (work: Work) => number,
  run: (site: number, works: Work[]) => Promise<Outcome<Result>[]>,
): Queue<Work, Result> {
  let waiting: Waiting<Work, Result>[] = []
  let pumping: Promise<void> | undefined

  const settle = async (group: readonly Waiting<Work, Result>[]): Promise<void> => {
    const [first] = group
    if (!first) return
    try {
      const outcomes = await run(
        first.site,
        group.map((each) => each.work),
      )
      for (const [index, each] of group.entries()) {
        const outcome = outcomes[index]
        if (outcome?.ok) each.resolve(outcome.result)
        else each.reject(outcome?.error)
      }
    } catch (error) {
      if (!isStoreFailure(error) && group.length > 1) {
        const half = Math.ceil(group.length / 2)
        await settle(group.slice(0, half))
        await settle(group.slice(half))
        return
      }
      const refused = isStoreFailure(error) ? [...group, ...waiting.splice(0)] : group
      for (const each of refused) each.reject(error)
    }
  }

  const takeGroup = (): Waiting<Work, Result>[] => {
    const site = waiting[0]?.site
    const group: Waiting<Work, Result>[] = []
    const others: Waiting<Work, Result>[] = []
    let weight = 0
    for (const each of waiting) {
      if (each.site === site) weight += weigh(each.work)
      if (each.site === site && (weight <= most || group.length === 0)) group.push(each)
      else others.push(each)
    }
    waiting = others
    return group
  }

  const pump = async (): Promise<void> => {
    for (await turn(); waiting.length > 0; await turn()) {
      await settle(takeGroup())
    }
    pumping = undefined
  }

  return {
    add: (site, work) =>
      new Promise((resolve, reject) => {
        waiting.push({ site, work, resolve, reject })
        pumping ??= pump()
      }),
    async drain() {
      while (pumping) await pumping
    },
  }
}

/**
 * Lets callers share a read that is not under way yet: whoever asks while one runs gets the next one, which sees all that was
 * committed before it was asked for.
 */
export function createShared<Result>(read: () => Promise<Result>): () => Promise<Result> {
  let running: Promise<unknown> | undefined
  let next: Promise<Result> | undefined
  const start = (): Promise<Result> => {
    const result = read()
    const ended = result.then(
      () => undefined,
      () => undefined,
    )
    running = ended
    void ended.then(() => {
      if (running === ended) running = undefined
    })
    return result
  }
  return () => {
    if (!running) return start()
    next ??= running.then(() => {
      next = undefined
      return start()
    })
    return next
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
