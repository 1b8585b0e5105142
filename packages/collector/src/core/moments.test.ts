import { expect, it } from 'vitest'
import { lateIn } from './moments.ts'

it('an interval is late by what happened in it and arrived when it was over, and by nothing else', () => {
  const hour = 3_600_000
  const rows = [
    { hour: 1, arrived: 30, count: 2 },
    // Late, but within the interval all the same.
    { hour: 1, arrived: 5, count: 4 },
    { hour: 23, arrived: 24, count: 8 },
    { hour: 24, arrived: 90, count: 16 },
  ]
  expect(lateIn(rows, 0, 24 * hour)).toBe(10)
  expect(lateIn(rows, 24 * hour, 48 * hour)).toBe(16)
  expect(lateIn(rows, 0, 168 * hour)).toBe(0)
})
