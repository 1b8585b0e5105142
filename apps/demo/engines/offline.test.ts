import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { fileURLToPath } from 'node:url'
import { nps, type Survey } from '@earshot/sdk'
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it, vi } from 'vitest'
import { type RunningCollector, startCollectorProcess, writeKey } from '../e2e/collector.ts'
import { listen, type RunningServer } from '../e2e/line.ts'
import { queuedOf, storedKeys } from '../e2e/respondent.ts'
import type { Tab } from './engine.ts'
import { createProfile, engines, type Profile, see, textOf, visitAlone } from './stage.ts'

// A real collector that goes away, a real IndexedDB, and browsers that are reloaded, closed and killed meanwhile.
const files = new URL('../../../packages/sdk/dist/browser/', import.meta.url)
let collector: RunningCollector
let host: RunningServer
let count = 0
/** What pages that nobody drives have told. */
const told: string[] = []

/** What a page does by itself that nobody drives: it answers, and tells when the answer is on the disk. */
const answering = (survey: string): string => `
addEventListener('earshot:ready', async () => {
  await fetch('/away')
  earshot.show(${JSON.stringify(survey)}, { force: true })
})
addEventListener('earshot:shown', () => document.querySelector('[data-earshot]').shadowRoot.querySelector('input[value="2"]').dispatchEvent(new MouseEvent('click', { bubbles: true, detail: 1 })))
addEventListener('earshot:queued', ({ detail }) => {
  if (detail.type === 'answer') navigator.sendBeacon('/told', String(detail.durable))
})`

async function answerHost(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://host')
  if (pathname === '/told') {
    for await (const chunk of request) told.push(String(chunk))
    return void response.end()
  }
  if (pathname === '/away') {
    await collector.kill()
    return void response.end()
  }
  const name = pathname.split('/').pop() ?? ''
  if (name.endsWith('.js')) {
    response.setHeader('content-type', 'text/javascript')
    return void response.end(await readFile(fileURLToPath(new URL(name, files))))
  }
  response.setHeader('content-type', 'text/html')
  const script = searchParams.get('answer')
  response.end(
    `<!doctype html><html lang="en"><title>Host</title><main><h1>Host</h1></main>${script ? `<script>${answering(script)}</script>` : ''}<script async src="/earshot.js" data-key="${writeKey}" data-collector="${collector.url}"></script>`,
  )
}

beforeAll(async () => {
  collector = await startCollectorProcess()
  // The site has the script's files itself, so they come while the collector is away.
  host = await listen(createServer((request, response) => void answerHost(request, response)))
})
afterAll(async () => {
  await host?.close()
  await collector?.remove()
})

async function freshSurvey(): Promise<Survey> {
  const name = `go-${++count}`
  const survey = nps({ id: `nps-${count}`, name: 'Acme', triggers: [{ on: 'event', name }] })
  await collector.put(survey)
  return survey
}
const stored = (survey: Survey) => collector.responses(survey.id)

async function visit(tab: Tab): Promise<void> {
  await tab.go(host.url)
  await ready(tab)
}
const ready = (tab: Tab): Promise<void> =>
  vi.waitFor(async () =>
    expect(await tab.run(() => typeof (window.earshot as { destroy?: unknown } | undefined)?.destroy)).toBe(
      'function',
    ),
  )
const queued = async (tab: Tab): Promise<number> => queuedOf(await tab.run(storedKeys))

/** Answers with score and comment while nothing can be delivered, to the thanks that say so. */
async function answerOffline(tab: Tab, score: number, comment: string): Promise<void> {
  await tab.click(`input[value="${score}"]`)
  await tab.click('textarea')
  await tab.type(comment)
  await tab.click('.send')
  await vi.waitFor(async () => expect(await textOf(tab, 'h2.title')).toContain('Thank you'))
}
/** Sees to it that all is delivered, and that one response with each event once came of it. */
async function delivered(tab: Tab, survey: Survey, score: number, comment: string): Promise<void> {
  await vi.waitFor(async () => {
    await tab.run(() => window.earshot.flush())
    expect(await queued(tab)).toBe(0)
  }, 45_000)
  const responses = await stored(survey)
  expect(responses).toMatchObject([
    { status: 'completed', answers: { score: { value: score, revision: 0 } } },
  ])
  expect(Object.values(responses[0]?.answers ?? {}).map(({ value }) => value)).toContain(comment)
  const events = await collector.events(survey.id)
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length)
  expect(events.filter(({ type }) => type === 'complete')).toHaveLength(1)
}

describe.each(engines)('in %s, with the collector away', { timeout: 120_000 }, (name) => {
  let profile: Profile
  beforeEach(async () => {
    profile = await createProfile(name)
  })
  afterEach(() => profile.remove())

  it('an answer is kept over a reload of the page, and arrives once', async () => {
    const survey = await freshSurvey()
    const browser = await profile.launch({ reducedMotion: true })
    const tab = await browser.open()
    await visit(tab)
    await tab.run((id) => window.earshot.show(id, { force: true }), survey.id)
    await see(tab, '.card')
    await collector.kill()
    await answerOffline(tab, 6, 'No signal in the garden.')
    await tab.reload()
    await ready(tab)
    expect(await queued(tab)).toBeGreaterThan(0)
    await collector.restart()
    await delivered(tab, survey, 6, 'No signal in the garden.')
  })

  it('two tabs keep it together, and it arrives once', async () => {
    const survey = await freshSurvey()
    const browser = await profile.launch({ reducedMotion: true })
    const tabs = [await browser.open(), await browser.open()] as const
    for (const tab of tabs) await visit(tab)
    const [first, second] = tabs
    await first.run((id) => window.earshot.show(id, { force: true }), survey.id)
    await first.click('input[value="7"]')
    await collector.kill()
    await first.click('textarea')
    await first.type('In one of two')
    await first.click('.send')
    await vi.waitFor(async () => expect(await textOf(first, 'h2.title')).toContain('Thank you'))
    expect(await queued(second)).toBeGreaterThan(0)
    await collector.restart()
    await Promise.all(tabs.map((tab) => tab.run(() => void window.earshot.flush())))
    await delivered(second, survey, 7, 'In one of two')
    await delivered(first, survey, 7, 'In one of two')
  })

  // What is driven of WebKit keeps nothing after its end; below is one that nobody drives.
  it.skipIf(name === 'webkit').each(['close', 'kill'] as const)(
    'the browser ends by %s and starts again: the answer arrives once',
    async (how) => {
      const survey = await freshSurvey()
      const before = await profile.launch({ reducedMotion: true })
      const tab = await before.open()
      await visit(tab)
      await tab.run((id) => window.earshot.show(id, { force: true }), survey.id)
      await see(tab, '.card')
      await collector.kill()
      await answerOffline(tab, 9, 'Before the end')
      await before[how]()
      await collector.restart()
      expect(await stored(survey)).toEqual([])
      const after = await (await profile.launch({ reducedMotion: true })).open()
      await visit(after)
      await delivered(after, survey, 9, 'Before the end')
    },
  )
})

it.runIf(engines.includes('webkit'))(
  'in a webkit that nobody drives and that is killed, an answer is kept, and arrives once from the next one',
  { timeout: 120_000 },
  async () => {
    const survey = await freshSurvey()
    told.length = 0
    const complaints = await visitAlone([
      {
        url: `${host.url}/?answer=${survey.id}`,
        until: () => vi.waitFor(() => expect(told).toContain('true'), 45_000),
      },
      {
        url: host.url,
        async until() {
          await collector.restart()
          const answered = [{ answers: { score: { value: 2, revision: 0 } } }]
          await vi.waitFor(async () => expect(await stored(survey)).toMatchObject(answered), 45_000)
        },
      },
    ])
    const events = await collector.events(survey.id)
    expect(events.filter(({ type }) => type === 'answer')).toHaveLength(1)
    // The collector was away.
    expect(complaints.filter((each) => !each.includes('/v1/'))).toEqual([])
  },
)
