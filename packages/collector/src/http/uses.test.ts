import { describe, expect, it } from 'vitest'
import type { AccessStore } from '../ports/accessStore.ts'
import { createUses } from './uses.ts'

/** A store whose writes end when they are told to. */
function setup() {
  const written: string[][] = []
  const ends: (() => void)[] = []
  const markUsed: AccessStore['markUsed'] = (uses) => {
    written.push([...uses.keys()])
    return new Promise((resolve) => void ends.push(() => resolve()))
  }
  const log = { error: () => {} } as never
  const uses = createUses({ markUsed } as AccessStore, { now: () => 1000 }, log)
  return { uses, written, ends }
}
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('uses of keys', () => {
  it('are stored behind the request, those of one turn together, and each once a minute', async () => {
    const { uses, written } = setup()
    for (const key of ['a', 'b', 'a']) uses.note(key)
    expect(written).toEqual([])
    await expect.poll(() => written).toEqual([['a', 'b']])
    uses.note('a')
    await turn()
    expect(written).toEqual([['a', 'b']])
  })
  it('that are noted while others are being stored come right after them', async () => {
    const { uses, written, ends } = setup()
    uses.note('a')
    await expect.poll(() => written).toEqual([['a']])
    uses.note('b')
    ends[0]?.()
    await expect.poll(() => written).toEqual([['a'], ['b']])
    ends[1]?.()
    await uses.flush()
  })
})
