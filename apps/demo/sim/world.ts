/** Time and order: everything that any part of the simulation waits for is a step here, and one step runs at a time. */
import { createHash } from 'node:crypto'
import { createChance, type Chance } from './chance.ts'

/** Moment of the simulated world at its beginning, milliseconds since 1970. */
export const beginning = 1_800_000_000_000

/** Whoever waits for steps. What is dead gets none any more, what is frozen gets them when it thaws. */
export interface Life {
  name: string
  alive: boolean
  frozen: boolean
}

/** Deliberate faults of the simulated world itself; each must be found. */
export interface Switches {
  /** Writes that were acknowledged may still be lost in a power cut. */
  relaxed?: boolean
  /** The lock of tabs lets everybody in. */
  noLock?: boolean
  /** The collector says that it stored a batch, and stores it a moment later, if it lives. */
  earlyReceipt?: boolean
}

interface Step {
  due: number
  order: number
  life: Life | null
  name: string
  run: () => unknown
}

export interface World {
  readonly seed: number
  readonly switches: Switches
  readonly chance: Chance
  /** Milliseconds since the beginning. */
  now(): number
  /** Runs something later as a step of its own; the result cancels. */
  later(life: Life | null, name: string, delay: number, run: () => unknown): () => void
  /** Looks at things after each step, when all promises have settled. */
  afterEach(look: () => void): void
  /** Adds a line to the trace. */
  note(text: string): void
  /** Tells of a broken promise. */
  broken(promise: string, detail: string): void
  readonly violations: readonly string[]
  thaw(life: Life): void
  /** Whose step is running. */
  current(): Life | null
  /** Runs all steps that are due up to that moment, or until `done`. */
  runUntil(moment: number, done?: () => boolean): Promise<void>
  readonly trace: readonly string[]
  /** Fingerprint of all that happened. */
  hash(): string
  steps(): number
}

/** No run of a few tabs takes more steps, unless something spins. */
const mostSteps = 60_000

/** All promises that need no further step are settled after this. */
const drained = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** @param tracing keeps the lines of the trace, not only their fingerprint */
export function createWorld(seed: number, switches: Switches, tracing: boolean): World {
  let now = 0
  let count = 0
  let order = 0
  let running: Life | null = null
  const steps: Step[] = []
  const waiting = new Map<Life, Step[]>()
  const looks: (() => void)[] = []
  const violations: string[] = []
  const trace: string[] = []
  const fingerprint = createHash('sha256')

  const note = (text: string): void => {
    const line = `${now} ${text}`
    fingerprint.update(line)
    if (tracing) trace.push(line)
  }

  /** The next step: the earliest, and of those the first that was ordered. */
  const take = (moment: number): Step | undefined => {
    let best = -1
    for (let index = 0; index < steps.length; index++) {
      const each = steps[index] as Step
      const leader = steps[best]
      if (!leader || each.due < leader.due || (each.due === leader.due && each.order < leader.order))
        best = index
    }
    if (best < 0 || (steps[best] as Step).due > moment) return undefined
    return steps.splice(best, 1)[0]
  }

  return {
    seed,
    switches,
    violations,
    trace,
    chance: createChance(seed),
    now: () => now,
    note,
    current: () => running,
    hash: () => fingerprint.copy().digest('hex').slice(0, 16),
    steps: () => count,
    afterEach: (look) => void looks.push(look),
    broken(promise, detail) {
      note(`BROKEN ${promise}: ${detail}`)
      violations.push(`${promise}: ${detail}`)
    },
    later(life, name, delay, run) {
      const step = { due: now + Math.max(0, delay), order: order++, life, name, run }
      steps.push(step)
      return () => {
        const place = steps.indexOf(step)
        if (place >= 0) steps.splice(place, 1)
        const held = life && waiting.get(life)
        if (held) held.splice(0, held.length, ...held.filter((each) => each !== step))
      }
    },
    thaw(life) {
      life.frozen = false
      for (const step of waiting.get(life) ?? []) steps.push({ ...step, due: Math.max(step.due, now) })
      waiting.delete(life)
    },
    async runUntil(moment, done) {
      // What was called from outside of a step has settled too.
      await drained()
      for (const look of looks) look()
      for (;;) {
        if (done?.()) return
        const step = take(moment)
        if (!step) break
        const { life } = step
        if (life && !life.alive) continue
        now = Math.max(now, step.due)
        if (life?.frozen) {
          waiting.set(life, [...(waiting.get(life) ?? []), step])
          continue
        }
        if (++count > mostSteps) {
          violations.push(
            `no busy loop: ${mostSteps} steps by ${now} ms, the last is ${life?.name} ${step.name}`,
          )
          return
        }
        note(`${life?.name ?? 'world'} ${step.name}`)
        running = life
        await step.run()
        await drained()
        running = null
        for (const look of looks) look()
      }
      now = Math.max(now, moment)
    },
  }
}
