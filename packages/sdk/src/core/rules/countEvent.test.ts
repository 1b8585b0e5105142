import type { SequenceStep, Trigger } from '@earshot/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Fired } from '../model.ts'
import type { Memory } from '../remembered.ts'
import { countEvent, maxTrail } from './countEvent.ts'
import { aMemory, aSurvey, deepFreeze, later } from './survey.fixtures.ts'

const runs = { numRuns: Number(process.env['EARSHOT_RUNS'] ?? 500) }

interface Happening {
  name: string
  /** Seconds from the beginning. */
  at: number
  props?: Record<string, number>
}

/** Plays events, and gives the numbers of those that completed the trigger. */
function play(trigger: Trigger, events: readonly Happening[], start: Memory = aMemory()) {
  const surveys = [aSurvey({ triggers: [trigger] })]
  let memory = start
  let fired: readonly Fired[] = []
  const ends: number[] = []
  for (const [index, { name, at, props = {} }] of events.entries()) {
    const change = { kind: 'event', id: `e${index}`, name, props } as const
    const done = countEvent(surveys, deepFreeze(memory), change, later(at * 1000))
    memory = done.memory
    fired = done.fired
    if (fired.length) ends.push(index)
  }
  return { ends, memory, fired }
}
const named = (...names: string[]): Happening[] => names.map((name, at) => ({ name, at }))

describe('event', () => {
  it('fires every time without a number, and only the nth time with one', () => {
    expect(play({ on: 'event', name: 'a' }, named('a', 'b', 'a')).ends).toEqual([0, 2])
    expect(play({ on: 'event', name: 'a', nth: 2 }, named('a', 'b', 'a', 'a')).ends).toEqual([2])
  })
  it('counts only what the condition takes, and says what happened', () => {
    const where = { fact: 'event.total', op: 'atLeast', value: 10 } as const
    const events = [
      { name: 'a', at: 0, props: { total: 12 } },
      { name: 'a', at: 1 },
      { name: 'a', at: 2, props: { total: 9 } },
      { name: 'a', at: 3, props: { total: 10 } },
    ]
    const { ends, fired, memory } = play({ on: 'event', name: 'a', where, nth: 2, delay: 5 }, events)
    expect(ends).toEqual([3])
    expect(fired).toEqual([
      { survey: 'nps', cause: 'event', event: { total: 10 }, key: 'nps@1/0', due: later(8000) },
    ])
    expect(memory.counts).toEqual({ 'nps@1/0': 2 })
  })
  it('keeps nothing where nothing counts', () => {
    const { memory } = play({ on: 'event', name: 'a' }, named('a', 'b'))
    expect(memory).toEqual({ ...aMemory(), counts: {}, trail: [] })
  })
  it('is called off by a later event of the same change, while its delay runs', () => {
    const surveys = [aSurvey({ triggers: [{ on: 'event', name: 'a', delay: 5, cancel: ['b'] }] })]
    const start = countEvent(surveys, aMemory(), { kind: 'event', id: 'e', name: 'a', props: {} }, later(0))
    const off = { kind: 'event', id: 'f', name: 'b', props: {} } as const
    expect(countEvent(surveys, start.memory, off, later(4999), start.fired).fired).toEqual([])
    expect(countEvent(surveys, start.memory, off, later(5000), start.fired).fired).toHaveLength(1)
  })
})

describe('sequence', () => {
  const steps: SequenceStep[] = [{ name: 'a' }, { name: 'b' }]
  const ab = (within = 10): Trigger => ({ on: 'sequence', steps, within })
  it('wants the order, and lets other events come between', () => {
    expect(play(ab(), named('a', 'x', 'b')).ends).toEqual([2])
    expect(play(ab(), named('b', 'a')).ends).toEqual([])
  })
  it('measures from the first to the last, and takes the latest first that will do', () => {
    const events = (...times: [string, number][]) => times.map(([name, at]) => ({ name, at }))
    expect(play(ab(), events(['a', 0], ['b', 10])).ends).toEqual([1])
    expect(play(ab(), events(['a', 0], ['b', 11])).ends).toEqual([])
    expect(play(ab(), events(['a', 0], ['a', 5], ['b', 14])).ends).toEqual([2])
  })
  it('counts times, and one event for one step only', () => {
    const twice: Trigger = { on: 'sequence', steps: [{ name: 'a', times: 2 }], within: 10 }
    expect(play(twice, named('a', 'a', 'a', 'a')).ends).toEqual([1, 3])
    const same: Trigger = { on: 'sequence', steps: [{ name: 'a' }, { name: 'a' }], within: 10 }
    expect(play(same, named('a', 'a', 'a')).ends).toEqual([1])
  })
  it('needs a whole new run for another end', () => {
    expect(play(ab(), named('a', 'b', 'b', 'a', 'b')).ends).toEqual([1, 4])
  })
  it('has no part in another trigger’s steps', () => {
    const surveys = Array.from({ length: 12 }, (): Trigger => ab())
    const survey = aSurvey({ triggers: surveys })
    let memory = aMemory()
    const change = (name: string) => ({ kind: 'event', id: name, name, props: {} }) as const
    memory = countEvent([survey], memory, change('a'), later(0)).memory
    const done = countEvent([survey], memory, change('b'), later(1))
    expect(done.fired.map((each) => each.key)).toEqual(surveys.map((_each, index) => `nps@1/${index}`))
    expect(done.memory.trail).toEqual([])
  })
  it('keeps no more than it must', () => {
    const many = Array.from({ length: maxTrail + 50 }, (_, at) => ({ name: 'a', at }))
    expect(play(ab(1), many).memory.trail).toHaveLength(2)
    expect(play(ab(86_400), many).memory.trail).toHaveLength(maxTrail)
    const foreign = aMemory({ trail: [{ key: 'other@1/0/0', at: later(0) }] })
    expect(play(ab(1), many, foreign).memory.trail).toContainEqual({ key: 'other@1/0/0', at: later(0) })
  })
  it('finds an end exactly where some choice of events since the last end makes one', () => {
    const step = fc.record({ name: fc.constantFrom('a', 'b', 'c'), times: fc.integer({ min: 1, max: 2 }) })
    const gap = fc.record({ name: fc.constantFrom('a', 'b', 'c', 'x'), gap: fc.integer({ min: 0, max: 4 }) })
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 12 }),
        fc.array(gap, { maxLength: 14 }),
        (wanted, within, gaps) => {
          let at = 0
          const events = gaps.map((each) => ({ name: each.name, at: (at += each.gap) }))
          const names = wanted.flatMap(({ name, times }) => Array<string>(times).fill(name))
          const expected: number[] = []
          let from = 0
          for (let last = 0; last < events.length; last++)
            if (endsAt(names, events, from, last, within)) {
              expected.push(last)
              from = last + 1
            }
          expect(play({ on: 'sequence', steps: wanted, within }, events).ends).toEqual(expected)
        },
      ),
      runs,
    )
  })
})

/** By trying every first event. */
function endsAt(
  names: readonly string[],
  events: readonly Happening[],
  from: number,
  last: number,
  within: number,
): boolean {
  const end = events[last] as Happening
  if (end.name !== names.at(-1)) return false
  for (let first = from; first <= last; first++) {
    if (end.at - (events[first] as Happening).at > within) continue
    let open = 0
    for (let index = first; index < last && open < names.length - 1; index++)
      if (events[index]?.name === names[open]) open++
    if (open === names.length - 1) return true
  }
  return false
}
