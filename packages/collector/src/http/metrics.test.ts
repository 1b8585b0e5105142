import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { answer, keys, moment, npsSurvey, start, temporaryDirectory, uuid } from '../fixtures.ts'

const metricsToken = 'mt_0123456789abcdefghij'
const bearing = (token: string): RequestInit => ({ headers: { authorization: `Bearer ${token}` } })

/** By name and labels. Fails on a line that is not in the text format. */
function parse(text: string): Map<string, number> {
  const found = new Map<string, number>()
  const types = new Set<string>()
  expect(text.endsWith('\n')).toBe(true)
  for (const line of text.trimEnd().split('\n')) {
    if (line === '') continue
    const type = /^# TYPE ([a-zA-Z_:][\w:]*) (counter|gauge|histogram|summary)$/.exec(line)
    if (type) types.add(type[1] ?? '')
    if (line.startsWith('#')) {
      expect(line).toMatch(/^# (HELP|TYPE) /)
      continue
    }
    const sample = /^([a-zA-Z_:][\w:]*)(\{(?:\w+="(?:[^"\\\n]|\\.)*",?)*\})? (\S+)$/.exec(line)
    expect(sample, line).not.toBeNull()
    const [, name = '', labels = '', value] = sample ?? []
    expect(types.has(name) || types.has(name.replace(/_(bucket|sum|count)$/, '')), name).toBe(true)
    found.set(name + labels, Number(value))
  }
  return found
}

describe('GET /metrics', () => {
  it('is opened by the metrics token and the admin token, and by nothing else', async () => {
    const { url, token } = await start({ metricsToken })
    for (const each of [metricsToken, token])
      expect((await fetch(`${url}/metrics`, bearing(each))).status).toBe(200)
    for (const each of ['mt_wrong-wrong-wrong', keys.writeKey, 'sk_wrong-wrong-wrong-wrong'])
      expect((await fetch(`${url}/metrics`, bearing(each))).status).toBe(401)
    expect((await fetch(`${url}/metrics`)).status).toBe(401)
    // It opens the metrics and no answers.
    expect((await fetch(`${url}/v1/responses`, bearing(metricsToken))).status).toBe(401)
    await expect(start({ metricsToken: 'mt_short' })).rejects.toThrow(/EARSHOT_METRICS_TOKEN/)
  })

  it('counts events, writes and requests in the text format of Prometheus', async () => {
    const data = temporaryDirectory()
    const { url, send, read } = await start({ data, metricsToken })
    await send([answer(1), answer(2), answer(3, 99), answer(4, 9, { survey: 'none' })])
    await send([answer(1)])
    await read(`/v1/responses/${uuid('response', 1)}`)
    const response = await fetch(`${url}/metrics`, bearing(metricsToken))
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
    const found = parse(await response.text())
    const value = (name: string): number | undefined => found.get(name)
    expect(value('earshot_events_total{outcome="accepted"}')).toBe(2)
    expect(value('earshot_events_total{outcome="duplicate"}')).toBe(1)
    expect(value('earshot_events_total{outcome="rejected"}')).toBe(2)
    expect(value('earshot_events_rejected_total{code="score_out_of_range"}')).toBe(1)
    expect(value('earshot_events_rejected_total{code="unknown_survey"}')).toBe(1)
    expect(value('earshot_store_writes_total{kind="events",outcome="committed"}')).toBe(2)
    expect(value('earshot_store_write_seconds_count{kind="events"}')).toBe(2)
    expect(value('earshot_store_commit_writes_sum')).toBe(2)
    expect(value('earshot_store_writes_waiting')).toBe(0)
    expect(value('earshot_http_requests_total{route="/v1/feedback",method="POST",status="200"}')).toBe(2)
    expect(value('earshot_http_requests_total{route="/v1/responses/{id}",method="GET",status="200"}')).toBe(1)
    expect(value('earshot_http_request_seconds_count{route="/v1/feedback"}')).toBe(2)
    expect(value('earshot_http_requests_running')).toBe(1)
    expect(value('earshot_http_connections')).toBeGreaterThan(0)
    expect(value('earshot_disk_free_bytes')).toBeGreaterThan(0)
    expect(value('earshot_database_bytes')).toBeGreaterThan(4096)
    expect(value(`earshot_build_info{version="0.1.0",node="${process.version}"}`)).toBe(1)
    expect(value('process_resident_memory_bytes')).toBeGreaterThan(0)
  })

  it('grows by no address, method or key that a client makes up', async () => {
    const { url, put } = await start({ metricsToken })
    await put(npsSurvey)
    const series = async (): Promise<string[]> => {
      const found = parse(await (await fetch(`${url}/metrics`, bearing(metricsToken))).text())
      return [...found.keys()].filter((each) => each.startsWith('earshot_http_requests_total'))
    }
    const ask = async (path: string, method = 'GET'): Promise<void> => {
      const sent = request(url + path, { method })
      sent.end()
      const [response] = await once(sent, 'response')
      response.resume()
      await once(response, 'close')
    }
    const round = async (name: string): Promise<void> => {
      for (const path of [
        `/v1/surveys/${name}`,
        `/${name}`,
        `/sdk/${name}/card.js`,
        `/v1/config?key=${name}`,
      ])
        await ask(path)
      for (const method of ['PROPFIND', 'LOCK', 'PURGE']) await ask(`/${name}`, method)
    }
    await series()
    await round('first')
    const before = await series()
    for (const name of ['second', 'third', '..%2f..%2fetc', 'x%00y']) await round(name)
    expect((await series()).toSorted()).toEqual(before.toSorted())
    expect(before.some((each) => each.includes('method="other"'))).toBe(true)
  })

  it('counts a client that leaves as 499', async () => {
    const { url } = await start({ metricsToken })
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    socket.write(
      'POST /v1/feedback HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\ncontent-length: 100\r\nexpect: 100-continue\r\n\r\n',
    )
    await once(socket, 'data')
    socket.destroy()
    const gone = 'earshot_http_requests_total{route="/v1/feedback",method="POST",status="499"}'
    for (let seen: number | undefined; seen !== 1;)
      seen = parse(await (await fetch(`${url}/metrics`, bearing(metricsToken))).text()).get(gone)
  })
})

it('counts what devices say that they gave up, once for each event', async () => {
  const running = await start()
  const loss = (number: number, reason: string, events: object): object =>
    answer(number, 0, {
      type: 'loss',
      survey: undefined,
      surveyVersion: undefined,
      response: undefined,
      data: { reason, events, surveys: {}, from: moment(-100), to: moment(-50) },
    })
  await running.send([loss(1, 'age', { answer: 3, display: 1 }), loss(2, 'room', { answer: 2 })])
  await running.send([loss(1, 'age', { answer: 3, display: 1 })])
  const text = await (await running.admin('/metrics')).text()
  expect(text).toContain('earshot_events_lost_total{reason="age"} 4')
  expect(text).toContain('earshot_events_lost_total{reason="room"} 2')
})

describe('GET /readyz', () => {
  it('says yes while the store answers', async () => {
    const { url } = await start({ data: temporaryDirectory() })
    const response = await fetch(`${url}/readyz`)
    expect([response.status, await response.json()]).toEqual([200, { status: 'ready' }])
  })
  it('says no when the disk is nearly full; answers are refused and everything else goes on', async () => {
    const { url, send, read, call } = await start({ data: temporaryDirectory(), diskFloor: 2 ** 60 })
    const response = await fetch(`${url}/readyz`)
    expect([response.status, await response.json()]).toMatchObject([503, { code: 'disk_low' }])
    expect(response.headers.get('retry-after')).toBe('5')
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    await expect(send([answer(1)])).rejects.toThrow(/503.*store_unavailable.*the disk is nearly full/)
    expect((await read('/v1/stats')).events).toBe(0)
    expect((await call('/v1/erase', { visitor: 'visitor-1' })).status).toBe(200)
  })
  it('says no when the store does not answer, while /healthz and the metrics do', async () => {
    const data = temporaryDirectory()
    const { url } = await start({
      data,
      metricsToken,
      log: { info: () => undefined, error: () => undefined },
    })
    const other = new DatabaseSync(join(data, 'earshot.sqlite'))
    other.exec('ALTER TABLE access RENAME TO gone')
    other.close()
    const response = await fetch(`${url}/readyz`)
    expect([response.status, await response.json()]).toMatchObject([
      503,
      { code: expect.stringMatching(/^store_/) },
    ])
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    expect((await fetch(`${url}/metrics`, bearing(metricsToken))).status).toBe(200)
  })
  it('says no while the collector closes', async () => {
    const { collector } = await start()
    const closing = collector.close()
    const response = await collector.fetch(new Request('http://collector/readyz'))
    expect([response.status, await response.json()]).toMatchObject([503, { code: 'closing' }])
    await closing
  })
})
