import { join } from 'node:path'
import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { answer, moment, now, npsSurvey, onPostgres, start, temporaryDirectory, uuid } from '../fixtures.ts'
import { day } from '../core/time.ts'
import { askOf, type Ask } from './ask.fixtures.ts'

async function stage(data = ':memory:'): Promise<{
  time: { now: number }
  running: Awaited<ReturnType<typeof start>>
  ask: Ask
  hire(name: string, role: string): Promise<{ id: string; token: string }>
}> {
  const time = { now }
  const running = await start({ data, clock: { now: () => time.now } })
  await running.put(npsSurvey)
  const ask = askOf(running)
  return {
    time,
    running,
    ask,
    hire: async (name, role) => (await ask('/v1/tokens', { name, role })).body,
  }
}

it('a note names one answer or several, and is in the export of its week with them', async () => {
  const { time, running, ask, hire } = await stage()
  const ada = await hire('Ada', 'agent')
  const cy = await hire('Cy', 'analyst')
  await running.send([
    answer(1, 2),
    answer(2, 3, { context: { channel: 'web', touchpoint: 'checkout' } }),
    answer(3, 9),
  ])
  const [first, second, third] = [1, 2, 3].map((each) => uuid('response', each))
  const written = await ask(
    '/v1/notes',
    { text: '=They all name the "late" van, again', theme: 'delivery', responses: [first, second, first] },
    ada.token,
  )
  expect([written.status, written.body]).toMatchObject([
    201,
    {
      at: moment(0),
      who: ada.id,
      name: 'Ada',
      theme: 'delivery',
      text: '=They all name the "late" van, again',
      responses: [first, second],
    },
  ])
  time.now += 7 * day
  const { body: later } = await ask('/v1/notes', { text: 'Happy.', responses: [third] }, cy.token)

  expect((await ask(`/v1/notes?response=${second}`)).body).toEqual({ notes: [written.body], next: null })
  expect((await ask('/v1/notes?survey=nps-q4', null, ada.token)).body.notes).toEqual([later, written.body])
  const page = (await ask('/v1/notes?limit=1')).body
  expect([page.notes, (await ask(`/v1/notes?limit=1&cursor=${page.next}`)).body.notes]).toEqual([
    [later],
    [written.body],
  ])

  // The week from Monday to Sunday, by the days of a zone.
  const week = 'from=2026-11-16&to=2026-11-22&timezone=Europe/Berlin'
  const csv = await ask(`/v1/notes/export?${week}`, null, cy.token)
  const lines = csv.text.trimEnd().split('\r\n')
  expect(lines).toHaveLength(3)
  expect(lines[0]).toBe('note,at,by,theme,text,response,survey,answeredAt,touchpoint,answers')
  const said = `"'=They all name the ""late"" van, again"`
  expect(lines.slice(1)).toEqual([
    `${written.body.id},${moment(0)},Ada,delivery,${said},${first},nps-q4,${moment(-60)},,score: 2`,
    `${written.body.id},${moment(0)},Ada,delivery,${said},${second},nps-q4,${moment(-60)},checkout,score: 3`,
  ])
  const ndjson = await ask(`/v1/notes/export?${week}&format=ndjson`, null, cy.token)
  expect(JSON.parse(ndjson.text)).toMatchObject({
    ...written.body,
    answers: [
      { id: first, answers: { score: { value: 2 } } },
      { id: second, touchpoint: 'checkout' },
    ],
  })
  expect((await ask(`/v1/notes/export?${week}`, null, ada.token)).status).toBe(403)
  const after = await ask('/v1/notes/export?from=2026-11-23&format=ndjson')
  expect(JSON.parse(after.text)).toMatchObject({ id: later.id, name: 'Cy' })
})

it('a viewer sees none, somebody deletes their own, and what has no sense is refused', async () => {
  const { running, ask, hire } = await stage()
  const [ada, bob, vi] = [await hire('Ada', 'agent'), await hire('Bob', 'agent'), await hire('Vi', 'viewer')]
  await running.send([answer(1, 2)])
  const about = { text: 'Late.', responses: [uuid('response', 1)] }
  const { body } = await ask('/v1/notes', about, ada.token)
  expect((await ask('/v1/notes', null, vi.token)).status).toBe(403)
  expect((await ask('/v1/notes', about, vi.token)).status).toBe(403)
  const drop = async (id: string, token?: string): Promise<unknown[]> => {
    const reply = await ask(`/v1/notes/${id}`, null, token, 'DELETE')
    return [reply.status, reply.body?.code]
  }
  expect(await drop(body.id, bob.token)).toEqual([403, 'not_your_note'])
  expect(await drop(body.id, ada.token)).toEqual([204, undefined])
  expect(await drop(body.id)).toEqual([404, 'unknown_note'])
  const missing = uuid('response', 7)
  expect(
    (await ask('/v1/notes', { ...about, responses: [uuid('response', 1), missing] })).body,
  ).toMatchObject({
    code: 'unknown_response',
    detail: expect.stringContaining(missing),
  })
  for (const wrong of [{ text: ' ' }, { responses: [] }, { responses: ['x'] }, { theme: '' }, { more: 1 }])
    expect([wrong, (await ask('/v1/notes', { ...about, ...wrong })).status]).toEqual([wrong, 400])
  expect((await ask('/v1/notes')).body.notes).toEqual([])
  // Who wrote and who deleted stands in the log, and nothing of the text.
  const { entries } = await running.read('/v1/audit?limit=50')
  const log = JSON.stringify(entries)
  expect(log).toContain('DELETE /v1/notes/{id}')
  expect(log).toContain(body.id)
  expect(log).not.toContain('Late.')
})

it('a note goes with each person that it is about: it is in the export, in the receipt, and in no file afterwards', async () => {
  const data = join(temporaryDirectory(), 'data')
  const { running, ask } = await stage(data)
  await running.send([answer(1, 2, { person: 'ann' }), answer(2, 3, { person: 'bob' }), answer(3, 4)])
  const both = [uuid('response', 1), uuid('response', 2)]
  await ask('/v1/notes', { text: 'Zwetschgenkuchen of Ann', responses: both })
  const { body: kept } = await ask('/v1/notes', { text: 'Of nobody', responses: [uuid('response', 3)] })
  const lines = (await ask('/v1/people/ann/export')).text.trim().split('\n')
  expect(lines.map((each) => JSON.parse(each) as object)).toContainEqual({
    kind: 'note',
    note: expect.objectContaining({ text: 'Zwetschgenkuchen of Ann', responses: both }),
  })
  expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ kind: 'end', notes: 1 })
  const receipt = (await ask('/v1/people/ann', null, undefined, 'DELETE')).body
  expect(receipt).toMatchObject({ visitors: 1, notes: 1, left: 0 })
  expect((await ask('/v1/notes')).body.notes).toEqual([kept])
  expect((await ask('/v1/responses')).body.responses).toHaveLength(2)
  if (onPostgres) return
  await running.collector.close()
  for (const file of readdirSync(data))
    expect([file, readFileSync(join(data, file)).includes('Zwetschgenkuchen')]).toEqual([file, false])
})
