import { expect, it } from 'vitest'
import { createLimiter } from './limiter.ts'

const limit = { perMinute: 60, burst: 10 }

it('lets a burst through, then as many as fit the rate, and says when the next one will', () => {
  const limiter = createLimiter(10)
  const taken = Array.from({ length: 12 }, () => limiter.take('a', limit, 0))
  expect(taken).toEqual([...Array.from({ length: 10 }, () => 0), 1000, 1000])
  expect(limiter.take('a', limit, 999)).toBe(1)
  expect(limiter.take('a', limit, 1000)).toBe(0)
  expect(limiter.take('a', limit, 1000)).toBe(1000)
  expect(limiter.take('b', limit, 1000)).toBe(0)
})

it('lets through what the rate says over an hour, however often it is asked', () => {
  const limiter = createLimiter(10)
  let through = 0
  for (let at = 0; at <= 3_600_000; at += 37) if (limiter.take('a', limit, at) === 0) through++
  expect(through).toBeGreaterThanOrEqual(3600)
  expect(through).toBeLessThanOrEqual(3610)
})

it('gives and takes nothing when the clock is set back', () => {
  const limiter = createLimiter(10)
  for (let count = 0; count < 10; count++) limiter.take('a', limit, 1_000_000)
  expect(limiter.take('a', limit, 0)).toBe(1000)
  expect(limiter.take('a', limit, 1000)).toBe(0)
})

it('remembers so many names and no more, and those best that are being refused', () => {
  const limiter = createLimiter(1000)
  for (let count = 0; count < 11; count++) limiter.take('flood', limit, 0)
  for (let name = 0; name < 100_000; name++) {
    limiter.take(String(name), limit, 0)
    if (name % 500 === 0) expect(limiter.take('flood', limit, 0)).toBeGreaterThan(0)
  }
  expect(limiter.size()).toBe(1000)
})
