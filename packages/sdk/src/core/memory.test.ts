import { describe, expect, it } from 'vitest'
import { changeMemory, resume } from './memory.ts'
import type { Memory } from './remembered.ts'
import { after, type Instant, seconds } from './time.ts'

const t0 = 1_800_000_000_000 as Instant
const fresh = () => 'v'
const at = (count: number): Instant => after(t0, seconds(count))

describe('resume', () => {
  it('begins with the first visit, now', () => {
    expect(resume(undefined, t0, fresh)).toMatchObject({ visitor: 'v', since: t0, sessions: 1, pages: 0 })
  })
  it('counts a visit after half an hour without a page, and no page of the same', () => {
    const first = resume(undefined, t0, fresh)
    const same = resume(first, at(1800), () => 'other')
    expect(same).toMatchObject({ visitor: 'v', since: t0, sessions: 1, session: { id: 'v' } })
    const next = resume(same, at(3601), () => 'other')
    expect(next).toMatchObject({ visitor: 'v', since: t0, sessions: 2, session: { id: 'other' } })
  })
  it('takes moments that lie ahead for now, and leaves all other numbers as they are', () => {
    const ahead = at(9_000_000)
    const big = 9_999_999_999_999
    const progress = { response: 'r', at: ahead, version: 1, about: { trigger: 'show' as const } }
    const facts = { 'trait.ends': big }
    const stored: Partial<Memory> = {
      surveys: {
        a: {
          answered: ahead,
          dismissed: ahead,
          snoozed: ahead,
          snooze: 9,
          progress: { ...progress, facts, answers: { phone: big }, revisions: {} },
        },
      },
      asks: [{ survey: 'a', response: 'r', at: ahead, session: 's' }],
    }
    const { surveys, asks } = resume(stored, t0, fresh)
    expect(asks[0]?.at).toBe(t0)
    expect(surveys['a']).toMatchObject({ answered: t0, dismissed: t0, snoozed: t0, snooze: 9 })
    expect(surveys['a']?.progress).toMatchObject({ at: t0, facts, answers: { phone: big } })
  })
})

describe('changeMemory', () => {
  const begun = resume({ visitor: 'v' }, t0, fresh)
  it('takes back the last showing of a response: those before a reminder took place', () => {
    const asks = [
      { survey: 'a', response: 'r', at: t0, session: 's' },
      { survey: 'b', response: 'other', at: at(1), session: 's' },
      { survey: 'a', response: 'r', at: at(2), session: 's', unseen: true as const },
    ]
    const change = { kind: 'unask', response: 'r' } as const
    expect(changeMemory({ ...begun, asks }, change).asks).toEqual(asks.slice(0, 2))
    expect(changeMemory({ ...begun, asks }, { ...change, response: 'x' }).asks).toEqual(asks)
  })
  it('adds traits to those that are known', () => {
    const pro = changeMemory(begun, { kind: 'visitor', patch: { traits: { plan: 'pro' } } })
    const both = changeMemory(pro, { kind: 'visitor', patch: { person: 'ann', traits: { seats: 5 } } })
    expect(both).toEqual({ ...begun, person: 'ann', traits: { plan: 'pro', seats: 5 } })
  })
})
