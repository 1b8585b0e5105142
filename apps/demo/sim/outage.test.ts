/** What an hour without the collector costs it, and how its visitors come back. */
import { describe, expect, it } from 'vitest'
import { herd } from './herd.ts'
import type { Weather } from './network.ts'
import { outage } from './outage.ts'

const weathers: Weather[] = ['fine', 'cut', 'portal']
/** Everything, what a page in good health has loaded, and nothing. */
const caches = [1, ['card', 'outbox'], 0]

describe('an hour without the collector', () => {
  const settings = weathers.flatMap((weather) =>
    [0, 1, 150].flatMap((queued) =>
      [1, 3, 5].flatMap((tabs) =>
        // Of five tabs each asks once for what it has not: there the bound holds for a browser that has the code.
        caches
          .filter((cached) => tabs < 5 || cached === 1)
          .map((cached) => ({ weather, queued, tabs, cached })),
      ),
    ),
  )
  it.each(settings)(
    'is asked about seldom: $weather, $queued events, $tabs tabs, cache $cached',
    async (setting) => {
      for (let seed = 1; seed <= 3; seed++) {
        const { asked } = await outage({ ...setting, seed })
        expect(asked).toBeGreaterThan(0)
        expect(asked, `seed ${seed}`).toBeLessThanOrEqual(30)
      }
    },
  )
})

describe('ten thousand visitors who come back', () => {
  it.each([
    // Within a wait of five minutes, half of which is chance.
    { cause: 'collector', outage: 300_000, peak: 160 },
    // Within half a minute.
    { cause: 'network', outage: 600_000, peak: 450 },
  ] as const)('do so one after the other: $cause, $outage ms', { timeout: 120_000 }, async (setting) => {
    const { arrivals, delivered, before } = await herd({ ...setting, clients: 10_000, seed: 1 })
    expect(delivered).toBe(10_000)
    expect(Math.max(...arrivals)).toBeLessThanOrEqual(setting.peak)
    expect(before).toBeLessThanOrEqual(setting.cause === 'network' ? 0 : 10_000 * 30)
  })
})
