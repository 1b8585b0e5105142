/** One browser profile with its tabs, and what happens to it. */
import type { Line } from '../../../packages/sdk/src/core/outbox.ts'
import type { Memory } from '../../../packages/sdk/src/core/remembered.ts'
import { bounds as usual } from '../../../packages/sdk/src/keeper/evict.ts'
import type { Browser, BrowserParts, SimTab, Tab } from './browserShape.ts'
import { writeKey } from './collector.ts'
import { createDisk } from './disk.ts'
import { createLocks } from './locks.ts'
import { openTab, type Device } from './tab.ts'

/** What another site key, which nobody uses any more, has stored in the same place. */
const neighbour = ['q', 'd'].map((kind) => {
  const id = '01a20000-0000-7000-8000-000000000000'
  const about = { at: '2026-01-01T00:00:00.000Z', visitor: 'other', person: null, session: 's', seq: 0 }
  const event = { id, type: 'track', ...about, context: { channel: 'web' }, data: { name: 'other' } }
  return [`${writeKey.slice(0, 3)}:${kind}:${id}`, { v: 1, event }] as const
})

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

  const device: Device = {
    world,
    network,
    parts,
    chance,
    disk,
    locks,
    bounds,
    hasLocks: () => hasLocks,
    deniedSince: () => deniedSince,
    browser: () => browser,
  }
  const open = (): Tab => openTab(device, { name: `${name}.${++opened}`, alive: true, frozen: false })

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
