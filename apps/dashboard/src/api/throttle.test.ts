import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { atRest, stepThrottle, type Throttle, type ThrottleInput } from './throttle.ts'

const every = 2000

/** Plays inputs at moments; what waits is told `due` when its time has come. */
function play(inputs: readonly (readonly [at: number, input: ThrottleInput])[], end: number): number[] {
  let state: Throttle = atRest
  let due: number | null = null
  const done: number[] = []
  const tell = (input: ThrottleInput, now: number): void => {
    const step = stepThrottle(state, input, now, every)
    state = step.state
    if (step.isDone) done.push(now)
    due = step.wait === null ? null : now + step.wait
  }
  const catchUp = (until: number): void => {
    if (due !== null && due <= until) tell('due', due)
  }
  for (const [at, input] of inputs) {
    catchUp(at)
    tell(input, at)
  }
  catchUp(end)
  return done
}

describe('what is wanted again and again', () => {
  it('is done at once the first time, then after a while, and once more for the last', () => {
    expect(
      play(
        [
          [0, 'wanted'],
          [100, 'wanted'],
          [1900, 'wanted'],
          [2100, 'wanted'],
        ],
        10_000,
      ),
    ).toEqual([0, 2000, 4000])
  })
  it('is done at once after a rest', () => {
    expect(
      play(
        [
          [0, 'wanted'],
          [2500, 'wanted'],
        ],
        10_000,
      ),
    ).toEqual([0, 2500])
  })
  it('is not done while nobody sees it, and at once when somebody does', () => {
    expect(
      play(
        [
          [0, 'wanted'],
          [100, 'wanted'],
          [200, 'hidden'],
          [3000, 'wanted'],
          [9000, 'shown'],
        ],
        20_000,
      ),
    ).toEqual([0, 9000])
  })
  it('keeps its distance, forgets no last one and does nothing unseen, whatever happens', () => {
    const input = fc.constantFrom<ThrottleInput>('wanted', 'wanted', 'wanted', 'hidden', 'shown')
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 3000 }), input), { maxLength: 60 }),
        (steps) => {
          let now = 0
          const inputs = steps.map(([wait, each]) => [(now += wait), each] as const)
          const done = play(inputs, now + every)
          const shown = new Set(inputs.filter(([, each]) => each === 'shown').map(([at]) => at))
          for (const [index, at] of done.entries())
            if (index > 0 && !shown.has(at)) expect(at - (done[index - 1] ?? 0)).toBeGreaterThanOrEqual(every)
          const last = inputs.findLast(([, each]) => each === 'wanted')
          const sight = inputs.findLast(([, each]) => each !== 'wanted')
          const isHidden = sight?.[1] === 'hidden'
          if (last && !isHidden) expect(done.at(-1)).toBeGreaterThanOrEqual(last[0])
          if (isHidden) expect(done.every((at) => at <= sight[0])).toBe(true)
        },
      ),
    )
  })
})
