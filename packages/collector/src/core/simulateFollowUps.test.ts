import type { FeedbackEvent, Survey } from '@earshot/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { npsQuestion, npsSurvey } from '../fixtures.ts'
import type { FollowUpPlan, PlanRule } from './followUpPlan.ts'
import type { StoredEvent } from './project.ts'
import { simulatePerson, sinceOf, type Trial } from './simulateFollowUps.ts'
import { createTrialTally } from './trialTally.ts'
import { cutPeriod } from './zone.ts'

const hour = 3_600_000
const day = 24 * hour
const to = Date.UTC(2026, 10, 21, 12)
const from = to - 30 * day

const survey: Survey = { ...npsSurvey, id: 'nps', questions: [npsQuestion] }

const uuid = (number: number): string => `018f0000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`
let made = 0

/** An event of somebody, so many days after the beginning of the span. */
function event(after: number, type: FeedbackEvent['type'], data: object, response = 1): StoredEvent {
  made++
  const at = from + after * day
  const about = { survey: 'nps', surveyVersion: 1, response: uuid(0xf000 + response) }
  const whole = {
    id: uuid(made),
    type,
    at: new Date(at).toISOString(),
    visitor: 'v',
    person: 'ann',
    session: 's',
    seq: made,
    context: { channel: 'web' },
    ...(['display', 'answer', 'complete', 'dismiss'].includes(type) && about),
    data,
  }
  return { event: whole as unknown as FeedbackEvent, at, receivedAt: to + day, occurredAt: at }
}
const scored = (after: number, value: number, response = 1): StoredEvent =>
  event(after, 'answer', { question: 'score', value, revision: made }, response)

const bad: PlanRule = {
  id: 'bad',
  after: { on: 'answer', survey: 'nps', when: { question: 'score', bands: ['detractor'] } },
  delay: 2,
  expires: 10,
  do: { webhook: 'wh', reaches: 'person' },
}
const planOf = (fields: Partial<PlanRule> = {}, plan: Partial<FollowUpPlan> = {}): FollowUpPlan => ({
  rules: [{ ...bad, ...fields }],
  ...plan,
})
const playAny = (plan: FollowUpPlan, events: readonly StoredEvent[]): Trial[] | null =>
  simulatePerson(plan, events, (id) => (id === 'nps' ? survey : null), {
    since: sinceOf(plan, from),
    from,
    to,
  })
const play = (plan: FollowUpPlan, events: readonly StoredEvent[]): Trial[] => playAny(plan, events) ?? []
const sentAfter = (trials: readonly Trial[]): number[] =>
  trials.flatMap((each) => each.sent.map((at) => (at - from) / day))

describe('a plan that is played over what happened', () => {
  it('sends after the delay, by what was known then, though it arrived later', () => {
    expect(sentAfter(play(planOf(), [scored(1, 3)]))).toEqual([3])
    expect(sentAfter(play(planOf(), [scored(1, 10)]))).toEqual([])
    // Still bad after a change: it is the same cause, and begins nothing new.
    expect(sentAfter(play(planOf(), [scored(1, 3), scored(1.5, 2)]))).toEqual([3])
    // The answer was changed before it was due, and after it.
    expect(play(planOf(), [scored(1, 3), scored(2, 10)])).toMatchObject([
      { sent: [], end: { reason: 'changed' } },
    ])
    expect(sentAfter(play(planOf(), [scored(1, 3), scored(5, 10)]))).toEqual([3])
  })
  it('sends reminders until something stops them', () => {
    const plan = planOf({ reminders: [{ after: 1 }, { after: 1 }], unless: { events: [{ name: 'solved' }] } })
    expect(sentAfter(play(plan, [scored(1, 3)]))).toEqual([3, 4, 5])
    const stopped = play(plan, [scored(1, 3), event(3.5, 'track', { name: 'solved', props: {} })])
    expect(sentAfter(stopped)).toEqual([3])
    expect(stopped[0]?.end).toMatchObject({ reason: 'event' })
  })
  it('says what held it back: quiet hours, and the budget that the plan itself uses up', () => {
    const quiet = { from: '11:00', to: '15:00' }
    expect(play(planOf({}, { quiet }), [scored(1, 3)])).toMatchObject([
      { held: ['quiet'], sent: [from + 3 * day + 3 * hour] },
    ])
    const limits = [{ most: 1, days: 7 }]
    const both = play(planOf({}, { limits }), [scored(1, 3, 1), scored(1.5, 2, 2)])
    expect(sentAfter(both)).toEqual([3, 10])
    expect(both.map((each) => each.held)).toEqual([[], ['limit']])
  })
  it('reaches nobody who opted out', () => {
    expect(play(planOf(), [scored(1, 3), event(2, 'optout', {})])).toMatchObject([
      { sent: [], end: { reason: 'opted-out' } },
    ])
  })
  it('is still under way where the end comes first', () => {
    expect(play(planOf(), [scored(29, 3)])).toMatchObject([{ sent: [], end: null }])
  })
  it('has what was caused before the span and falls into it', () => {
    expect(sinceOf(planOf(), from)).toBe(from - 12 * day)
    expect(sinceOf(planOf({ delay: 365 }), from)).toBe(from - 90 * day)
    expect(sentAfter(play(planOf(), [scored(-1, 3)]))).toEqual([1])
    expect(play(planOf(), [scored(-13, 3)])).toEqual([])
  })
  it('is not played where a program made so much that it would take all the time', () => {
    const tracked = (count: number): StoredEvent[] =>
      Array.from({ length: count }, () => event(1, 'track', { name: 'clicked', props: {} }))
    const plan = planOf({ after: { on: 'event', name: 'clicked' } })
    expect(playAny(plan, tracked(500))).toHaveLength(500)
    expect(playAny(plan, tracked(501))).toBeNull()
    const revised = Array.from({ length: 301 }, () => scored(1, 3))
    expect(playAny(planOf(), revised.slice(1))).toHaveLength(1)
    expect(playAny(planOf(), revised)).toBeNull()
  })
  it('is the same for any order and any repetition, and never goes out twice for one step', () => {
    const plan = planOf(
      { reminders: [{ after: 1 }] },
      { quiet: { from: '22:00', to: '06:00' }, limits: [{ most: 2, days: 3 }] },
    )
    const one = fc.tuple(
      fc.double({ min: -5, max: 29, noNaN: true }),
      fc.integer({ min: 0, max: 10 }),
      fc.integer({ min: 1, max: 4 }),
    )
    fc.assert(
      fc.property(fc.array(one, { maxLength: 12 }), (facts) => {
        const events = facts.map(([after, value, response]) => scored(after, value, response))
        const first = play(plan, events)
        const again = play(plan, [...events, ...events].toReversed())
        expect(again).toEqual(first)
        for (const { sent } of first) {
          expect(sent.length).toBeLessThanOrEqual(2)
          expect(sent).toEqual(sent.toSorted((a, b) => a - b))
          for (const each of sent) {
            expect(each).toBeLessThanOrEqual(to)
            expect([22, 23, 0, 1, 2, 3, 4, 5]).not.toContain(new Date(each).getUTCHours())
          }
        }
        // In no three days more than two.
        const all = first.flatMap((each) => each.sent)
        for (const each of all)
          expect(all.filter((at) => at > each - 3 * day && at <= each).length).toBeLessThanOrEqual(2)
      }),
      { numRuns: 200 },
    )
  })
})

describe('what is counted of it', () => {
  const count = (plan: FollowUpPlan, people: readonly (readonly StoredEvent[])[], most = 10) => {
    const span = { since: sinceOf(plan, from), from, to }
    const tally = createTrialTally(plan, span, cutPeriod(from, to, 'day', 'UTC', 100) ?? [], most)
    for (const [index, events] of people.entries())
      tally.add({ visitor: `v${index}`, person: null }, play(plan, events))
    return tally
  }
  it('is what was begun, sent by day, held back, stopped and under way', () => {
    const plan = planOf({ reminders: [{ after: 1 }] }, { quiet: { from: '11:00', to: '15:00' } })
    const tally = count(plan, [
      [scored(1, 3)],
      [scored(-1, 3)],
      [scored(2, 1), event(3, 'optout', {})],
      [scored(29, 3)],
      // Over before the span.
      [scored(-11, 3)],
    ])
    const [rule] = tally.rules()
    expect(rule).toMatchObject({ begun: 3, sent: 4, people: 2, stopped: { 'opted-out': 1 }, waiting: 1 })
    expect(rule?.held).toEqual({ quiet: 2 })
    expect(rule?.days.filter((each) => each.sent > 0)).toEqual([
      { day: '2026-10-23', sent: 1 },
      { day: '2026-10-24', sent: 1 },
      { day: '2026-10-25', sent: 1 },
      { day: '2026-10-26', sent: 1 },
    ])
    expect(rule?.days.length).toBe(31)
  })
  it('keeps a sample of a bounded size, what went out last first', () => {
    const people = Array.from({ length: 200 }, (_, index) => [scored(1 + index / 10, 3)])
    const sample = count(planOf(), people, 3).sample()
    expect(sample.map((each) => [each.visitor, each.outcome])).toEqual([
      ['v199', 'sent'],
      ['v198', 'sent'],
      ['v197', 'sent'],
    ])
  })
})
