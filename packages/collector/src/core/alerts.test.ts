import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  alertCauseId,
  alertLines,
  findingOf,
  lastLook,
  lookAt,
  nextLook,
  plannedBy,
  watchJobs,
  windowsAt,
  type AlertCause,
  type AlertFacts,
  type AlertWatch,
} from './alerts.ts'
import { npsQuestion } from '../fixtures.ts'
import type { PlanRule } from './followUpPlan.ts'
import { decide } from './followUps.ts'
import { createAlertTrial } from './simulateAlerts.ts'
import type { Sample } from './tally.ts'

const hour = 3_600_000
const day = 24 * hour
const start = Date.UTC(2026, 10, 22)
const nps = (fields: Partial<AlertCause> = {}): AlertCause => ({
  on: 'alert',
  survey: 'nps',
  metric: 'nps',
  days: 7,
  ...(fields.below === undefined && fields.above === undefined && { change: 'either' }),
  ...fields,
})
const scores = (detractors: number, promoters: number): Sample => ({
  kind: 'scores',
  rows: [
    { score: 2, count: detractors },
    { score: 10, count: promoters },
  ],
})
const find = (cause: AlertCause, window: Sample, before: Sample, at = start) =>
  findingOf(cause, { question: npsQuestion, window, before }, at)

describe('a number', () => {
  it('is looked at by the hour, in windows that are the same for everybody', () => {
    const half = start + 14.5 * hour
    expect(lastLook({}, half)).toBe(start + 14 * hour)
    expect(nextLook({}, half)).toBe(start + 15 * hour)
    expect(nextLook({}, start)).toBe(start + hour)
    expect(lastLook({ every: 24 }, half)).toBe(start)
    expect(windowsAt({ days: 7 }, start)).toEqual({
      window: [start - 7 * day, start],
      before: [start - 14 * day, start - 7 * day],
    })
  })
  it('has changed when the interval of the difference leaves out 0, the way that was asked for', () => {
    const [good, bad] = [scores(10, 90), scores(60, 40)]
    expect(find(nps(), bad, good).side).toBe('fall')
    expect(find(nps(), good, bad).side).toBe('rise')
    expect(find(nps({ change: 'rise' }), bad, good).side).toBeNull()
    expect(find(nps(), scores(12, 88), good).side).toBeNull()
    expect(find(nps(), bad, scores(0, 0)).side).toBeNull()
  })
  it('is beyond a bound when its whole interval is', () => {
    const before = scores(0, 0)
    // NPS 0, with an interval of some 25 points at 0.99.
    const even = scores(50, 50)
    expect(find(nps({ below: 30 }), even, before).side).toBe('below')
    expect(find(nps({ below: 10 }), even, before).side).toBeNull()
    expect(find(nps({ above: -30 }), even, before).side).toBe('above')
    expect(find(nps({ above: -10 }), even, before).side).toBeNull()
    // A lower confidence makes the interval narrower.
    expect(find(nps({ below: 20, level: 0.9 }), even, before).side).toBe('below')
    expect(find(nps({ below: 20 }), even, before).side).toBeNull()
  })
  it('carries both windows, the change and the intervals', () => {
    const { facts } = find(nps({ level: 0.95 }), scores(60, 40), scores(10, 90))
    expect(facts).toMatchObject({
      survey: 'nps',
      metric: 'nps',
      question: 'score',
      definitionId: 'nps',
      unit: 'points',
      days: 7,
      level: 0.95,
      window: { from: '2026-11-15T00:00:00.000Z', to: '2026-11-22T00:00:00.000Z', value: -20, n: 100 },
      before: { value: 80, n: 100 },
      change: { value: -100 },
    })
    expect(facts.change?.interval?.[1]).toBeLessThan(0)
    const fell: AlertFacts = { ...facts, side: 'fall', bound: null }
    const lines = alertLines(fell)
    expect(lines[0]).toBe('NPS of nps fell from 80 to -20 within 7 days')
    expect(lines[1]).toMatch(/^Now: -20 \(95 % interval -38\.\d to -0\.\d, n 100\)$/)
    expect(alertLines({ ...fell, side: 'below', bound: 10 })[0]).toBe('NPS of nps is below 10: -20 in 7 days')
    expect(alertCauseId(fell, start)).toBe('nps-score-7d-fall-2026-11-22')
    expect(alertCauseId({ ...fell, side: 'below', bound: 10 }, start + 5)).toBe(
      'nps-score-7d-below-10-2026-11-22',
    )
  })
  it('may be the share of showings that were answered', () => {
    const showings = (shown: number, answered: number): Sample => ({
      kind: 'showings',
      counts: { shown, answered, completed: answered, dismissed: 0 },
    })
    const cause = nps({ metric: 'response', change: 'fall' })
    const finding = findingOf(
      cause,
      { question: null, window: showings(500, 50), before: showings(500, 150) },
      start,
    )
    expect([finding.side, finding.facts.unit, finding.facts.question]).toEqual(['fall', 'percent', null])
    expect(alertLines({ ...finding.facts, side: 'fall', bound: null })[0]).toBe(
      'Response rate of nps fell from 30 % to 10 % within 7 days',
    )
  })
})

/** Plays looks as a runner does, some of them left out. */
function play(cause: AlertCause, samples: readonly { window: Sample; before: Sample; isMissed: boolean }[]) {
  let watch: AlertWatch | null = null
  const fired: { at: number; facts: AlertFacts }[] = []
  const states: AlertWatch[] = []
  for (const [index, { window, before, isMissed }] of samples.entries()) {
    if (isMissed) continue
    const at = start + index * hour
    const looked = lookAt(cause, watch, find(cause, window, before, at), at)
    watch = looked.watch
    states.push(watch)
    if (looked.fires) fired.push({ at, facts: looked.fires })
  }
  return { fired, states, watch }
}

const counts = fc.record({ detractors: fc.nat(60), promoters: fc.nat(60) })
const looks = fc.array(
  fc.record({
    window: counts,
    before: counts,
    isMissed: fc.boolean(),
    times: fc.integer({ min: 1, max: 30 }),
  }),
  { maxLength: 25 },
)
const causes = fc.oneof(
  fc.constantFrom('fall', 'rise', 'either').map((change) => nps({ change: change as 'fall' })),
  fc.integer({ min: -80, max: 80 }).map((below) => nps({ below })),
  fc.integer({ min: -80, max: 80 }).map((above) => nps({ above })),
)
const spread = (given: typeof looks extends fc.Arbitrary<infer Value> ? Value : never) =>
  given.flatMap(({ window, before, isMissed, times }) =>
    Array.from({ length: times }, () => ({
      window: scores(window.detractors, window.promoters),
      before: scores(before.detractors, before.promoters),
      isMissed,
    })),
  )

describe('an alert', () => {
  it('never fires below the minimum, nor where the interval does not say so', () => {
    fc.assert(
      fc.property(causes, looks, (cause, given) => {
        for (const { facts } of play(cause, spread(given)).fired) {
          const { side, window, before, change, bound } = facts
          expect(window.n).toBeGreaterThanOrEqual(30)
          if (side === 'fall' || side === 'rise') {
            expect(before.n).toBeGreaterThanOrEqual(30)
            const [low, high] = change?.interval ?? [0, 0]
            expect(side === 'fall' ? high < 0 : low > 0).toBe(true)
          } else {
            const [low, high] = window.interval ?? [0, 0]
            expect(side === 'below' ? high < (bound ?? 0) : low > (bound ?? 0)).toBe(true)
          }
        }
      }),
    )
  })
  it('fires once while it lasts, whatever looks are missed, and again only when it was over', () => {
    fc.assert(
      fc.property(causes, looks, (cause, given) => {
        const samples = spread(given)
        const { fired } = play(cause, samples)
        for (const [index, { at, facts }] of fired.entries()) {
          const earlier = fired[index - 1]
          if (!earlier || earlier.facts.side !== facts.side) continue
          const isBetween = samples.some(({ window, before, isMissed }, look) => {
            const moment = start + look * hour
            if (isMissed || moment <= earlier.at || moment >= at) return false
            const finding = find(cause, window, before, moment)
            const isLong = cause.change !== undefined && moment - earlier.at >= 7 * day
            return finding.side === null && (!finding.lasts(facts.side) || isLong)
          })
          expect(isBetween).toBe(true)
        }
      }),
    )
  })
  it('is the same for whoever looks again at the same moment', () => {
    fc.assert(
      fc.property(causes, looks, (cause, given) => {
        const samples = spread(given)
        const doubled = play(cause, samples)
        let watch: AlertWatch | null = null
        const fired: string[] = []
        for (const [index, { window, before, isMissed }] of samples.entries()) {
          if (isMissed) continue
          const at = start + index * hour
          // Whoever was killed wrote nothing down; whoever comes next finds the same.
          lookAt(cause, watch, find(cause, window, before, at), at)
          const looked = lookAt(cause, watch, find(cause, window, before, at), at)
          const again = lookAt(cause, looked.watch, find(cause, window, before, at), at)
          expect(again.fires).toBeNull()
          watch = looked.watch
          if (looked.fires) fired.push(alertCauseId(looked.fires, at))
        }
        expect(fired).toEqual(doubled.fired.map(({ at, facts }) => alertCauseId(facts, at)))
      }),
    )
  })
  const [good, even, bad] = [scores(10, 90), scores(50, 50), scores(90, 10)]
  const look = (window: Sample, before: Sample = good) => ({ window, before, isMissed: false })
  const times = (cause: AlertCause, samples: Parameters<typeof play>[1]): number[] =>
    play(cause, samples).fired.map(({ at }) => (at - start) / hour)
  it('of a bound lasts until the number itself is back', () => {
    // Below for certain, then perhaps, then for certain again: that is one alert.
    const cause = nps({ below: 10 })
    expect(times(cause, [look(bad), look(even), look(bad), look(good), look(even), look(bad)])).toEqual([
      0, 5,
    ])
  })
  it('of a change lasts until it has turned', () => {
    const samples = [look(bad, good), look(scores(12, 88), good), look(bad, good), look(good, bad)]
    expect(times(nps(), samples)).toEqual([0, 3])
    expect(times(nps({ change: 'fall' }), [...samples, look(bad, good)])).toEqual([0, 4])
  })
  it('of a change is over when a whole window has gone by and nothing is significant', () => {
    const after = Array.from({ length: 7 * 24 }, () => look(scores(12, 88), good))
    expect(times(nps(), [look(bad), ...after, look(bad)])).toEqual([0, 169])
    expect(times(nps(), [look(bad), ...after.slice(1), look(bad)])).toEqual([0])
  })
  it('says nothing about its end where there is too little to say', () => {
    expect(times(nps({ below: 10 }), [look(bad), look(scores(0, 3)), look(bad)])).toEqual([0])
    expect(times(nps(), [look(bad), look(scores(0, 3)), look(bad)])).toEqual([0])
    const { watch } = play(nps(), [look(bad)])
    expect(lookAt(nps(), watch, null, start).watch).toEqual(watch)
  })
  it('begins anew where it is another one', () => {
    const first = lookAt(nps({ below: 10 }), null, find(nps({ below: 10 }), bad, good), start)
    const other = nps({ below: 20 })
    expect(lookAt(other, first.watch, find(other, bad, good), start).fires?.bound).toBe(20)
  })
})

const rule = (fields: Partial<PlanRule> = {}): PlanRule & { after: AlertCause } => ({
  id: 'watch',
  delay: 0,
  expires: 7,
  do: { case: { role: 'agent' } },
  ...fields,
  after: nps({ below: 10 }),
})

describe('a rule', () => {
  const [good, bad] = [scores(10, 90), scores(90, 10)]
  it('has the work of looking put down, one for each that watches a number', () => {
    const other: PlanRule = { ...rule(), id: 'other', after: { on: 'answer', survey: 'nps' } }
    expect(watchJobs({ rules: [rule(), other] }, 5)).toMatchObject([{ kind: 'watch', id: 'watch', due: 5 }])
  })
  it('ends what is under way when it is over, or when the plan has changed under it', () => {
    const plan = { rules: [rule()] }
    const facts: AlertFacts = { ...find(nps({ below: 10 }), bad, good).facts, side: 'below', bound: 10 }
    const planned = plannedBy(rule(), facts, alertCauseId(facts, start), start)
    expect(planned.id).toBe('nps/watch/nps-score-7d-below-10-2026-11-22')
    const nothing = { history: [], response: null, survey: null, contacts: [] }
    expect(decide(plan, planned, nothing, start)).toMatchObject({ do: 'send', next: null })
    expect(decide(plan, planned, { ...nothing, isOver: true }, start)).toEqual({ do: 'stop', reason: 'over' })
    const other = { rules: [{ ...rule(), after: { on: 'event', name: 'x' } as const }] }
    expect(decide(other, planned, nothing, start)).toEqual({ do: 'stop', reason: 'changed' })
    const { alert: _, ...without } = planned
    expect(decide(plan, without, nothing, start)).toEqual({ do: 'stop', reason: 'changed' })
  })
  it('is tried on what happened, look after look, with its reminders while it lasts', () => {
    const badSince = start + 3 * day
    const goodSince = start + 5.5 * day
    const span = { since: start - 30 * day, from: start, to: start + 10 * day }
    const webhook = rule({
      do: { webhook: 'wh', reaches: 'staff' },
      reminders: [{ after: 1 }, { after: 1 }, { after: 1 }],
    })
    const played = (given: PlanRule & { after: AlertCause }) => {
      const trial = createAlertTrial({ rules: [given] }, given, span)
      let looked = 0
      for (let at = trial.next(); at !== null; at = trial.next()) {
        looked++
        trial.add(find(given.after, at >= badSince && at < goodSince ? bad : good, good, at))
      }
      expect(looked).toBeGreaterThan(240)
      return trial.trials()
    }
    expect(played(webhook)).toMatchObject([
      {
        at: badSince,
        sent: [badSince, badSince + day, badSince + 2 * day],
        end: { at: badSince + 3 * day, reason: 'over' },
        alert: { side: 'below' },
      },
    ])
    expect(played(rule({ delay: 3 }))).toMatchObject([{ sent: [], end: { reason: 'over' } }])
    expect(played(rule({ delay: 2 }))).toMatchObject([
      { sent: [badSince + 2 * day], end: { reason: 'done' } },
    ])
  })
})
