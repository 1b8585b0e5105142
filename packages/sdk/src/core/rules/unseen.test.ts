import { describe, expect, it } from 'vitest'
import type { Ask, Memory } from '../model.ts'
import { aMemory, later, t0 } from './survey.fixtures.ts'
import { unseenAsks } from './unseen.ts'

const ask = (patch: Partial<Ask> = {}): Ask => ({
  survey: 'nps',
  response: 'r',
  at: t0,
  session: 's',
  unseen: true,
  ...patch,
})
const found = (asks: Ask[], surveys: Memory['surveys'] = {}, at = later(300_001)): string[] =>
  unseenAsks(aMemory({ asks, surveys }), at).map((each) => each.response)

describe('unseenAsks', () => {
  it('gives five minutes to be seen', () => {
    expect(found([ask()], {}, later(300_000))).toEqual([])
    expect(found([ask()])).toEqual(['r'])
  })
  it.each<[string, Memory['surveys'][string]]>([
    ['seen', { seen: 'r' }],
    ['answered', { answered: t0 }],
    ['closed', { dismissed: later(5) }],
    ['put off', { snoozed: later(5) }],
  ])('leaves what was %s', (_name, nps) => {
    expect(found([ask()], { nps })).toEqual([])
  })
  it('is not misled by what was heard of an earlier showing', () => {
    const before = { seen: 'other', answered: later(-1), dismissed: later(-1), snoozed: later(-1) }
    expect(found([ask()], { nps: before })).toEqual(['r'])
  })
  it('knows the last showing of each survey only, and none that was claimed without the rules', () => {
    expect(found([ask(), ask({ survey: 'b', response: 'b' })])).toEqual(['r', 'b'])
    expect(found([ask({ response: 'first' }), ask()], { nps: { seen: 'r' } })).toEqual([])
    const { unseen: _unseen, ...plain } = ask()
    expect(found([plain])).toEqual([])
  })
})
