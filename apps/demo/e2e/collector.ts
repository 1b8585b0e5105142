/** A real collector as a process of its own, which a test can kill and start again on the same data. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AnswerValue, FeedbackEvent, Scalar, SiteSettings, Survey, SurveyEvent } from '@earshot/contract'
import { collectorCommand } from '../../../scripts/collectorCommand.ts'
import { freePort } from '../../../scripts/postgres.ts'

const files = fileURLToPath(new URL('../../../packages/sdk/dist/browser', import.meta.url))

export const writeKey = 'pk_e2e'
const adminToken = 'sk_e2e_0123456789abcdef0123456789'

export interface StoredResponse {
  id: string
  survey: string
  version: number
  status: string
  person: string | null
  visitor: string
  displayedAt: string | null
  completedAt: string | null
  url: string | null
  variant: string | null
  trigger: string | null
  followUp: string | null
  hidden: Record<string, Scalar> | null
  answers: Record<string, { value: AnswerValue; other?: string; order?: string[]; revision: number }>
}

export interface RunningCollector {
  url: string
  put(survey: Survey): Promise<void>
  putSettings(settings: SiteSettings): Promise<void>
  /** Sends events as any browser does. */
  send(events: readonly FeedbackEvent[]): Promise<void>
  get<Body>(path: string): Promise<Body>
  responses(survey: string): Promise<StoredResponse[]>
  /** The events of one response, by the client's time; none when it knows none. */
  eventsOf(response: string): Promise<SurveyEvent[]>
  /** The events of all responses of a survey. */
  events(survey: string): Promise<SurveyEvent[]>
  /** SIGKILL. */
  kill(): Promise<void>
  /** Starts it again on the same port and data. */
  restart(): Promise<void>
  remove(): Promise<void>
}

/** Reads the stored responses of a survey through the administration interface. */
export async function readResponses(url: string, token: string, survey: string): Promise<StoredResponse[]> {
  const response = await fetch(`${url}/v1/responses?survey=${survey}&limit=200`, {
    headers: { authorization: `Bearer ${token}` },
  })
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
  return ((await response.json()) as { responses: StoredResponse[] }).responses
}

/** @param store - Address of a PostgreSQL database; without it the data is in a directory of its own. */
export async function startCollectorProcess(store?: string): Promise<RunningCollector> {
  const data = await mkdtemp(join(tmpdir(), 'earshot-collector-'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  let child: ChildProcess

  const start = async (): Promise<void> => {
    child = spawn(
      process.execPath,
      [
        ...collectorCommand,
        'serve',
        '--port',
        String(port),
        '--host',
        '127.0.0.1',
        ...(store === undefined ? ['--data', data] : ['--store', store]),
      ],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: {
          ...process.env,
          EARSHOT_WRITE_KEY: writeKey,
          EARSHOT_ADMIN_TOKEN: adminToken,
          EARSHOT_BROWSER_FILES: files,
        },
      },
    )
    // It prints its address once it listens.
    await new Promise<void>((resolve, reject) => {
      let said = ''
      child.stdout?.on('data', (chunk: Buffer) => {
        said += chunk.toString()
        if (said.includes(String(port))) resolve()
      })
      child.once('exit', (code) => reject(new Error(`The collector ended with ${code}:\n${said}`)))
    })
  }
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
  const call = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' }
    const response = await fetch(url + path, { ...init, headers })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return response
  }
  const responses = (survey: string): Promise<StoredResponse[]> => readResponses(url, adminToken, survey)
  const eventsOf = async (response: string): Promise<SurveyEvent[]> => {
    const answer = await fetch(`${url}/v1/responses/${response}`, {
      headers: { authorization: `Bearer ${adminToken}` },
    })
    if (answer.status === 404) return []
    const { events } = (await answer.json()) as { events: { event: SurveyEvent }[] }
    return events.map(({ event }) => event).sort((a, b) => a.seq - b.seq)
  }
  await start()
  return {
    url,
    async put(survey) {
      const whole = { purpose: 'Try it out.', owner: 'tests', ...survey }
      await call(`/v1/surveys/${survey.id}`, { method: 'PUT', body: JSON.stringify(whole) })
    },
    async putSettings(settings) {
      await call('/v1/settings', { method: 'PUT', body: JSON.stringify(settings) })
    },
    async send(events) {
      const body = { key: writeKey, sentAt: new Date().toISOString(), sdk: 'e2e/1', events }
      const answer = await call('/v1/feedback', { method: 'POST', body: JSON.stringify(body) })
      const { rejected } = (await answer.json()) as { rejected: unknown[] }
      if (rejected.length) throw new Error(JSON.stringify(rejected))
    },
    get: async <Body>(path: string) => (await (await call(path)).json()) as Body,
    responses,
    eventsOf,
    async events(survey) {
      const all = (await responses(survey)).map(({ id }) => eventsOf(id))
      return (await Promise.all(all)).flat()
    },
    kill,
    restart: start,
    async remove() {
      await kill()
      await rm(data, { recursive: true, force: true })
    },
  }
}
