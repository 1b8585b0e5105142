import { expect, it } from 'vitest'
import { answer, moment, now, npsSurvey, start, uuid, type Running } from '../fixtures.ts'
import type { EventStore } from '../ports/eventStore.ts'
import { createSqliteStore } from '../stores/sqlite.ts'
import { openSite, send } from '../stores/storeSuite.fixtures.ts'
import { tryPlan, type TrialReport } from './trial.ts'

const day = 86_400
const plan = {
  rules: [
    {
      id: 'recovery',
      after: { on: 'answer', survey: 'nps-q4', when: { question: 'score', bands: ['detractor'] } },
      delay: 2,
      expires: 10,
      do: { webhook: 'wh_none_yet', reaches: 'person' },
      reminders: [{ after: 3 }],
    },
    {
      id: 'solved',
      after: { on: 'event', name: 'ticket_solved', key: 'ticket' },
      delay: 0,
      expires: 1,
      do: { webhook: 'wh_none_yet', reaches: 'staff' },
    },
  ],
}
const simulate = (running: Running, body: object): Promise<Response> =>
  running.admin('/v1/follow-ups/simulate', {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  })
const ago = (days: number, fields: object = {}): object => ({ at: moment(-days * day), ...fields })

it('says who would have got what, sends nothing and keeps nothing', async () => {
  const running = await start()
  await running.put(npsSurvey)
  await running.send([
    answer(1, 3, ago(10, { visitor: 'a', person: 'ann' })),
    answer(2, 10, ago(10, { visitor: 'b' })),
    // Ann on another device opts out between the message and its reminder.
    answer(3, 0, ago(6, { visitor: 'a2', person: 'ann', type: 'optout', data: {} })),
    answer(4, 5, ago(1, { visitor: 'c' })),
    answer(
      5,
      0,
      ago(4, { visitor: 'd', type: 'track', data: { name: 'ticket_solved', props: { ticket: 'T1' } } }),
    ),
    answer(
      6,
      0,
      ago(3, { visitor: 'd', type: 'track', data: { name: 'ticket_solved', props: { ticket: 'T1' } } }),
    ),
  ])
  const response = await simulate(running, { plan, days: 30, zone: 'Europe/Berlin' })
  expect(response.status).toBe(200)
  const report = (await response.json()) as TrialReport
  expect(report).toMatchObject({ days: 30, zone: 'Europe/Berlin', isComplete: true, people: 4, left: 0 })
  expect([report.to, report.since]).toEqual([moment(0), moment(-42 * day)])
  const [recovery, solved] = report.rules
  expect(recovery).toMatchObject({ begun: 2, sent: 1, people: 1, stopped: { 'opted-out': 1 }, waiting: 1 })
  expect(recovery?.days.filter((each) => each.sent > 0)).toEqual([{ day: '2026-11-13', sent: 1 }])
  expect(solved).toMatchObject({ begun: 1, sent: 1, people: 1, stopped: {} })
  expect(
    report.sample.map((each) => [each.rule, each.person ?? each.visitor, each.outcome, each.reason]),
  ).toEqual([
    ['recovery', 'ann', 'sent', 'opted-out'],
    ['recovery', 'c', 'waiting', null],
    ['solved', 'd', 'sent', null],
  ])
  expect(report.sample[0]).toMatchObject({
    response: uuid('response', 1),
    causedAt: moment(-10 * day),
    sentAt: [moment(-8 * day)],
  })
  expect(await running.read('/v1/jobs')).toEqual({ jobs: [], next: null })
  expect(await running.read('/v1/follow-ups')).toEqual({ rules: [] })
})

it('names by field what is wrong, and is for those who may define', async () => {
  const running = await start()
  const flawed = { rules: [{ ...plan.rules[0], delay: -1, after: { on: 'never' } }] }
  const response = await simulate(running, { plan: flawed, days: 91 })
  expect(response.status).toBe(400)
  const { errors } = (await response.json()) as { errors: { path: string }[] }
  expect(errors.map((each) => each.path)).toEqual(
    expect.arrayContaining(['plan.rules.0.delay', 'plan.rules.0.after.on', 'days']),
  )
  for (const [role, status] of [
    ['analyst', 200],
    ['agent', 403],
    ['viewer', 403],
  ] as const) {
    const made = (await (
      await running.admin('/v1/tokens', {
        method: 'POST',
        body: JSON.stringify({ name: role, role }),
        headers: { 'content-type': 'application/json' },
      })
    ).json()) as { token: string }
    const asked = await fetch(`${running.url}/v1/follow-ups/simulate`, {
      method: 'POST',
      body: JSON.stringify({ plan, days: 1 }),
      headers: { authorization: `Bearer ${made.token}`, 'content-type': 'application/json' },
    })
    expect([role, asked.status]).toEqual([role, status])
  }
})

it('goes no further than its bounds, the last heard of first, and says so', async () => {
  const store: EventStore = createSqliteStore(':memory:')
  const { id: site } = await openSite(store)
  for (let number = 1; number <= 30; number++)
    await send(store, site, [
      { number, response: number, value: 1, visitor: `v${number}`, at: now - 5 * day * 1000 },
    ])
  const trying = {
    store,
    site,
    plan: { rules: [{ ...plan.rules[0], after: { on: 'answer', survey: 'nps' } }] } as never,
    days: 30,
    zone: 'UTC',
    now,
    elapsed: () => 0,
    findAt: async () => null,
  }
  const bounds = { people: 100, events: 100, time: 1000 }
  const whole = await tryPlan({ ...trying, bounds })
  expect([whole.isComplete, whole.people, whole.rules[0]?.sent]).toEqual([true, 30, 60])
  const few = await tryPlan({ ...trying, bounds: { ...bounds, people: 10 } })
  expect([few.isComplete, few.people, few.rules[0]?.begun]).toEqual([false, 10, 10])
  let time = 0
  const late = await tryPlan({ ...trying, bounds, elapsed: () => (time += 100) })
  expect(late.isComplete).toBe(false)
  expect(late.people).toBeLessThan(15)
  const thin = await tryPlan({ ...trying, bounds: { ...bounds, events: 0 } })
  expect([thin.people, thin.left]).toEqual([0, 30])
  await store.close()
})

it('plays one after the other', async () => {
  const running = await start()
  await running.send(Array.from({ length: 40 }, (_, index) => answer(index + 1, 3)))
  const statuses = await Promise.all(
    [1, 2, 3].map(async () => (await simulate(running, { plan, days: 30 })).status),
  )
  expect(statuses.filter((each) => each === 200).length).toBeGreaterThanOrEqual(1)
  expect(statuses.every((each) => each === 200 || each === 503)).toBe(true)
  expect((await simulate(running, { plan, days: 30 })).status).toBe(200)
})
