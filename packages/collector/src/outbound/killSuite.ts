/** Two collectors that share a store and are killed while they send, for any store: throws when a job is lost or doubled. */
import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { answer, bareEnvironment, envelope, keys, npsSurvey, uuid } from '../fixtures.ts'
import { isSignedBy, startSink } from './outbound.fixtures.ts'

const program = fileURLToPath(new URL('../cli.ts', import.meta.url))
/** Answers in a round. */
const round = 40

interface Server {
  child: ChildProcess
  url: string
}

async function serve(place: Record<string, string>): Promise<Server> {
  const args = ['--conditions=@earshot/source', program, 'serve', '--port', '0']
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: {
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
  for (const { child } of servers) {
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    assert.deepEqual(await ended, [0, null])
  }
}
