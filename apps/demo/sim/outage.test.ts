/** What an hour without the collector costs it, and how its visitors come back. */
import { describe, expect, it } from 'vitest'
import { herd } from './herd.ts'
import type { Weather } from './network.ts'
import { outage } from './outage.ts'

const weathers: Weather[] = ['fine', 'cut', 'portal']

describe('an hour without the collector', () => {
  const settings = weathers.flatMap((weather) =>
    [0, 1, 150].flatMap((queued) =>
      [1, 3].flatMap((tabs) => [0, 1].map((cached) => ({ weather, queued, tabs, cached }))),
    ),
  )
  // Where not even the code is there, tabs know nothing of each other.
  const most = (tabs: number, cached: number): number => (cached ? 30 : 24 * tabs)
  it.each(settings)(
    'is asked about seldom: $weather, $queued events, $tabs tabs, cache $cached',
    async (setting) => {
      for (let seed = 1; seed <= 3; seed++) {
        const { asked } = await outage({ ...setting, seed })
        expect(asked).toBeGreaterThan(0)
        expect(asked, `seed ${seed}`).toBeLessThanOrEqual(most(setting.tabs, setting.cached))
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
