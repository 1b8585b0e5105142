import { expect, it } from 'vitest'
import { now, npsSurvey, answer, moment, start, uuid, type Running } from '../fixtures.ts'
import { isSignedBy, startSink } from '../outbound/outbound.fixtures.ts'

const post = (running: Running, path: string, body: object = {}, method = 'POST'): Promise<Response> =>
  running.admin(path, {
    method,
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  })

interface Made {
  id: string
  secret: string
}

async function make(running: Running, url: string, fields: object = {}): Promise<Made> {
  const response = await post(running, '/v1/webhooks', {
    name: 'hook',
    url,
    events: ['answer.given'],
    ...fields,
  })
  expect(response.status).toBe(201)
  return (await response.json()) as Made
}

it('an answer is at the webhook at once, signed, with its response', async () => {
  const sink = await startSink()
  const running = await start({ allowPrivateWebhooks: true })
  await running.put(npsSurvey)
  const { secret, id } = await make(running, `${sink.url}/hook`)
  await running.send([answer(1, 3, { person: 'ann' })])
  const [received] = await sink.wait(1)
  expect(received?.path).toBe('/hook')
  expect(received?.message).toMatchObject({
    type: 'answer.given',
    timestamp: moment(-60),
    data: {
      event: { id: uuid('event', 1), data: { value: 3 } },
      response: {
        id: uuid('response', 1),
        survey: 'nps-q4',
        person: 'ann',
        answers: { score: { value: 3 } },
      },
    },
  })
  expect(received && isSignedBy(received, secret)).toBe(true)
  expect(received && isSignedBy({ ...received, text: `${received.text} ` }, secret)).toBe(false)
  expect(received?.headers['webhook-timestamp']).toBe(String(now / 1000))
  expect(await running.read('/v1/webhooks')).toEqual({
    webhooks: [
      {
        id,
        name: 'hook',
        url: `${sink.url}/hook`,
        shape: 'json',
        events: ['answer.given'],
        surveys: null,
        secrets: 1,
        createdAt: moment(0),
      },
    ],
  })
})

it('a secret is shown once, and the one before is good for a day', async () => {
  const sink = await startSink()
  let time = now
  const running = await start({ allowPrivateWebhooks: true, clock: { now: () => time } })
  const { secret, id } = await make(running, sink.url, { events: [] })
  const changed = (await (await post(running, `/v1/webhooks/${id}/secret`)).json()) as Made & {
    secrets: number
  }
  expect([changed.secrets, changed.secret === secret]).toEqual([2, false])
  const test = async (count: number): Promise<boolean[]> => {
    expect((await post(running, `/v1/webhooks/${id}/test`)).status).toBe(202)
    const last = (await sink.wait(count))[count - 1]
    expect(last?.message.type).toBe('webhook.test')
    return [secret, changed.secret].map((each) => last !== undefined && isSignedBy(last, each))
  }
  expect(await test(1)).toEqual([true, true])
  time += 86_400_000
  expect(await test(2)).toEqual([false, true])
  expect(JSON.stringify(await running.read('/v1/webhooks'))).not.toContain('whsec_')
})

it('hears only of the surveys and events that it wants', async () => {
  const sink = await startSink()
  const running = await start({ allowPrivateWebhooks: true })
  await make(running, `${sink.url}/other`, { surveys: ['other'] })
  await make(running, `${sink.url}/completed`, { events: ['response.completed'], surveys: ['nps-q4'] })
  await running.send([
    answer(1),
    answer(2, 9, { response: uuid('response', 1), type: 'complete', data: {}, visitor: 'visitor-1' }),
  ])
  const [received] = await sink.wait(1)
  expect([received?.path, received?.message.type]).toEqual(['/completed', 'response.completed'])
  await expect
    .poll(async () => (await running.read('/v1/jobs')).jobs.map((each: { state: string }) => each.state))
    .toEqual(['done'])
  expect(sink.received).toHaveLength(1)
})

it('tells people in Slack and in Teams, and what was written is text there', async () => {
  const sink = await startSink()
  const running = await start({ allowPrivateWebhooks: true })
  await make(running, `${sink.url}/slack`, { shape: 'slack' })
  await make(running, `${sink.url}/teams`, { shape: 'teams' })
  const evil = '<!channel> & [x](y)'
  await running.send([
    answer(1, evil, { person: 'ann', data: { question: 'why', value: evil, revision: 0 } }),
  ])
  const received = await sink.wait(2)
  const of = (path: string): unknown => JSON.parse(received.find((each) => each.path === path)?.text ?? '')
  const lines = [`New answer to nps-q4 by ann`, `Why? ${evil}`]
  expect(of('/slack')).toEqual({
    text: 'New answer to nps-q4 by ann\nWhy? &lt;!channel&gt; &amp; [x](y)',
    blocks: [{ type: 'section', text: { type: 'plain_text', text: lines.join('\n'), emoji: false } }],
  })
  expect(of('/teams')).toMatchObject({
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        content: {
          type: 'AdaptiveCard',
          body: lines.map((text) => ({ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text }] })),
        },
      },
    ],
  })
})

it('a rule sends a detractor to a webhook, with its words in the language of the person', async () => {
  const sink = await startSink()
  const running = await start({ allowPrivateWebhooks: true })
  await running.put(npsSurvey)
  const { id } = await make(running, sink.url, { events: [] })
  const plan = {
    rules: [
      {
        id: 'call-back',
        after: { on: 'answer', survey: 'nps-q4', when: { question: 'score', bands: ['detractor'] } },
        delay: 0,
        expires: 1,
        do: { webhook: id, reaches: 'staff' },
        text: { en: 'Call back', de: 'Bitte anrufen' },
      },
    ],
    limits: [{ most: 1, days: 7 }],
  }
  expect((await post(running, '/v1/follow-ups', plan, 'PUT')).status).toBe(200)
  expect(await running.read('/v1/follow-ups')).toEqual(plan)
  await running.send([answer(1, 9), answer(2, 2, { context: { channel: 'web', locale: 'de-AT' } })])
  const [received] = await sink.wait(1)
  expect(received?.message.data.followUp).toEqual({
    id: `/call-back/${uuid('response', 2)}`,
    rule: 'call-back',
    cause: uuid('response', 2),
    step: 0,
    text: 'Bitte anrufen',
  })
  expect((await post(running, `/v1/webhooks/${id}`, {}, 'DELETE')).status).toBe(409)
  await post(running, '/v1/follow-ups', { rules: [] }, 'PUT')
  expect((await post(running, `/v1/webhooks/${id}`, {}, 'DELETE')).status).toBe(204)
  expect((await post(running, `/v1/webhooks/${id}`, {}, 'DELETE')).status).toBe(404)
  expect(sink.received).toHaveLength(1)
})

it('shows what failed, and sends it once more under the same id', async () => {
  const sink = await startSink()
  sink.answers.push({ status: 410 })
  const running = await start({ allowPrivateWebhooks: true })
  await make(running, sink.url)
  await running.send([answer(1)])
  await sink.wait(1)
  const dead = (): Promise<{ job: number }[]> =>
    running.read('/v1/jobs?state=dead').then((page: { jobs: { job: number }[] }) => page.jobs)
  await expect.poll(dead).toMatchObject([{ state: 'dead', tries: 1, reason: 'status 410', kind: 'delivery' }])
  const [{ job } = { job: 0 }] = await dead()
  expect((await post(running, `/v1/jobs/${job}/retry`)).status).toBe(202)
  const [first, second] = await sink.wait(2)
  expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id'])
  await expect.poll(async () => (await running.read('/v1/jobs?state=done')).jobs).toHaveLength(1)
  expect((await post(running, '/v1/jobs/999/retry')).status).toBe(404)
  for (const query of ['state=odd', 'limit=0', 'limit=201', 'cursor=x'])
    expect((await running.admin(`/v1/jobs?${query}`)).status).toBe(400)
})

it('shows what one brings, those of one webhook, and sends all that was given up once more', async () => {
  const [sink, other] = [await startSink(), await startSink()]
  sink.answers.push({ status: 410 }, { status: 410 })
  const running = await start({ allowPrivateWebhooks: true })
  const { id } = await make(running, sink.url)
  await make(running, other.url)
  await running.send([answer(1), answer(2)])
  await sink.wait(2)
  interface Listed {
    jobs: { job: number; webhook: string; type: string; response: string }[]
  }
  const list = (query: string): Promise<Listed> => running.read(`/v1/jobs?${query}`) as Promise<Listed>
  const here = `webhook=${id}`
  await expect.poll(async () => (await list(`state=dead&${here}`)).jobs.length).toBe(2)
  await expect.poll(async () => (await list('state=done')).jobs.length).toBe(2)
  expect((await list(`state=done&${here}`)).jobs).toEqual([])
  const [dead] = (await list(here)).jobs
  expect(dead).toMatchObject({ webhook: id, type: 'answer.given' })
  const one = await running.read(`/v1/jobs/${dead?.job}`)
  const sent = sink.received.find((each) => each.headers['webhook-id'] === one.message.id)
  expect(one).toMatchObject({ ...dead, message: { body: sent?.message } })
  expect((await running.admin('/v1/jobs/999')).status).toBe(404)
  expect((await post(running, '/v1/jobs/retry', { state: 'done' })).status).toBe(400)
  const again = async (body: object): Promise<unknown> =>
    (await post(running, '/v1/jobs/retry', { state: 'dead', ...body })).json()
  expect(await again({ webhook: 'wh_other' })).toEqual({ retried: 0, isComplete: true })
  expect(await again({ webhook: id })).toEqual({ retried: 2, isComplete: true })
  const ids = (await sink.wait(4)).map((each) => each.headers['webhook-id'])
  expect(new Set(ids.slice(2))).toEqual(new Set(ids.slice(0, 2)))
})

it('refuses addresses that are not public, rules without a webhook, and what has no sense', async () => {
  const running = await start()
  for (const url of [
    'http://example.com/',
    'https://169.254.169.254/',
    'https://[::1]/',
    'https://localhost/',
    'x',
  ])
    expect(await (await post(running, '/v1/webhooks', { name: 'hook', url })).json()).toMatchObject({
      status: 400,
      code: 'address_refused',
    })
  const rule = {
    id: 'a',
    after: { on: 'silence', survey: 'nps-q4' },
    delay: 0,
    expires: 1,
    do: { webhook: 'wh_none', reaches: 'staff' },
  }
  const codeOf = async (plan: object): Promise<unknown> =>
    ((await (await post(running, '/v1/follow-ups', plan, 'PUT')).json()) as { code: string }).code
  expect(await codeOf({ rules: [rule] })).toBe('unknown_webhook')
  expect(await codeOf({ rules: [rule, rule] })).toBe('invalid_request')
  expect(await codeOf({ rules: [], zone: 'Mars/Base' })).toBe('invalid_request')
  expect(await codeOf({ rules: [], quiet: { from: '25:00', to: '08:00' } })).toBe('invalid_request')
  for (const path of ['/v1/webhooks/wh_none/secret', '/v1/webhooks/wh_none/test'])
    expect((await post(running, path)).status).toBe(404)
})

it('a plan that somebody has changed since it was read is not replaced', async () => {
  const running = await start()
  const path = '/v1/follow-ups'
  const put = (zone: string, match?: string): Promise<Response> =>
    running.admin(path, {
      method: 'PUT',
      body: JSON.stringify({ rules: [], zone }),
      headers: { 'content-type': 'application/json', ...(match !== undefined && { 'if-match': match }) },
    })
  const none = await running.admin(path)
  const [empty, read] = [none.headers.get('etag') ?? '', await none.json()]
  expect([read, /^"[\w-]{22}"$/.test(empty)]).toEqual([{ rules: [] }, true])
  expect((await running.admin(path, { headers: { 'if-none-match': empty } })).status).toBe(304)
  const first = await put('Europe/Rome', empty)
  const rome = first.headers.get('etag') ?? ''
  expect([first.status, rome]).toEqual([200, (await running.admin(path)).headers.get('etag')])
  const late = await put('Europe/Oslo', empty)
  expect([late.status, await late.json()]).toMatchObject([
    412,
    { code: 'plan_changed', title: 'Precondition failed' },
  ])
  expect(await running.read(path)).toMatchObject({ zone: 'Europe/Rome' })
  // As proxies that compress hand it on, among others, and of any version.
  const tags = [`W/${rome}`, `${rome.slice(0, -1)}-gzip"`, `"other", ${rome}`, '*', rome, undefined]
  for (const tag of tags) expect((await put('Europe/Rome', tag)).status).toBe(200)
  // Of two at once one has read what is not any more.
  const both = await Promise.all([put('Asia/Tokyo', rome), put('Asia/Seoul', rome)])
  expect(both.map((each) => each.status).toSorted((a, b) => a - b)).toEqual([200, 412])
})

it('one that hangs holds up no other', async () => {
  const [slow, quick] = [await startSink(), await startSink()]
  slow.answers.push(...Array.from({ length: 20 }, () => null))
  const running = await start({ allowPrivateWebhooks: true })
  await make(running, slow.url)
  await make(running, quick.url)
  await running.send(Array.from({ length: 20 }, (_, index) => answer(index + 1)))
  const received = await quick.wait(20)
  expect(new Set(received.map((each) => each.headers['webhook-id'])).size).toBe(20)
  expect(slow.received.length).toBeLessThan(20)
})
