/** Does the work that is due: takes jobs for a while, does them, writes down what became of them, and waits for more. */
import type { Millis } from '../core/time.ts'
import type { Job } from '../core/jobs.ts'
import { nextTry } from '../core/jobs.ts'
import { isStoreFailure } from '../core/failure.ts'
import type { Log } from '../ports/world.ts'
import { heldUp, work, type WorkDeps } from './work.ts'

/** What works. Any number of them, in any number of processes, share the work of a store. */
export interface Runner {
  /** Says that there may be something to do now. Costs next to nothing. */
  wake(): void
  /**
   * Does all that is due, for tests that drive the clock themselves.
   *
   * @returns when more is due; null when there is nothing
   */
  run(): Promise<Millis | null>
  /** Begins to work by itself. */
  start(): void
  /** Ends it: requests that are under way have a moment, and then are broken off, and done again by whoever comes next. */
  close(): Promise<void>
}

/** How long a job is taken for. Longer than any of them takes. */
const lease: Millis = 30_000
/** How often it looks when nobody says that there is something: others may have put it down. */
const poll: Millis = 1000
/** Shortest time between two looks. */
const breath: Millis = 20
/** How long requests have to end when the runner is to. */
const grace: Millis = 3000
/** Jobs at a time, in all and for one webhook: one that hangs holds up no other. */
const most = 64
const mostEach = 4
/** Of what goes nowhere, such as events that may begin something, many are taken together: to take them is most of the work. */
const mostAtOnce = 32
const hour: Millis = 3_600_000
/** How long deliveries that ended and contacts are remembered. */
const remembered = { deliveries: 30 * 24 * hour, contacts: 400 * 24 * hour } as const

/**
 * Makes a runner, which does nothing until it is started.
 *
 * @example
 * const runner = createRunner({ store, clock, random, log, hash, post: createPost({ allowPrivate: false }), mail: null })
 * runner.start()
 */
export function createRunner(given: Omit<WorkDeps, 'signal'> & { log: Log }): Runner {
  const { store, clock, random, log } = given
  const end = new AbortController()
  const deps: WorkDeps = { ...given, signal: end.signal }
  const owner = Buffer.from(random.bytes(12)).toString('base64url')
  const running = new Set<Promise<void>>()
  const busy = new Map<string, number>()
  let taken = 0
  let forgotAt = clock.now()
  let isFailing = false
  let isClosing = false
  let loop: Promise<void> | undefined
  let isAwake = false
  let isMore = false
  let ring: () => void = () => undefined

  const wake = (): void => {
    isAwake = true
    ring()
  }

  const count = (target: string | null, by: number): void => {
    if (target === null) return
    const now = (busy.get(target) ?? 0) + by
    if (now > 0) busy.set(target, now)
    else busy.delete(target)
  }

  const doJob = async (job: Job, name: string): Promise<void> => {
    try {
      let settlement
      try {
        const keep = (body: unknown, until: Millis): Promise<boolean> =>
          store.holdJob(job.row, name, body, until)
        settlement = await work(job, deps, keep)
      } catch (error) {
        // Then it is taken again when its time is over.
        if (isStoreFailure(error)) throw error
        log.error('a job failed', error, { kind: job.kind, row: job.row })
        // A look is never given up.
        const usual = nextTry(job.tries + 1, clock.now(), 0.5)
        const due = usual ?? (job.kind === 'watch' ? clock.now() + hour : null)
        const tries = job.tries + 1
        settlement =
          due === null
            ? ({ state: 'dead', tries, reason: 'failed' } as const)
            : ({ state: 'waiting', due, tries, reason: 'failed' } as const)
      }
      const settled = await store.settleJob(job.row, name, settlement, clock.now())
      if (settled === 'over') await store.settleJob(job.row, name, heldUp(job, clock.now()), clock.now())
    } catch (error) {
      log.error('what became of a job could not be written down; it is done again', error)
    }
  }

  /** Takes what there is room for, and begins with it. */
  const takeSome = async (): Promise<{ count: number; next: Millis | null }> => {
    const now = clock.now()
    if (now - forgotAt >= hour) {
      forgotAt = now
      await store.forgetJobs({
        deliveries: now - remembered.deliveries,
        contacts: now - remembered.contacts,
      })
    }
    // Where as many were found as were asked for there are more: to look whether there are any would be one question more.
    const next = isMore ? now : await store.nextJob(now)
    const room = Math.min(mostEach, most - running.size)
    if (next === null || next > now || room <= 0) return { count: 0, next }
    const full = [...busy].flatMap(([target, each]) => (each >= mostEach ? [target] : []))
    // A name for each time, so that what was lost and taken again by the same runner is settled once.
    const name = `${owner}/${(taken += 1)}`
    const span = { now, until: now + lease }
    const jobs = await store.claimJobs(name, span, full, room)
    isMore = room === mostEach && jobs.length === room
    const others = Math.min(mostAtOnce, most - running.size - jobs.length)
    if (isMore && others > 0 && jobs.some((each) => each.target === null))
      jobs.push(...(await store.claimJobs(name, span, null, others)))
    for (const job of jobs) {
      count(job.target, 1)
      const done = doJob(job, name).finally(() => {
        count(job.target, -1)
        running.delete(done)
        wake()
      })
      running.add(done)
    }
    const found = jobs.length
    return { count: found, next: found === 0 && next === now ? await store.nextJob(now) : next }
  }

  const pause = async (span: Millis): Promise<void> => {
    let timer: NodeJS.Timeout | undefined
    await new Promise<void>((resolve) => {
      ring = resolve
      if (isAwake || isClosing) resolve()
      timer = setTimeout(resolve, span)
      timer.unref()
    })
    clearTimeout(timer)
    ring = () => undefined
  }
  const rest = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, breath))

  const live = async (): Promise<void> => {
    while (!isClosing) {
      isAwake = false
      let wait = poll
      try {
        const { count: found, next } = await takeSome()
        isFailing = false
        if (found > 0) continue
        const now = clock.now()
        if (next !== null && next > now) wait = Math.min(poll, next - now)
      } catch (error) {
        // Said once, not once a second.
        if (!isFailing) log.error('jobs cannot be looked for; it is tried until they can', error)
        isFailing = true
        isAwake = false
      }
      await pause(wait)
      await rest()
    }
  }

  return {
    wake,
    start() {
      loop ??= live()
    },
    async run() {
      for (;;) {
        // What ends while it is looked for what is due may be due again: then what was found is old.
        const wasIdle = running.size === 0
        const { count: found, next } = await takeSome()
        if (found > 0) continue
        if (wasIdle) return next
        if (running.size > 0) await Promise.race(running)
      }
    },
    async close() {
      isClosing = true
      ring()
      await loop
      // What is answered now need not be sent again.
      const timer = setTimeout(() => end.abort(), grace)
      await Promise.all(running)
      clearTimeout(timer)
    },
  }
}
