import { expect, it, onTestFinished, vi } from 'vitest'
import type { HostedState } from '../core/hosted.ts'
import type { Instant } from '../core/time.ts'
import { createHostedQueue } from './queue.ts'

const state: HostedState = {
  response: '018f0000-0000-7000-8000-f00000000001',
  survey: {
    id: 'nps',
    version: 1,
    locale: 'en',
    questions: [],
    thanks: { title: 'Thank you' },
    triggers: [],
    recontact: { answered: 0, dismissed: 0, shown: 0 },
  },
  answers: {},
  chosen: null,
  isDone: false,
  thanks: { title: 'Thank you' },
  name: 'Acme',
}
const answer = { at: 1 as Instant, question: 'score', value: 9, revision: 0 }
const problem = (status: number, code: string): Response => Response.json({ code }, { status })

/** A queue whose requests are answered in turn; `null` is a line that is cut. */
function open(replies: (Response | null)[]): {
  queue: ReturnType<typeof createHostedQueue>
  heard: unknown[]
  bodies: unknown[]
  /** Lets the wait before the next attempt end. */
  waited(): Promise<void>
} {
  const heard: unknown[] = []
  const bodies: unknown[] = []
  const waits: (() => void)[] = []
  const waiters: (() => void)[] = []
  vi.stubGlobal('fetch', async (_: string, { body }: RequestInit) => {
    bodies.push(body === undefined ? null : JSON.parse(body as string))
    const reply = replies.shift()
    if (!reply) throw new TypeError('the line is cut')
    return reply
  })
  onTestFinished(() => void vi.unstubAllGlobals())
  const queue = createHostedQueue(
    { path: '/s/token', query: '' },
    {
      now: () => 1 as Instant,
      wait(_, done) {
        waits.push(done)
        waiters.shift()?.()
        return () => void waits.splice(waits.indexOf(done), 1)
      },
    },
    {
      told: () => heard.push('told'),
      line: (up) => heard.push(up),
      shut: () => heard.push('shut'),
    },
  )
  return {
    queue,
    heard,
    bodies,
    async waited() {
      if (waits.length === 0) await new Promise<void>((resolve) => waiters.push(resolve))
      waits.shift()?.()
    },
  }
}

it('keeps an answer that something on the way refuses, until the collector has it', async () => {
  const page = new Response('<h1>Sign in to the network</h1>', { status: 403 })
  const { queue, heard, bodies, waited } = open([
    page,
    problem(404, 'not_found'),
    Response.json({ error: 'nothing here' }, { status: 410 }),
    null,
    Response.json({ ...state, answers: { score: { value: 9, revision: 0 } } }),
  ])
  const acted = queue.act(answer)
  for (let attempt = 0; attempt < 4; attempt++) await waited()
  await vi.waitFor(() => expect(heard).toEqual([false, false, false, false, 'told', true]))
  await acted
  expect(bodies).toEqual(
    Array.from({ length: 5 }, () => ({ acts: [{ question: 'score', value: 9, revision: 0, age: 0 }] })),
  )
  expect(queue.row().acts).toEqual([])
})

it.each([
  [404, 'link_broken'],
  [410, 'link_expired'],
  [409, 'already_answered'],
])('is shut where the collector says %i %s', async (status, code) => {
  const { queue, heard } = open([problem(status, code)])
  await queue.act(answer)
  expect(heard).toEqual(['shut', true])
  expect(queue.row().acts).toEqual([])
})

it('goes on after a request that nobody answers, and sends what came meanwhile', async () => {
  const { queue, heard, waited } = open([])
  const patience = new AbortController()
  vi.spyOn(AbortSignal, 'timeout').mockReturnValueOnce(patience.signal)
  onTestFinished(() => void vi.restoreAllMocks())
  const answered = vi.fn<(body: unknown) => void>()
  let asked = (): void => {}
  const isAsked = new Promise<void>((resolve) => (asked = resolve))
  let requests = 0
  vi.stubGlobal('fetch', (_: string, { body, signal }: RequestInit) => {
    if (requests++) {
      answered(JSON.parse(body as string))
      return Promise.resolve(Response.json(state))
    }
    asked()
    return new Promise((_resolve, reject) =>
      signal?.addEventListener('abort', () => reject(new DOMException('late', 'TimeoutError'))),
    )
  })
  const first = queue.act(answer)
  await isAsked
  const second = queue.act({ ...answer, question: 'why' })
  patience.abort()
  await waited()
  await Promise.all([first, second])
  expect(heard).toContain(false)
  const acts = answered.mock.calls.map(([body]) => (body as { acts: { question: string }[] }).acts)
  expect(acts[0]?.map(({ question }) => question)).toEqual(['score', 'why'])
})
