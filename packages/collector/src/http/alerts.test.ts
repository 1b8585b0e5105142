import { expect, it } from 'vitest'
import { answer, moment, now, npsSurvey, start, type Running } from '../fixtures.ts'
import { startSink } from '../outbound/outbound.fixtures.ts'
import type { TrialReport } from './trial.ts'

const day = 86_400
const after = { on: 'alert', survey: 'nps-q4', metric: 'nps', days: 7, below: 0, minimum: 10 }
const rule = {
  id: 'low',
  after,
  delay: 0,
  expires: 7,
  do: { case: { role: 'agent' } },
}
const send = (running: Running, path: string, body: object, method = 'PUT'): Promise<Response> =>
  running.admin(path, {
    method,
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  })
const put = (running: Running, ...rules: object[]): Promise<Response> =>
  send(running, '/v1/follow-ups', { rules })
interface Problem {
  code: string
  detail: string
}
/** So many people give a score, so many days ago. */
const votes = (first: number, count: number, value: number, ago: number): object[] =>
  Array.from({ length: count }, (_, index) =>
    answer(first + index, value, { at: moment(-ago * day), visitor: `v-${first + index}` }),
  )

it('refuses a rule that watches nothing, too much, or would reach somebody, and says why', async () => {
  const running = await start()
  await running.put(npsSurvey)
  const refused = async (fields: object, more: object = {}): Promise<string> => {
    const response = await put(running, { ...rule, ...more, after: { ...after, ...fields } })
    expect(response.status).toBe(400)
    const { code, detail } = (await response.json()) as Problem
    return `${code}: ${detail}`
  }
  for (const [fields, more, text] of [
    [{}, { do: { mail: { survey: 'nps-q4' } } }, 'has nobody to write to'],
    [{}, { do: { webhook: 'wh_1', reaches: 'person' } }, 'must be "staff"'],
    [{}, { survey: 'nps-q4' }, 'nobody is asked'],
    [{}, { unless: { answered: ['nps-q4'] } }, 'ends when it is over'],
    [{ below: undefined }, {}, 'needs one of change, below and above'],
    [{ change: 'fall' }, {}, 'needs one of change, below and above'],
    [{ days: 0 }, {}, 'after.days'],
    [{ level: 1 }, {}, 'after.level'],
    [{ metric: 'nsp' }, {}, 'after.metric'],
    [{ metric: 'response', question: 'score' }, {}, 'about the whole survey'],
    [
      { survey: 'nps-q5' },
      {},
      'unknown_survey: The rule "low" watches a number: No survey has the id "nps-q5"',
    ],
    [{ metric: 'csat' }, {}, 'wrong_metric: The rule "low" watches a number'],
    [{ question: 'other' }, {}, 'unknown_question: The rule "low" watches a number'],
  ] as const)
    expect(await refused(fields, more)).toContain(text)
  expect((await put(running, rule)).status).toBe(200)
})

it('opens a case with the numbers, tells webhooks, and nobody can be told anything about it', async () => {
  const sink = await startSink()
  const running = await start({ allowPrivateWebhooks: true })
  await running.put(npsSurvey)
  await running.send([...votes(1, 20, 10, 8), ...votes(21, 20, 1, 2)])
  for (const shape of ['json', 'slack'])
    await send(
      running,
      '/v1/webhooks',
      { name: shape, url: `${sink.url}/${shape}`, shape, events: ['case.opened'] },
      'POST',
    )
  expect((await put(running, rule)).status).toBe(200)
  const received = await sink.wait(2)
  const facts = {
    metric: 'nps',
    side: 'below',
    bound: 0,
    level: 0.99,
    window: { value: -100, n: 20 },
    before: { value: 100, n: 20 },
    change: { value: -200 },
  }
  const json = received.find((each) => each.path === '/json')?.message
  expect(json).toMatchObject({ type: 'case.opened', data: { alert: facts, response: null } })
  const slack = received.find((each) => each.path === '/slack')?.text ?? ''
  expect((JSON.parse(slack) as { text: string }).text.split('\n')).toEqual([
    'New case: low',
    'NPS of nps-q4 is below 0: -100 in 7 days',
    expect.stringMatching(/^Now: -100 \(99 % interval -100 to -\d+(\.\d)?, n 20\)$/),
    expect.stringMatching(/^Before: 100 \(99 % interval \d+(\.\d)? to 100, n 20\)$/),
    expect.stringMatching(/^Change: -200 /),
  ])
  const { cases } = (await running.read('/v1/cases')) as { cases: { id: string; can: string[] }[] }
  expect(cases).toMatchObject([{ rule: 'low', visitor: null, person: null, response: null, alert: facts }])
  const [{ id, can } = { id: '', can: [] }] = cases
  expect(can).not.toContain('tell')
  const told = await send(running, `/v1/cases/${id}/tell`, { message: 'Hello' }, 'POST')
  expect([told.status, ((await told.json()) as Problem).code]).toEqual([400, 'no_respondent'])
  expect(await running.read(`/v1/cases/${id}`)).toMatchObject({ response: null, others: [] })
  const closed = await send(running, `/v1/cases/${id}/close`, { reason: 'solved', note: 'mended' }, 'POST')
  expect(closed.status).toBe(200)
})

it('is tried on what happened', async () => {
  const running = await start()
  await running.put(npsSurvey)
  await running.send([...votes(1, 40, 10, 29), ...votes(41, 40, 1, 12)])
  const plan = {
    rules: [rule, { ...rule, id: 'fall', after: { ...after, days: 14, below: undefined, change: 'fall' } }],
  }
  const response = await send(running, '/v1/follow-ups/simulate', { plan, days: 20 }, 'POST')
  expect(response.status).toBe(200)
  const report = (await response.json()) as TrialReport
  expect(report.isComplete).toBe(true)
  expect(report.rules.map(({ rule: id, begun, sent, people }) => [id, begun, sent, people])).toEqual([
    ['low', 1, 1, 0],
    // What was before is in the window of 14 days before, from the day on which both are apart.
    ['fall', 1, 1, 0],
  ])
  expect(report.sample).toMatchObject([
    { rule: 'low', visitor: null, person: null, alert: 'NPS of nps-q4 is below 0: -100 in 7 days' },
    { rule: 'fall', visitor: null, alert: expect.stringContaining('NPS of nps-q4 fell from') },
  ])
  expect(Date.parse(report.sample[0]?.causedAt ?? '')).toBe(now - 12 * day * 1000 + 3_600_000)
})
