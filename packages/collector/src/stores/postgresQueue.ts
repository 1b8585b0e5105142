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

/** How work is grouped. */
export interface Grouping<Work> {
  /** Most weight of a group; a piece that is heavier goes alone. */
  most: number
  /** The weight of a piece. Default 1. */
  weigh?: (work: Work) => number
  /** Groups that run at the same time: while the database works on one, the next is worked out. Default 1. */
  lanes?: number
  /** What a piece changes. Pieces that change the same are never in two groups at the same time. */
  keysOf?: (work: Work) => readonly string[]
}

/**
 * Makes a queue. There is no timer: whoever comes alone waits for nobody, and all who come while groups run go together.
 *
 * A group that fails as a whole for a reason that is not the database's is halved, until the bad piece is alone. While the
 * database is not there, all who wait are refused at once: they have waited as long as the group that found out.
 *
 * @param run writes a group of one site; resolves, after the commit, with the outcomes in the order of the pieces
 * @example
 * const queue = createQueue({ most: 64 }, async (site, works) => works.map((work) => ({ ok: true, result: work * 2 })))
 * await queue.add(1, 21) // 42
 */
export function createQueue<Work, Result>(
  { most, weigh = () => 1, lanes = 1, keysOf = () => [] }: Grouping<Work>,
  run: (site: number, works: Work[]) => Promise<Outcome<Result>[]>,
): Queue<Work, Result> {
  let waiting: Waiting<Work, Result>[] = []
  const running = new Set<Promise<void>>()
  const busy = new Set<string>()
  let turning: Promise<void> | undefined

  const settle = async (group: readonly Waiting<Work, Result>[]): Promise<void> => {
    const [first] = group
    if (!first) return
    try {
      const works = group.map((each) => each.work)
      const outcomes = await run(first.site, works)
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
    const group: Waiting<Work, Result>[] = []
    const others: Waiting<Work, Result>[] = []
    // What has to wait keeps those that come after it and change the same waiting too.
    const blocked = new Set(busy)
    let weight = 0
    for (const each of waiting) {
      const keys = keysOf(each.work)
      const next = weight + weigh(each.work)
      const isFree = each.site === (group[0]?.site ?? each.site) && !keys.some((key) => blocked.has(key))
      if (isFree && (next <= most || group.length === 0)) {
        weight = next
        group.push(each)
        continue
      }
      others.push(each)
      for (const key of keys) blocked.add(key)
    }
    waiting = others
    return group
  }

  const begin = (): void => {
    turning = undefined
    while (running.size < lanes) {
      const group = takeGroup()
      if (group.length === 0) return
      const keys = group.flatMap((each) => keysOf(each.work))
      for (const key of keys) busy.add(key)
      const ended: Promise<void> = settle(group).then(() => {
        for (const key of keys) busy.delete(key)
        running.delete(ended)
        turning ??= turn().then(begin)
      })
      running.add(ended)
    }
  }

  return {
    add: (site, work) =>
      new Promise((resolve, reject) => {
        waiting.push({ site, work, resolve, reject })
        turning ??= turn().then(begin)
      }),
    async drain() {
      while (turning || running.size > 0) await (turning ?? Promise.race(running))
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
