import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  answer,
  moment,
  now,
  npsSurvey,
  onPostgres,
  start,
  temporaryDirectory,
  uuid,
  type Running,
  ways,
} from '../fixtures.ts'
import type { Survey } from '@earshot/contract'

const survey: Survey = {
  ...npsSurvey,
  questions: [
    ...npsSurvey.questions.filter((each) => each.kind !== 'text'),
    { kind: 'text', id: 'why', title: 'Why?', maxLength: 500 },
    { kind: 'text', id: 'mail', title: 'Your address?', maxLength: 500, input: 'email' },
  ],
}
const put = (running: Running, body: object): Promise<Response> =>
  running.admin('/v1/privacy', {
    method: 'PUT',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  })
const wrote = (number: number, value: string, question = 'why'): object =>
  answer(number, 0, { data: { question, value, revision: 0 } })
const texts = (data: string): string =>
  Buffer.concat(readdirSync(data).map((name) => readFileSync(join(data, name)))).toString('latin1')

describe.each(ways)('texts that come by the %s', (way) => {
  it('are stored without what the site takes out, from the next request on', async () => {
    const data = temporaryDirectory()
    const running = await start({ data }, way)
    await running.put(survey)
    await running.send([wrote(1, 'before: first@example.com')], { surveys: [] })
    const policy = {
      scrub: ['email', 'phone', 'card', 'iban'],
      patterns: [{ name: 'order', pattern: 'ord-\\d+' }],
    }
    expect(await (await put(running, policy)).json()).toEqual({ ...policy, retentionDays: null })
    const secret =
      'second@example.com, 4111 1111 1111 1111, DE89 3704 0044 0532 0130 00, +49 30 901820, ORD-4711'
    await running.send(
      [wrote(2, secret), wrote(3, 'asked@example.com', 'mail'), wrote(4, 'Grüße, 10 von 10 😀')],
      { surveys: [] },
    )
    const stored = async (number: number): Promise<unknown> => {
      const { events } = (await running.read(`/v1/responses/${uuid('response', number)}`)) as {
        events: { event: { data: { value: string } } }[]
      }
      return events[0]?.event.data.value
    }
    expect(await Promise.all([1, 2, 3, 4].map(stored))).toEqual([
      'before: first@example.com',
      '[email], [card], [iban], [phone], [order]',
      'asked@example.com',
      'Grüße, 10 von 10 😀',
    ])
    const whole = await (await running.admin('/v1/export?format=ndjson')).text()
    for (const gone of ['second@', '4111', 'DE89', '901820', '4711']) expect(whole).not.toContain(gone)
    if (!onPostgres)
      for (const gone of ['second@', '4111 1111', 'DE89 3704', 'ORD-4711'])
        expect(texts(data)).not.toContain(gone)
  })
})

it('what is wrong with a policy is said, and nothing changes', async () => {
  const running = await start()
  for (const [body, said] of [
    [{ scrub: ['names'] }, /scrub/],
    [{ patterns: [{ name: 'a', pattern: '(a+' }] }, /a group is not closed/],
    [{ patterns: [{ name: 'a', pattern: '(?=a)' }] }, /no lookaround/],
    [{ patterns: [{ name: 'A b', pattern: 'a' }] }, /a-z, 0-9 and -/],
    [{ patterns: Array.from({ length: 6 }, () => ({ name: 'a', pattern: 'x{90}' })) }, /too large together/],
    [{ retentionDays: 0 }, /retentionDays/],
    [{ keep: true }, /keep/],
  ] as const) {
    const response = await put(running, body)
    expect([response.status, ((await response.json()) as { detail: string }).detail]).toEqual([
      400,
      expect.stringMatching(said),
    ])
  }
  expect(await running.read('/v1/privacy')).toEqual({ scrub: [], patterns: [], retentionDays: null })
})

it('a person is shown, taken away whole, and erased with a receipt, and nothing of it is left in the files', async () => {
  const data = temporaryDirectory()
  const running = await start({ data })
  await running.put({ ...survey, quota: 10 })
  const canaries = [
    'canary-person',
    'canary-visitor-a',
    'canary-visitor-b',
    'canary-comment',
    'canary-trait',
    'canary-place',
  ]
  const mine = (number: number, visitor: string, more: object = {}): object =>
    answer(number, 9, { visitor, person: null, ...more })
  await running.send(
    [
      mine(1, 'canary-visitor-a', { person: 'canary-person' }),
      mine(2, 'canary-visitor-a', {
        response: uuid('response', 1),
        data: { question: 'why', value: 'canary-comment', revision: 0 },
      }),
      mine(3, 'canary-visitor-b'),
      answer(4, 0, {
        type: 'identify',
        visitor: 'canary-visitor-b',
        person: 'canary-person',
        survey: undefined,
        surveyVersion: undefined,
        response: undefined,
        data: { traits: { note: 'canary-trait' } },
      }),
      mine(5, 'canary-visitor-b', {
        type: 'followup',
        response: uuid('response', 3),
        data: { followUp: 'nps-q4/why/1', state: 'planned', due: moment(60) },
      }),
      mine(6, 'somebody-else'),
    ],
    { surveys: [] },
  )
  await running.call('/v1/places', {
    survey: 'nps-q4',
    response: uuid('response', 77),
    visitor: 'canary-visitor-b',
    person: 'canary-person',
  })
  const shown = (await running.read('/v1/people/canary-person')) as {
    visitors: { visitor: string; events: number }[]
  }
  expect(shown.visitors.map((each) => [each.visitor, each.events])).toEqual([
    ['canary-visitor-a', 2],
    ['canary-visitor-b', 3],
  ])
  const lines = (await (await running.admin('/v1/people/canary-person/export')).text()).trimEnd().split('\n')
  const kinds = lines.map((line) => (JSON.parse(line) as { kind: string }).kind)
  const last = JSON.parse(lines.at(-1) ?? '') as object
  expect(last).toMatchObject({ kind: 'end', visitors: 2, events: 5, responses: 2, places: 1 })
  expect(kinds.filter((each) => each === 'event')).toHaveLength(5)
  for (const each of ['canary-comment', 'canary-trait', 'nps-q4/why/1']) expect(lines.join()).toContain(each)
  expect(lines.join()).not.toContain('somebody-else')

  const erased = (await (
    await running.admin('/v1/people/canary-person', { method: 'DELETE' })
  ).json()) as object
  expect(erased).toMatchObject({
    visitors: 2,
    events: 5,
    responses: 2,
    places: 1,
    left: 0,
    person: expect.stringMatching(/^[0-9a-f]{64}$/),
  })
  expect((await running.admin('/v1/people/canary-person')).status).toBe(404)
  expect((await running.admin('/v1/people/canary-person/export')).status).toBe(404)
  const { responses } = (await running.read('/v1/responses')) as { responses: { visitor: string }[] }
  expect(responses.map((each) => each.visitor)).toEqual(['somebody-else'])
  expect((await running.read('/v1/reports/nps?survey=nps-q4&basis=all')) as object).toMatchObject({
    responses: 1,
  })
  const { entries } = (await running.read('/v1/audit')) as { entries: { action: string; about: string }[] }
  expect(entries.find((each) => each.action.startsWith('DELETE'))).toMatchObject({
    action: 'DELETE /v1/people/{id}',
    about: expect.stringMatching(/^person [0-9a-f]{16}$/),
  })
  if (!onPostgres)
    for (const canary of canaries) expect([canary, texts(data).includes(canary)]).toEqual([canary, false])
  // What comes late is dropped, and called accepted, so that it leaves the queue.
  expect((await running.send([mine(9, 'canary-visitor-a')], { surveys: [] })).accepted).toHaveLength(1)
  expect((await running.admin('/v1/people/canary-visitor-a')).status).toBe(404)
})

it('answers are deleted when they are older than the site wants, whole responses and nothing else', async () => {
  let time = now
  const data = temporaryDirectory()
  const running = await start({ data, clock: { now: () => time } })
  await running.put(survey)
  const day = 86_400_000
  const sent = (): object => ({ sentAt: new Date(time).toISOString(), surveys: [] })
  const at = (): string => new Date(time - 1000).toISOString()
  for (let number = 1; number <= 1200; number += 300)
    await running.send(
      Array.from({ length: 300 }, (_, index) => answer(number + index, 9, { at: at() })),
      sent(),
    )
  await running.send(
    [
      answer(5000, 0, {
        type: 'track',
        survey: undefined,
        surveyVersion: undefined,
        response: undefined,
        at: at(),
        data: { name: 'old_event', props: {} },
      }),
    ],
    sent(),
  )
  await running.send([answer(6000, 3, { at: at(), visitor: 'patient' })], sent())
  time += 300 * day
  await running.send([answer(7000, 9, { at: at() })], sent())
  // Of this one something was heard again, so it stays whole.
  await running.send(
    [
      answer(6001, 8, {
        at: at(),
        visitor: 'patient',
        response: uuid('response', 6000),
        data: { question: 'score', value: 8, revision: 1 },
      }),
    ],
    sent(),
  )
  time += 100 * day
  await put(running, { retentionDays: 365 })
  const before = (await running.read('/v1/stats')) as { events: number }
  expect(before.events).toBe(1204)
  const { retain } = await import('./retention.ts')
  const { createSqliteStore } = await import('../stores/sqlite.ts')
  if (!onPostgres) {
    const store = createSqliteStore(join(data, 'earshot.sqlite'))
    expect(await retain(store, 1, 365, time)).toEqual({ events: 1201, responses: 1200 })
    expect(await retain(store, 1, 365, time)).toEqual({ events: 0, responses: 0 })
    await store.close()
    expect(await running.read('/v1/stats')).toMatchObject({ events: 3, responses: 2 })
    for (const basis of ['all', 'latest'])
      expect(await running.read(`/v1/reports/nps?survey=nps-q4&basis=${basis}`)).toMatchObject({
        responses: 2,
      })
    expect(texts(data)).not.toContain('old_event')
  }
})
