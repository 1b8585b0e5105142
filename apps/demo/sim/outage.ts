/** An hour in which one browser with open pages does not reach the collector: what is asked of it meanwhile. */
import { nps } from '../../../packages/sdk/src/core/builders.ts'
import { createBrowser } from './browser.ts'
import { createCollector } from './collector.ts'
import { createNetwork, type Weather } from './network.ts'
import { inWindow } from './window.ts'
import { createWorld } from './world.ts'

export interface OutageSetting {
  seed: number
  tabs: number
  /** Events that wait when it begins. */
  queued: number
  /** Files that are in the browser's cache, or their share. */
  cached: number | readonly string[]
  /** How the outage looks from the browser; `fine`: the collector is gone. */
  weather: Weather
}

export interface Outage {
  /** Requests of the hour, of any kind, also for files. */
  asked: number
  /** Milliseconds after the end of the outage until nothing waited any more. */
  recovery: number
}

const hour = 3_600_000

export function outage({ seed, tabs, queued, cached, weather }: OutageSetting): Promise<Outage> {
  const world = createWorld(seed, {}, false)
  return inWindow(world, async () => {
    const collector = await createCollector(world)
    const network = createNetwork(world, collector)
    const surveys = [nps({ id: 'nps', name: 'Acme' })]
    const browser = createBrowser('b', {
      world,
      network,
      surveys,
      cached,
      consentRequired: false,
      served: true,
    })
    browser.isHealthy()
    collector.state = 'down'
    browser.weather = weather
    for (let count = tabs; count > 0; count--) browser.open()
    await world.runUntil(5000)
    const [first] = browser.tabs
    for (let count = queued; count > 0; count--)
      first?.runtime.tell(
        () => ({ type: 'track', at: first.now(), id: first.id(), name: 'basket', props: {} }),
        false,
      )
    await world.runUntil(hour)
    const asked = network.requests() + browser.loads
    collector.state = 'up'
    browser.weather = 'fine'
    const isDone = (): boolean => browser.queue().length === 0
    await world.runUntil(2 * hour, isDone)
    if (!isDone()) throw new Error('an hour after the outage something still waits')
    return { asked, recovery: world.now() - hour }
  })
}
