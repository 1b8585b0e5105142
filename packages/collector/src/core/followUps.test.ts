import type { FeedbackEvent, Rule, Survey } from '@earshot/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { npsSurvey } from '../fixtures.ts'
import { reachesPerson, type FollowUpPlan } from './followUpPlan.ts'
import { causedBy, decide, type Planned } from './followUps.ts'
import { isWished, wishFor } from './history.ts'
import { project, isSurveyEvent, type StoredEvent, type StoredResponse } from './project.ts'
import { endOfQuiet, isQuiet } from './quietHours.ts'
import type { SurveyEvent } from '@earshot/contract'

const hour = 3_600_000
const day = 24 * hour
const start = Date.UTC(2026, 2, 27, 12)
const id = (number: number): string => `018f0000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`

const survey: Survey = { ...npsSurvey, id: 'nps' }

interface Fact {
  number: number
  type: 'display' | 'answer' | 'dismiss' | 'optout' | 'track' | 'identify' | 'followup'
  at: number
  response?: number
  survey?: string
  value?: number | string | string[]
  question?: string
  name?: string
  props?: Record<string, string>
  timezone?: string
  followUp?: string
}

function stored({ number, type, at, ...fact }: Fact): StoredEvent {
  const base = {
    id: id(number),
    at: new Date(at).toISOString(),
    visitor: 'v',
    person: 'p',
    session: 's',
    seq: number,
    context: { channel: 'web' },
  }
  const about = {
    ...base,
    survey: fact.survey ?? 'nps',
    surveyVersion: 1,
    response: id(0xf000 + (fact.response ?? 1)),
  }
  const event = {
    display: { ...about, type, data: { trigger: 'page' } },
    answer: {
      ...about,
      type,
      data: { question: fact.question ?? 'score', value: fact.value ?? 3, revision: number },
    },
    dismiss: { ...about, type, data: { reason: 'close' } },
    followup: { ...about, type, data: { followUp: fact.followUp, state: 'answered' } },
    optout: { ...base, type, data: {} },
    identify: { ...base, type, data: { traits: { timezone: fact.timezone ?? 'Europe/Berlin' } } },
    track: { ...base, type, data: { name: fact.name ?? 'solved', props: fact.props ?? {} } },
  }[type] as FeedbackEvent
  return { event, at, receivedAt: at, occurredAt: at }
}

const responseIn = (events: readonly StoredEvent[], response: string | null): StoredResponse | null => {
  const own = events.filter(
    (each): each is StoredEvent<SurveyEvent> => isSurveyEvent(each.event) && each.event.response === response,
  )
  return own.length === 0 ? null : project(own)
}

const rule = (fields: Partial<FollowUpPlan['rules'][number]> = {}): FollowUpPlan['rules'][number] => ({
  id: 'call',
  after: { on: 'answer', survey: 'nps', when: { question: 'score', bands: ['detractor'] } },
  delay: 1,
  expires: 10,
  do: { webhook: 'hook', reaches: 'person' },
  ...fields,
})

/** A collector as simple as can be: what arrived is known, what is due is decided, what goes out is noted. */
function createModel(plan: FollowUpPlan) {
  const known: StoredEvent[] = []
  const jobs = new Map<string, Planned & { wake: number; reason?: string }>()
  const sends: { id: string; step: number; at: number; reaches: string; history: StoredEvent[] }[] = []
  return {
    jobs,
    sends,
    arrive(event: StoredEvent) {
      known.push(event)
      const about = isSurveyEvent(event.event) ? event.event.response : null
      for (const planned of causedBy(plan, event, responseIn(known, about), survey))
        if (!jobs.has(planned.id)) jobs.set(planned.id, { ...planned, wake: planned.due })
    },
    look(now: number) {
      for (const job of [...jobs.values()].toSorted((a, b) => a.wake - b.wake)) {
        if (job.reason !== undefined || job.wake > now) continue
        const response = responseIn(known, job.response)
        const contacts = sends.filter((each) => each.reaches === 'person').map((each) => each.at)
        const decision = decide(plan, job, { history: known, response, survey, contacts }, now)
        // What is not wished for changes nothing.
        const own = plan.rules.find((each) => each.id === job.rule)
        const wish = own ? wishFor(plan, own, job, 'p', now) : null
        const history = wish ? known.filter((each) => isWished(wish, each)) : []
        expect(decide(plan, job, { history, response, survey, contacts }, now)).toEqual(decision)
        if (decision.do === 'stop') job.reason = decision.reason
        else if (decision.do === 'wait') {
          expect(decision.until).toBeGreaterThan(now)
          job.wake = decision.until
        } else {
          const goes = plan.rules.find((each) => each.id === job.rule)
          const reaches = goes && reachesPerson(goes) ? 'person' : 'staff'
          for (const { since, most } of decision.budgets)
            expect(contacts.filter((at) => at > since).length).toBeLessThan(most)
          sends.push({ id: job.id, step: job.step, at: now, reaches, history: [...known] })
          job.step += 1
          job.due = decision.next ?? now
          job.wake = job.due
          if (decision.next === null) job.reason = 'done'
        }
      }
    },
  }
}

describe('causes', () => {
  const caused = (plan: FollowUpPlan, facts: Fact[]): string[] => {
    const events = facts.map(stored)
    return events.flatMap((event) =>
      causedBy(
        plan,
        event,
        responseIn(events, isSurveyEvent(event.event) ? event.event.response : null),
        survey,
      ).map((each) => each.id),
    )
  }
  it('are answers by band, by word and by choice', () => {
    const words = rule({
      id: 'words',
      after: { on: 'answer', survey: 'nps', when: { fact: 'answer.why', op: 'contains', value: 'refund' } },
    })
    const plan = { rules: [rule(), words] }
    const response = id(0xf001)
    expect(caused(plan, [{ number: 1, type: 'answer', at: start, value: 6 }])).toEqual([`/call/${response}`])
    expect(caused(plan, [{ number: 1, type: 'answer', at: start, value: 7 }])).toEqual([])
    expect(
      caused(plan, [{ number: 1, type: 'answer', at: start, question: 'why', value: 'A REFUND, please' }]),
    ).toEqual([`/words/${response}`])
    expect(caused(plan, [{ number: 1, type: 'answer', at: start, survey: 'csat', value: 1 }])).toEqual([])
  })
  it('are words in any language, as the search finds them, and choices by their ids alone', () => {
    const finds = (when: Rule, value: string | string[], question = 'why'): boolean =>
      caused({ rules: [rule({ after: { on: 'answer', survey: 'nps', when } })] }, [
        { number: 1, type: 'answer', at: start, question, value },
      ]).length === 1
    const why = (value: string, op: 'contains' | 'starts' | 'ends' | 'equals' = 'contains'): Rule => ({
      fact: 'answer.why',
      op,
      value,
    })
    for (const [word, text] of [
      ['grösse', 'Die Größe passt nicht'],
      ['GRÖSSE', 'die gro\u0308ße'],
      ['caf\u00e9', 'le CAFE\u0301 froid'],
      ['ｒｅｆｕｎｄ', 'A refund, please'],
      ['返金', 'すぐに返金してください'],
      ['ﬁle', 'The file is gone'],
      ['too  late', 'It came TOO\nLATE'],
      ['Ответ', 'жду ОТВЕТ уже неделю'],
    ] as const) {
      expect([word, finds(why(word), text)]).toEqual([word, true])
      expect([word, finds({ fact: 'words', op: 'contains', value: word }, text)]).toEqual([word, true])
      expect(finds({ not: why(word) }, text)).toBe(false)
      expect(finds({ all: [why(word), why('nothing of it')] }, text)).toBe(false)
    }
    expect(finds(why('gröss', 'starts'), 'Größe')).toBe(true)
    expect(finds(why('GRÖSSE', 'equals'), 'Größe')).toBe(false)
    // A choice is an id: it is the same one, or another one.
    const choice = (value: string): Rule => ({ fact: 'answer.some', op: 'contains', value })
    expect(finds(choice('price'), ['price', 'speed'], 'some')).toBe(true)
    expect(finds(choice('PRICE'), ['price', 'speed'], 'some')).toBe(false)
    expect(finds(choice('pri'), ['price', 'speed'], 'some')).toBe(false)
    expect(finds({ fact: 'answer.one', op: 'equals', value: 'price' }, 'price', 'one')).toBe(true)
    // Of what nobody has answered nothing is known.
    expect(finds(why('x'), ['price'], 'some')).toBe(false)
    expect(finds({ not: why('x') }, ['price'], 'some')).toBe(false)
  })
  it('are events, one for each case', () => {
    const plan = {
      rules: [rule({ survey: 'ces', after: { on: 'event', name: 'solved', key: 'ticket' } })],
    }
    const props = { ticket: 'T-1' }
    expect(caused(plan, [{ number: 1, type: 'track', at: start, props }])).toEqual(['ces/call/T-1'])
    expect(caused(plan, [{ number: 1, type: 'track', at: start }])).toEqual([])
    expect(caused(plan, [{ number: 1, type: 'track', at: start, name: 'opened', props }])).toEqual([])
  })
  it('are silences, that an answer, a closing or a snooze ends', () => {
    const plan = { rules: [rule({ after: { on: 'silence', survey: 'nps' } })] }
    for (const type of ['answer', 'dismiss'] as const) {
      const model = createModel(plan)
      model.arrive(stored({ number: 1, type: 'display', at: start }))
      expect([...model.jobs.values()]).toHaveLength(1)
      model.arrive(stored({ number: 2, type, at: start + hour }))
      model.look(start + day)
      expect(model.sends).toEqual([])
      expect([...model.jobs.values()][0]?.reason).toBe(type === 'answer' ? 'answered' : 'dismissed')
    }
    const silent = createModel(plan)
    silent.arrive(stored({ number: 1, type: 'display', at: start }))
    silent.look(start + day)
    expect(silent.sends).toHaveLength(1)
  })
})

describe('decisions', () => {
  it('a detractor who becomes a promoter is left alone', () => {
    const model = createModel({ rules: [rule()] })
    model.arrive(stored({ number: 1, type: 'answer', at: start, value: 2 }))
    model.arrive(stored({ number: 2, type: 'answer', at: start + 1, value: 10 }))
    model.look(start + 2 * day)
    expect(model.sends).toEqual([])
    expect([...model.jobs.values()][0]?.reason).toBe('changed')
  })
  it('what was due while nothing ran goes out once, and what is too old not at all', () => {
    const plan = { rules: [rule({ reminders: [{ after: 1 }, { after: 1 }] })] }
    const late = createModel(plan)
    late.arrive(stored({ number: 1, type: 'answer', at: start }))
    late.look(start + 8 * day)
    late.look(start + 8 * day)
    expect(late.sends.map((each) => each.step)).toEqual([0])
    late.look(start + 9 * day)
    late.look(start + 30 * day)
    expect(late.sends.map((each) => each.step)).toEqual([0, 1])
    const old = createModel(plan)
    old.arrive(stored({ number: 1, type: 'answer', at: start }))
    old.look(start + 12 * day)
    expect(old.sends).toEqual([])
  })
  it('a reminder has its own words', () => {
    const plan = {
      rules: [
        rule({ text: { en: 'Hello' }, reminders: [{ after: 1, text: { en: 'Again' } }, { after: 1 }] }),
      ],
    }
    const event = stored({ number: 1, type: 'answer', at: start })
    const response = responseIn([event], id(0xf001))
    const [planned] = causedBy(plan, event, response, survey)
    const words = [0, 1, 2, 3].map((step) => {
      const found = decide(
        plan,
        { ...(planned as Planned), step },
        { history: [event], response, survey, contacts: [] },
        start + day,
      )
      return found.do === 'send' ? found.texts : found
    })
    expect(words).toEqual([{ en: 'Hello' }, { en: 'Again' }, { en: 'Hello' }, { do: 'stop', reason: 'done' }])
  })
  it('a page behind a link of a mail is counted with its mail, and a card by itself', () => {
    const plan = { rules: [rule()], limits: [{ most: 1, days: 7 }] }
    const model = createModel(plan)
    const cause = stored({ number: 1, type: 'answer', at: start })
    model.arrive(cause)
    const planned = [...model.jobs.values()][0] as Planned
    const doing = (display: object): string => {
      const shown = stored({ number: 2, type: 'display', at: start, response: 2 })
      const history = [cause, { ...shown, event: { ...shown.event, ...display } }]
      const now = start + day
      return decide(
        plan,
        planned,
        { history, response: responseIn([cause], id(0xf001)), survey, contacts: [] },
        now,
      ).do
    }
    const [card, mail] = [{ trigger: 'page' }, { trigger: 'followup', followUp: 'ces/call/1' }]
    expect(doing({ context: { channel: 'mail' }, data: mail })).toBe('send')
    expect(doing({ context: { channel: 'web' }, data: mail })).toBe('wait')
    expect(doing({ context: { channel: 'mail' }, data: card })).toBe('wait')
  })
  it('an in-app follow-up of the same identity that was answered stops it', () => {
    const model = createModel({ rules: [rule({ survey: 'ces' })] })
    model.arrive(stored({ number: 1, type: 'answer', at: start }))
    const followUp = `ces/call/${id(0xf001)}`
    model.arrive(stored({ number: 2, type: 'followup', at: start, survey: 'ces', response: 2, followUp }))
    model.look(start + 2 * day)
    expect(model.sends).toEqual([])
  })
})

describe('for any order, delay and repetition of events, and any downtime', () => {
  const fact = fc.record({
    type: fc.constantFrom(
      'display',
      'answer',
      'answer',
      'track',
      'track',
      'dismiss',
      'optout',
      'identify',
    ) as fc.Arbitrary<Fact['type']>,
    at: fc.integer({ min: 0, max: 20 * 24 }).map((hours) => start + hours * hour),
    response: fc.integer({ min: 1, max: 3 }),
    survey: fc.constantFrom('nps', 'ces'),
    value: fc.integer({ min: 0, max: 10 }),
    name: fc.constantFrom('solved', 'reopened'),
    props: fc.record({ ticket: fc.constantFrom('a', 'b') }),
    timezone: fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Nowhere/At_All'),
    /** Hours from its happening to its arrival, each a delivery. */
    deliveries: fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 3 }),
  })
  const reaches = fc.constantFrom<('person' | 'staff')[]>('person', 'staff')
  const spans = fc.constantFrom(0, 0.25, 1, 3)
  const rules = fc
    .tuple(
      ...[
        { on: 'answer', survey: 'nps', when: { question: 'score', bands: ['detractor'] } } as const,
        { on: 'event', name: 'solved', key: 'ticket' } as const,
        { on: 'silence', survey: 'nps' } as const,
      ].map((after, index) =>
        fc.record({
          id: fc.constant(`rule-${index}`),
          after: fc.constant(after as FollowUpPlan['rules'][number]['after']),
          delay: spans,
          expires: fc.constantFrom(1, 5, 20),
          do: reaches.map((each) => ({ webhook: 'hook', reaches: each })),
          reminders: fc.array(fc.record({ after: fc.constantFrom(0.25, 1, 2) }), { maxLength: 3 }),
          survey: fc.constantFrom('ces', undefined),
          unless: fc.constant<FollowUpPlan['rules'][number]['unless']>({
            events: [{ name: 'reopened', key: 'ticket' }],
          }),
        }),
      ),
    )
    .map((each): FollowUpPlan['rules'] => each)
  const plans = fc.record({
    rules,
    quiet: fc.option(
      fc.constantFrom(
        { from: '21:00', to: '08:00' },
        { from: '12:00', to: '14:30' },
        { from: '02:00', to: '03:00' },
      ),
      { nil: undefined },
    ),
    limits: fc.array(fc.record({ most: fc.integer({ min: 1, max: 3 }), days: fc.constantFrom(0.5, 2, 7) }), {
      maxLength: 2,
    }),
  })

  it('never twice for one cause, never after a stop, never in quiet hours, never over the budget', () => {
    fc.assert(
      fc.property(
        plans,
        fc.array(fact, { minLength: 1, maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 5, maxLength: 60 }),
        (plan, facts, pauses) => {
          const model = createModel(plan)
          const arrivals = facts
            .flatMap(({ deliveries, ...each }, number) =>
              deliveries.map((delay) => ({
                when: each.at + delay * hour,
                event: stored({ ...each, number }),
              })),
            )
            .toSorted((a, b) => a.when - b.when)
          let now = start
          for (const pause of pauses) {
            now += pause * hour
            while (arrivals[0] && arrivals[0].when <= now) {
              const next = arrivals.shift()
              if (next) model.arrive(next.event)
            }
            model.look(now)
          }
          const once = model.sends.map((each) => `${each.id}#${each.step}`)
          expect(new Set(once).size).toBe(once.length)
          for (const { id: which, at, history, step } of model.sends) {
            const job = model.jobs.get(which)
            const own = plan.rules.find((each) => each.id === job?.rule)
            expect(step).toBeLessThanOrEqual(own?.reminders?.length ?? 0)
            expect(at).toBeLessThanOrEqual(job?.expires ?? 0)
            expect(at).toBeGreaterThanOrEqual((job?.at ?? 0) + (own?.delay ?? 0) * day)
            const since = history.filter((each) => each.occurredAt >= (job?.at ?? 0))
            const hasAnswered = since.some(
              ({ event }) =>
                event.type === 'answer' && event.survey === own?.survey && event.response !== job?.response,
            )
            expect(hasAnswered && own?.survey !== undefined).toBe(false)
            expect(
              since.some(
                ({ event }) =>
                  event.type === 'track' &&
                  event.data.name === 'reopened' &&
                  event.data.props['ticket'] === job?.cause,
              ),
            ).toBe(false)
            if (!own || !reachesPerson(own)) continue
            expect(history.some(({ event }) => event.type === 'optout')).toBe(false)
            const told = history
              .flatMap(({ event, occurredAt }) =>
                event.type === 'identify' && event.data.traits['timezone'] !== 'Nowhere/At_All'
                  ? [{ zone: String(event.data.traits['timezone']), at: occurredAt, id: event.id }]
                  : [],
              )
              .toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
            const zone = told.at(-1)?.zone ?? 'UTC'
            if (plan.quiet) expect(isQuiet(plan.quiet, at, zone)).toBe(false)
            const displays = new Map(
              history
                .filter((each) => each.event.type === 'display')
                .map((each) => [each.event.id, each.occurredAt]),
            )
            const reached = [
              ...model.sends.filter((each) => each.reaches === 'person').map((each) => each.at),
              ...displays.values(),
            ]
            for (const { most, days } of plan.limits)
              expect(
                reached.filter((each) => each > at - days * day && each <= at).length,
              ).toBeLessThanOrEqual(most)
          }
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('quiet hours', () => {
  it('end at the next moment outside of them, in every zone and also when clocks change', () => {
    const times = fc
      .integer({ min: 0, max: 1439 })
      .map(
        (each) => `${String(Math.floor(each / 60)).padStart(2, '0')}:${String(each % 60).padStart(2, '0')}`,
      )
    const zones = fc.constantFrom(
      'UTC',
      'Europe/Berlin',
      'America/New_York',
      'Asia/Kathmandu',
      'Australia/Lord_Howe',
    )
    fc.assert(
      fc.property(
        times,
        times,
        zones,
        fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2026, 11, 31) }),
        (from, to, zone, at) => {
          const end = endOfQuiet({ from, to }, at, zone)
          expect(isQuiet({ from, to }, end, zone)).toBe(false)
          expect(end >= at && end - at <= 26 * hour).toBe(true)
          if (!isQuiet({ from, to }, at, zone)) expect(end).toBe(at)
        },
      ),
      { numRuns: 300 },
    )
    const night = { from: '21:00', to: '08:00' }
    expect(endOfQuiet(night, Date.UTC(2026, 2, 27, 22, 30), 'Europe/Berlin')).toBe(Date.UTC(2026, 2, 28, 7))
    // The clocks of this night are put forward.
    expect(endOfQuiet(night, Date.UTC(2026, 2, 28, 22, 30), 'Europe/Berlin')).toBe(Date.UTC(2026, 2, 29, 7))
  })
})
