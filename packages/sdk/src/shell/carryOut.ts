/** Carries out what the rules order, and what they have a say in: changes of the memory, claims, sensors, the alarm clock. */
import type { Survey } from '@earshot/contract'
import { changeMemory, resume } from '../core/memory.ts'
import type { Decision } from '../core/decision.ts'
import type { Rules } from '../core/extension.ts'
import type { Effect, Revision, Signal, State, Wish } from '../core/model.ts'
import type { Ask, Memory, MemoryChange } from '../core/remembered.ts'
import { stands, unseenAsks } from '../core/rules/unseen.ts'
import { mayRecord, mayShow } from '../core/throttle.ts'
import type { Instant } from '../core/time.ts'
import type { RuntimeTools } from '../ports/rules.ts'
import { askCollector } from './askCollector.ts'
import { forgotten } from './forgotten.ts'
import { isFree, permit } from './permit.ts'
import type { Sensors } from './sensors.ts'

export interface Carrier {
  carryOut(effect: Effect, tools: RuntimeTools): Promise<unknown> | undefined
  erase(tools: RuntimeTools): Promise<void>
  destroy(): void
}

const isDone = (work: Promise<void>): Promise<boolean> =>
  work.then(
    () => true,
    () => false,
  )

/** A browser takes a longer span for none. Whoever waits longer looks again on the way. */
const longestWait = 2 ** 31 - 1

export function createCarrier(
  rules: Rules,
  startSensors: (tell: (signal: Signal) => void) => Sensors,
  loadScrub: () => Promise<void>,
  scrubChange: (change: MemoryChange, state: State) => MemoryChange,
): Carrier {
  let sensors: Sensors | undefined
  let stopClock = (): void => {}

  const refreshed = ({ clock, random }: RuntimeTools, stored?: Partial<Memory>): Memory =>
    resume(stored, clock.now(), random.id)

  const latest = (tools: RuntimeTools, stored?: Partial<Memory>): Memory =>
    refreshed(tools, stored ?? tools.state().memory ?? {})

  const revise = (tools: RuntimeTools, memory: Memory, change: MemoryChange, at: Instant): Revision => {
    try {
      return rules.revise(tools.state(), memory, change, at, () => tools.random.id())
    } catch (error) {
      // A definition that nobody has checked must not be taken for a fault of the storage.
      const detail = { code: 'rules', message: String(error) }
      tools.perform({ type: 'emit', emission: { name: 'error', detail } })
      return { memory, drafts: [], fired: [], events: [] }
    }
  }

  const recall = async (tools: RuntimeTools): Promise<Memory> =>
    refreshed(tools, await tools.store.readMemory())

  /** Tells the core, the collector and the site what the rules made of a change. */
  const follow = (tools: RuntimeTools, revision: Revision, at: Instant): void => {
    const { memory, fired, drafts, events } = revision
    const known = tools.state()
    // Consent was withdrawn meanwhile.
    if (!mayRecord(known)) return
    if (tools.takeOver(memory)) return
    for (const draft of drafts) {
      tools.perform({ type: 'record', at, draft })
      if (draft.type !== 'followup') continue
      const detail = { survey: draft.survey, ...draft.data }
      tools.perform({ type: 'emit', emission: { name: 'followUp', detail } })
    }
    tools.dispatch({ type: 'revised', at, memory, fired, events })
  }

  /** What nobody has seen was never asked: a follow-up is not used up by it, nor anybody's patience. */
  const takeBack = async (tools: RuntimeTools, at: Instant): Promise<void> => {
    const { memory } = tools.state()
    for (const { survey, response } of memory ? unseenAsks(memory, at) : [])
      if (await isFree(tools.settings.key, survey))
        await remember(tools, { kind: 'unask', response }, at, true)
  }

  const remember = async (
    tools: RuntimeTools,
    raw: MemoryChange,
    at: Instant,
    isUnseen = false,
  ): Promise<void> => {
    if (raw.kind === 'time') await takeBack(tools, at)
    const change = scrubChange(raw, tools.state())
    let told = (): void => {}
    await tools.store.changeMemory((stored) => {
      const fresh = latest(tools, stored)
      const isGood = stands(fresh, change, at, isUnseen)
      const made: MemoryChange = isGood ? change : { kind: 'time' }
      const revision = revise(tools, changeMemory(fresh, made), made, at)
      // A transaction that failed is run once more elsewhere; only the last run counts.
      told = () => follow(tools, revision, at)
      return revision.memory
    })
    told()
  }

  const claim = async (tools: RuntimeTools, survey: Survey, wish: Wish): Promise<void> => {
    const { memory: known } = tools.state()
    const { settings } = tools
    if (!known) return
    const response = rules.responseOf(known, wish) ?? tools.random.id()
    const judge = (memory: Memory, now: Instant): Decision =>
      mayShow(tools.state(), memory, survey, now, wish, rules)
    const prepare = async (): Promise<Decision> => {
      if ((await settings.beforeShow?.(survey)) === false) return { show: false, reason: 'vetoed' }
      const { privacy } = tools.state().settings
      // An answer that is to be scrubbed must never be stored as it is.
      if (privacy?.scrub?.length && !(await isDone(loadScrub()))) return { show: false, reason: 'loading' }
      // A place is not taken for what another tab has made impossible.
      const now = tools.clock.now()
      const first = survey.quota === undefined ? null : judge(await recall(tools), now)
      return first?.show === false ? first : permit(settings, known, survey, wish, response)
    }
    let decision = await prepare()
    if (tools.state().claiming !== wish) return
    let memory = known
    let told = (): void => {}
    const at = tools.clock.now()
    if (decision.show)
      memory = await tools.store.changeMemory((stored) => {
        const fresh = latest(tools, stored)
        decision = judge(fresh, at)
        if (!decision.show || wish.cause === 'resume') return fresh
        const { followUp } = wish
        const ask: Ask = {
          survey: survey.id,
          response,
          at,
          session: fresh.session.id,
          followUp,
          unseen: true,
        }
        const change: MemoryChange = { kind: 'ask', ask }
        const revision = revise(tools, changeMemory(fresh, change), change, at)
        told = () => follow(tools, revision, at)
        return revision.memory
      })
    tools.dispatch({ type: 'claimed', at, memory, wish, response, decision })
    const isShown = tools.state().showing?.response === response
    if (isShown || !decision.show) return told()
    // Something came between, such as `pause`: it was never asked. What is gone on with was.
    if (wish.cause === 'resume') return
    tools.dispatch({ type: 'learn', at, change: { kind: 'unask', response } })
  }

  /** In a tab that nobody sees nothing appears; it looks again when it is seen. */
  const wake = (tools: RuntimeTools, at: Instant): void => {
    stopClock()
    const tick = (): void => {
      if (document.visibilityState === 'visible') tools.dispatch({ type: 'tick', at: tools.clock.now() })
    }
    const cancel = tools.clock.wait(Math.min(at - tools.clock.now(), longestWait), tick)
    document.addEventListener('visibilitychange', tick)
    stopClock = () => {
      cancel()
      document.removeEventListener('visibilitychange', tick)
    }
  }

  return {
    carryOut(effect, tools) {
      switch (effect.type) {
        case 'remember':
          return remember(tools, effect.change, effect.at)
        case 'claim':
          return claim(tools, effect.survey, effect.wish)
        case 'renew':
          return tools.renew(effect.kept, effect.next)
        case 'warmKinds':
          return tools.loadKinds(effect.surveys).catch(() => {})
        case 'wake':
          wake(tools, effect.at)
          return Promise.resolve()
        case 'watch':
          sensors ??= startSensors((signal) =>
            tools.dispatch({ type: 'signal', at: tools.clock.now(), signal }),
          )
          sensors.watch(effect.signals, tools.state().pageSince ?? (0 as Instant))
          return Promise.resolve()
        default:
          return undefined
      }
    },
    async erase(tools) {
      const asked = tools.state().memory?.erase?.split(' ') ?? []
      for (const visitor of asked) if (!(await askCollector(tools.settings, 'erase', { visitor }))) return
      await forgotten(tools, asked)
    },
    destroy() {
      sensors?.stop()
      stopClock()
    },
  }
}
