import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { npsSurvey, start, type Running } from '../fixtures.ts'

const botanic = readFileSync(
  fileURLToPath(new URL('../../../../apps/demo/data/nps_botanic.csv', import.meta.url)),
  'utf8',
)

// oxlint-disable-next-line typescript/no-explicit-any -- what it holds is for the expectations to say
async function bring({ admin }: Running, body: object): Promise<{ status: number; body: any }> {
  const answer = await admin('/v1/import', {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  })
  return { status: answer.status, body: await answer.json() }
}

it('13,954 real interviews come in by HTTP, once, and give the score that was computed elsewhere', async () => {
  const running = await start()
  const file = {
    source: 'csv',
    text: botanic,
    survey: 'botanic',
    metric: 'nps',
    map: { score: 'nps', id: 'row' },
    at: '2024-01-15',
  }
  const tried = await bring(running, { ...file, dryRun: true })
  expect(tried).toMatchObject({
    status: 200,
    body: {
      responses: 13_612,
      skipped: [{ reason: 'without an answer', rows: 342 }],
      errors: [],
      columns: ['row', 'nps', 'satisfaction', 'intention', 'period', 'comment_chars'],
      stored: null,
    },
  })
  expect((await running.admin('/v1/reports/nps?survey=botanic')).status).toBe(404)
  const done = await bring(running, file)
  expect(done.body.stored).toEqual({ accepted: 27_224, duplicates: 0, refused: 0 })
  const report = await running.read('/v1/reports/nps?survey=botanic')
  expect(report.estimate.n).toBe(13_612)
  expect(report.estimate.value).toBeCloseTo(53.4161034381, 6)
  expect(report.estimate.interval[0]).toBeCloseTo(52.3101268577, 6)
  expect(report.estimate.interval[1]).toBeCloseTo(54.4985400538, 6)
  expect((await bring(running, file)).body.stored).toEqual({ accepted: 0, duplicates: 27_224, refused: 0 })
  expect(await running.read('/v1/reports/nps?survey=botanic')).toEqual(report)
}, 240_000)

it('tells what is wrong by line, and stores nothing of such a file unless it is asked to leave those lines out', async () => {
  const running = await start()
  const file = {
    source: 'csv',
    text: 'NPS;Date;Customer\n9;2026-11-01;ann\n11;2026-11-01;bob\n3;2030-01-01;cleo\n8;2026-11-02\n0;2026-11-03;dan\n',
    survey: 'old',
    metric: 'nps',
    map: { score: 'NPS', at: 'Date', person: 'Customer' },
  }
  const refused = await bring(running, file)
  expect(refused).toMatchObject({ status: 200, body: { responses: 2, bad: 3, stored: null } })
  expect(refused.body.errors.map((each: { line: number }) => each.line)).toEqual([3, 4, 5])
  expect(refused.body.errors[1].message).toMatch(/future/)
  expect((await running.admin('/v1/reports/nps?survey=old')).status).toBe(404)
  const kept = await bring(running, { ...file, skipBad: true })
  expect(kept.body.stored).toEqual({ accepted: 4, duplicates: 0, refused: 0 })
  expect((await running.read('/v1/reports/nps?survey=old')).estimate).toMatchObject({ n: 2, value: 0 })
})

it('turns the thumbs of PostHog, and counts each submission once', async () => {
  const running = await start()
  await running.put({
    ...npsSurvey,
    id: 'thumbs',
    questions: [
      {
        ...npsSurvey.questions[0],
        id: 'thumb',
        metric: 'csat',
        min: 1,
        max: 2,
        positive: [2],
        negative: [1],
      },
    ],
  })
  const sent = (submission: string, value: string): object => ({
    event: 'survey sent',
    timestamp: '2026-11-01T10:00:00Z',
    distinct_id: submission,
    properties: { $survey_submission_id: submission, $survey_response: value },
  })
  const text = [sent('a', '1'), sent('a', '1'), sent('b', '2'), sent('c', '1')]
    .map((each) => JSON.stringify(each))
    .join('\n')
  const done = await bring(running, { source: 'posthog', text, survey: 'thumbs' })
  expect(done.body).toMatchObject({ responses: 3, errors: [] })
  const { distribution } = await running.read('/v1/reports/csat?survey=thumbs')
  expect(distribution.map((each: { score: number; count: number }) => [each.score, each.count])).toEqual([
    [1, 1],
    [2, 2],
  ])
})

it('takes what an export gave, and is refused where something is missing or nobody may', async () => {
  const running = await start()
  const csv = 'score\n9\n'
  const cases = [
    [{ source: 'csv', text: csv }, 400, 'unknown_survey'],
    [{ source: 'csv', text: csv, survey: 'no-such' }, 400, 'unknown_survey'],
    [{ source: 'csv', text: csv, metric: 'nps' }, 400, 'invalid_request'],
    [{ source: 'csv', text: csv, survey: 'x', metric: 'nps', at: 'soon' }, 400, 'invalid_request'],
    [{ source: 'csv', text: csv, survey: 'x', metric: 'nps', map: { score: 'NPS' } }, 400, 'invalid_request'],
    [
      { source: 'csv', text: csv, survey: 'x', metric: 'nps', map: { scor: 'score' } },
      400,
      'invalid_request',
    ],
    [{ source: 'excel', text: csv }, 400, 'invalid_request'],
    [{ source: 'csv', text: 'a,b\n"x,1\n', survey: 'x', metric: 'nps' }, 400, 'invalid_file'],
    [{ source: 'csv', text: 'x'.repeat(1_100_000), survey: 'x', metric: 'nps' }, 413, 'body_too_large'],
  ] as const
  for (const [body, status, code] of cases) {
    const refused = await bring(running, body)
    expect([refused.status, refused.body.code]).toEqual([status, code])
  }
  for (const [role, status] of [
    ['analyst', 200],
    ['agent', 403],
    ['viewer', 403],
  ] as const) {
    const made = await running.admin('/v1/tokens', {
      method: 'POST',
      body: JSON.stringify({ name: role, role }),
      headers: { 'content-type': 'application/json' },
    })
    const { token } = await made.json()
    const answer = await fetch(`${running.url}/v1/import`, {
      method: 'POST',
      body: JSON.stringify({
        source: 'csv',
        text: csv,
        survey: 'x',
        metric: 'nps',
        at: '2026-11-01',
        dryRun: true,
      }),
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    })
    expect(answer.status).toBe(status)
  }
})

it('says of a broken answer and of absurd nesting on which line they are, and takes the rest', async () => {
  const running = await start()
  await running.put(npsSurvey)
  const id = '018f4d6a-1c00-7000-8000-00000000000'
  const line = (number: number, answers: string): string =>
    `{"id":"${id}${number}","survey":"${npsSurvey.id}","version":${npsSurvey.version},"firstAt":"2026-01-05T10:00:00.000Z","visitor":"v-${number}","answers":${answers}}`
  const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`
  const answers = [
    '{"score":{"value":9,"revision":0}}',
    '{"score":null}',
    '{"score":[9]}',
    deep,
    `{"score":${deep}}`,
  ]
  const text = answers.map((each, index) => line(index + 1, each)).join('\n')
  const done = await bring(running, { source: 'ndjson', text, skipBad: true })
  expect(done).toMatchObject({
    status: 200,
    body: { responses: 1, bad: 4, errors: [2, 3, 4, 5].map((each) => ({ line: each })) },
  })
  expect(done.body.errors[0].message).toBe('its answer to "score" has no value')
  const foreign = await bring(running, { source: 'ndjson', text: deep, survey: npsSurvey.id, dryRun: true })
  expect(foreign).toMatchObject({ status: 200, body: { responses: 0, bad: 1 } })
})

it('takes life-cycle events, once by whichever way they come, and says which column is what', async () => {
  const running = await start()
  const post = async (events: object[]): Promise<void> => {
    const told = await running.admin('/v1/lifecycle', {
      method: 'POST',
      body: JSON.stringify({ events }),
      headers: { 'content-type': 'application/json' },
    })
    expect(told.status).toBe(200)
  }
  await post([{ id: 's1', name: 'subscription_started', at: '2026-09-01T00:00:00Z', person: 'c1' }])
  const text =
    'id;Event;Day;Customer\ns1;subscription_started;2026-09-01;c1\ns2;subscription_started;2026-09-02;c2\ns3;Gone;2026-11-05;c2\n'
  const file = { source: 'lifecycle', text, map: { at: 'Day', 'event.subscription_ended': 'gone' } }
  const tried = await bring(running, { ...file, map: {}, dryRun: true })
  expect(tried.body).toMatchObject({
    responses: 0,
    bad: 3,
    columns: ['id', 'Event', 'Day', 'Customer'],
    taken: { id: 'id', name: 'Event', person: 'Customer' },
  })
  const done = await bring(running, file)
  expect(done.body).toMatchObject({
    responses: 3,
    bad: 0,
    taken: { at: 'Day' },
    stored: { accepted: 2, duplicates: 1, refused: 0 },
  })
  const report = await running.read('/v1/reports/churn?from=2026-11-01&to=2026-11-10')
  expect(report.estimate).toMatchObject({ n: 2, value: 50 })
})

it('counts rows alike once each, also when they come in several parts', async () => {
  const running = await start()
  const file = { source: 'csv', survey: 'old', metric: 'nps' }
  const row = '9,2026-11-01\n'
  await bring(running, { ...file, text: `score,at\n${row}${row}` })
  await bring(running, { ...file, text: `score,at\n${row}3,2026-11-01\n`, alike: { 2: 2 } })
  expect((await running.read('/v1/reports/nps?survey=old&basis=all')).estimate.n).toBe(4)
})
