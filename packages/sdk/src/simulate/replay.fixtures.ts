/** Plays a timeline in the real runtime: real IndexedDB, real rules, real course of a showing; only time, chance, collector and what the page is are not. */
import type { SiteSettings, Survey } from '@earshot/contract'
import { vi } from 'vitest'
import type { Explanation } from '../core/decision.ts'
import type { Input, PageFacts, Showing, Signal } from '../core/model.ts'
import type { Memory } from '../core/remembered.ts'
import { after } from '../core/time.ts'
import type { Served } from '../ports/collector.ts'
import type { Database, DurableDatabase } from '../ports/database.ts'
import type { LoadRules, RuntimeTools } from '../ports/rules.ts'
import type { Page } from '../ports/world.ts'
import { createIdbDatabase } from '../shell/idbDatabase.ts'
import { createMemoryDatabase } from '../shell/memoryDatabase.ts'
import { startRuntime } from '../shell/runtime.ts'
import { createStore, type Store } from '../shell/store.ts'
import { createFakeClock, createFakePage, createFakeTransport, loadOutboxOver } from '../testing.ts'
import { type HeadlessCard, mountHeadless } from './card.ts'
import { createChance, createIds } from './chance.ts'
import type { SimulatedAsk, SimulatedFollowUp, SimulatedRefusal } from './outcome.ts'
import { createRespond, type Mood } from './respond.ts'
import { createSensors, type SimulatedSensors } from './sensors.ts'
import type { TimelineEntry } from './timeline.ts'
import { readTimeline } from './timeline.ts'

export interface Replayed {
  asks: SimulatedAsk[]
  refusals: SimulatedRefusal[]
  followUps: SimulatedFollowUp[]
  memory: Partial<Memory> | undefined
  explanations: Explanation[]
  /** Faults that the runtime told of. */
  errors: string[]
}

export interface ReplayOptions {
  /** Of the site; keeps timelines apart. */
  key: string
  surveys: Survey[]
  settings?: SiteSettings | undefined
  seed: number
  start: number
  consent: 'required' | 'implied'
  /** What the collector serves, in the place of surveys that the page brings along. */
  served?: Served | undefined
  timeline: readonly TimelineEntry[]
}

/** Work that the browser has not finished, and that no fake clock knows of. */
let pending = 0
async function counted<Result>(work: Promise<Result>): Promise<Result> {
  pending++
  try {
    return await work
  } finally {
    pending--
  }
}

const { port1, port2 } = new MessageChannel()
const turn = (): Promise<unknown> =>
  new Promise((resolve) => {
    port2.addEventListener('message', resolve, { once: true })
    port1.postMessage(0)
  })
port2.start()

/** Waits until nothing is under way any more. */
async function settle(): Promise<void> {
  for (let quiet = 0; quiet < 3;) {
    await turn()
    quiet = pending ? 0 : quiet + 1
  }
}

/** One connection for all pages; what a page closes is still open for the next. */
const real = createIdbDatabase()
const database: DurableDatabase = {
  durable: true,
  exists: () => counted(real.exists()),
  put: (key, value) => counted(real.put(key, value)),
  transact: (work) => counted(real.transact(work)),
  close: () => {},
}
const unused: Database = createMemoryDatabase()

/** The collector is there: it has a place in each quota, and forgets who wants to be forgotten. */
export function stubCollector(): void {
  const passOn = globalThis.fetch.bind(globalThis)
  vi.stubGlobal('fetch', (url: unknown, init?: RequestInit) => {
    if (!String(url).startsWith('https://collector.example/')) return passOn(url as string, init)
    const answer = { ok: true, json: async () => ({ granted: true }) }
    return counted(turn().then(() => answer))
  })
  const { locks } = navigator
  const ask = locks.request as unknown as (...given: unknown[]) => Promise<unknown>
  vi.spyOn(navigator.locks, 'request').mockImplementation((...given: unknown[]) =>
    counted(ask.apply(locks, given)),
  )
}

export async function replay(options: ReplayOptions): Promise<Replayed> {
  const { key, seed, start, served } = options
  const clock = createFakeClock(start, settle)
  const now = (): number => clock.now()
  const ids = createIds(now, seed)
  const random = { id: ids.id, chance: () => 0.5 }
  const chance = createChance(seed)
  const chunk = await import('../shell/rulesChunk.ts')
  /** Each page has its own, over the same rows. */
  const openStore = (): Store => {
    const store = createStore(key, database, unused, () => {})
    return {
      ...store,
      changeMemory: (change) => store.changeMemory((before) => ids.within(() => change(before))),
    }
  }
  const told: Replayed = {
    asks: [],
    refusals: [],
    followUps: [],
    memory: undefined,
    explanations: [],
    errors: [],
  }
  let facts: PageFacts = {
    url: 'https://shop.example/',
    referrer: '',
    device: 'desktop',
    width: 1280,
    height: 800,
    locale: 'en',
    zone: 'UTC',
  }
  let runtime: ReturnType<typeof startRuntime> | undefined
  let card: HeadlessCard | undefined
  let sensors: SimulatedSensors | undefined
  let navigated = (): void => {}

  const mounted = ({ survey, response, about, variant }: Showing): void => {
    const before = about.trigger === 'resume' && told.asks.findLast((each) => each.response === response)
    if (before) before.resumed.push(now())
    else
      told.asks.push({
        survey: survey.id,
        at: now(),
        cause: about.trigger,
        ...(about.followUp !== undefined && { followUp: about.followUp }),
        ...(variant !== undefined && { variant }),
        response,
        outcome: 'unseen',
        answers: {},
        resumed: [],
      })
  }
  const askOf = (response: string): SimulatedAsk | undefined =>
    told.asks.findLast((each) => each.response === response)
  const end = (response: string, outcome: SimulatedAsk['outcome']): void => {
    const ask = askOf(response)
    if (ask && (outcome === 'completed' || !Object.keys(ask.answers).length)) ask.outcome = outcome
  }

  /** A page load: a runtime of its own, with what is stored in common. */
  const load = (): void => {
    runtime?.destroy()
    sensors?.stop()
    card = undefined
    let tools: RuntimeTools | undefined
    const senses = createSensors(clock, (signal: Signal) =>
      tools?.dispatch({ type: 'signal', at: clock.now(), signal }),
    )
    sensors = senses
    const loadRules: LoadRules = async () => ({
      ...chunk,
      pageFacts: () => facts,
      carryOut(effect, given) {
        if (effect.type !== 'watch') return chunk.carryOut(effect, given)
        tools = given
        senses.watch(effect.signals, given.state().pageSince ?? after(clock.now(), 0 as never))
        return Promise.resolve()
      },
    })
    const page: Page = {
      ...createFakePage(),
      url: () => facts.url,
      onNavigate(callback) {
        navigated = callback
        return () => {}
      },
    }
    const current = startRuntime(
      {
        key,
        collector: 'https://collector.example',
        ...(!served && { surveys: options.surveys }),
        ...(!served && options.settings && { settings: options.settings }),
      },
      options.consent === 'required',
      {
        clock,
        random,
        store: openStore(),
        ask: () => Promise.reject(new Error('nothing is sent')),
        loadServed: async () => served ?? { surveys: [] },
        page,
        loadOutbox: loadOutboxOver(createFakeTransport()),
        loadKeeper: () => new Promise(() => {}),
        log: () => {},
        loadKinds: async () => ({ createKinds: () => ({}) }),
        loadCard: async () => ({
          mountCard(showing, offline, host) {
            mounted(showing)
            card = mountHeadless(showing, offline, host, clock.wait)
            return card
          },
        }),
        loadRules,
      },
    )
    current.on('suppressed', ({ survey, reason, until }) =>
      told.refusals.push({ survey, at: now(), reason, ...(until !== undefined && { until }) }),
    )
    current.on('followUp', (detail) => told.followUps.push({ at: now(), ...detail }))
    current.on('error', ({ code, message }) => told.errors.push(`${code}: ${message}`))
    current.on('shown', ({ response }) => {
      const ask = askOf(response)
      if (ask?.outcome === 'unseen') ask.outcome = 'ignored'
    })
    current.on('answered', ({ response, question, value }) => {
      const ask = askOf(response)
      if (!ask) return
      ask.answers[question] = value
      if (/ignored|unseen/.test(ask.outcome)) ask.outcome = 'partial'
    })
    current.on('completed', ({ response }) => end(response, 'completed'))
    current.on('dismissed', ({ response }) => end(response, 'dismissed'))
    current.on('snoozed', ({ response }) => end(response, 'snoozed'))
    runtime = current
  }

  const tell = (input: object, needsRules = false): void =>
    runtime?.tell(() => ({ ...input, at: clock.now() }) as Input, needsRules)
  const respond = (mood: Mood = 'good') => createRespond(chance, () => mood)
  const onScreen = (): HeadlessCard | undefined => (runtime?.state().showing ? card : undefined)
  const perform = (entry: TimelineEntry): void => {
    sensors?.touch()
    switch (entry.do) {
      case 'visit':
        facts = { ...facts, referrer: '', ...(entry.url !== undefined && { url: entry.url }) }
        return load()
      case 'navigate':
        facts = { ...facts, url: entry.url }
        return navigated()
      case 'page':
        return tell({ type: 'page', context: entry.context }, entry.context !== undefined)
      case 'track':
        return tell({ type: 'track', id: random.id(), name: entry.name, props: entry.props ?? {} })
      case 'identify': {
        const { person, traits = {}, merge } = entry
        const how = merge === undefined ? {} : { merge }
        return tell({ type: 'identify', person, traits, ...how }, merge !== undefined)
      }
      case 'setTraits':
        return tell({ type: 'identify', person: null, traits: entry.traits }, true)
      case 'group':
        return tell({ type: 'group', group: entry.group, traits: entry.traits ?? {} }, true)
      case 'show':
        return tell({ type: 'show', wish: { force: entry.force, survey: entry.survey, cause: 'show' } })
      case 'signal': {
        const { on, value, selector } = entry
        return sensors?.see({ on, ...(value !== undefined && { value }), ...(selector && { selector }) })
      }
      case 'answer': {
        const { value } = entry
        return onScreen()?.answer(value === undefined ? respond(entry.score) : () => value, entry.question)
      }
      case 'complete':
        return onScreen()?.complete(respond(entry.score))
      case 'dismiss':
        return onScreen()?.dismiss()
      case 'snooze':
        return tell({ type: 'snooze', days: entry.days }, true)
      case 'consent':
        return tell({ type: 'consent', consent: entry.consent })
      case 'optOut':
      case 'pause':
      case 'resume':
        return tell({ type: entry.do })
      case 'reset':
        return runtime?.reset()
      case 'close':
        runtime?.destroy()
        sensors?.stop()
        runtime = undefined
        return
      case 'wait':
    }
  }

  for (const { at, entry } of readTimeline(options.timeline, start as never)) {
    await clock.advance(at - now())
    perform(entry)
    await settle()
  }
  const { asks, refusals, followUps } = structuredClone({ ...told, explanations: [] })
  const store = openStore()
  const memory = await store.readMemory()
  const last = runtime
  const asked = options.surveys.map((each) => each.id)
  const explanations: Explanation[] = []
  if (last) {
    // The first one has the rules loaded; what follows from that must be over before they are compared.
    for (const id of asked.slice(0, 1)) await last.explain(id)
    await settle()
    for (const id of asked) explanations.push(await last.explain(id))
    last.destroy()
  }
  sensors?.stop()
  await settle()
  await store.clear()
  return { asks, refusals, followUps, memory, explanations, errors: told.errors }
}
