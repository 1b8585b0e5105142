import { active } from '@earshot/metrics'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { activeDays } from './activeDays.ts'

it('counts every day as the metric counts it by itself, also where days are left out', () => {
  const activity = fc.array(
    fc.record({ person: fc.constantFrom('a', 'b', 'c', 'd'), day: fc.integer({ min: -5, max: 90 }) }),
  )
  const days = fc.uniqueArray(fc.integer({ min: 0, max: 80 })).map((each) => each.toSorted((a, b) => a - b))
  fc.assert(
    fc.property(activity, days, (given, asked) => {
      const expected = asked.map((day) => {
        const { daily, weekly, monthly } = active(given, day)
        return { daily, weekly, monthly }
      })
      expect(activeDays(given, asked)).toEqual(expected)
    }),
  )
})

it('looks at each activity once, however many days are asked for', () => {
  let looked = 0
  function* given(): Generator<{ person: string; day: number }> {
    for (let day = 0; day < 100; day++) {
      looked++
      yield { person: `p${day % 7}`, day }
    }
  }
  expect(
    activeDays(
      given(),
      Array.from({ length: 90 }, (_, day) => day),
    ),
  ).toHaveLength(90)
  expect(looked).toBe(100)
})
