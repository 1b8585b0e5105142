import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import { order } from '../../../../scripts/postgresDatabase.ts'
import { answer, npsSurvey, onPostgres, start, temporaryDatabase, temporaryDirectory } from '../fixtures.ts'
import { run } from '../cli/fixtures.ts'

interface Entry {
  who: string
  action: string
  about: string | null
  status: number
}

it('what admins change, export and refuse to themselves is in the log, and no answer and no secret', async () => {
  const running = await start()
  await running.put(npsSurvey)
  await running.send([answer(1, 9, { person: 'ada@example.com', visitor: 'canary-visitor' })])
  const headers = { 'content-type': 'application/json' }
  const post = (path: string, body: object): Promise<Response> =>
    running.admin(path, { method: 'POST', body: JSON.stringify(body), headers })
  const { key } = (await (await post('/v1/keys', { name: 'spring' })).json()) as { key: string }
  const made = (await (await post('/v1/tokens', { name: 'a', role: 'agent' })).json()) as Record<
    string,
    string
  >
  await running.admin(`/v1/keys/${key}`, { method: 'DELETE' })
  await running.admin('/v1/keys/pk_none', { method: 'DELETE' })
  await running.admin('/v1/settings', { method: 'PUT', body: '{}', headers })
  await (await running.admin('/v1/export')).text()
  for (const path of ['/v1/stats', '/v1/responses', '/v1/surveys', '/v1/keys']) await running.read(path)
  const { entries, next } = (await running.read('/v1/audit')) as { entries: Entry[]; next: string | null }
  const main = entries[0]?.who ?? ''
  expect(main).toMatch(/^tok_/)
  // What changes something is there twice: before it is done, and after.
  expect(entries.filter(({ status }) => status === 102).map(({ action, about }) => [action, about])).toEqual([
    ['PUT /v1/settings', null],
    ['DELETE /v1/keys/{key}', 'pk_none'],
    ['DELETE /v1/keys/{key}', key],
    ['POST /v1/tokens', null],
    ['POST /v1/keys', null],
    ['PUT /v1/surveys/{id}', 'nps-q4'],
  ])
  const done = entries.filter(({ status }) => status !== 102)
  expect(done.map(({ who, action, about, status }) => [who, action, about, status])).toEqual([
    [main, 'GET /v1/export', null, 200],
    [main, 'PUT /v1/settings', null, 200],
    [main, 'DELETE /v1/keys/{key}', 'pk_none', 404],
    [main, 'DELETE /v1/keys/{key}', key, 200],
    [main, 'POST /v1/tokens', `${made['id']} agent`, 201],
    [main, 'POST /v1/keys', key, 201],
    [main, 'PUT /v1/surveys/{id}', 'nps-q4', 201],
  ])
  expect(next).toBeNull()
  expect(JSON.stringify(entries)).not.toMatch(/ada@|canary|sk_/)
  const page = (await running.read('/v1/audit?limit=2')) as { entries: Entry[]; next: string }
  const rest = (await running.read(`/v1/audit?limit=200&cursor=${page.next}`)) as { entries: Entry[] }
  expect([...page.entries, ...rest.entries]).toEqual(entries)
})

it('the database itself refuses to change or delete an entry', async () => {
  const data = temporaryDirectory()
  const store = onPostgres ? await temporaryDatabase() : undefined
  const running = await start({ data, store })
  await running.put(npsSurvey)
  const changes = ["UPDATE audit SET who = 'somebody'", 'DELETE FROM audit']
  if (store === undefined) {
    const other = new DatabaseSync(join(data, 'earshot.sqlite'))
    for (const change of changes) expect(() => other.exec(change)).toThrow(/only added to/)
    other.close()
  } else
    for (const change of changes)
      await expect(order(store, change.replace('audit', 'earshot.audit'))).rejects.toThrow(/only added to/)
  expect(((await running.read('/v1/audit')) as { entries: Entry[] }).entries).toHaveLength(2)
  const place = store === undefined ? ['--data', data] : ['--store', store]
  const listed = await run(['audit', ...place]).finished
  expect(listed.out).toMatch(/tok_\w+ +1 +PUT \/v1\/surveys\/\{id\} +201 +nps-q4\n/)
})

it('nothing is changed or shown that cannot be written down, and what was begun stays in the log', async () => {
  const data = temporaryDirectory()
  const store = onPostgres ? await temporaryDatabase() : undefined
  const log = { info: () => undefined, error: () => undefined }
  const running = await start({ data, store, log })
  await running.put(npsSurvey)
  await running.send([answer(1, 9, { visitor: 'ann' })])
  const refuse = async (condition: string): Promise<() => Promise<void>> => {
    if (store !== undefined) {
      await order(
        store,
        `CREATE FUNCTION earshot.full_log() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no room'; END $$;
         CREATE TRIGGER full_log BEFORE INSERT ON earshot.audit FOR EACH ROW WHEN (${condition}) EXECUTE FUNCTION earshot.full_log()`,
      )
      return () => order(store, 'DROP FUNCTION earshot.full_log CASCADE').then(() => undefined)
    }
    const other = new DatabaseSync(join(data, 'earshot.sqlite'))
    other.exec(
      `PRAGMA busy_timeout = 5000; CREATE TRIGGER full_log BEFORE INSERT ON audit WHEN ${condition} BEGIN SELECT raise(ABORT, 'no room'); END`,
    )
    return async () => {
      other.exec('DROP TRIGGER full_log')
      other.close()
    }
  }
  const allow = await refuse('NEW.status <> 1')
  for (const [method, path] of [
    ['DELETE', '/v1/people/ann'],
    ['DELETE', '/v1/surveys/nps-q4?version=1'],
    ['GET', '/v1/people/ann'],
    ['GET', '/v1/export'],
  ] as const)
    expect((await running.admin(path, { method })).status).toBe(500)
  await allow()
  expect(((await running.read('/v1/stats')) as { events: number }).events).toBe(1)

  const allowAgain = await refuse('NEW.status <> 102')
  const made = await running.admin('/v1/keys', {
    method: 'POST',
    body: JSON.stringify({ name: 'spring' }),
    headers: { 'content-type': 'application/json' },
  })
  expect(made.status).toBe(201)
  expect((await running.admin('/v1/people/ann', { method: 'DELETE' })).status).toBe(200)
  await allowAgain()
  const { entries } = (await running.read('/v1/audit')) as { entries: Entry[] }
  expect(entries.map(({ action, status }) => [action, status])).toEqual([
    ['DELETE /v1/people/{id}', 102],
    ['POST /v1/keys', 102],
    ['PUT /v1/surveys/{id}', 201],
    ['PUT /v1/surveys/{id}', 102],
  ])
})

it('a token that stands where its name belongs gets into no log', async () => {
  const running = await start()
  expect((await running.admin(`/v1/tokens/${running.token}`, { method: 'DELETE' })).status).toBe(404)
  await running.admin(`/v1/people/${running.token}`, { method: 'DELETE' })
  const { entries } = (await running.read('/v1/audit')) as { entries: Entry[] }
  expect(entries).toHaveLength(4)
  expect(JSON.stringify(entries)).not.toContain(running.token)
  expect(entries[3]?.about).toBe('sk_…')
})
