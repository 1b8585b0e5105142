/** One browser profile with its tabs. Each tab runs the real client over simulated adapters. */
import type { FeedbackEvent, Survey } from '@earshot/contract'
import { type Flow, startFlow, stepFlow } from '../../../packages/sdk/src/core/flow.ts'
import type { EarshotEvents } from '../../../packages/sdk/src/core/emission.ts'
import type { Memory } from '../../../packages/sdk/src/core/remembered.ts'
import type { Answer, Line } from '../../../packages/sdk/src/core/outbox.ts'
import type { QueueRow } from '../../../packages/sdk/src/core/queueRow.ts'
import type { Instant } from '../../../packages/sdk/src/core/time.ts'
import type { MountCard } from '../../../packages/sdk/src/ports/card.ts'
import type { Served } from '../../../packages/sdk/src/ports/collector.ts'
import type { KeeperChunk } from '../../../packages/sdk/src/ports/keeper.ts'
import type { Outbox } from '../../../packages/sdk/src/ports/outbox.ts'
import type { RulesChunk, RuntimeTools } from '../../../packages/sdk/src/ports/rules.ts'
import type { Clock, Random } from '../../../packages/sdk/src/ports/world.ts'
import { bounds as usual } from '../../../packages/sdk/src/keeper/evict.ts'
import { createKeeper } from '../../../packages/sdk/src/keeper/main.ts'
import { forgotten } from '../../../packages/sdk/src/shell/forgotten.ts'
import { createMemoryDatabase } from '../../../packages/sdk/src/shell/memoryDatabase.ts'
import { createOutbox } from '../../../packages/sdk/src/shell/outbox.ts'
import { startRuntime } from '../../../packages/sdk/src/shell/runtime.ts'
import type { Runtime } from '../../../packages/sdk/src/shell/runtimeParts.ts'
import { createStore } from '../../../packages/sdk/src/shell/store.ts'
import { createFakePage } from '../../../packages/sdk/src/testing.ts'
import { writeKey } from './collector.ts'
import type { Chance } from './chance.ts'
import { createDisk, type Disk } from './disk.ts'
import { createLocks } from './locks.ts'
import type { Network, Sender, Weather } from './network.ts'
import { beginning, type Life, type World } from './world.ts'

/** An event as a visitor made it. */
export interface Told {
  event: FeedbackEvent
  /** Whether the page said that it is kept; undefined while it has said nothing. */
  durable?: boolean
  life: Life
}

export interface Tab {
  life: Life
  runtime: Runtime
  /** What the page's memory holds, where storage failed. */
  inMemory(): Promise<QueueRow[]>
  /** The card on the screen. */
  card: { flow: Flow; tell: (input: Parameters<typeof stepFlow>[1]) => void } | null
  hidden: boolean
  /** The moment by its clock. */
  now(): Instant
  /** A new id, as the client makes them. */
  id(): string
  hide(): void
  show(): void
  /** Has the queue looked over, as when it is long and cannot be sent. */
  trim(): void
}

export interface Browser {
  name: string
  disk: Disk
  tabs: Tab[]
  chance: Chance
  weather: Weather
  online: boolean
  /** How far its clock is off, milliseconds. */
  offset: number
  /** Whether its disk may get ill in this run. Half of the browsers stay healthy, so that the strictest promises can be asked of them. */
  mayBeIll: boolean
  /** Until everything is well again. */
  mayDie: boolean
  /** Whether a firewall stays before it for good: what has the forbidden word waits, and nothing else may wait for that. */
  isFiltered: boolean
  /** All events ever made in it. */
  told: Map<string, Told>
  /** Ids that its pages were told are with the collector, or refused. */
  delivered: Set<string>
  rejected: Map<string, string>
  /** Visitors of whom the collector said that they are forgotten. */
  erased: Set<string>
  /** Visitors who refused consent. */
  refused: Set<string>
  /** Requests with events so far, files that were not in the cache, and what was reason for a request. */
  requests: number
  loads: number
  reasons: number
  open(): Tab
  /** The network is back, and each tab hears of it; a frozen one when it thaws. */
  connect(): void
  /** Takes what chance may have made worse than usual: its locks, its clock, a firewall. */
  isHealthy(): void
  /** The visitor refuses consent. */
  refuse(tab: Tab): void
  /** The visitor consents. */
  grant(tab: Tab): void
  /** The page goes away in good order. */
  close(tab: Tab): void
  /** The process of the tab is killed. */
  crash(tab: Tab): void
  memory(): Partial<Memory> | undefined
  line(): Line | undefined
  queue(): QueueRow[]
  /** What another site key has on the same disk, as it was and as it is. */
  neighbour(): { before: string; now: string }
  /** What was refused; of a row that was damaged without its event. */
  quarantine(): { event?: FeedbackEvent; rejection: { id: string; code: string; message: string } }[]
}

export interface BrowserParts {
  world: World
  network: Network
  surveys: readonly Survey[]
  consentRequired: boolean
  /** Files that the browser has in its cache, or their share; default 0.7. */
  cached?: number | readonly string[]
  /** Whether its pages ask the collector for surveys, besides those that they bring along. */
  served?: boolean
}

/** A refusal is heard by other tabs when they next want to send; what was on its way by then may leave. */
const hearing = 30_000

/** What another site key, which nobody uses any more, has stored in the same place. */
const neighbour = ['q', 'd'].map((kind) => {
  const id = '01a20000-0000-7000-8000-000000000000'
  const about = { at: '2026-01-01T00:00:00.000Z', visitor: 'other', person: null, session: 's', seq: 0 }
  const event = { id, type: 'track', ...about, context: { channel: 'web' }, data: { name: 'other' } }
  return [`${writeKey.slice(0, 3)}:${kind}:${id}`, { v: 1, event }] as const
})

/** Ids in the order of the clock, and never twice: they carry the seed. */
function createSimRandom(world: World, chance: Chance, clock: Clock): Random {
  const hex = (digits: number): string =>
    Math.floor(chance.next() * 16 ** digits)
      .toString(16)
      .padStart(digits, '0')
  const seed = (world.seed >>> 0).toString(16).padStart(8, '0')
  return {
    id() {
      const time = clock.now().toString(16).padStart(12, '0')
      return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(3)}-8${hex(3)}-${hex(4)}${seed}`
    },
    chance: () => chance.next(),
  }
}

function isJson(text: string): boolean {
  try {
    return Boolean(JSON.parse(text))
  } catch {
    return false
  }
}

export function createBrowser(name: string, parts: BrowserParts): Browser {
  const { world, network } = parts
  const chance = world.chance.split()
  let hasLocks = !chance.of(0.15)
  // A device with little room, where the queue is cut now and then.
  const bounds = { ...usual, rows: chance.of(0.2) ? chance.whole(3, 15) : usual.rows }
  const disk = createDisk(world, chance.split(), new Map(neighbour))
  const locks = createLocks(world)
  let opened = 0
  /** Since when the disk says that consent is refused. */
  let deniedSince: number | null = null
  world.afterEach(() => {
    const isDenied = browser.memory()?.consent === 'denied'
    if (isDenied) deniedSince ??= world.now()
    else deniedSince = null
  })

  const rowsOf = <Row>(kind: string): Row[] =>
    [...disk.rows].flatMap(([key, value]) => (key.startsWith(`${writeKey}:${kind}:`) ? [value as Row] : []))

  const open = (): Tab => {
    const life: Life = { name: `${name}.${++opened}`, alive: true, frozen: false }
    const clock: Clock = {
      now: () => Math.floor(beginning + world.now() + browser.offset) as Instant,
      wait(milliseconds, callback) {
        // A page that nobody sees gets its turn once a minute.
        const late = tab.hidden ? chance.whole(0, 60_000) : chance.next() * 4
        return world.later(life, 'timer', (milliseconds || 0) + late, callback)
      },
    }
    const random = createSimRandom(world, chance.split(), clock)
    const memory = createMemoryDatabase()
    const store = createStore(writeKey, disk.open(life), memory, () => {})
    const page = { ...createFakePage(), online: () => browser.online }

    // The last word of the collector to this tab, for the check that it is obeyed.
    let obey: { until: number; offset: number } | undefined
    let leaving = false
    const sender: Sender = {
      life,
      weather: () => browser.weather,
      now: clock.now,
      began(path, body) {
        if (path !== 'feedback') return
        browser.requests++
        const { events } = JSON.parse(body) as { events: FeedbackEvent[] }
        for (const { visitor } of events)
          if (tab.refusedHere.has(visitor))
            world.broken('nothing is sent after a refusal', `${life.name} refused itself, and sent`)
        // A page that is leaving has no time to look.
        if (deniedSince !== null && !disk.wasIll && !leaving && world.now() - deniedSince > hearing)
          world.broken('nothing is sent after a refusal', `${life.name} sent what another tab had refused`)
        if (!leaving) {
          const others = browser.tabs.filter(
            // From one that is frozen the turn may have been taken.
            (each) => each !== tab && !each.life.frozen && (each as SimTab).isSending,
          )
          if (hasLocks && others.length)
            world.broken('one tab sends at a time', `${life.name} beside ${others[0]?.life.name}`)
          tab.isSending = true
        }
        if (
          obey &&
          !leaving &&
          !disk.wasIll &&
          obey.offset === browser.offset &&
          world.now() < obey.until - 1
        )
          world.broken(
            'Retry-After is obeyed',
            `${life.name} asked ${Math.round(obey.until - world.now())} ms too early`,
          )
      },
      ended(path, answer: Answer) {
        if (path !== 'feedback') return
        tab.isSending = false
        // The moments after an answer are the delicate ones, so a tab dies then more often than chance would have it.
        if (browser.mayDie && chance.of(0.06))
          world.later(null, 'dies', chance.next() * 10, () => life.alive && browser.crash(tab))
        // Any other answer is a word of its own; and another tab may hear a better one.
        for (const each of browser.tabs) (each as SimTab).forgetWait()
        const { retryAfter, status } = answer
        if (retryAfter && [429, 503].includes(status))
          obey = { until: world.now() + Math.min(retryAfter, 86_400_000), offset: browser.offset }
      },
    }

    const transport = {
      send: (body: string, isLeaving: boolean) => {
        leaving = isLeaving
        const answer = network.send(sender, 'feedback', body, isLeaving || body.length < 4096)
        leaving = false
        return answer
      },
    }

    const mountCard: MountCard = (showing, offline, host) => {
      let flow = startFlow(showing, offline)
      const tell = (input: Parameters<typeof stepFlow>[1]): void => {
        const next = stepFlow(flow, input)
        flow = next.flow
        card.flow = flow
        next.effects.forEach(host.perform)
        if (flow.stage !== 'closed' || tab.card !== card) return
        tab.card = null
        host.closed()
      }
      const card = { flow, tell }
      tab.card = card
      return {
        tell,
        destroy() {
          if (tab.card === card) tab.card = null
        },
      }
    }

    /** The rules add nothing here but the wish to be forgotten, which is carried out as by the real ones. */
    const rules: RulesChunk = {
      rules: {} as never,
      step: (state, input, advance) => advance(state, input),
      async erase(tools: RuntimeTools) {
        const asked = tools.state().memory?.erase?.split(' ') ?? []
        for (const visitor of asked) {
          const body = JSON.stringify({ key: writeKey, visitor })
          const answer = await network.send(sender, 'erase', body, true)
          if (answer.status !== 200 || !isJson(answer.body)) return
          browser.erased.add(visitor)
        }
        await forgotten(tools, asked)
      },
      pageFacts: () => ({}) as never,
      carryOut: () => undefined,
      cleaned: (event) => event,
      explain: () => Promise.reject(new Error('not here')),
      destroy: () => {},
    }
    const loaded =
      <Thing>(what: string, thing: Thing) =>
      (): Promise<Thing> =>
        new Promise((resolve, reject) => {
          // What the browser has in its cache is there without a line.
          const { cached = 0.7 } = parts
          const isCached = typeof cached === 'number' ? chance.of(cached) : cached.includes(what)
          const isThere = isCached || (browser.online && network.reaches(browser.weather))
          if (!isCached && browser.online) browser.loads++
          world.later(life, `loads ${what}`, chance.whole(1, 200), () =>
            isThere ? resolve(thing) : reject(new Error(`no ${what}`)),
          )
        })

    const tab: SimTab = {
      life,
      card: null,
      hidden: false,
      refusedHere: new Set(),
      isSending: false,
      forgetWait: () => (obey = undefined),
      runtime: undefined as never,
      now: clock.now,
      id: random.id,
      inMemory: () => memory.transact((rows) => rows.list(`${writeKey}:q`, 10_000)),
      hide() {
        tab.hidden = true
        page.leave()
      },
      show() {
        tab.hidden = false
        browser.reasons++
        tab.back()
      },
      trim: () =>
        void tab.outbox?.keeper().then(
          (it) => it.trim(),
          () => {},
        ),
      back() {
        page.back()
      },
    }
    const loadKeeper = loaded('keeper', {
      createKeeper: (...[key, given, listener]: Parameters<KeeperChunk['createKeeper']>) =>
        createKeeper(key, given, listener, bounds),
    })
    const append = store.append
    tab.runtime = startRuntime(
      {
        key: writeKey,
        collector: 'https://collector.example',
        surveys: parts.surveys,
        served: parts.served === true,
      },
      parts.consentRequired,
      {
        clock,
        random,
        page,
        store: {
          ...store,
          append(row) {
            browser.told.set(row.event.id, { event: row.event, life })
            browser.reasons++
            world.note(`${life.name} makes ${row.event.type} ${row.event.id}`)
            return append(row)
          },
        },
        log: () => {},
        // Nothing but the transport above makes requests here.
        ask: () => Promise.reject(new Error('not here')),
        async loadServed() {
          const { status, body, retryAfter } = await network.send(sender, 'config', '', false)
          if (status === 200 && isJson(body)) return JSON.parse(body) as Served
          throw Object.assign(new Error(`answered ${status}`), {
            retryAfter: retryAfter === null ? null : String(retryAfter / 1000),
          })
        },
        loadCard: loaded('card', { mountCard }),
        loadKinds: () => Promise.reject(new Error('no kinds')),
        loadRules: loaded('rules', rules),
        loadKeeper,
        loadOutbox: loaded('outbox', {
          startOutbox: (key, tools, listener) =>
            (tab.outbox = createOutbox(
              key,
              { ...tools, transport, locks: hasLocks ? locks.open(life) : undefined, loadKeeper },
              listener,
            )),
        }),
      },
    )
    const on = <Name extends keyof EarshotEvents>(
      what: Name,
      hear: (detail: EarshotEvents[Name]) => void,
    ): void =>
      void tab.runtime.on(what, (detail) => {
        // A handler that throws here would end the process, not the run.
        try {
          hear(detail)
        } catch (error) {
          world.broken('the simulation is sound', String(error))
        }
      })
    on('queued', ({ id, durable }) => {
      world.note(`${life.name} is told ${id} ${durable}`)
      const told = browser.told.get(id)
      if (told) told.durable = durable
    })
    on('delivered', ({ ids }) => ids.forEach((id) => browser.delivered.add(id)))
    on('rejected', ({ rejections }) => rejections.forEach((each) => browser.rejected.set(each.id, each.code)))
    on('error', ({ code, message }) => {
      world.note(`${life.name} error ${code} ${message}`)
      if (/^(outbox|step|record)$/.test(code)) world.broken('no fault of our own', `${code}: ${message}`)
    })
    browser.tabs.push(tab)
    browser.reasons++
    world.note(`${life.name} opens`)
    return tab
  }

  const end = (tab: Tab): void => {
    tab.life.alive = false
    browser.tabs = browser.tabs.filter((each) => each !== tab)
    disk.abandon(tab.life)
    locks.abandon(tab.life)
    network.abandon(tab.life)
  }

  const browser: Browser = {
    name,
    disk,
    chance,
    tabs: [],
    weather: 'fine',
    online: true,
    offset: chance.pick([0, 0, 0, 90_000, -3_600_000, 40 * 86_400_000, -400 * 86_400_000]),
    mayBeIll: chance.of(0.5),
    mayDie: true,
    isFiltered: chance.of(0.15),
    erased: new Set(),
    told: new Map(),
    delivered: new Set(),
    rejected: new Map(),
    refused: new Set(),
    requests: 0,
    loads: 0,
    reasons: 0,
    open,
    isHealthy() {
      hasLocks = true
      browser.offset = 0
      browser.isFiltered = browser.mayBeIll = browser.mayDie = false
    },
    connect() {
      browser.online = true
      browser.reasons += browser.tabs.length
      for (const tab of browser.tabs) world.later(tab.life, 'is online', 0, (tab as SimTab).back)
    },
    refuse(tab) {
      world.note(`${tab.life.name} refuses`)
      const own = tab.runtime.state().memory?.visitor
      if (own) (tab as SimTab).refusedHere.add(own)
      const kept = browser.memory()
      // What waits goes too, of whomever it is: a tab that had heard of an earlier refusal may have been somebody new.
      const all = [
        ...browser.tabs.map((each) => each.runtime.state().memory?.visitor),
        ...browser.queue().map(({ event }) => event.visitor),
      ]
      for (const visitor of [kept?.visitor, ...all]) if (visitor) browser.refused.add(visitor)
      tab.runtime.tell(() => ({ type: 'consent', at: tab.now(), consent: 'denied' }), false)
    },
    grant(tab) {
      world.note(`${tab.life.name} consents`)
      // What other tabs, which have not heard of the refusal, still put into the queue is the collector's to drop.
      ;(tab as SimTab).refusedHere.clear()
      tab.runtime.tell(() => ({ type: 'consent', at: tab.now(), consent: 'granted' }), false)
    },
    close(tab) {
      world.note(`${tab.life.name} closes`)
      if (!tab.life.frozen) tab.hide()
      end(tab)
    },
    crash(tab) {
      world.note(`${tab.life.name} crashes`)
      end(tab)
    },
    memory: () => rowsOf<Partial<Memory>>('m')[0],
    line: () => rowsOf<Line>('l')[0],
    queue: () => rowsOf('q'),
    neighbour: () => ({
      before: JSON.stringify(neighbour),
      now: JSON.stringify(neighbour.map(([key]) => [key, disk.rows.get(key)])),
    }),
    quarantine: () => rowsOf('d'),
  }
  return browser
}

interface SimTab extends Tab {
  /** Visitors for whom consent was refused in this very tab. */
  refusedHere: Set<string>
  /** Whether a request of its pass is under way. */
  isSending: boolean
  forgetWait(): void
  /** It may be of use to try again. */
  back(): void
  outbox?: Outbox
}
