import { describe, expect, it } from 'vitest'
import { changeMemory } from '../memory.ts'
import type { Ask, Memory } from '../remembered.ts'
import { aMemory, later, t0 } from './survey.fixtures.ts'
import { stands, unseenAsks } from './unseen.ts'

const ask = (patch: Partial<Ask> = {}): Ask => ({
  survey: 'nps',
  response: 'r',
  at: t0,
  session: 's',
  unseen: true,
  ...patch,
})
const found = (memory: Memory, at = later(300_001)): string[] =>
  unseenAsks(memory, at).map((each) => each.response)

describe('unseenAsks', () => {
  it('gives five minutes to be seen', () => {
    const memory = aMemory({ asks: [ask()] })
    expect(found(memory, later(300_000))).toEqual([])
    expect(found(memory)).toEqual(['r'])
  })
  it('leaves what was seen, and finds what was not', () => {
    const memory = aMemory({ asks: [ask(), ask({ response: 'other' }), ask({ survey: 'b', response: 'b' })] })
    const patch = { seen: 'r' }
    const seen = changeMemory(memory, { kind: 'survey', survey: 'nps', patch })
    expect(found(seen)).toEqual(['other', 'b'])
    const both = changeMemory(seen, { kind: 'survey', survey: 'nps', patch: { seen: 'other' } })
    expect(found(both)).toEqual(['b'])
  })
  it('leaves what was claimed without the rules', () => {
    expect(found(aMemory({ asks: [ask({ unseen: undefined })] }))).toEqual([])
  })
})

describe('stands', () => {
  it('lets nothing be taken back that was seen meanwhile, in the freshest memory', () => {
    const unask = { kind: 'unask', response: 'r' } as const
    const at = later(300_001)
    expect(stands(aMemory({ asks: [ask()] }), unask, at, true)).toBe(true)
    expect(stands(aMemory({ asks: [ask({ unseen: undefined })] }), unask, at, true)).toBe(false)
    expect(stands(aMemory({ asks: [ask({ unseen: undefined })] }), unask, at, false)).toBe(true)
  })
})
