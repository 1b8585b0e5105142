/** One tab of a simulated browser: the real client over adapters that live in the simulated world. */
import type { FeedbackEvent } from '@earshot/contract'
import type { EarshotEvents } from '../../../packages/sdk/src/core/emission.ts'
import { startFlow, stepFlow } from '../../../packages/sdk/src/core/flow.ts'
import type { Answer } from '../../../packages/sdk/src/core/outbox.ts'
import type { Instant } from '../../../packages/sdk/src/core/time.ts'
import type { bounds as usual } from '../../../packages/sdk/src/keeper/evict.ts'
import { createKeeper } from '../../../packages/sdk/src/keeper/main.ts'
import type { MountCard } from '../../../packages/sdk/src/ports/card.ts'
import type { Served } from '../../../packages/sdk/src/ports/collector.ts'
import type { KeeperChunk } from '../../../packages/sdk/src/ports/keeper.ts'
import type { RulesChunk, RuntimeTools } from '../../../packages/sdk/src/ports/rules.ts'
import type { Clock, Random } from '../../../packages/sdk/src/ports/world.ts'
import { forgotten } from '../../../packages/sdk/src/shell/forgotten.ts'
import { createMemoryDatabase } from '../../../packages/sdk/src/shell/memoryDatabase.ts'
import { createOutbox } from '../../../packages/sdk/src/shell/outbox.ts'
import { startRuntime } from '../../../packages/sdk/src/shell/runtime.ts'
import { createStore } from '../../../packages/sdk/src/shell/store.ts'
import { createFakePage } from '../../../packages/sdk/src/testing.ts'
import type { Browser, BrowserParts, SimTab, Tab } from './browserShape.ts'
import type { Chance } from './chance.ts'
import { writeKey } from './collector.ts'
import type { Disk } from './disk.ts'
import type { createLocks } from './locks.ts'
import type { Network, Sender } from './network.ts'
import { beginning, type Life, type World } from './world.ts'

/** What the tabs of one browser share. */
export interface Device {
  world: World
  network: Network
  parts: BrowserParts
  chance: Chance
  disk: Disk
  locks: ReturnType<typeof createLocks>
  bounds: typeof usual
  /** Whether the browser has Web Locks. */
  hasLocks(): boolean
  /** Since when the disk says that consent is refused. */
  deniedSince(): number | null
  browser(): Browser
}

/** A refusal is heard by other tabs when they next want to send; what was on its way by then may leave. */
const hearing = 30_000

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

/** Opens a tab, which begins to run at once. */
export function openTab(device: Device, life: Life): Tab {
  const { world, network, parts, chance, disk, locks, bounds } = device
  const browser = device.browser()
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
      const since = device.deniedSince()
      if (since !== null && !disk.wasIll && !leaving && world.now() - since > hearing)
        world.broken('nothing is sent after a refusal', `${life.name} sent what another tab had refused`)
      if (!leaving) {
        const others = browser.tabs.filter(
          // From one that is frozen the turn may have been taken.
          (each) => each !== tab && !each.life.frozen && (each as SimTab).isSending,
        )
        if (device.hasLocks() && others.length)
          world.broken('one tab sends at a time', `${life.name} beside ${others[0]?.life.name}`)
        tab.isSending = true
      }
      if (obey && !leaving && !disk.wasIll && obey.offset === browser.offset && world.now() < obey.until - 1)
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
            { ...tools, transport, locks: device.hasLocks() ? locks.open(life) : undefined, loadKeeper },
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
