import { expect, it } from 'vitest'
import { killRounds } from './killCollector.ts'

it('a collector that is killed under load loses nothing, stores nothing twice and counts right', async () => {
  const { acknowledged, problems } = await killRounds(4)
  expect(problems).toEqual([])
  expect(acknowledged).toBeGreaterThan(0)
}, 120_000)
