import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { Receipt } from '@earshot/contract'
import { describe, expect, it } from 'vitest'
import { exportedIds, post, preset, run, serve } from './cli/fixtures.ts'
import { answer, envelope, keys, npsSurvey, temporaryDirectory, uuid } from './fixtures.ts'

const whole = { ...npsSurvey, purpose: 'See how the relation develops.', owner: 'customer success' }

describe('serve', () => {
  it('prints address, keys and a script tag; the token only at the first start', async () => {
    const data = temporaryDirectory()
    const first = await serve(data)
    const [, writeKey] = await first.says(/write key +(pk_[\w-]{22})\n/)
    const [, token] = await first.says(/admin token +(sk_[\w-]{43}) /)
    await first.says(
      new RegExp(`<script async src="${first.url}/earshot.js" data-key="${writeKey}"></script>`),
    )
    const stats = await fetch(`${first.url}/v1/stats`, { headers: { authorization: `Bearer ${token}` } })
    expect(stats.status).toBe(200)
    first.process.kill('SIGTERM')
    expect(await first.finished).toMatchObject({ code: 0, signal: null, err: '' })

    const second = await serve(data)
    await second.says(new RegExp(`write key +${writeKey}\n`))
    await second.says(/admin token +was shown at the first start.*earshot-collector keys --new-admin-token/)
    second.process.kill('SIGINT')
    const { code, out } = await second.finished
    expect(code).toBe(0)
    expect(out).not.toContain('sk_')

    const replaced = await run(['keys', '--new-admin-token', '--data', data]).finished
    expect(replaced.code).toBe(0)
    expect(replaced.out).toMatch(/admin token +sk_[\w-]{43} /)
    expect(replaced.out).not.toContain(token)
  })

  it('takes every flag from the environment too, and the flag wins', async () => {
    const data = join(temporaryDirectory(), 'data')
    const child = run(['serve', '--port', '0'], {
      ...preset,
      EARSHOT_PORT: '1',
      EARSHOT_DATA: data,
      EARSHOT_ORIGIN: 'https://a.example, https://b.example',
      EARSHOT_INLINE_SURVEYS: 'refuse',
      EARSHOT_PUBLIC_URL: 'https://feedback.example/',
    })
    const [, url = ''] = await child.says(/address +(http\S+)/)
    await child.says(/src="https:\/\/feedback\.example\/earshot\.js"/)
    await child.says(/as set in EARSHOT_ADMIN_TOKEN/)
    const from = (origin: string): Promise<Response> =>
      fetch(`${url}/v1/feedback`, {
        method: 'POST',
        headers: { origin },
        body: JSON.stringify(envelope(keys.writeKey, [answer(1)])),
      })
    expect((await from('https://c.example')).status).toBe(403)
    const receipt = (await (await from('https://b.example')).json()) as Receipt
    expect(receipt.rejected).toMatchObject([{ code: 'unknown_survey' }])
  })

  it('warns when the folder of --browser-files has no earshot.js', async () => {
    const child = run(['serve', '--port', '0', '--data', temporaryDirectory(), '--browser-files', 'nowhere'])
    await child.says(/not served yet: there is none in nowhere/)
  })
  it('shows the token of a first start even when the port is taken', async () => {
    const { url } = await serve(temporaryDirectory())
    const data = temporaryDirectory()
    const taken = run(['serve', '--port', new URL(url).port, '--data', data])
    const { code, err } = await taken.finished
    expect(code).not.toBe(0)
    const token = /admin token is (sk_\S+)/.exec(err)?.[1] ?? ''
    const again = await serve(data)
    const stats = await fetch(`${again.url}/v1/stats`, { headers: { authorization: `Bearer ${token}` } })
    expect(stats.status).toBe(200)
  })
  it('finishes a running request on SIGTERM, stores it, and exits with 0', async () => {
    const data = temporaryDirectory()
    const child = await serve(data, preset)
    const body = JSON.stringify(envelope(keys.writeKey, [answer(1)]))
    const socket = connect(Number(new URL(child.url).port), '127.0.0.1')
    const head = `POST /v1/feedback HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\ncontent-length: ${Buffer.byteLength(body)}\r\nexpect: 100-continue\r\n\r\n`
    socket.write(head)
    // "100 Continue" tells that the request is running.
    expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1\.1 100/)
    child.process.kill('SIGTERM')
    await child.says(/SIGTERM: finishing/)
    socket.write(body)
    expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1\.1 200[\s\S]*accepted/)
    expect(await child.finished).toMatchObject({ code: 0, signal: null, err: '' })
    const again = await serve(data, preset)
    expect(await (await post(again.url, [answer(1)])).json()).toMatchObject({
      duplicates: [uuid('event', 1)],
    })
  })
})

it('goes on when nobody reads its output any more', async () => {
  const child = await serve(temporaryDirectory(), preset)
  child.process.stdout.destroy()
  child.process.stderr.destroy()
  child.process.kill('SIGTERM')
  const [code, signal] = await once(child.process, 'exit')
  expect([code, signal]).toEqual([0, null])
})

it('warns that a preset token comes back', async () => {
  const data = temporaryDirectory()
  const child = await serve(data, preset)
  child.process.kill('SIGTERM')
  await child.finished
  const command = ['keys', '--new-admin-token', '--data', data]
  expect((await run(command, preset).finished).err).toMatch(
    /EARSHOT_ADMIN_TOKEN is set.*brings that token back/,
  )
  expect((await run(command).finished).err).toBe('')
})

describe('a survey without a purpose or an owner', () => {
  const put = (url: string, survey: object): Promise<Response> =>
    fetch(`${url}/v1/surveys/nps-q4`, {
      method: 'PUT',
      body: JSON.stringify(survey),
      headers: { authorization: `Bearer ${keys.adminToken}`, 'content-type': 'application/json' },
    })
  it('is refused with what is missing; what is stored stays, and a page may bring one along', async () => {
    const data = temporaryDirectory()
    const before = await serve(data, { ...preset, EARSHOT_SURVEY_PURPOSE: 'optional' })
    expect((await put(before.url, npsSurvey)).status).toBe(201)
    before.process.kill('SIGTERM')
    await before.finished
    const { url } = await serve(data, preset)
    const served = async (): Promise<unknown[]> =>
      ((await (await fetch(`${url}/v1/config?key=${keys.writeKey}`)).json()) as { surveys: unknown[] })
        .surveys
    expect(await served()).toMatchObject([{ id: 'nps-q4', version: 1 }])
    for (const [lacks, fields] of [
      [['purpose', 'owner'], {}],
      [['owner'], { purpose: 'Know it.' }],
      [['purpose'], { owner: 'support', purpose: ' ' }],
    ] as const) {
      const refused = await put(url, { ...npsSurvey, version: 2, ...fields })
      const said = (await refused.json()) as { code: string; detail: string; errors: { path: string }[] }
      expect([refused.status, said.code]).toEqual([400, 'invalid_survey'])
      const paths = said.errors.map(({ path }) => path)
      for (const each of lacks) expect(paths).toContain(each)
      expect(paths).toHaveLength(lacks.length)
      expect(said.detail).toContain(`${lacks[0]} `)
    }
    const page = { ...npsSurvey, id: 'of-a-page' }
    const events = [answer(1, 9, { survey: 'of-a-page' })]
    const sent = await fetch(`${url}/v1/feedback`, {
      method: 'POST',
      body: JSON.stringify(envelope(keys.writeKey, events, { surveys: [page] })),
    })
    expect(await sent.json()).toMatchObject({ rejected: [] })
    expect((await put(url, { ...whole, version: 2 })).status).toBe(201)
    expect(await served()).toMatchObject([{ id: 'nps-q4', version: 2, purpose: whole.purpose }])
  })
})

describe('check', () => {
  function fileOf(value: unknown): string {
    const path = join(temporaryDirectory(), 'surveys.json')
    writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value))
    return path
  }
  it('says nothing but the count about a good survey', async () => {
    const path = fileOf(whole)
    expect(await run(['check', path]).finished).toMatchObject({
      code: 0,
      out: `${path}: 1 survey, no errors, no warnings\n`,
      err: '',
    })
  })
  it('prints every mistake of a list with its place, and exits with 1', async () => {
    const wrong = { ...whole, id: 'other', quota: 0, targetting: {} }
    const { code, out } = await run(['check', fileOf([whole, wrong])]).finished
    expect(code).toBe(1)
    expect(out).toMatch(/^error +1\.quota is 0;/m)
    expect(out).toMatch(/^ +path +1\.quota$/m)
    expect(out).toMatch(/^ +found +0$/m)
    expect(out).toMatch(/^ +allowed +.+/m)
    expect(out).toMatch(/^warning 1\.targetting/m)
    expect(out).toMatch(/^ +nearest +targeting$/m)
    expect(out).toMatch(/: 2 surveys, 1 error, 1 warning\n$/)
  })
  it('warns of a survey that does not say why it is there, or who acts on it', async () => {
    const { code, out } = await run([
      'check',
      fileOf([
        { ...whole, owner: undefined },
        { ...npsSurvey, id: 'other' },
      ]),
    ]).finished
    expect(code).toBe(0)
    expect([...out.matchAll(/^warning (\S+) is missing/gm)].map(([, path]) => path)).toEqual([
      '0.owner',
      '1.purpose',
      '1.owner',
    ])
  })
  it('exits with 0 when there are only warnings', async () => {
    const [score, why] = npsSurvey.questions
    const path = fileOf({ ...whole, questions: [{ ...score, positive: [10] }, why] })
    const { code, out } = await run(['check', path]).finished
    expect(code).toBe(0)
    expect(out).toMatch(/^ +path +questions\.0\.positive$/m)
    expect(out).toMatch(/1 survey, no errors, 1 warning\n$/)
  })
  it.each<[string, string, RegExp]>([
    ['nothing', '', /surveys\.json cannot be read: .*It must be a JSON file/],
    ['broken JSON', '{"id":', /cannot be read: /],
  ])('refuses %s', async (_, text, message) => {
    const { code, err, out } = await run(['check', fileOf(text)]).finished
    expect([code, out]).toEqual([1, ''])
    expect(err).toMatch(message)
  })
})

describe('a wrong command', () => {
  it.each<[string[], Record<string, string>, number, RegExp]>([
    [
      ['start'],
      {},
      2,
      /"start" is no command; use serve, keys, check, simulate, backup, restore, migrate, move, erase, export, import, doctor, worker, dead-letters, sites, tokens, audit, jobs, retain or --help/,
    ],
    [['__proto__'], {}, 2, /no command/],
    [['check'], {}, 2, /"check" needs a file/],
    [['check', 'a.json', 'b.json'], {}, 2, /"b\.json" is one word too many/],
    [['check', '/nonexistent/a.json'], {}, 1, /a\.json cannot be read: ENOENT/],
    [['simulate'], {}, 2, /"simulate" needs a file, for example: earshot-collector simulate surveys\.json/],
    [['simulate', '/nonexistent/a.json'], {}, 1, /a\.json cannot be read: ENOENT/],
    [['simulate', 'a.json', '--visitors', '0'], {}, 2, /--visitors is "0"; .* from 1 to 1000000/],
    [['simulate', 'a.json', '--days', '1.5'], {}, 2, /--days is "1\.5"; .* from 1 to 3650/],
    [['simulate', 'a.json', '--seed', 'x'], {}, 2, /--seed is "x"; .* from 0 to 4294967295/],
    [['simulate', 'a.json', '--port', '1'], {}, 2, /--port does not belong to "simulate"/],
    [['check', 'a.json', '--json'], {}, 2, /--json does not belong to "check"/],
    [['serve', 'now'], {}, 2, /"now" is one word too many/],
    [['serve', '--prot', '1'], {}, 2, /'--prot'; see --help/],
    [['serve', '--port'], {}, 2, /argument missing/],
    [['serve', '--port', '70000'], {}, 2, /--port is "70000"; it must be a whole number from 0 to 65535/],
    [
      ['serve', '--port', '0', '--data', process.execPath],
      {},
      1,
      / cannot be the directory of the data \(EEXIST.*Name another with --data/,
    ],
    // Where nobody can make one, Node itself would try for ever.
    [
      ['serve', '--port', '0', '--data', '/proc/none/data'],
      {},
      1,
      /^earshot-collector: \/proc\/none\/data cannot be/,
    ],
    [['serve'], { EARSHOT_PORT: 'http' }, 2, /--port is "http"/],
    [['serve', '--inline-surveys', 'maybe'], {}, 2, /must be accept or refuse/],
    [['serve', '--survey-purpose', 'maybe'], {}, 2, /must be required or optional/],
    [['serve', '--new-admin-token'], {}, 2, /does not belong to "serve"/],
    [['keys'], {}, 2, /needs --new-admin-token/],
    [['keys', '--new-admin-token', '--data', '/nonexistent/earshot'], {}, 1, /no site yet/],
    [
      ['serve', '--data', ':memory:', '--port', '0', '--origin', 'https://a.example/'],
      {},
      1,
      /write "https:\/\/a\.example"/,
    ],
  ])('%j %j', async (args, environment, code, message) => {
    const made = await run(args, environment).finished
    expect(made.code).toBe(code)
    expect(made.out).toBe('')
    expect(made.err).toMatch(/^earshot-collector: .*\n$/)
    expect(made.err).toMatch(message)
  })

  it('gets help with --help', async () => {
    const { code, out } = await run(['--help']).finished
    expect(code).toBe(0)
    expect(out).toMatch(/--inline-surveys X/)
  })
})

it('loses no acknowledged event when it is killed with -9 under load, six times', async () => {
  const data = temporaryDirectory()
  const acknowledged = new Set<string>()
  let next = 1
  for (let round = 0; round < 6; round++) {
    const child = await serve(data, preset)
    const target = acknowledged.size + 40 + round * 13
    const send = async (): Promise<void> => {
      for (;;) {
        const events = Array.from({ length: 3 }, () => answer(next++))
        const receipt = (await (await post(child.url, events)).json()) as Receipt
        expect(receipt.rejected).toEqual([])
        for (const id of receipt.accepted) acknowledged.add(id)
        // Killed from inside the load, while the other senders have requests under way.
        if (acknowledged.size >= target) child.process.kill('SIGKILL')
      }
    }
    const senders = await Promise.allSettled([send(), send(), send(), send()])
    expect(senders.map((each) => each.status)).toEqual(Array(4).fill('rejected'))
    expect((await child.finished).signal).toBe('SIGKILL')
    expect(acknowledged.size).toBeGreaterThanOrEqual(target)
  }

  const { url } = await serve(data, preset)
  const sent = Array.from({ length: next - 1 }, (_, index) => uuid('event', index + 1))
  expect([...acknowledged].every((id) => sent.includes(id))).toBe(true)
  const headers = { authorization: `Bearer ${keys.adminToken}` }
  const text = await (await fetch(`${url}/v1/export?format=ndjson`, { headers })).text()
  const responses = exportedIds(text)
  for (const id of acknowledged) expect(responses).toContain(id.replace('-e', '-f'))
  // Counters, projections and reports follow from the same commits.
  const stats = (await (await fetch(`${url}/v1/stats`, { headers })).json()) as Record<string, number>
  const report = (await (
    await fetch(`${url}/v1/reports/nps?survey=${npsSurvey.id}&basis=all`, { headers })
  ).json()) as { responses: number }
  expect(stats).toMatchObject({ accepted: responses.size, events: responses.size, responses: responses.size })
  expect(report.responses).toBe(responses.size)
  // What was under way may or may not have been stored; sending it again settles it.
  const again: string[] = []
  for (let from = 1; from < next; from += 200) {
    const numbers = Array.from({ length: Math.min(200, next - from) }, (_, index) => from + index)
    const receipt = (await (
      await post(
        url,
        numbers.map((each) => answer(each)),
      )
    ).json()) as Receipt
    again.push(...receipt.accepted)
    expect(receipt.rejected).toEqual([])
  }
  expect(again.filter((id) => acknowledged.has(id))).toEqual([])
  expect(again.length).toBe(sent.length - responses.size)
}, 60_000)
