/** Kills a collector with SIGKILL at random moments under load, again and again over the same data, and looks after each kill whether anything that was acknowledged is lost, counted twice, or counted wrong. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { parseArgs } from 'node:util'
import { recounts } from '../packages/collector/src/stores/sqliteDays.ts'
import { bytesToId } from '../packages/collector/src/stores/sqliteId.ts'
import { loadSurvey } from './benchIngestLoad.ts'
import type { Answer } from './benchIngestServer.ts'

/** What came of all rounds. */
export interface Killed {
  rounds: number
  /** Events that a receipt named. */
  acknowledged: number
  /** What is wrong, in words; empty when nothing is. */
  problems: string[]
}

const keys = { writeKey: 'pk_kill', adminToken: 'sk_0123456789abcdefghij' }
const senders = 12

interface Batch {
  ids: string[]
  body: string
}

/**
 * @param rounds how many kills
 * @param told hears of each round
 * @example
 * const { problems } = await killRounds(3)
 */
export async function killRounds(
  rounds: number,
  told: (line: string) => void = () => undefined,
): Promise<Killed> {
  const data = mkdtempSync(join(tmpdir(), 'earshot-kill-'))
  const acknowledged = new Set<string>()
  const problems: string[] = []
  let unanswered: Batch[] = []
  try {
    for (let round = 1; round <= rounds && problems.length === 0; round++) {
      const before = acknowledged.size
      unanswered = await killOnce(data, round, unanswered, acknowledged)
      problems.push(
        ...inspect(join(data, 'earshot.sqlite'), acknowledged).map((each) => `round ${round}: ${each}`),
      )
      told(
        `round ${round}: ${acknowledged.size - before} acknowledged, ${unanswered.length} requests cut off`,
      )
    }
  } finally {
    rmSync(data, { recursive: true, force: true })
  }
  return { rounds, acknowledged: acknowledged.size, problems }
}

/** One life of the collector; gives the requests that got no answer, which the next one is sent again. */
async function killOnce(
  data: string,
  round: number,
  unanswered: readonly Batch[],
  acknowledged: Set<string>,
): Promise<Batch[]> {
  const child = fork(
    join(import.meta.dirname, 'benchIngestServer.ts'),
    ['collector', data, keys.writeKey, keys.adminToken],
    { execArgv: ['--conditions=@earshot/source'] },
  )
  const exit = once(child, 'exit')
  const said = (await Promise.race([once(child, 'message'), exit]))[0] as Answer | number | null
  if (typeof said !== 'object' || said === null || !('port' in said))
    throw new Error('the collector did not start')
  const url = `http://127.0.0.1:${said.port}/v1`
  await fetch(`${url}/surveys/nps-q4`, {
    method: 'PUT',
    body: JSON.stringify(loadSurvey),
    headers: { 'content-type': 'application/json', authorization: `Bearer ${keys.adminToken}` },
  })
  const again = [...unanswered]
  const open = new Set<Batch>()
  let isDead = false
  let hasBegun = (): void => undefined
  const begun = new Promise<void>((resolve) => (hasBegun = resolve))
  let number = 0
  const send = async (): Promise<void> => {
    while (!isDead) {
      const batch = again.shift() ?? makeBatch(round, number++)
      open.add(batch)
      const receipt = await post(`${url}/feedback`, batch.body)
      if (!receipt) return
      for (const id of [...receipt.accepted, ...receipt.duplicates]) acknowledged.add(id)
      open.delete(batch)
      hasBegun()
      // Some receipts are lost on their way, so that what is stored is sent once more.
      if (Math.random() < 0.1) again.push(batch)
    }
  }
  const all = Promise.all(Array.from({ length: senders }, send))
  await begun
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 250))
  child.kill('SIGKILL')
  isDead = true
  await exit
  await all
  return [...open, ...again]
}

async function post(url: string, body: string): Promise<{ accepted: string[]; duplicates: string[] } | null> {
  try {
    const response = await fetch(url, { method: 'POST', body, headers: { 'content-type': 'text/plain' } })
    if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`)
    return (await response.json()) as { accepted: string[]; duplicates: string[] }
  } catch (error) {
    // A connection that is cut is what this is about; any other failure is not.
    if (error instanceof TypeError || (error instanceof Error && 'cause' in error)) return null
    throw error
  }
}

/** Some responses of one to three events, some of which come again in the next batch. */
function makeBatch(round: number, number: number): Batch {
  const now = Date.now()
  const events = Array.from({ length: 1 + (number % 4) }, (_, index) => {
    // Three in a row are about the same response.
    const response = `${round.toString(16).padStart(4, '0')}${Math.floor((number * 4 + index) / 3)
      .toString(16)
      .padStart(8, '0')}`
    const step = (number * 4 + index) % 3
    const id = `${round.toString(16).padStart(5, '0')}${(number * 4 + index).toString(16).padStart(7, '0')}`
    const [type, content] = (
      [
        ['display', { trigger: 'show' }],
        ['answer', { question: 'score', value: number % 11, revision: 0 }],
        ['complete', {}],
      ] as const
    )[step] ?? ['complete', {}]
    return {
      id: `018f0000-0000-7000-8001-${id}`,
      type,
      at: new Date(now - (number % 5) * 86_400_000).toISOString(),
      visitor: `visitor-${response}`,
      person: null,
      session: 'session',
      seq: step + 1,
      context: { channel: 'web' },
      survey: 'nps-q4',
      surveyVersion: 1,
      response: `018f0000-0000-7000-8002-${response}`,
      data: content,
    }
  })
  const body = { key: keys.writeKey, sentAt: new Date(now).toISOString(), sdk: 'kill/1', events }
  return { ids: events.map((each) => each.id), body: JSON.stringify(body) }
}

/** What is wrong with the data that a killed collector left. */
function inspect(file: string, acknowledged: ReadonlySet<string>): string[] {
  const database = new DatabaseSync(file)
  const one = (sql: string): number => Number(Object.values(database.prepare(sql).get() ?? {})[0])
  const problems: string[] = []
  const check = (name: string, wrong: number): void => {
    if (wrong > 0) problems.push(`${name}: ${wrong}`)
  }
  try {
    const stored = new Set(
      database
        .prepare('SELECT id FROM events')
        .all()
        .map(({ id }) => bytesToId(id as Uint8Array)),
    )
    check('acknowledged and lost', [...acknowledged].filter((id) => !stored.has(id)).length)
    check('stored twice', one('SELECT count(*) FROM events') - stored.size)
    const accepted = one("SELECT coalesce(sum(value), 0) FROM counters WHERE name = 'accepted'")
    check('counted as accepted, but not stored, or otherwise', Math.abs(accepted - stored.size))
    check(
      'responses without an event, or with one and missing',
      one(`SELECT count(*) FROM (
        SELECT response FROM events GROUP BY response EXCEPT SELECT id FROM responses
        UNION ALL SELECT id FROM responses EXCEPT SELECT response FROM events)`),
    )
    for (const [table, recount] of Object.entries(recounts))
      check(
        `rows of ${table} that differ from a recount`,
        one(
          `SELECT (SELECT count(*) FROM (SELECT * FROM ${table} EXCEPT ${recount})) +
             (SELECT count(*) FROM (SELECT * FROM (${recount}) EXCEPT SELECT * FROM ${table}))`,
        ),
      )
    check(
      'completed responses that are counted otherwise',
      Math.abs(
        one('SELECT coalesce(sum(count), 0) FROM completed') -
          one('SELECT count(*) FROM responses WHERE status = 2 AND over_quota = 0'),
      ),
    )
    if (database.prepare('PRAGMA quick_check(1)').get()?.quick_check !== 'ok')
      problems.push('the file is damaged')
  } finally {
    database.close()
  }
  return problems
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { rounds: { type: 'string', default: '200' } } })
  const { rounds, acknowledged, problems } = await killRounds(Number(values.rounds), (line) =>
    console.log(line),
  )
  for (const each of problems) console.error(each)
  console.log(
    `${rounds} kills, ${acknowledged} acknowledged events: ${problems.length === 0 ? 'none lost, none twice, all counts right' : 'WRONG'}`,
  )
  if (problems.length > 0) process.exitCode = 1
}
