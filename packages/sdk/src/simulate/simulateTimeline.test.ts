import type { Survey, TextQuestion } from '@earshot/contract'
import { describe, expect, it } from 'vitest'
import { ces, nps } from '../core/builders.ts'
import { aSurvey, deepFreeze, score } from '../core/rules/survey.fixtures.ts'
import { simulateTimeline, type TimelineOptions } from './simulateTimeline.ts'
import type { TimelineEntry } from './timeline.ts'

const start = Date.UTC(2026, 0, 5, 9)
const hour = 3_600_000
const day = 24 * hour
const url = 'https://shop.example/checkout'
const asking = nps({ id: 'nps-q4', name: 'Acme', triggers: [{ on: 'event', name: 'checkout_done' }] })
const play = (timeline: TimelineEntry[], more: Partial<TimelineOptions> = {}) =>
  simulateTimeline({ surveys: [asking], timeline, ...more })

describe('simulateTimeline', () => {
  it('does what its example says', () => {
    const { asks, refusals, followUps, memory, explanations } = play([
      { at: 0, do: 'visit', url },
      { at: '+20s', do: 'track', name: 'checkout_done' },
      { at: '+30s', do: 'complete', score: 'good' },
      { at: '+3d', do: 'visit' },
      { at: '+3d20s', do: 'track', name: 'checkout_done' },
    ])
    expect(asks).toEqual([
      {
        survey: 'nps-q4',
        at: 1767603620000,
        cause: 'event',
        response: expect.any(String) as string,
        outcome: 'completed',
        answers: { score: expect.toBeOneOf([9, 10]) as number },
        resumed: [],
      },
    ])
    expect(refusals).toEqual([
      { survey: 'nps-q4', at: 1767862820000, reason: 'answered-recently', until: 1775379630000 },
    ])
    expect(followUps).toEqual([])
    expect(memory).toMatchObject({ pages: 2, asks: [{ survey: 'nps-q4', at: 1767603620000 }] })
    expect(explanations).toMatchObject([{ survey: 'nps-q4', show: false, reason: 'answered-recently' }])
  })
  it('reads a moment in every way', () => {
    const at = [
      '+0s',
      1000,
      '+1.5s',
      '2026-01-05T09:00:02Z',
      '2026-01-05T10:00:03+01:00',
      '+1m',
      '+1d2h3m4s5ms',
    ]
    const { asks } = play(
      at.flatMap((each): TimelineEntry[] => [
        { at: each, do: 'visit' },
        { at: each, do: 'show', survey: 'nps-q4', force: true },
      ]),
    )
    const spans = [0, 1000, 1500, 2000, 3000, 60_000, day + 2 * hour + 3 * 60_000 + 4005]
    expect(asks.map((each) => each.at - start)).toEqual(spans)
  })
  it('gives the same for the same, and changes nothing that it is given', () => {
    const surveys = [aSurvey({ tenure: 0, triggers: [{ on: 'page', delay: 2 }], sampling: 0.5 })]
    const timeline: TimelineEntry[] = [
      { at: 0, do: 'visit' },
      { at: '+3s', do: 'complete' },
    ]
    const options = deepFreeze({ surveys, timeline, memory: { visitor: 'v' } })
    const one = simulateTimeline(options)
    expect(simulateTimeline(options)).toEqual(one)
    expect(JSON.parse(JSON.stringify(one))).toEqual(one)
    const asked = Array.from({ length: 200 }, (_, seed) => simulateTimeline({ surveys, timeline, seed }))
    const share = asked.filter((each) => each.asks.length).length / 200
    expect(share).toBeGreaterThan(0.4)
    expect(share).toBeLessThan(0.6)
  })
  it('goes on from what was remembered', () => {
    const first = play([
      { at: 0, do: 'visit' },
      { at: 0, do: 'track', name: 'checkout_done' },
    ])
    const next = play(
      [
        { at: 0, do: 'visit' },
        { at: 0, do: 'track', name: 'checkout_done' },
      ],
      {
        memory: first.memory,
        start: '2026-01-06',
      },
    )
    expect(next.refusals).toMatchObject([{ reason: 'shown-recently' }])
    const other = play([{ at: 0, do: 'visit' }], { memory: first.memory, visitor: 'else' })
    expect(other.memory?.visitor).toBe('else')
  })
  it('shows pages one after the other, goes on after a reload, and says what was answered', () => {
    const why: TextQuestion = { id: 'why', kind: 'text', title: 'Why?', maxLength: 100, required: true }
    const survey = aSurvey({ questions: [{ ...score, look: 'stars' }, why] })
    const { asks } = simulateTimeline({
      surveys: [survey],
      timeline: [
        { at: 0, do: 'visit' },
        { at: '+1s', do: 'show', survey: 'nps' },
        { at: '+2s', do: 'answer', value: 3 },
        { at: '+3s', do: 'visit' },
        { at: '+4s', do: 'answer', question: 'score', value: 9 },
        { at: '+5s', do: 'complete' },
      ],
    })
    expect(asks).toMatchObject([
      {
        cause: 'show',
        resumed: [start + 3000],
        outcome: 'completed',
        answers: { score: 3, why: 'A simulated answer.' },
      },
    ])
  })
  it('tells how an ask ended', () => {
    const comment: TextQuestion = { id: 'why', kind: 'text', title: 'Why?', maxLength: 100 }
    const surveys = [aSurvey({ questions: [score, comment] })]
    const outcome = (...acts: TimelineEntry[]): unknown =>
      simulateTimeline({
        surveys,
        timeline: [{ at: 0, do: 'visit' }, { at: 0, do: 'show', survey: 'nps' }, ...acts],
      }).asks.map((each) => each.outcome)
    expect(outcome()).toEqual(['unseen'])
    expect(outcome({ at: 1000, do: 'wait' })).toEqual(['ignored'])
    expect(outcome({ at: 1, do: 'dismiss' })).toEqual(['dismissed'])
    expect(outcome({ at: 1, do: 'snooze' })).toEqual(['snoozed'])
    expect(outcome({ at: 1, do: 'answer' })).toEqual(['partial'])
    expect(outcome({ at: 1, do: 'answer' }, { at: 2, do: 'dismiss' })).toEqual(['partial'])
    expect(outcome({ at: 1, do: 'complete' }, { at: 2, do: 'dismiss' })).toEqual(['completed'])
  })
  it('leaves thanks on the screen for 20 seconds', () => {
    const surveys = [aSurvey(), aSurvey({ id: 'other', transactional: true })]
    const after = (span: number): unknown =>
      simulateTimeline({
        surveys,
        settings: { limits: { perSession: 9 } },
        timeline: [
          { at: 0, do: 'visit' },
          { at: 0, do: 'show', survey: 'nps' },
          { at: 0, do: 'complete' },
          { at: span, do: 'show', survey: 'other' },
        ],
      }).refusals
    expect(after(19_999)).toMatchObject([{ survey: 'other', reason: 'another-survey' }])
    expect(after(20_000)).toEqual([])
  })
  it('plans follow-ups and asks them when they are due', () => {
    const survey = aSurvey({
      followUps: [
        { id: 'later', after: { on: 'event', name: 'closed', key: 'ticket' }, delay: 2, expires: 5 },
      ],
    })
    const { asks, followUps } = simulateTimeline({
      surveys: [survey],
      timeline: [
        { at: 0, do: 'visit' },
        { at: 0, do: 'track', name: 'closed', props: { ticket: 'T 7' } },
        { at: '+1d', do: 'visit' },
        { at: '+1d1h', do: 'close' },
        { at: '+3d', do: 'visit' },
        { at: '+3d5s', do: 'complete' },
      ],
    })
    const followUp = 'nps/later/T%207'
    expect(asks).toMatchObject([{ cause: 'followup', followUp, at: start + 3 * day, outcome: 'completed' }])
    expect(followUps).toMatchObject([
      { followUp, state: 'planned', at: start, due: '2026-01-07T09:00:00.000Z' },
      { followUp, state: 'shown', at: start + 3 * day },
      { followUp, state: 'answered', at: start + 3 * day + 5000 },
    ])
  })
  it('hears signals as the sensors do, and lets time and idleness pass by themselves', () => {
    const causes = (trigger: Survey['triggers'][number], ...acts: TimelineEntry[]): unknown =>
      simulateTimeline({
        surveys: [aSurvey({ triggers: [trigger] })],
        timeline: [{ at: 0, do: 'visit' }, ...acts, { at: '+1h', do: 'wait' }],
      }).asks.map((each) => [each.cause, each.at - start])
    const scroll = { on: 'scroll', percent: 50 } as const
    expect(causes(scroll, { at: 5, do: 'signal', on: 'scroll', value: 49 })).toEqual([])
    expect(causes(scroll, { at: 5, do: 'signal', on: 'scroll', value: 80 })).toEqual([['scroll', 5]])
    expect(causes({ on: 'exit' }, { at: 1999, do: 'signal', on: 'exit' })).toEqual([])
    expect(causes({ on: 'exit' }, { at: 2000, do: 'signal', on: 'exit' })).toEqual([['exit', 2000]])
    expect(causes({ on: 'time', seconds: 30 })).toEqual([['time', 30_000]])
    expect(causes({ on: 'time', seconds: 30 }, { at: 29_999, do: 'close' })).toEqual([])
    expect(causes({ on: 'idle', seconds: 30 }, { at: 20_000, do: 'track', name: 'a' })).toEqual([
      ['idle', 50_000],
    ])
    const click = { at: 9, do: 'signal', on: 'click', selector: '#buy' } as const
    expect(causes({ on: 'click', selector: '#buy' }, click)).toEqual([['click', 9]])
    expect(causes({ on: 'click', selector: '#sell' }, click)).toEqual([])
  })
  it('tells two depths that one scroll reaches', () => {
    const surveys = [30, 50].map((percent) =>
      aSurvey({ id: `s${percent}`, transactional: true, triggers: [{ on: 'scroll', percent }] }),
    )
    const { asks, refusals } = simulateTimeline({
      surveys,
      timeline: [
        { at: 0, do: 'visit' },
        { at: 9, do: 'signal', on: 'scroll', value: 60 },
      ],
    })
    expect(asks.map((each) => each.survey)).toEqual(['s30'])
    expect(refusals).toMatchObject([{ survey: 's50', reason: 'another-survey' }])
  })
  it('knows the page, the visitor and the site', () => {
    const survey = aSurvey({
      triggers: [{ on: 'page', delay: 0 }],
      targeting: {
        all: [
          { fact: 'device', op: 'equals', value: 'phone' },
          { fact: 'locale', op: 'equals', value: 'de' },
          { fact: 'referrer', op: 'known' },
          { fact: 'trait.plan', op: 'equals', value: 'pro' },
          { fact: 'group.id', op: 'equals', value: 'acme' },
          { fact: 'stage', op: 'equals', value: 'purchase' },
          { fact: 'time.hour', op: 'equals', value: 10 },
        ],
      },
    })
    const page = { device: 'phone', locale: 'de', referrer: 'https://search.example/' } as const
    const { asks } = simulateTimeline({
      surveys: [survey],
      zone: 'Europe/Berlin',
      context: { stage: 'purchase' },
      timeline: [
        { at: 0, do: 'visit' },
        { at: 1, do: 'setTraits', traits: { plan: 'pro' } },
        { at: 2, do: 'group', group: 'acme' },
        { at: 3, do: 'visit', ...page },
      ],
    })
    expect(asks.map((each) => each.at)).toEqual([start + 3])
  })
  it('asks by plan and language each in its own survey, and nobody of whom one of them is not known', () => {
    const surveys = ['pro', 'free'].flatMap((plan) =>
      ['de', 'en'].map((locale) =>
        aSurvey({
          id: `${plan}-${locale}`,
          triggers: [{ on: 'event', name: 'go' }],
          targeting: {
            all: [
              { fact: 'trait.plan', op: 'equals', value: plan },
              { fact: 'locale', op: 'equals', value: locale },
            ],
          },
        }),
      ),
    )
    const askedOf = (locale: string, traits?: Record<string, string>): string[] =>
      simulateTimeline({
        surveys,
        timeline: [
          { at: 0, do: 'visit', locale },
          ...(traits ? [{ at: 1, do: 'setTraits', traits } as const] : []),
          { at: 2, do: 'track', name: 'go' },
        ],
      }).asks.map(({ survey }) => survey)
    expect(askedOf('de', { plan: 'pro' })).toEqual(['pro-de'])
    expect(askedOf('en', { plan: 'pro' })).toEqual(['pro-en'])
    expect(askedOf('en', { plan: 'free' })).toEqual(['free-en'])
    expect(askedOf('fr', { plan: 'free' })).toEqual([])
    expect(askedOf('de', { seats: 'pro' })).toEqual([])
    expect(askedOf('de')).toEqual([])
  })
  it('asks for effort once, when an error came twice and then a success', () => {
    const steps = [{ name: 'error', times: 2 }, { name: 'success' }]
    const survey = ces({ id: 'effort', name: 'Acme', triggers: [{ on: 'sequence', steps, within: 60 }] })
    const told = (...names: string[]): number[] =>
      simulateTimeline({
        surveys: [survey],
        timeline: [
          { at: 0, do: 'visit' },
          ...names.map((name, index) => ({ at: (index + 1) * 1000, do: 'track', name }) as const),
        ],
      }).asks.map(({ at }) => at - start)
    expect(told('error', 'success')).toEqual([])
    expect(told('error', 'success', 'error')).toEqual([])
    expect(told('error', 'error', 'success', 'error', 'error', 'success')).toEqual([3000])
  })
  it('stores nothing without consent, and forgets when it is withdrawn', () => {
    const visit: TimelineEntry[] = [
      { at: 0, do: 'visit' },
      { at: 1, do: 'track', name: 'checkout_done' },
    ]
    const none = play(visit, { consent: 'required' })
    expect(none).toMatchObject({ asks: [], memory: undefined, explanations: [{ reason: 'no-consent' }] })
    const given = play(
      [
        { at: 0, do: 'visit' },
        { at: 0, do: 'consent', consent: 'granted' },
        { at: 1, do: 'track', name: 'checkout_done' },
      ],
      { consent: 'required' },
    )
    expect(given.asks).toHaveLength(1)
    const withdrawn = play([...visit, { at: 2, do: 'consent', consent: 'denied' }])
    expect(withdrawn.asks).toHaveLength(1)
    expect(withdrawn.memory).toEqual({ consent: 'denied' })
  })
  it('obeys the veto of the site, pauses, opt-outs and new visitors', () => {
    const shows = (...acts: TimelineEntry[]): unknown =>
      play([{ at: 0, do: 'visit' }, ...acts, { at: '+9s', do: 'track', name: 'checkout_done' }]).refusals.map(
        (each) => each.reason,
      )
    expect(shows()).toEqual([])
    expect(shows({ at: 1, do: 'pause' })).toEqual(['paused'])
    expect(shows({ at: 1, do: 'pause' }, { at: 2, do: 'resume' })).toEqual([])
    expect(shows({ at: 1, do: 'optOut' })).toEqual(['opted-out'])
    const asked = { at: 1, do: 'show', survey: 'nps-q4' } as const
    const dismissed = { at: 2, do: 'dismiss' } as const
    expect(shows(asked, dismissed)).toEqual(['dismissed-recently'])
    expect(shows(asked, dismissed, { at: 3, do: 'reset' })).toEqual([])
    const named = { at: 0, do: 'identify', person: 'ann' } as const
    expect(shows(named, asked, dismissed, { at: 3, do: 'identify', person: 'bob' })).toEqual([])
    expect(shows(named, asked, dismissed, { at: 3, do: 'identify', person: 'ann' })).toEqual([
      'dismissed-recently',
    ])
    const vetoed = play(
      [
        { at: 0, do: 'visit' },
        { at: 1, do: 'track', name: 'checkout_done' },
      ],
      {
        beforeShow: () => false,
      },
    )
    expect(vetoed).toMatchObject({ asks: [], refusals: [{ reason: 'vetoed' }] })
  })
  it('explains nothing where no page is open at the end', () => {
    expect(
      play([
        { at: 0, do: 'visit' },
        { at: 9, do: 'close' },
      ]).explanations,
    ).toEqual([])
  })
})

describe('a mistake', () => {
  const wrong =
    (options: object, timeline: unknown = [{ at: 0, do: 'visit' }]) =>
    () =>
      simulateTimeline({ surveys: [asking], timeline, ...options } as TimelineOptions)
  const inTimeline = (...entries: unknown[]) => wrong({}, [{ at: 0, do: 'visit' }, ...entries])
  it.each<[string, () => unknown, string]>([
    ['no options', () => simulateTimeline(undefined as never), '"options" is missing; it must be an object'],
    ['no surveys', wrong({ surveys: undefined }), '"surveys" is missing; it must be a list of surveys'],
    ['a survey that is none', wrong({ surveys: [{ id: 'a' }] }), '"surveys.0.questions" is missing'],
    ['one id twice', wrong({ surveys: [asking, asking] }), '"surveys.1.id" is "nps-q4"; it must be an id'],
    ['a seed', wrong({ seed: 1.5 }), '"seed" is 1.5; it must be a whole number from 0 to 4294967295'],
    ['a start', wrong({ start: '2026-01-05T09:00' }), '"start" is "2026-01-05T09:00"; it must be ISO 8601'],
    ['a zone', wrong({ zone: 'Mars' }), '"zone" is "Mars"; it must be an IANA time zone'],
    ['consent', wrong({ consent: 'yes' }), '"consent" is "yes"; it must be "required" or "implied"'],
    ['no timeline', wrong({}, null), '"timeline" is null; it must be a list'],
    [
      'an unknown act',
      inTimeline({ at: 1, do: 'vist' }),
      '"timeline.1.do" is "vist"; it must be one of "visit"',
    ],
    ['no page', wrong({}, [{ at: 0, do: 'track', name: 'a' }]), '"visit" first: no page is open here'],
    ['a closed page', inTimeline({ at: 1, do: 'close' }, { at: 2, do: 'dismiss' }), '"timeline.2.do"'],
    [
      'disorder',
      inTimeline({ at: 5, do: 'wait' }, { at: 4, do: 'wait' }),
      '"timeline.2.at" is 4; it must be no earlier',
    ],
    ['the past', inTimeline({ at: '2020-01-01', do: 'wait' }), 'it must be at the start or after it'],
    ['a span', inTimeline({ at: '+1 day', do: 'wait' }), '"timeline.1.at" is "+1 day"; it must be a span'],
    ['an empty span', inTimeline({ at: '+', do: 'wait' }), '"timeline.1.at" is "+"'],
    ['a moment without zone', inTimeline({ at: '2026-02-01T10:00', do: 'wait' }), 'ISO 8601 with a zone'],
    ['a word', inTimeline({ at: 'tomorrow', do: 'wait' }), 'it must be a span as "+3d2h"'],
    ['no name', inTimeline({ at: 1, do: 'track' }), '"timeline.1.name" is missing; it must be a text'],
    [
      'a foreign field',
      inTimeline({ at: 1, do: 'track', name: 'a', prop: {} }),
      '"timeline.1.prop" is {}; it must be left out; "track" has name, props',
    ],
    ['a signal', inTimeline({ at: 1, do: 'signal', on: 'shake' }), '"timeline.1.on" is "shake"'],
  ])('is told with its path and the mend: %s', (_name, run, message) => {
    expect(run).toThrow(TypeError)
    expect(run).toThrow(message)
  })
})
