import { connect } from 'node:net'
import { once } from 'node:events'
import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { redact } from '../core/redact.ts'
import { answer, envelope, keys, npsSurvey, temporaryDirectory, uuid } from '../fixtures.ts'
import { createLog } from '../system.ts'
import { post, preset, run } from './fixtures.ts'

const reason = { purpose: 'Try the log.', owner: 'tests' }
const secrets = {
  comment: 'doctor says cancer',
  mail: 'ada.lovelace@example.com',
  person: 'customer-4711',
  visitor: 'visitor-canary-7',
  token: keys.adminToken,
  wrong: 'sk_wrong-but-near-canary',
  page: 'canary-page',
  host: 'evil-canary.example',
}

it('logs requests, errors and trouble of the store as JSON lines, without anything of people or any secret', async () => {
  const data = temporaryDirectory()
  const child = run(['serve', '--port', '0', '--data', data, '--request-log', 'on'], preset)
  const [, url = ''] = await child.says(/address +(http\S+)[\s\S]*<\/script>/)
  const { comment, mail, person, visitor, token, wrong, page, host } = secrets
  const fields = {
    visitor,
    person,
    context: { channel: 'web', url: `https://shop.example/${page}?mail=${mail}` },
  }
  const good = answer(1, `${comment} ${mail}`, {
    ...fields,
    data: { question: 'why', value: comment, revision: 0 },
  })
  await post(url, [good, answer(2, 99, fields)])
  const admin = { authorization: `Bearer ${token}` }
  const asked: [string, RequestInit][] = [
    [`/v1/responses/${uuid('response', 1)}`, { headers: admin }],
    [`/v1/responses?survey=${page}`, { headers: admin }],
    ['/v1/stats', { headers: { authorization: `Bearer ${wrong}` } }],
    [`/${page}/${mail}`, { headers: { origin: `https://${host}` } }],
    [`/v1/config?key=${keys.writeKey}`, {}],
    ['/v1/feedback', { method: 'POST', body: `{"key":"${keys.writeKey}","comment":"${comment}` }],
    ['/v1/erase', { method: 'POST', body: JSON.stringify({ key: keys.writeKey, visitor }) }],
    [
      '/v1/surveys/nps-q4',
      { method: 'PUT', headers: admin, body: JSON.stringify({ ...npsSurvey, ...reason }) },
    ],
  ]
  for (const [path, init] of asked) await (await fetch(url + path, init)).text()
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.write(`GET /${mail} HTTP/1.1\r\nx-secret: ${comment}\r\n: bad\r\n\r\n`)
  socket.resume()
  await once(socket, 'close')
  // The store breaks while answers are coming.
  const other = new DatabaseSync(join(data, 'earshot.sqlite'))
  other.exec('ALTER TABLE access RENAME TO gone')
  other.close()
  const broken = await fetch(`${url}/v1/feedback`, {
    method: 'POST',
    body: JSON.stringify(envelope(keys.writeKey, [answer(3, 9, fields)])),
  })
  expect(broken.status).toBe(500)
  child.process.kill('SIGTERM')
  const { err, out } = await child.finished

  const lines = err
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  for (const each of lines) {
    expect(each).toMatchObject({
      time: expect.stringMatching(/Z$/),
      level: expect.stringMatching(/^(info|error)$/),
    })
    expect(each.id).toMatch(/^[0-9a-f]{12}$/)
  }
  expect(lines).toContainEqual(
    expect.objectContaining({ message: 'request', route: '/v1/responses/{id}', status: 200 }),
  )
  expect(lines).toContainEqual(expect.objectContaining({ message: 'request', route: 'unknown', status: 404 }))
  // The id of the answer leads to the stack, and to the line of the request.
  const { detail } = (await broken.json()) as { detail: string }
  const id = /under "([0-9a-f]+)"/.exec(detail)?.[1]
  expect(broken.headers.get('x-request-id')).toBe(id)
  expect(lines.filter((each) => each.id === id).map((each) => each.message)).toEqual(
    expect.arrayContaining(['request', 'unexpected error']),
  )
  for (const [name, secret] of Object.entries(secrets)) {
    expect(err, name).not.toContain(secret)
    expect(out, name).not.toContain(secret)
  }
  // It is public, and printed at the start, but has no place in a log.
  expect(err).not.toContain(keys.writeKey)
})

it('takes out what an error says of people and secrets', () => {
  let line = ''
  createLog((text) => (line = text)).error(
    'unexpected error',
    new Error('connect postgres://ada:hunter2@db/x as ada@example.com with sk_0123456789 and Bearer abc.def'),
  )
  expect(JSON.parse(line)).toMatchObject({
    error: 'connect postgres://…@db/x as …@… with sk_… and Bearer …',
  })
  expect(line).not.toMatch(/hunter2|example\.com|0123456789|abc\.def/)
  expect(redact('12 events at 10:00, nothing to hide')).toBe('12 events at 10:00, nothing to hide')
})
