import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { join } from 'node:path'
import type { Survey } from '@earshot/contract'
import { configSchema, surveySchema, type SurveyFlaw } from '@earshot/contract/schema'
import { describe, expect, it } from 'vitest'
import {
  answer,
  keys,
  moment,
  now,
  npsQuestion,
  npsSurvey,
  start,
  temporaryDirectory,
  uuid,
} from '../fixtures.ts'

const code = async (response: Response): Promise<[number, string]> => [
  response.status,
  ((await response.json()) as { code: string }).code,
]

const protectedPaths = [
  '/v1/surveys',
  '/v1/surveys/nps-q4',
  '/v1/responses',
  `/v1/responses/${uuid('response', 1)}`,
  '/v1/reports/nps?survey=nps-q4',
  '/v1/reports/csat',
  '/v1/reports/ces',
  '/v1/reports/response',
  '/v1/reports/enps',
  '/v1/settings',
  '/v1/stats',
  '/v1/export',
]

describe('a name with signs that not every database holds', () => {
  it.each(['%00', 'a%00b', '%5C0'])('%s is one that is not known, and no failure', async (name) => {
    const { admin, put, send } = await start()
    await put(npsSurvey)
    await send([answer(1)])
    const ask = async (path: string, method = 'GET'): Promise<[number, string]> => [
      (await admin(path, { method })).status,
      `${method} ${path}`,
    ]
    for (const path of [
      `/v1/reports/nps?survey=nps-q4&basis=all&variant=${name}`,
      `/v1/reports/response?survey=nps-q4&from=2026-11-01&to=2026-11-20&variant=${name}`,
      `/v1/reports/nps?survey=nps-q4&where=channel:${name}`,
      `/v1/responses?variant=${name}`,
      `/v1/responses?q=abc${name}def`,
    ])
      expect(await ask(path)).toEqual([200, `GET ${path}`])
    for (const path of [`/v1/surveys/${name}?version=1`, `/v1/webhooks/${name}`])
      expect(await ask(path, 'DELETE')).toEqual([404, `DELETE ${path}`])
  })
})

describe('admin routes', () => {
  it.each(protectedPaths)('refuse %s without the token', async (path) => {
    const { url } = await start()
    const ask = (authorization?: string): Promise<Response> =>
      fetch(url + path, authorization === undefined ? {} : { headers: { authorization } })
    for (const wrong of [
      undefined,
      'Bearer sk_wrong',
      'Bearer',
      keys.adminToken,
      `Basic ${keys.adminToken}`,
      `Bearer ${keys.adminToken}x`,
    ]) {
      const response = await ask(wrong)
      expect(response.headers.get('www-authenticate')).toBe('Bearer realm="earshot"')
      expect(response.headers.get('cache-control')).toBe('no-store')
      expect(await code(response)).toEqual([401, 'not_authenticated'])
    }
    expect(await code(await ask(`Bearer ${keys.writeKey}`))).toEqual([403, 'write_key_cannot_read'])
  })

  it('refuse to put a survey without the token', async () => {
    const { url, read } = await start()
    const put = {
      method: 'PUT',
      body: JSON.stringify(npsSurvey),
      headers: { 'content-type': 'application/json' },
    }
    expect((await fetch(`${url}/v1/surveys/nps-q4`, put)).status).toBe(401)
    expect((await read('/v1/surveys')).surveys).toEqual([])
  })

  it('are never cached or sniffed', async () => {
    const { admin, put } = await start()
    await put(npsSurvey)
    for (const path of [
      '/v1/surveys',
      '/v1/stats',
      '/v1/export',
      '/v1/reports/nps?survey=nps-q4',
      '/v1/responses',
    ]) {
      const { status, headers } = await admin(path)
      expect([path, status, headers.get('cache-control'), headers.get('x-content-type-options')]).toEqual([
        path,
        200,
        'no-store',
        'nosniff',
      ])
    }
  })
})

describe('GET /v1/config', () => {
  it('serves the latest version of each served survey, and nothing inline', async () => {
    const { url, put, send } = await start()
    await send([answer(1, 9, { survey: 'inline' })], { surveys: [{ ...npsSurvey, id: 'inline' }] })
    await put(npsSurvey)
    const second = { ...npsSurvey, version: 2, locale: 'de' }
    await put(second)
    const basic = { ...npsSurvey, id: 'basic', questions: npsSurvey.questions.slice(0, 1) }
    await put(basic)
    const response = await fetch(`${url}/v1/config?key=pk_test`)
    expect(response.headers.get('cache-control')).toBe('public, max-age=60')
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    expect(configSchema.parse(await response.json())).toEqual({
      version: 1,
      surveys: [basic, second],
      plain: ['basic'],
    })
  })

  it('answers 304 to the tag it gave, until something changes', async () => {
    const { url, put } = await start()
    await put(npsSurvey)
    const ask = (tag?: string): Promise<Response> =>
      fetch(`${url}/v1/config?key=pk_test`, tag === undefined ? {} : { headers: { 'if-none-match': tag } })
    const etag = (await ask()).headers.get('etag') ?? ''
    expect(etag).toMatch(/^"[\w-]{22}"$/)
    for (const tag of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const response = await ask(tag)
      expect([response.status, response.headers.get('etag'), await response.text()]).toEqual([304, etag, ''])
      expect(response.headers.get('cache-control')).toBe('public, max-age=60')
    }
    expect((await ask('"other"')).status).toBe(200)
    await put({ ...npsSurvey, version: 2 })
    expect((await ask(etag)).status).toBe(200)
  })

  it('refuses another key', async () => {
    const { url } = await start()
    for (const query of ['', '?key=', '?key=pk_other', `?key=${keys.adminToken}`])
      expect(await code(await fetch(`${url}/v1/config${query}`))).toEqual([401, 'unknown_key'])
  })
})

describe('PUT /v1/surveys/{id}', () => {
  it('takes version after version, and the same content again', async () => {
    const { put, read } = await start()
    const second = { ...npsSurvey, version: 2, locale: 'fr' }
    expect((await put(npsSurvey)).status).toBe(201)
    expect((await put(npsSurvey)).status).toBe(200)
    expect((await put(second)).status).toBe(201)
    expect(await read('/v1/surveys')).toEqual({
      surveys: [{ id: 'nps-q4', version: 2, source: 'served', metrics: ['nps'], survey: second }],
    })
    const one = await read('/v1/surveys/nps-q4')
    expect(one.versions).toEqual([
      { survey: npsSurvey, source: 'served' },
      { survey: second, source: 'served' },
    ])
  })

  it('refuses a version out of order, and changes of a version', async () => {
    const { put } = await start()
    expect(await code(await put({ ...npsSurvey, version: 2 }))).toEqual([409, 'version_conflict'])
    await put(npsSurvey)
    expect(await code(await put({ ...npsSurvey, locale: 'de' }))).toEqual([409, 'version_conflict'])
    expect(await code(await put({ ...npsSurvey, version: 3 }))).toEqual([409, 'version_conflict'])
  })

  it('is not hindered by what came inline, whatever its version', async () => {
    const { put, send, read } = await start()
    const version = 1_000_000
    const questions = [{ ...npsQuestion, positive: [10], negative: [0] }]
    await send([answer(1, 9, { surveyVersion: version })], {
      surveys: [{ ...npsSurvey, version, questions }],
    })
    expect((await put(npsSurvey)).status).toBe(201)
    expect((await put({ ...npsSurvey, version: 2 })).status).toBe(201)
    const standing = await read('/v1/surveys/nps-q4')
    expect([standing.version, standing.source]).toEqual([2, 'served'])
    expect((await read('/v1/reports/nps?survey=nps-q4')).scale.positive).toEqual([9, 10])
    expect((await put({ ...npsSurvey, version: 1_000_001 })).status).toBe(400)
  })

  it('takes over an inline version that measures the same, in its own words', async () => {
    const { put, send, read } = await start()
    const reworded = {
      ...npsSurvey,
      questions: [{ ...npsQuestion, title: 'DEFACED' }, npsSurvey.questions[1]!],
    }
    await send([answer(1)], { surveys: [reworded] })
    expect((await put(npsSurvey)).status).toBe(201)
    await send([answer(2)], { surveys: [reworded] })
    expect((await read('/v1/surveys/nps-q4')).versions).toEqual([{ survey: npsSurvey, source: 'served' }])
  })

  it('goes round inline versions that measure something else', async () => {
    const { put, send, read } = await start()
    const other = { ...npsSurvey, questions: [{ ...npsQuestion, positive: [10], negative: [0] }] }
    await send([answer(1), answer(2, 9, { surveyVersion: 2 })], {
      surveys: [other, { ...other, version: 2 }],
    })
    const refused = await put(npsSurvey)
    expect(refused.status).toBe(409)
    expect(((await refused.json()) as { detail: string }).detail).toMatch(
      /answers are filed under it; use another version: 3\./,
    )
    expect((await put({ ...npsSurvey, version: 3 })).status).toBe(201)
    expect(await code(await put({ ...npsSurvey, version: 5 }))).toEqual([409, 'version_conflict'])
    expect((await put({ ...npsSurvey, version: 4 })).status).toBe(201)
    const report = await read('/v1/reports/nps?survey=nps-q4')
    expect([report.versions, report.scale.positive]).toEqual([
      [3, 4],
      [9, 10],
    ])
  })

  it('lists every mistake at once: where, what was found, what is allowed, and what may be meant', async () => {
    const { put, read } = await start()
    const response = await put({
      ...npsSurvey,
      locale: 5,
      questions: [
        { ...npsQuestion, max: 11 },
        { kind: 'stars', id: 'why', title: 'Why?' },
      ],
      thanks: {},
      targetting: {},
    })
    expect(response.status).toBe(400)
    const body = (await response.json()) as Record<'errors' | 'warnings', SurveyFlaw[]> & { detail: string }
    expect(body).toMatchObject({ code: 'invalid_survey' })
    expect(body.detail).toContain(`The survey has ${body.errors.length} mistakes: locale `)
    const errorAt = (path: string): SurveyFlaw | undefined => body.errors.find((each) => each.path === path)
    for (const path of ['locale', 'questions.0.max', 'questions.1.kind', 'thanks.title'])
      expect([path, errorAt(path)?.severity]).toEqual([path, 'error'])
    expect(errorAt('questions.1.kind')).toMatchObject({
      found: '"stars"',
      allowed: expect.stringContaining('"scale"'),
      message: expect.stringContaining('"stars"'),
    })
    expect(body.warnings).toMatchObject([{ path: 'targetting', nearest: 'targeting' }])
    expect((await read('/v1/surveys')).surveys).toEqual([])
  })

  it('takes what is only doubtful, and says so; else the answer is the survey alone', async () => {
    const { put, read } = await start()
    const doubtful = { ...npsSurvey, questions: [{ ...npsQuestion, positive: [10] }] }
    const response = await put(doubtful)
    expect(response.status).toBe(201)
    expect(await response.json()).toEqual({
      ...doubtful,
      warnings: [expect.objectContaining({ path: 'questions.0.positive', severity: 'warning' })],
    })
    expect((await read('/v1/surveys/nps-q4')).survey).toEqual(doubtful)
    expect(await (await put({ ...npsSurvey, version: 2 })).json()).toEqual({ ...npsSurvey, version: 2 })
    const both = { ...doubtful, version: 3, thanks: {} }
    expect(await (await put(both)).json()).toMatchObject({
      errors: [{ path: 'thanks.title' }],
      warnings: [{ path: 'questions.0.positive' }],
    })
  })

  it('refuses an id that is not the one in the address, and bodies that are no JSON', async () => {
    const { put, admin } = await start()
    expect(await code(await put(npsSurvey, 'other'))).toEqual([400, 'invalid_survey'])
    const raw = (body: string, type = 'application/json'): Promise<Response> =>
      admin('/v1/surveys/nps-q4', { method: 'PUT', body, headers: { 'content-type': type } })
    expect(await code(await raw('{'))).toEqual([400, 'invalid_json'])
    expect(await code(await raw('[]'))).toEqual([400, 'invalid_survey'])
    expect(await code(await raw('{}', 'text/plain'))).toEqual([415, 'unsupported_type'])
    expect(await code(await admin('/v1/surveys/nothing'))).toEqual([404, 'unknown_survey'])
  })

  it('makes an inline survey a served one', async () => {
    const { put, send, read } = await start()
    await send([answer(1)])
    expect((await read('/v1/surveys')).surveys[0].source).toBe('inline')
    expect((await put(npsSurvey)).status).toBe(201)
    expect((await read('/v1/surveys')).surveys[0].source).toBe('served')
  })
})

describe('DELETE /v1/surveys/{id}', () => {
  it('removes what came inline and is not used', async () => {
    const { admin, put, send, read, url } = await start()
    const drop = (path: string): Promise<Response> => admin(`/v1/surveys/${path}`, { method: 'DELETE' })
    await put(npsSurvey)
    // The second event belongs to the response of the first, so no response is filed under its survey.
    await send(
      [answer(1, 9, { survey: 'used' }), answer(2, 9, { survey: 'idle', response: uuid('response', 1) })],
      {
        surveys: ['used', 'idle'].map((id) => ({ ...npsSurvey, id })),
      },
    )
    expect(await code(await drop('idle'))).toEqual([400, 'version_missing'])
    expect(await code(await drop('idle?version=0'))).toEqual([400, 'invalid_query'])
    expect(await code(await drop('idle?version=2'))).toEqual([404, 'unknown_survey'])
    expect(await code(await drop('nps-q4?version=1'))).toEqual([409, 'survey_served'])
    expect(await code(await drop('used?version=1'))).toEqual([409, 'survey_used'])
    expect((await fetch(`${url}/v1/surveys/idle?version=1`, { method: 'DELETE' })).status).toBe(401)
    expect((await drop('idle?version=1')).status).toBe(204)
    const ids = (await read('/v1/surveys')).surveys.map((each: { id: string }) => each.id)
    expect(ids).toEqual(['nps-q4', 'used'])
  })
})

describe('GET /v1/responses', () => {
  it('pages from the newest arrival to the oldest', async () => {
    const { send, read } = await start()
    await send(Array.from({ length: 7 }, (_, index) => answer(index + 1)))
    const seen: string[] = []
    let cursor = ''
    do {
      const page = await read(`/v1/responses?limit=3${cursor && `&cursor=${cursor}`}`)
      seen.push(...page.responses.map((each: { id: string }) => each.id))
      cursor = page.next
      // What arrives meanwhile moves nothing.
      await send([answer(100 + seen.length)])
    } while (cursor)
    expect(seen).toEqual([7, 6, 5, 4, 3, 2, 1].map((each) => uuid('response', each)))
  })

  it('filters by survey, status and day', async () => {
    const { send, read } = await start()
    const at = (day: string): object => ({ at: `2026-11-${day}T10:00:00Z` })
    await send([
      answer(1, 9, at('18')),
      answer(2, 9, at('19')),
      answer(3, 9, { ...at('20'), type: 'dismiss', data: { reason: 'close' } }),
    ])
    const ids = async (query: string): Promise<string[]> =>
      (await read(`/v1/responses?survey=nps-q4${query}`)).responses
        .map((each: { visitor: string }) => each.visitor)
        .toSorted()
    expect(await ids('')).toEqual(['visitor-1', 'visitor-2', 'visitor-3'])
    expect(await ids('&status=dismissed')).toEqual(['visitor-3'])
    expect(await ids('&from=2026-11-19')).toEqual(['visitor-2', 'visitor-3'])
    expect(await ids('&to=2026-11-19')).toEqual(['visitor-1', 'visitor-2'])
    expect(await ids('&from=2026-11-19&to=2026-11-19')).toEqual(['visitor-2'])
  })

  it('gives one response with its events', async () => {
    const { send, read, admin } = await start()
    await send([
      answer(1, 3),
      answer(2, 8, {
        response: uuid('response', 1),
        visitor: 'visitor-1',
        data: { question: 'score', value: 8, revision: 1 },
      }),
    ])
    const { response, events } = await read(`/v1/responses/${uuid('response', 1)}`)
    expect(response.answers).toEqual({ score: { value: 8, revision: 1, at: moment(-60) } })
    expect(events).toHaveLength(2)
    expect(events[0]).toEqual({
      event: answer(1, 3),
      country: null,
      receivedAt: moment(0),
      occurredAt: moment(-60),
    })
    expect(await code(await admin(`/v1/responses/${uuid('response', 9)}`))).toEqual([404, 'unknown_response'])
    expect(await code(await admin('/v1/responses/nonsense'))).toEqual([404, 'unknown_response'])
  })

  it('counts the events that a response leaves out, here and in the report', async () => {
    const { send, read } = await start()
    const same = { response: uuid('response', 1) }
    await send([answer(1, 3, { at: moment(-90) }), answer(2, 8, same), answer(3, 8)])
    const notes = async (): Promise<string[]> => (await read('/v1/reports/nps?survey=nps-q4')).notes
    expect((await read(`/v1/responses/${uuid('response', 1)}`)).ignored).toBe(1)
    expect((await read(`/v1/responses/${uuid('response', 3)}`)).ignored).toBe(0)
    expect(await notes()).toEqual([expect.stringMatching(/^1 event is stored and not counted/)])
    await send([answer(4, 8, same)])
    expect(await notes()).toEqual([expect.stringMatching(/^2 events are stored and not counted/)])
  })

  it.each([
    ['limit=0', /whole number from 1 to 200/],
    ['limit=201', /whole number/],
    ['limit=1e2', /whole number/],
    ['cursor=abc', /"next"/],
    ['status=done', /shown, partial, completed or dismissed/],
    ['from=yesterday', /a day like 2026-11-21/],
    ['to=2026-02-30', /a day like/],
    ['from=2026-11-21&to=2026-11-20', /"from" must be before "to"/],
    ['form=2026-11-21', /did you mean "from"\?/],
    ['survey=a&survey=b', /given twice/],
    ['__proto__=1', /not known here/],
    ["survey='OR 1=1--", /No survey has the id/],
    ['survey=nps-q5', /Did you mean "nps-q4"\?/],
  ])('refuses the query %s', async (query, detail) => {
    const { admin, put } = await start()
    await put(npsSurvey)
    const response = await admin(`/v1/responses?${query}`)
    expect(response.status).toBe(query.startsWith('survey=') && !query.includes('&') ? 404 : 400)
    expect(((await response.json()) as { detail: string }).detail).toMatch(detail)
  })
})

describe('GET /v1/export', () => {
  const comment = (value: string): object => ({ question: 'why', value, revision: 0 })

  it('writes CSV with a header, one row per response, and nothing that a spreadsheet runs', async () => {
    const { send, admin } = await start()
    await send([
      answer(1, 9, { person: '=cmd|calc', context: { channel: 'web', url: 'https://shop.example/a,b' } }),
      answer(2, 0, {
        response: uuid('response', 1),
        visitor: 'visitor-1',
        person: '=cmd|calc',
        data: comment('＝1+1 "x"'),
      }),
      answer(3, 0, { data: comment('-5') }),
    ])
    const response = await admin('/v1/export?format=csv')
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present')
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="earshot-2026-11-21.csv"')
    expect(await response.text()).toBe(
      [
        'id,survey,version,status,visitor,person,session,channel,touchpoint,stage,locale,url,displayedAt,completedAt,dismissedAt,dismissReason,firstAt,lastAt,variant,trigger,followUp,layout,wording,overQuota,answers.score,answers.why,at.score,at.why',
        `${uuid('response', 1)},nps-q4,1,partial,visitor-1,'=cmd|calc,session,web,,,,"https://shop.example/a,b",,,,,${moment(-60)},${moment(-60)},,,,,,false,9,"'＝1+1 ""x""",${moment(-60)},${moment(-60)}`,
        `${uuid('response', 3)},nps-q4,1,partial,visitor-3,,session,web,,,,,,,,,${moment(-60)},${moment(-60)},,,,,,false,,'-5,,${moment(-60)}`,
        '',
      ].join('\r\n'),
    )
  })

  it('has columns for choices, yes and no, hidden values, and what was written beside "other"', async () => {
    const { send, admin, read } = await start()
    const survey: Survey = {
      ...npsSurvey,
      hidden: ['order', 'plan'],
      questions: [
        npsQuestion,
        {
          kind: 'choice',
          id: 'who',
          title: '?',
          multiple: true,
          other: 'Who?',
          options: ['a', '-b'].map((id) => ({ id, label: id })),
        },
        { kind: 'yesno', id: 'solved', title: '?', yes: 'Yes', no: 'No' },
        { kind: 'statement', id: 'read', title: '!' },
      ],
    }
    const one = { response: uuid('response', 1), visitor: 'v', variant: 'b' }
    const display = {
      trigger: 'exit',
      followUp: '=f',
      hidden: { order: '=1+1', plan: null },
      layout: 'top-end',
      wording: 'de@1',
    }
    const choice = { question: 'who', value: ['-b', 'other'], other: '@x', order: ['-b', 'a'], revision: 0 }
    const receipt = await send(
      [
        answer(1, 0, { ...one, type: 'display', data: display }),
        answer(2, 0, { ...one, data: choice }),
        answer(3, 0, { ...one, data: { question: 'solved', value: false, revision: 0 } }),
      ],
      { surveys: [survey] },
    )
    expect(receipt.rejected).toEqual([])
    const [head, line] = (await (await admin('/v1/export')).text()).split('\r\n')
    expect(head?.split(',').slice(18)).toEqual([
      'variant',
      'trigger',
      'followUp',
      'layout',
      'wording',
      'overQuota',
      'hidden.order',
      'hidden.plan',
      'answers.score',
      'answers.who',
      'answers.solved',
      'other.who',
      'at.score',
      'at.who',
      'at.solved',
    ])
    expect(line?.split(',').slice(18).join()).toBe(
      `b,exit,'=f,top-end,de@1,false,'=1+1,,,'-b|other,false,'@x,,${moment(-60)},${moment(-60)}`,
    )
    const [stored] = (await read('/v1/responses?variant=b')).responses
    expect(stored).toMatchObject({ ...display, variant: 'b' })
    const { question: _, ...stands } = choice
    expect(stored.answers.who).toEqual({ ...stands, at: moment(-60) })
    expect((await read('/v1/responses?variant=a')).responses).toEqual([])
    expect((await (await admin('/v1/export?variant=a')).text()).split('\r\n')).toHaveLength(2)
  })

  it('writes NDJSON as the responses are stored', async () => {
    const { send, admin, read } = await start()
    await send([answer(1, 9), answer(2, 0, { data: comment('=1') })])
    const response = await admin('/v1/export?format=ndjson')
    expect(response.headers.get('content-type')).toBe('application/x-ndjson')
    const lines = (await response.text())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines).toEqual((await read('/v1/responses')).responses.toReversed())
    expect(lines[1].answers.why.value).toBe('=1')
  })

  it('has only a header when there is nothing, and filters', async () => {
    const { send, admin, put } = await start()
    await put(npsSurvey)
    const lines = async (query: string): Promise<number> =>
      (await (await admin(`/v1/export?${query}`)).text()).split('\r\n').length - 1
    expect(await lines('')).toBe(1)
    await send([answer(1), answer(2, 9, { survey: 'other' })], { surveys: [{ ...npsSurvey, id: 'other' }] })
    expect(await lines('')).toBe(3)
    expect(await lines('survey=other')).toBe(2)
    expect(await lines('from=2026-11-22')).toBe(1)
    expect((await admin('/v1/export?format=xml')).status).toBe(400)
    expect((await admin('/v1/export?survey=nothing')).status).toBe(404)
  })

  it('streams many responses in batches, while answers go on arriving', async () => {
    const { send, url, token } = await start({ data: temporaryDirectory() })
    const batch = (from: number): Promise<unknown> =>
      send(
        Array.from({ length: 500 }, (_, index) => answer(from + index, 0, { data: comment('x'.repeat(20)) })),
      )
    for (let from = 0; from < 3000; from += 500) await batch(from)
    const request = get(`${url}/v1/export?format=ndjson`, { headers: { authorization: `Bearer ${token}` } })
    const [response] = await once(request, 'response')
    expect(response.headers['content-length']).toBeUndefined()
    response.setEncoding('utf8')
    // Nothing that comes between the first piece and the others is missed by an iterator.
    const pieces = response[Symbol.asyncIterator]()
    let text = String((await pieces.next()).value)
    // A write while the export is open: it is neither blocked nor does it break the export.
    await batch(3000)
    for (let next = await pieces.next(); !next.done; next = await pieces.next()) text += next.value
    const ids = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.length).toBeGreaterThanOrEqual(3000)
    expect(ids.slice(0, 3000)).toEqual(Array.from({ length: 3000 }, (_, index) => uuid('response', index)))
  })
})

describe('the browser files', () => {
  const types = ['stars', 'faces', 'thumbs', 'yesno', 'choice', 'text', 'statement', 'link']
  const names = ['outbox', 'card', 'rules', 'kinds', 'theme', ...types.map((type) => `kind-${type}`)]
  function files(version = '0.1.0'): string {
    const directory = temporaryDirectory()
    writeFileSync(join(directory, 'earshot.js'), 'loader()')
    for (const name of names) writeFileSync(join(directory, `${name}.js`), `${name}()`)
    writeFileSync(join(directory, 'version.json'), JSON.stringify({ version }))
    writeFileSync(join(directory, 'secret.txt'), 'secret')
    return directory
  }

  it('are served to any page, the loader for a short time', async () => {
    const { url } = await start({ browserFiles: files(), origins: ['https://shop.example'] })
    const response = await fetch(`${url}/earshot.js`, { headers: { origin: 'https://cdn.example' } })
    expect(await response.text()).toBe('loader()')
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=300',
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'x-content-type-options': 'nosniff',
    })
    const again = await fetch(`${url}/earshot.js`, {
      headers: { 'if-none-match': response.headers.get('etag') ?? '' },
    })
    expect(again.status).toBe(304)
    expect((await fetch(`${url}/earshot.js`, { method: 'HEAD' })).headers.get('etag')).toBe(
      response.headers.get('etag'),
    )
  })

  it.each(names)('let a cached loader of another version go on working: %s.js', async (name) => {
    const { url } = await start({ browserFiles: files() })
    const current = await fetch(`${url}/sdk/0.1.0/${name}.js`)
    expect([await current.text(), current.headers.get('cache-control')]).toEqual([
      `${name}()`,
      'public, max-age=31536000, immutable',
    ])
    for (const version of ['0.0.9', '9.9.9', 'undefined', '..%2f..']) {
      const other = await fetch(`${url}/sdk/${version}/${name}.js`)
      expect([await other.text(), other.headers.get('cache-control')]).toEqual([`${name}()`, 'no-cache'])
    }
  })

  it('are never immutable when their version is not known', async () => {
    const directory = temporaryDirectory()
    writeFileSync(join(directory, 'card.js'), 'card()')
    const { url } = await start({ browserFiles: directory })
    expect((await fetch(`${url}/sdk/undefined/card.js`)).headers.get('cache-control')).toBe('no-cache')
    writeFileSync(join(directory, 'version.json'), '{')
    expect((await fetch(`${url}/sdk/0.1.0/card.js`)).headers.get('cache-control')).toBe('no-cache')
  })

  it('are the only ones', async () => {
    const { url } = await start({ browserFiles: files() })
    for (const path of [
      '/secret.txt',
      '/sdk/0.1.0/secret.txt',
      '/sdk/../secret.txt',
      '/sdk/%2e%2e%2fsecret.txt/card.js/x',
      '/earshot.js/',
      '/sdk//card.js',
      '/version.json',
    ])
      expect((await fetch(url + path)).status).toBe(404)
    expect(await (await fetch(`${url}/sdk/..%2fsecret.txt%00/card.js`)).text()).toBe('card()')
  })

  it('are missed with a hint', async () => {
    const directory = join(temporaryDirectory(), 'not', 'there')
    for (const options of [{}, { browserFiles: directory }]) {
      const { url } = await start(options)
      for (const path of ['/earshot.js', '/sdk/0.1.0/card.js', '/sdk/0.1.0/rules.js']) {
        const response = await fetch(url + path)
        expect(response.status).toBe(404)
        expect(await response.json()).toMatchObject({
          code: 'browser_files_missing',
          detail: expect.stringContaining('Build the SDK'),
        })
      }
    }
  })

  it('break into a 500 with an id when the disk does, and the stack goes to the log alone', async () => {
    const directory = temporaryDirectory()
    mkdirSync(join(directory, 'earshot.js'))
    const logged: [string, unknown, unknown][] = []
    const { url } = await start({
      browserFiles: directory,
      log: { info: () => undefined, error: (...each) => void logged.push([each[0], each[1], each[2]]) },
    })
    const response = await fetch(`${url}/earshot.js`)
    const body = await response.text()
    expect(response.status).toBe(500)
    const id = /"([0-9a-f]{12})\\?"/.exec(body)?.[1]
    expect(logged).toEqual([['unexpected error', expect.any(Error), { id }]])
    expect(body).not.toMatch(/EISDIR|at /)
  })
})

it('GET /healthz says ok, and HEAD the same without a body', async () => {
  const { url } = await start()
  const response = await fetch(`${url}/healthz`)
  expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }])
  const head = await fetch(`${url}/healthz`, { method: 'HEAD' })
  expect([head.status, await head.text()]).toEqual([200, ''])
})

it('the fixtures are what the contract knows', () => {
  expect(surveySchema.parse(npsSurvey)).toEqual(npsSurvey)
  expect(now).toBe(Date.parse(moment(0)))
})
