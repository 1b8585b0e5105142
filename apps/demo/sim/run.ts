/** One run: some browsers in trouble, then everything heals, and then everything must be where it was promised to be. */
import { ces, nps } from '../../../packages/sdk/src/core/builders.ts'
import { createBrowser } from './browser.ts'
import type { Browser } from './browserShape.ts'
import { check } from './check.ts'
import { createCollector } from './collector.ts'
import { createNetwork } from './network.ts'
import { inWindow } from './window.ts'
import { act, trouble } from './workload.ts'
import { createWorld, type Switches } from './world.ts'

export interface Outcome {
  seed: number
  /** What was broken; empty when all promises were kept. */
  violations: readonly string[]
  hash: string
  trace: readonly string[]
  /** Sizes of the run. */
  events: number
  requests: number
  steps: number
}

const second = 1000
const minute = 60 * second
const hour = 60 * minute

/** Marked as plain by their builders, so that they need no rules. */
const surveys = [nps({ id: 'nps', name: 'Acme' }), ces({ id: 'ces', name: 'Acme' })]

/**
 * Runs one seed.
 *
 * @param tracing keeps what happened, line by line
 */
export async function simulate(seed: number, switches: Switches = {}, tracing = false): Promise<Outcome> {
  const world = createWorld(seed, switches, tracing)
  const { chance } = world
  const rejections: unknown[] = []
  const onRejection = (reason: unknown): void => void rejections.push(reason)
  process.on('unhandledRejection', onRejection)
  try {
    return await inWindow(world, run)
  } finally {
    process.off('unhandledRejection', onRejection)
  }

  async function run(): Promise<Outcome> {
    const collector = await createCollector(world)
    const network = createNetwork(world, collector)
    const browsers: Browser[] = []
    for (let index = chance.whole(1, 3); index > 0; index--)
      browsers.push(
        createBrowser(`b${index}`, {
          world,
          network,
          surveys,
          consentRequired: chance.of(0.15),
          served: chance.of(0.3),
        }),
      )
    for (const browser of browsers) {
      const first = browser.open()
      if (chance.of(0.8)) browser.grant(first)
    }

    // A few minutes most of the time, and now and then an outage of hours.
    const span = chance.of(0.1) ? chance.whole(1, 8) * hour : chance.whole(20, 300) * second
    for (let count = chance.whole(10, 45); count > 0; count--) {
      const browser = chance.pick(browsers)
      world.later(null, 'something happens', chance.whole(0, span), () => act(world, browser, ['nps', 'ces']))
    }
    for (let count = chance.whole(0, 4); count > 0; count--)
      world.later(null, 'trouble', chance.whole(0, span), () => trouble(world, collector))
    await world.runUntil(span)

    world.note('all is well again')
    collector.state = 'up'
    for (const browser of browsers) {
      browser.weather = browser.isFiltered ? 'filter' : 'fine'
      browser.mayDie = false
      browser.disk.health = 'fine'
      for (const tab of browser.tabs) world.thaw(tab.life)
      if (!browser.online) browser.connect()
      browser.open()
    }
    let left = await check.waiting(browsers)
    const healed = world.now()
    // An hour after a refused key, as long as the collector asked (an answer that is under way still may ask for more), and
    // some time for whoever waits for a turn.
    const patience = (): number => healed + Math.max(hour, network.longestWait()) + 10 * minute
    const busy = (): boolean => left > 0 || browsers.some((each) => each.memory()?.erase !== undefined)
    while (busy() && world.now() < patience() && !world.violations.length) {
      await world.runUntil(world.now() + 20 * second)
      left = await check.waiting(browsers)
    }
    // What the network repeats late has arrived by then.
    await world.runUntil(world.now() + 5 * minute)
    // Surveys are asked for after a wait of their own.
    const requests = (): number => network.requests() - network.asked()
    const before = requests()
    const isClear = !busy() && !browsers.some((each) => each.isFiltered)
    await world.runUntil(world.now() + 2 * hour)
    if (requests() !== before && isClear)
      world.broken('nothing is sent when there is nothing to send', `${requests() - before} requests`)
    await check.all(world, browsers, collector, world.now())
    for (const reason of rejections) world.broken('no rejection is unhandled', String(reason))
    return {
      seed,
      violations: world.violations,
      hash: world.hash(),
      trace: world.trace,
      events: browsers.reduce((sum, each) => sum + each.told.size, 0),
      requests: network.requests(),
      steps: world.steps(),
    }
  }
}
