import { describe, expect, it } from 'vitest'
import type { SurveyColumns } from '../core/columns.ts'
import { keepWithin } from './keptColumns.ts'

/** Surveys with so many responses each, the one that was used last at the end. */
const kept = (sizes: Readonly<Record<string, number>>): Map<string, { columns: SurveyColumns }> =>
  new Map(
    Object.entries(sizes).map(([key, size]) => [key, { columns: { size: () => size } as SurveyColumns }]),
  )

describe('keepWithin', () => {
  it.each([
    ['all, up to the bound', { a: 3, b: 3, c: 4 }, 'abc', 10],
    ['those that were used last, and no fewer than there is room for', { a: 3, b: 3, c: 5 }, 'bc', 8],
    ['the one in use, which is too large by itself', { a: 3, b: 3, c: 11 }, 'c', 11],
  ])('keeps %s', (_name, sizes, left, all) => {
    const map = kept(sizes)
    expect(keepWithin(map, 'c', 10)).toBe(all)
    expect([...map.keys()].join('')).toBe(left)
  })
})
