import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { FeedbackEvent } from './event.ts'
import { exact } from './exact.ts'
import type { Condition } from './rule.ts'
import {
  configSchema,
  eraseRequestSchema,
  eventSchema,
  feedbackRequestSchema,
  followUpRuleSchema,
  placeRequestSchema,
  placeSchema,
  questionSchema,
  ruleSchema,
  settingsSchema,
  triggerSchema,
} from './schema.ts'
import { plainSurvey, richSurvey } from './survey.fixtures.ts'

const uuid = '0192f000-0000-7000-8000-000000000001'
const base = {
  id: uuid,
  at: '2026-11-21T10:00:00.000Z',
  visitor: 'v',
  person: null,
  session: 's',
  seq: 1,
  context: { channel: 'web' },
}
const ofSurvey = { ...base, survey: 'nps-q4', surveyVersion: 3, response: uuid }

describe('eventSchema', () => {
  it.each<FeedbackEvent>([
    { ...ofSurvey, type: 'display', data: { trigger: 'rage' } },
    {
      ...ofSurvey,
      type: 'display',
      variant: 'b',
      data: {
        trigger: 'followup',
        followUp: 'a/b/c',
        hidden: { order: 5, vip: true, note: null },
        layout: 'top-end',
      },
    },
    { ...ofSurvey, type: 'answer', data: { question: 'score', value: 9, revision: 0 } },
    { ...ofSurvey, type: 'answer', data: { question: 'more', value: 'text', revision: 1 } },
    { ...ofSurvey, type: 'answer', data: { question: 'contact', value: false, revision: 0 } },
    {
      ...ofSurvey,
      type: 'answer',
      data: {
        question: 'why',
        value: ['price', 'other'],
        other: 'x',
        order: ['speed', 'price'],
        revision: 0,
      },
    },
    { ...ofSurvey, type: 'complete', data: {} },
    { ...ofSurvey, type: 'dismiss', data: { reason: 'escape' } },
    { ...ofSurvey, type: 'snooze', data: { until: base.at } },
    { ...ofSurvey, type: 'followup', data: { followUp: 'a/b/c', state: 'planned', due: base.at } },
    {
      ...ofSurvey,
      type: 'followup',
      data: { followUp: 'a/b/c', state: 'cancelled', reason: 'quiet-period' },
    },
    { ...ofSurvey, type: 'followup', data: { followUp: 'a/b/c', state: 'answered' } },
    { ...base, type: 'optout', data: {} },
    { ...base, type: 'identify', person: 'p', data: { traits: { plan: 'pro' } } },
    { ...base, type: 'group', data: { group: 'acme', traits: { seats: 5 } } },
    { ...base, type: 'track', data: { name: 'n', props: {} } },
  ])('takes $type as it is', (event) => {
    expect(eventSchema.parse(event)).toEqual(event)
  })
  it.each<[string, object]>([
    ['an unknown cause', { ...ofSurvey, type: 'display', data: { trigger: 'magic' } }],
    [
      'a list as a hidden value',
      { ...ofSurvey, type: 'display', data: { trigger: 'show', hidden: { a: [] } } },
    ],
    [
      'choices that are no ids',
      { ...ofSurvey, type: 'answer', data: { question: 'q', value: [1], revision: 0 } },
    ],
    [
      '52 choices',
      { ...ofSurvey, type: 'answer', data: { question: 'q', value: Array(52).fill('a'), revision: 0 } },
    ],
    [
      'an object as the answer',
      { ...ofSurvey, type: 'answer', data: { question: 'q', value: {}, revision: 0 } },
    ],
    [
      '501 characters beside other',
      {
        ...ofSurvey,
        type: 'answer',
        data: { question: 'q', value: ['other'], other: 'x'.repeat(501), revision: 0 },
      },
    ],
    ['a group without a name', { ...base, type: 'group', data: { group: '', traits: {} } }],
    [
      '51 traits',
      {
        ...base,
        type: 'identify',
        data: { traits: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`t${index}`, 1])) },
      },
    ],
    [
      'the prototype as a trait',
      { ...base, type: 'identify', data: { traits: JSON.parse('{"constructor":1}') } },
    ],
    ['an unknown state', { ...ofSurvey, type: 'followup', data: { followUp: 'a', state: 'done' } }],
    [
      'a due time that is none',
      { ...ofSurvey, type: 'followup', data: { followUp: 'a', state: 'planned', due: 'soon' } },
    ],
    [
      'an identity with half a character',
      { ...ofSurvey, type: 'followup', data: { followUp: 'a\ud800', state: 'planned' } },
    ],
  ])('refuses %s', (_what, event) => {
    expect(eventSchema.safeParse(event).success).toBe(false)
  })
})

describe('the other schemas', () => {
  it('take what the interfaces allow', () => {
    const settings = {
      limits: { quiet: 14, perPage: 1, perSession: 1, perDay: 2, holdout: 0.05 },
      privacy: { scrub: ['email', 'card', 'iban', 'phone'], query: ['page'], fragment: true },
      theme: {
        scheme: 'auto',
        accent: '#06c',
        background: 'rgb(255, 250, 240)',
        text: 'hsl(220deg 20% 15%)',
        dark: { accent: 'oklch(75% 0.12 250)', background: '#101418', text: '#fff' },
        radius: 4,
        size: 16,
        font: 'Inter, "Source Sans 3", sans-serif',
        density: 'roomy',
      },
    }
    const config = { version: 1, surveys: [plainSurvey(), richSurvey()], settings }
    expect(configSchema.parse(config)).toEqual(config)
    expect(settingsSchema.parse({})).toEqual({})
    expect(settingsSchema.safeParse({ limits: { holdout: 1 } }).success).toBe(false)
    for (const limit of ['perPage', 'perSession', 'perDay'])
      expect(settingsSchema.safeParse({ limits: { [limit]: 0 } }).success).toBe(false)
    // A bound above what the SDK remembers would never be met.
    for (const limit of ['perSession', 'perDay'])
      expect([50, 51].map((most) => settingsSchema.safeParse({ limits: { [limit]: most } }).success)).toEqual(
        [true, false],
      )
    expect(settingsSchema.safeParse({ privacy: { scrub: ['ssn'] } }).success).toBe(false)
    const place = {
      key: 'pk',
      survey: 'nps-q4',
      response: uuid,
      visitor: 'v',
      person: null,
      followUp: 'a/b/c',
    }
    expect(placeRequestSchema.parse(place)).toEqual(place)
    expect(placeRequestSchema.safeParse({ ...place, response: 'x' }).success).toBe(false)
    const refused = { granted: false, reason: 'quota-full', until: base.at }
    expect(placeSchema.parse(refused)).toEqual(refused)
    expect(placeSchema.safeParse({ granted: false, reason: 'mood' }).success).toBe(false)
    expect(eraseRequestSchema.parse({ key: 'pk', visitor: 'v' })).toEqual({ key: 'pk', visitor: 'v' })
    expect(eraseRequestSchema.safeParse({ key: 'pk', visitor: '' }).success).toBe(false)
    const request = {
      key: 'pk',
      sentAt: base.at,
      sdk: 'js/0.1.0',
      surveys: [richSurvey()],
      events: [{ ...base, type: 'optout', data: {} }],
    }
    expect(feedbackRequestSchema.parse(request)).toEqual(request)
  })
  it('take the parts of a survey by themselves', () => {
    const { questions, triggers, followUps, targeting } = richSurvey()
    for (const each of questions) expect(questionSchema.parse(each)).toEqual(each)
    for (const each of triggers) expect(triggerSchema.parse(each)).toEqual(each)
    for (const each of followUps ?? []) expect(followUpRuleSchema.parse(each)).toEqual(each)
    expect(ruleSchema.parse(targeting)).toEqual(targeting)
  })
  it.each(['https://example.com/a?b#c', 'http://localhost:1', 'mailto:a@example.com', '/', '/de/danke'])(
    'let a link lead to %s',
    (href) =>
      expect(questionSchema.safeParse({ kind: 'link', id: 'a', title: 'A', href, label: 'L' }).success).toBe(
        true,
      ),
  )
  it.each([
    'javascript:alert(1)',
    ' javascript:alert(1)',
    'JAVASCRIPT:alert(1)',
    'java\tscript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'blob:https://example.com/1',
    '//example.com',
    '/\\example.com',
    'https://',
    'https:///example.com',
    'example.com',
    'a/b',
    '',
    '#top',
  ])('let no link lead to %j', (href) => {
    expect(questionSchema.safeParse({ kind: 'link', id: 'a', title: 'A', href, label: 'L' }).success).toBe(
      false,
    )
  })
})

describe('exact', () => {
  it('does not compile where a schema and its interface differ', () => {
    const bands = z.array(z.enum(['detractor']))
    // @ts-expect-error bands that are missing
    exact<Condition>()(z.object({ question: z.string(), bands }))
    type Both = { a: { b: string } & { c: number } }
    const some = z.object({ b: z.string(), c: z.number().optional() })
    // @ts-expect-error a field that may be missing
    exact<Both>()(z.object({ a: some }))
    expect(exact<Both>()(z.object({ a: some.required() }))).toBeInstanceOf(z.ZodObject)
  })
})
