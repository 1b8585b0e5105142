import { expect, it } from 'vitest'
import { answer, moment, now, npsSurvey, start, uuid, type Running } from '../fixtures.ts'
import { askOf, type Ask } from './ask.fixtures.ts'
import { startSink, type Sink } from '../outbound/outbound.fixtures.ts'

interface Shown {
  id: string
  state: string
  owner: string | null
  version: number
  cause: string
  can: string[]
  [name: string]: unknown
}
interface Staged {
  running: Running
  sink: Sink
  ask: Ask
  /** Makes a token. */
  hire(name: string, role: string): Promise<{ id: string; token: string }>
  /** Puts the rule that opens a case for each detractor. */
  rule(route: object): Promise<number>
  /** Sends bad answers, and waits until their cases are told of. */
  complain(...numbers: number[]): Promise<Shown[]>
  time: { now: number }
}

async function stage(): Promise<Staged> {
  const sink = await startSink()
  const time = { now }
  const running = await start({ allowPrivateWebhooks: true, clock: { now: () => time.now } })
  await running.put(npsSurvey)
  const send = askOf(running)
  await send('/v1/webhooks', {
    name: 'hook',
    url: sink.url,
    events: ['case.opened', 'case.closed', 'case.told'],
  })
  return {
    running,
    sink,
    time,
    ask: send,
    hire: async (name, role) => (await send('/v1/tokens', { name, role })).body,
    rule: async (route) =>
      (
        await send(
          '/v1/follow-ups',
          {
            rules: [
              {
                id: 'call-back',
                after: { on: 'answer', survey: 'nps-q4', when: { question: 'score', bands: ['detractor'] } },
                delay: 0,
                expires: 1,
                do: { case: route },
              },
            ],
          },
          undefined,
          'PUT',
        )
      ).status,
    async complain(...numbers) {
      const before = sink.received.length
      await running.send(numbers.map((each) => answer(each, 2, { person: `person-${each}` })))
      await sink.wait(before + numbers.length)
      const wanted = numbers.map((each) => uuid('response', each))
      const { body } = await send('/v1/cases?limit=200')
      return wanted.flatMap((cause) => body.cases.filter((each: Shown) => each.cause === cause))
    },
  }
}

it('a bad answer is a case in the inbox at once, and goes from new to closed with who, when and why', async () => {
  const { running, sink, ask, hire, rule, complain, time } = await stage()
  const agent = await hire('Ada', 'agent')
  expect(await rule({ role: 'agent', title: 'Call back', priority: 'high', dueHours: 24 })).toBe(200)
  const [opened] = await complain(1)
  const { id = '' } = opened ?? {}
  expect(opened).toMatchObject({
    rule: 'call-back',
    cause: uuid('response', 1),
    response: uuid('response', 1),
    person: 'person-1',
    title: 'Call back',
    priority: 'high',
    role: 'agent',
    owner: null,
    state: 'new',
    openedAt: moment(0),
    dueAt: moment(24 * 3600),
    isOverdue: false,
    can: ['acknowledge', 'act', 'close', 'assign', 'note', 'tell'],
  })
  expect(sink.received[0]?.message).toMatchObject({
    type: 'case.opened',
    data: { case: { id, title: 'Call back', message: null }, response: { id: uuid('response', 1) } },
  })

  time.now += 3_600_000
  const seen = await ask(`/v1/cases/${id}/acknowledge`, {}, agent.token)
  expect(seen).toMatchObject({ status: 200, body: { state: 'acknowledged', owner: agent.id, version: 2 } })
  expect((await ask(`/v1/cases/${id}/act`, {}, agent.token)).body).toMatchObject({ code: 'nothing_done' })
  time.now += 3_600_000
  await ask(`/v1/cases/${id}/act`, { action: 'called', note: 'Knows about the bug.' }, agent.token)
  expect((await ask(`/v1/cases/${id}/close`, {}, agent.token)).body).toMatchObject({
    code: 'invalid_request',
  })
  time.now += 3_600_000
  const message = 'You said it is slow. We made it fast.'
  const closed = await ask(`/v1/cases/${id}/close`, { reason: 'solved', message }, agent.token)
  expect(closed.body).toMatchObject({ state: 'closed', reason: 'solved', closedAt: moment(3 * 3600) })
  // The owner's channel and the respondent's both hear of it.
  const received = await sink.wait(3)
  expect(received.slice(1).map((each) => [each.message.type, each.message.data.case?.message])).toEqual(
    expect.arrayContaining([
      ['case.closed', message],
      ['case.told', message],
    ]),
  )
  const { body } = await ask(`/v1/cases/${id}`, null, agent.token)
  expect(body.history.map((each: Shown) => [each['who'], each['what'], each['to'], each['at']])).toEqual([
    ['rule', 'open', 'new', moment(0)],
    [agent.id, 'acknowledge', 'acknowledged', moment(3600)],
    [agent.id, 'act', 'acted', moment(2 * 3600)],
    [agent.id, 'close', 'closed', moment(3 * 3600)],
  ])
  expect([body.case.can, body.response.answers.score.value, body.others]).toEqual([
    ['reopen', 'note', 'tell'],
    2,
    [],
  ])
  expect(await running.read('/v1/reports/cases?by=rule')).toMatchObject({
    opened: 1,
    closed: 1,
    open: 0,
    overdue: 0,
    untouched: 0,
    firstAction: { median: { value: 2, n: 1 }, p90: { value: 2 } },
    close: { median: { value: 3, n: 1 } },
    groups: [{ value: 'call-back', opened: 1 }],
  })
  const log = (await running.read('/v1/audit?limit=50')).entries as Record<string, unknown>[]
  const of = log.filter((each) => each['about'] === id && each['action'] === 'POST /v1/cases/{id}/close')
  // Before it is done and after, with who did it; the one that was refused too.
  expect(of.map((each) => [each['who'], each['status']])).toEqual([
    [agent.id, 200],
    [agent.id, 102],
    [agent.id, 400],
    [agent.id, 102],
  ])
})

it('agents see only the cases of their role and their own, and change no other', async () => {
  const { ask, hire, rule, complain } = await stage()
  const [agent, other, analyst, viewer] = [
    await hire('Ada', 'agent'),
    await hire('Bob', 'agent'),
    await hire('Cy', 'analyst'),
    await hire('Di', 'viewer'),
  ]
  await rule({ role: 'agent' })
  const [team] = await complain(1)
  await rule({ person: agent.id })
  const [own] = await complain(2)
  await rule({ role: 'admin' })
  const [admins] = await complain(3)
  const list = async (token: string, query = ''): Promise<string[]> =>
    (await ask(`/v1/cases${query}`, null, token)).body.cases.map((each: Shown) => each.id)
  expect(await list(agent.token)).toEqual([own?.id, team?.id])
  expect(await list(other.token)).toEqual([team?.id])
  expect(await list(analyst.token)).toEqual([admins?.id, own?.id, team?.id])
  expect(await list(agent.token, '?owner=me')).toEqual([own?.id])
  expect((await ask('/v1/cases', null, viewer.token)).status).toBe(403)
  for (const each of [own, admins]) {
    expect((await ask(`/v1/cases/${each?.id}`, null, other.token)).status).toBe(404)
    expect((await ask(`/v1/cases/${each?.id}/note`, { note: 'x' }, other.token)).status).toBe(404)
  }
  expect((await ask(`/v1/cases/${team?.id}/note`, { note: 'x' }, analyst.token)).body).toMatchObject({
    status: 403,
    code: 'not_your_case',
  })
  // Who has it given to them sees it, and no longer who has given it away.
  const given = await ask(`/v1/cases/${own?.id}/assign`, { owner: other.id }, agent.token)
  expect(given.body.owner).toBe(other.id)
  expect([await list(agent.token), await list(other.token)]).toEqual([[team?.id], [own?.id, team?.id]])
  for (const wrong of [viewer.id, 'tok_none'])
    expect((await ask(`/v1/cases/${team?.id}/assign`, { owner: wrong })).body).toMatchObject({
      code: 'unknown_person',
    })
  expect((await ask(`/v1/cases/${team?.id}/assign`, { role: null })).body).toMatchObject({ code: 'nobody' })
  const { body } = await ask('/v1/staff', null, other.token)
  expect(body.me).toBe(other.id)
  expect(body.staff.map((each: Shown) => each['name'])).toEqual(['Ada', 'Bob', 'Cy', 'first'])
  expect((await ask('/v1/reports/cases', null, viewer.token)).body).toMatchObject({ opened: 3, open: 3 })
  expect((await ask('/v1/reports/cases?by=owner', null, viewer.token)).status).toBe(403)
})

it('several are acknowledged at once, and what nobody may see or is not new is left', async () => {
  const { ask, hire, rule, complain } = await stage()
  const agent = await hire('Ada', 'agent')
  await rule({ role: 'admin' })
  const [admins] = await complain(9)
  await rule({ role: 'agent' })
  const cases = (await complain(1, 2, 3)).map((each) => each.id)
  await ask(`/v1/cases/${cases[0]}/acknowledge`, {})
  const { body } = await ask('/v1/cases/acknowledge', { cases: [...cases, admins?.id] }, agent.token)
  expect(body).toEqual({ acknowledged: cases.slice(1), left: [cases[0], admins?.id] })
  const page = await ask('/v1/cases?limit=2&state=acknowledged')
  expect(page.body.cases).toHaveLength(2)
  const rest = await ask(`/v1/cases?limit=2&state=acknowledged&cursor=${page.body.next}`)
  expect([rest.body.cases.map((each: Shown) => each.id), rest.body.next]).toEqual([[cases[0]], null])
})

it('of two who change a case at once one is refused, and what has no sense too', async () => {
  const { ask, rule, complain, time } = await stage()
  await rule({ role: 'agent', dueHours: 1 })
  const [{ id, version } = { id: '', version: 0 }] = await complain(1)
  expect((await ask(`/v1/cases/${id}/note`, { note: 'a', version })).status).toBe(200)
  expect((await ask(`/v1/cases/${id}/note`, { note: 'b', version })).body).toMatchObject({
    code: 'case_changed',
  })
  expect((await ask(`/v1/cases/${id}/reopen`, { note: 'b' })).body).toMatchObject({ code: 'wrong_state' })
  expect((await ask('/v1/cases/none/note', { note: 'b' })).body).toMatchObject({ code: 'unknown_case' })
  for (const query of ['state=odd', 'role=viewer', 'overdue=no', 'limit=0', 'other=1'])
    expect((await ask(`/v1/cases?${query}`)).status).toBe(400)
  expect((await ask('/v1/reports/cases?by=survey')).status).toBe(400)
  expect((await ask('/v1/cases?overdue=yes')).body.cases).toEqual([])
  time.now += 3_600_001
  expect((await ask('/v1/cases?overdue=yes')).body.cases).toMatchObject([{ id, isOverdue: true }])
})

it('a rule that opens cases must say for whom, and goes with no words for anybody else', async () => {
  const { ask, rule, hire } = await stage()
  const viewer = await hire('Di', 'viewer')
  expect(await rule({})).toBe(400)
  expect(await rule({ role: 'viewer' })).toBe(400)
  expect(await rule({ person: viewer.id })).toBe(400)
  expect(await rule({ person: 'tok_none' })).toBe(400)
  const base = { id: 'a', after: { on: 'silence', survey: 'nps-q4' }, delay: 0, expires: 1 }
  const put = async (fields: object): Promise<number> => {
    const rules = [{ ...base, do: { case: { role: 'agent' } }, ...fields }]
    return (await ask('/v1/follow-ups', { rules }, undefined, 'PUT')).status
  }
  expect([await put({ text: { en: 'x' } }), await put({ reminders: [{ after: 1 }] })]).toEqual([400, 400])
  expect((await ask('/v1/follow-ups')).body).toEqual({ rules: [] })
  expect(await put({})).toBe(200)
})

it('a case goes with the person that it is about: it is in the export, and gone after the erasure', async () => {
  const { running, ask, rule, complain } = await stage()
  await rule({ role: 'agent' })
  const [{ id } = { id: '' }] = await complain(1)
  await ask(`/v1/cases/${id}/note`, { note: 'lives in Bonn' })
  const lines = (await (await running.admin('/v1/people/person-1/export')).text()).trim().split('\n')
  const found = lines.map((each) => JSON.parse(each)).filter((each) => each.kind === 'case')
  expect(found).toMatchObject([{ case: { id }, history: [{ what: 'open' }, { note: 'lives in Bonn' }] }])
  expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ kind: 'end', cases: 1 })
  const receipt = (await (await running.admin('/v1/people/person-1', { method: 'DELETE' })).json()) as object
  expect(receipt).toMatchObject({ cases: 1 })
  expect((await ask(`/v1/cases/${id}`)).status).toBe(404)
  expect((await ask('/v1/cases')).body.cases).toEqual([])
})

it('what went out is found by the case, the answer, the rule and the person, by admins alone', async () => {
  const { running, ask, hire, rule, complain } = await stage()
  await rule({ role: 'agent' })
  const [first, second] = await complain(1, 2)
  await ask(`/v1/cases/${first?.id}/close`, { reason: 'solved', message: 'Made fast.' })
  const of = async (query: string): Promise<string[]> =>
    (await ask(`/v1/jobs?${query}`)).body.jobs.map((each: Shown) => each['type'] ?? each['kind'])
  await expect.poll(() => of(`case=${first?.id}`)).toHaveLength(4)
  const ofFirst = ['case.closed', 'case.opened', 'case.told', 'tell']
  expect((await of(`case=${first?.id}`)).toSorted()).toEqual(ofFirst)
  // What the answer and the rule began is the case itself, too.
  expect((await of('person=person-1')).toSorted()).toEqual([...ofFirst, 'followup'].toSorted())
  expect((await of(`response=${uuid('response', 1)}`)).toSorted()).toEqual(
    [...ofFirst, 'followup'].toSorted(),
  )
  expect((await of('person=person-2')).toSorted()).toEqual(['case.opened', 'followup'])
  expect(await of('rule=call-back')).toHaveLength(7)
  expect(await of(`rule=call-back&case=${second?.id}&state=done`)).toEqual(['case.opened'])
  for (const none of ['person=nobody', 'rule=other', 'case=none', `case=${first?.id}&person=person-2`])
    expect(await of(none)).toEqual([])
  const [job] = (await ask(`/v1/jobs?case=${second?.id}`)).body.jobs
  expect(job).toMatchObject({ case: second?.id, rule: 'call-back', response: uuid('response', 2) })
  for (const role of ['agent', 'analyst', 'viewer']) {
    const { token } = await hire(role, role)
    expect((await ask(`/v1/jobs?case=${first?.id}`, null, token)).status).toBe(403)
  }
  expect((await running.admin('/v1/people/person-1', { method: 'DELETE' })).status).toBe(200)
  expect([await of(`case=${first?.id}`), await of('person=person-1')]).toEqual([[], []])
})

it('people in Slack read what a case is about', async () => {
  const { running, ask, rule } = await stage()
  const slack = await startSink()
  await ask('/v1/webhooks', { name: 'slack', url: slack.url, shape: 'slack', events: ['case.opened'] })
  await rule({ role: 'agent', title: 'Call <them>' })
  await running.send([answer(1, 2, { person: 'ann' })])
  const [received] = await slack.wait(1)
  expect((JSON.parse(received?.text ?? '') as { text: string }).text).toBe(
    'New case: Call &lt;them&gt;, after an answer to nps-q4 by ann\nHow likely are you to recommend us? 2',
  )
})
