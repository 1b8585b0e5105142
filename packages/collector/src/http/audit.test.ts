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
  expect(entries.map(({ who, action, about, status }) => [who, action, about, status])).toEqual([
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
  expect(((await running.read('/v1/audit')) as { entries: Entry[] }).entries).toHaveLength(1)
  const place = store === undefined ? ['--data', data] : ['--store', store]
  const listed = await run(['audit', ...place]).finished
  expect(listed.out).toMatch(/tok_\w+ +1 +PUT \/v1\/surveys\/\{id\} +201 +nps-q4\n/)
})
