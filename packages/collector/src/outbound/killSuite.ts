/** Two collectors that share a store and are killed while they send, for any store: throws when a job is lost or doubled. */
import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { onTestFinished } from 'vitest'
import { collectorCommand } from '../../../../scripts/collectorCommand.ts'
import { answer, bareEnvironment, envelope, keys, npsSurvey, uuid } from '../fixtures.ts'
import { isSignedBy, startSink } from './outbound.fixtures.ts'

/** Answers in a round. */
const round = 40

interface Server {
  child: ChildProcess
  url: string
}

async function serve(place: Record<string, string>): Promise<Server> {
  const args = [...collectorCommand, 'serve', '--port', '0']
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: {
      EARSHOT_SURVEY_PURPOSE: 'optional',
      ...bareEnvironment,
      EARSHOT_WRITE_KEY: keys.writeKey,
      EARSHOT_ADMIN_TOKEN: keys.adminToken,
      EARSHOT_ALLOW_PRIVATE_WEBHOOKS: 'on',
      ...place,
    },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let said = ''
  for await (const chunk of child.stdout) {
    said += String(chunk)
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(said) ?? []
    if (url !== undefined && said.includes('</script>')) return { child, url }
  }
  throw new Error(`the collector ended: ${said}`)
}

async function kill({ child }: Server): Promise<void> {
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

async function admin(url: string, path: string, method: string, body?: object): Promise<Response> {
  const response = await fetch(url + path, {
    method,
    headers: { authorization: `Bearer ${keys.adminToken}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  })
  assert.ok(response.ok, `${path}: ${response.status}`)
  return response
}

/** The causes of all cases. */
async function casesOf(url: string): Promise<string[]> {
  const causes: string[] = []
  for (let cursor = ''; ;) {
    const page = (await (await admin(url, `/v1/cases?limit=200${cursor}`, 'GET')).json()) as {
      cases: { cause: string }[]
      next: string | null
    }
    causes.push(...page.cases.map((each) => each.cause))
    if (page.next === null) return causes
    cursor = `&cursor=${page.next}`
  }
}

/**
 * Sends answers to two collectors on one store, kills one of them in the middle of its deliveries, again and again, and looks at
 * what the receiver got: each answer and each follow-up under one id of its own, and none is missing.
 *
 * @param place where the store is, as the environment names it
 */
export async function killRunners(place: Record<string, string>, kills: number): Promise<void> {
  const sink = await startSink()
  const servers = [await serve(place), await serve(place)]
  const first = (): string => servers[0]?.url ?? ''
  await admin(first(), `/v1/surveys/${npsSurvey.id}`, 'PUT', npsSurvey)
  const made = await admin(first(), '/v1/webhooks', 'POST', {
    name: 'hook',
    url: sink.url,
    events: ['answer.given', 'case.opened'],
  })
  const { id, secret } = (await made.json()) as { id: string; secret: string }
  await admin(first(), '/v1/follow-ups', 'PUT', {
    rules: [
      {
        id: 'call',
        after: { on: 'answer', survey: npsSurvey.id },
        delay: 0,
        expires: 30,
        do: { webhook: id, reaches: 'person' },
      },
      {
        id: 'look',
        after: { on: 'answer', survey: npsSurvey.id },
        delay: 0,
        expires: 30,
        do: { case: { role: 'agent' } },
      },
    ],
    limits: [{ most: 1, days: 30 }],
  })
  let number = 0
  for (let count = 0; count <= kills; count++) {
    const events = Array.from({ length: round }, () => {
      number += 1
      return answer(number, number % 11, { at: new Date().toISOString() })
    })
    const body = JSON.stringify(envelope(keys.writeKey, events, { sentAt: new Date().toISOString() }))
    const target = servers[count % 2]?.url ?? ''
    const sent = await fetch(`${target}/v1/feedback`, { method: 'POST', body })
    assert.equal(sent.status, 200)
    if (count === kills) break
    // In the middle: some of this round have come, and some have not.
    await sink.wait(sink.received.length + 1 + Math.floor(Math.random() * round))
    const victim = servers[count % 2]
    if (victim) await kill(victim)
    servers[count % 2] = await serve(place)
  }
  const wanted = Array.from({ length: number }, (_, index) => index + 1)
  const given = (): Set<string> =>
    new Set(
      sink.received.flatMap(({ message }) =>
        message.type === 'answer.given' ? [(message.data.event as { id: string }).id] : [],
      ),
    )
  const called = (): string[] =>
    sink.received.flatMap(({ message }) => (message.data.followUp ? [message.data.followUp.cause] : []))
  const openedCases = (): string[] =>
    sink.received.flatMap(({ message }) => (message.data.case ? [message.data.case.cause] : []))
  // What a killed one had taken comes when its time is over.
  while (given().size < number || new Set(called()).size < number || new Set(openedCases()).size < number)
    await sink.wait(sink.received.length + 1)
  assert.deepEqual([...given()].toSorted(), wanted.map((each) => uuid('event', each)).toSorted())
  assert.deepEqual([...new Set(called())].toSorted(), wanted.map((each) => uuid('response', each)).toSorted())
  // At least once each, and whatever came twice has the same id.
  const ids = new Set(sink.received.map((each) => each.headers['webhook-id']))
  assert.equal(ids.size, 3 * number)
  assert.ok(sink.received.every((each) => isSignedBy(each, secret)))
  // One case for each answer, whoever was killed while it was opened.
  assert.deepEqual(
    (await casesOf(first())).toSorted(),
    wanted.map((each) => uuid('response', each)).toSorted(),
  )
  await endAll(servers)
}

async function endAll(servers: readonly Server[]): Promise<void> {
  for (const { child } of servers) {
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    assert.deepEqual(await ended, [0, null])
  }
}

/** Rules that are new in a round; a plan has at most a hundred. */
const alertsEach = 8

/**
 * Puts rules that watch a number, of which each finds an alert at once, kills a collector while they are told of, and puts the
 * plan again, so that all of them look again. Each alert is told under one id and opens one case, and none is missing.
 *
 * @param place where the store is, as the environment names it
 */
export async function killWatchers(place: Record<string, string>, kills: number): Promise<void> {
  const sink = await startSink()
  const servers = [await serve(place), await serve(place)]
  const urlOf = (count: number): string => servers[count % 2]?.url ?? ''
  await admin(urlOf(0), `/v1/surveys/${npsSurvey.id}`, 'PUT', npsSurvey)
  // What is counted is what happened before the last whole hour.
  const at = new Date(Date.now() - 2 * 3_600_000).toISOString()
  const events = Array.from({ length: round }, (_, index) => answer(index + 1, index % 7, { at }))
  const body = JSON.stringify(envelope(keys.writeKey, events, { sentAt: new Date().toISOString() }))
  assert.equal((await fetch(`${urlOf(0)}/v1/feedback`, { method: 'POST', body })).status, 200)
  const made = await admin(urlOf(0), '/v1/webhooks', 'POST', {
    name: 'hook',
    url: sink.url,
    events: ['case.opened'],
  })
  const { id: webhook, secret } = (await made.json()) as { id: string; secret: string }
  const rules: object[] = []
  for (let count = 0; count <= kills; count++) {
    for (let index = 0; index < alertsEach; index++)
      rules.push({
        id: `low-${rules.length}`,
        after: { on: 'alert', survey: npsSurvey.id, metric: 'nps', days: 2, below: 50 },
        delay: 0,
        expires: 30,
        do: index % 2 === 0 ? { webhook, reaches: 'staff' } : { case: { role: 'agent' } },
      })
    await admin(urlOf(count), '/v1/follow-ups', 'PUT', { rules })
    if (count === kills) break
    // In the middle: some of this round have come, and some have not.
    await sink.wait(sink.received.length + 1 + Math.floor(Math.random() * (alertsEach - 1)))
    const victim = servers[count % 2]
    if (victim) await kill(victim)
    servers[count % 2] = await serve(place)
  }
  const ruleOf = ({ message }: (typeof sink.received)[number]): string =>
    message.data.followUp?.rule ?? message.data.case?.rule ?? ''
  // What a killed one had taken comes when its time is over.
  while (new Set(sink.received.map(ruleOf)).size < rules.length) await sink.wait(sink.received.length + 1)
  const wanted = rules.map((_, index) => `low-${index}`).toSorted()
  assert.deepEqual([...new Set(sink.received.map(ruleOf))].toSorted(), wanted)
  // At least once each, and whatever came twice has the same id.
  assert.equal(new Set(sink.received.map((each) => each.headers['webhook-id'])).size, rules.length)
  assert.ok(sink.received.every((each) => isSignedBy(each, secret)))
  for (const { message } of sink.received)
    assert.deepEqual([message.data.alert?.side, message.data.alert?.window.n], ['below', round])
  // One case for each rule that opens one.
  const causes = await casesOf(urlOf(0))
  assert.equal(causes.length, rules.length / 2)
  await endAll(servers)
}
