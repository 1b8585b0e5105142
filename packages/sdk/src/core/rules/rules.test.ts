import { describe, expect, it } from 'vitest'
import type { Memory, MemoryChange } from '../remembered.ts'
import { rules } from './rules.ts'
import { aMemory, aSurvey, dayAfter, deepFreeze, later, t0 } from './survey.fixtures.ts'

const time: MemoryChange = { kind: 'time' }
const event = (name: string): MemoryChange => ({ kind: 'event', id: name, name, props: {} })
const revise = (memory: Memory, change: MemoryChange, at = t0, surveys = [aSurvey()]) =>
  rules.revise(deepFreeze({ surveys }), deepFreeze(memory), change, at, () => 'id')

describe('revise', () => {
  it('lets plans wait their span from now on when the clock that made them was set back since', () => {
    const followUps = [{ id: 'f', after: { on: 'event' as const, name: 'a' }, delay: 1, expires: 2 }]
    const surveys = [aSurvey({ followUps })]
    const ahead = revise(aMemory(), event('a'), dayAfter(300), surveys).memory
    const [plan] = Object.values(revise(ahead, time, t0, surveys).memory.plans ?? {})
    expect(plan).toMatchObject({ at: t0, due: dayAfter(1), expires: dayAfter(3) })
    const [unmoved] = Object.values(revise(ahead, time, dayAfter(300.5), surveys).memory.plans ?? {})
    expect(unmoved).toMatchObject({ due: dayAfter(301), expires: dayAfter(303) })
  })
  it('takes a beginning that lies ahead, by a clock that was set back since, for now', () => {
    expect(revise(aMemory({ since: later(5000) }), time).memory.since).toBe(t0)
  })
  it('looks at what waited first, in its order and at its own time, and once', () => {
    const steps = [{ name: 'a' }, { name: 'b' }]
    const surveys = [
      aSurvey({ triggers: [{ on: 'sequence', steps, within: 10 }] }),
      aSurvey({
        id: 'planned',
        followUps: [{ id: 'f', after: { on: 'event', name: 'a' }, delay: 1, expires: 1 }],
      }),
    ]
    const missed = [
      { at: later(1000), change: event('a') },
      { at: later(11_000), change: event('b') },
    ]
    const done = revise(aMemory({ missed }), event('c'), later(60_000), surveys)
    expect(done.fired).toEqual([
      { survey: 'nps', cause: 'sequence', event: {}, key: 'nps@1/0', due: later(11_000) },
    ])
    expect(done.events).toEqual([
      { name: 'a', at: later(1000) },
      { name: 'b', at: later(11_000) },
      { name: 'c', at: later(60_000) },
    ])
    expect(Object.values(done.memory.plans ?? {})).toMatchObject([{ due: later(1000 + 86_400_000) }])
    expect(done.drafts).toMatchObject([{ type: 'followup', data: { state: 'planned' } }])
    expect(done.memory).not.toHaveProperty('missed')
  })
})

describe('responseOf', () => {
  const progress = {
    response: 'begun',
    at: t0,
    version: 1,
    about: { trigger: 'event' },
    answers: {},
    revisions: {},
  } as const
  const plan = { response: 'planned' } as NonNullable<Memory['plans']>[string]
  const memory = aMemory({ surveys: { nps: { progress } }, plans: { f: plan } })
  it('is that of what is gone on with, or of what was planned, or none yet', () => {
    expect(rules.responseOf(memory, { survey: 'nps', cause: 'resume' })).toBe('begun')
    expect(rules.responseOf(memory, { survey: 'nps', cause: 'followup', followUp: 'f' })).toBe('planned')
    expect(rules.responseOf(memory, { survey: 'nps', cause: 'event' })).toBeUndefined()
    expect(rules.responseOf(aMemory(), { survey: 'x', cause: 'resume' })).toBeUndefined()
    expect(
      rules.responseOf(aMemory(), { survey: 'x', cause: 'followup', followUp: 'toString' }),
    ).toBeUndefined()
  })
})
