import { followUpId } from '@earshot/contract'
import {
  ces,
  cesAfterSupport,
  csat,
  nps,
  type FeedbackEvent,
  type FollowUpRule,
  type Survey,
} from '@earshot/sdk'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { chromiumFlags, findChromium } from '../../../scripts/chromium.ts'
import { type RunningCollector, startCollectorProcess, writeKey } from './collector.ts'
import { type RunningServer, startHostPage } from './line.ts'
import { answer, card, explained, hear, heard, listen, memoryOf, score, seesRule } from './respondent.ts'

// Real pages and a real collector; only the clock of the browser is set, a day or a fortnight on.
let collector: RunningCollector
let host: RunningServer
let browser: Browser
let context: BrowserContext
let count = 0

const options = { args: [...chromiumFlags] }
const day = 86_400_000
const today = Date.now()

beforeAll(async () => {
  collector = await startCollectorProcess()
  host = await startHostPage({ src: `${collector.url}/earshot.js`, 'data-key': writeKey })
  browser = await chromium.launch({ ...options, executablePath: await findChromium() })
})
afterAll(async () => {
  await browser.close()
  await host.close()
  await collector.remove()
})
beforeEach(async () => {
  context = await browser.newContext()
})
afterEach(() => context.close())

/** A page so many days from today. */
async function visit(days: number, visitor = context): Promise<Page> {
  await visitor.clock.install({ time: today + days * day })
  const page = await visitor.newPage()
  await listen(page)
  await page.goto(host.url)
  await hear(page, 'ready')
  return page
}

/** A survey of its own for each test; it asks for nothing but its follow-up, also inside the quiet period. */
async function put(followUp: Partial<FollowUpRule>, fields: Partial<Survey> = {}): Promise<Survey> {
  const followUps: FollowUpRule[] = [
    {
      id: 'later',
      after: { on: 'event', name: `go-${++count}`, key: 'ticket' },
      delay: 1,
      expires: 7,
      ...followUp,
    },
  ]
  const survey = csat({ id: `later-${count}`, name: 'Acme', followUps, transactional: true, ...fields })
  await collector.put(survey)
  return survey
}

/** Tells the page what plans the follow-up of a survey, and waits for the plan. */
async function plan(page: Page, { followUps = [] }: Survey, ticket: string): Promise<void> {
  const [cause] = followUps.map(({ after }) => after)
  const name = cause?.on === 'event' ? cause.name : ''
  const before = (await heard(page, 'followUp')).length
  await page.evaluate(([event, id]) => window.earshot.track(event, { ticket: id }), [name, ticket] as const)
  await hear(page, 'followUp', before + 1)
}

/** What the collector was told of a plan. */
async function story(page: Page, followUp: string): Promise<string[]> {
  await page.evaluate(() => window.earshot.flush())
  const response = (await memoryOf(page, writeKey))?.plans?.[followUp]?.response ?? ''
  const events = await collector.eventsOf(response)
  return events.flatMap((each) =>
    each.type === 'followup' && each.data.followUp === followUp
      ? [[each.data.state, each.data.reason].filter(Boolean).join(' ')]
      : [],
  )
}

/** That nothing is on the screen, and nothing on its way there. */
async function nothing(page: Page, survey: Survey): Promise<void> {
  await explained(page, survey.id)
  expect(await card(page).count()).toBe(0)
}

describe('a follow-up of an answer', () => {
  it('asks a detractor three days later, in one of two tabs of a browser that was closed meanwhile, and once', async () => {
    const asked = nps({ id: 'asked', name: 'Acme', transactional: true })
    await collector.put(asked)
    const later = await put({
      after: { on: 'answer', survey: 'asked', when: { question: 'score', bands: ['detractor'] } },
      delay: 3,
      expires: 14,
    })
    const directory = await mkdtemp(join(tmpdir(), 'earshot-profile-'))
    const launch = async (): Promise<BrowserContext> =>
      chromium.launchPersistentContext(directory, { ...options, executablePath: await findChromium() })
    let device = await launch()
    try {
      const first = await visit(0, device)
      await first.evaluate(() => window.earshot.show('asked'))
      await answer(first, 2, 'It came late.')
      const [planned] = await hear(first, 'followUp')
      const [cause] = await hear(first, 'completed')
      const identity = followUpId(later.id, 'later', cause?.response ?? '')
      expect(planned).toMatchObject({ followUp: identity, survey: later.id, state: 'planned' })
      await device.close()

      device = await launch()
      const early = await visit(2.9, device)
      await nothing(early, later)
      await early.close()
      await device.clock.install({ time: today + 3.01 * day })
      const tabs = [await device.newPage(), await device.newPage()] as const
      await Promise.all(
        tabs.map(async (tab) => {
          await listen(tab)
          await tab.goto(host.url)
          await seesRule(tab, later.id, 'followUp.later', { shown: true })
          await explained(tab, later.id)
        }),
      )
      const cards = await Promise.all(tabs.map((tab) => card(tab).count()))
      expect(cards.toSorted((a, b) => a - b)).toEqual([0, 1])
      const shown = cards[0] ? tabs[0] : tabs[1]
      await answer(shown, 4, 'All good now.')
      await hear(shown, 'completed')
      expect(await story(shown, identity)).toEqual(['planned', 'shown', 'answered'])
      expect(await collector.responses(later.id)).toMatchObject([
        { status: 'completed', trigger: 'followup', followUp: identity, answers: { score: { value: 4 } } },
      ])
      for (const tab of tabs) {
        await tab.reload()
        await hear(tab, 'ready')
        await nothing(tab, later)
      }
    } finally {
      await device.close()
      await rm(directory, { recursive: true, force: true, maxRetries: 5 })
    }
  })
  it('is called off when the answer is changed to another band', async () => {
    await collector.put(nps({ id: 'changed', name: 'Acme', transactional: true }))
    const later = await put({
      after: { on: 'answer', survey: 'changed', when: { question: 'score', bands: ['detractor'] } },
    })
    const page = await visit(0)
    await page.evaluate(() => window.earshot.show('changed'))
    await score(page, 2).click()
    await hear(page, 'followUp')
    await answer(page, 9, 'I meant nine.')
    expect(await hear(page, 'followUp', 2)).toMatchObject([
      { survey: later.id, state: 'planned' },
      { survey: later.id, state: 'cancelled', reason: 'changed' },
    ])
    await page.close()
    await nothing(await visit(2), later)
  })
})

describe('a follow-up of an event', () => {
  it('is planned offline, and asks once when the page is opened after its time', async () => {
    const survey = cesAfterSupport({ id: 'support', name: 'Acme' })
    await collector.put(survey)
    const page = await visit(0)
    await explained(page, survey.id)
    await context.setOffline(true)
    await page.evaluate(() => window.earshot.track('enquiry_answered', { enquiry: 'T-1' }))
    await hear(page, 'followUp')
    await page.close()
    await context.setOffline(false)
    const early = await visit(0.9)
    await nothing(early, survey)
    await early.close()
    const due = await visit(1.1)
    await answer(due, 6, 'Quick.')
    const identity = followUpId(survey.id, 'answered', 'T-1')
    expect(await story(due, identity)).toEqual(['planned', 'shown', 'answered'])
    expect(await collector.responses(survey.id)).toMatchObject([{ status: 'completed', followUp: identity }])
    await due.reload()
    await hear(due, 'ready')
    await nothing(due, survey)
  })
  it('counts from the event also where the code for it could not be fetched then', async () => {
    const survey = await put({})
    await context.route('**/rules.js', (route) => route.abort())
    const page = await visit(0)
    await page.evaluate((name) => window.earshot.track(name, { ticket: 'T-2' }), `go-${count}`)
    await vi.waitFor(
      async () =>
        expect(await memoryOf(page, writeKey)).toMatchObject({ missed: [{ change: { kind: 'event' } }] }),
      10_000,
    )
    await page.close()
    await context.unroute('**/rules.js')
    const due = await visit(1.01)
    await card(due).waitFor()
    expect(await story(due, followUpId(survey.id, 'later', 'T-2'))).toEqual(['planned', 'shown'])
  })
  it('is called off by the event for the same case, and by none for another', async () => {
    const survey = await put({ cancel: [{ name: 'ticket_reopened', key: 'ticket' }] })
    const page = await visit(0)
    await plan(page, survey, 'A')
    await plan(page, survey, 'B')
    await page.evaluate(() => window.earshot.track('ticket_reopened', { ticket: 'A' }))
    expect((await hear(page, 'followUp', 3)).at(-1)).toMatchObject({
      followUp: followUpId(survey.id, 'later', 'A'),
      state: 'cancelled',
      reason: 'event',
    })
    await page.close()
    const due = await visit(1.1)
    await card(due).waitFor()
    expect(await hear(due, 'shown')).toHaveLength(1)
    await answer(due, 5, 'Fine.')
    expect(await story(due, followUpId(survey.id, 'later', 'A'))).toEqual(['planned', 'cancelled event'])
    expect(await story(due, followUpId(survey.id, 'later', 'B'))).toEqual(['planned', 'shown', 'answered'])
    await due.close()
    await nothing(await visit(1.2), survey)
  })
})

describe('a follow-up without an answer', () => {
  it('is asked again as often as it says, and then expires', async () => {
    const survey = await put({ reminders: { most: 2, every: 2 }, expires: 10 })
    const page = await visit(0)
    await plan(page, survey, 'R')
    await page.close()
    const identity = followUpId(survey.id, 'later', 'R')
    const isSeen = (ask: { followUp?: string; unseen?: true }): boolean =>
      ask.followUp === identity && !ask.unseen
    const seen: number[] = []
    for (const days of [0.5, 1.1, 2, 3.2, 4, 5.3, 7.5, 9]) {
      const next = await visit(days)
      await explained(next, survey.id)
      if (await card(next).count()) {
        seen.push(days)
        await hear(next, 'shown')
        // A page that is closed before the device has kept that has shown nothing.
        await vi.waitFor(async () =>
          expect((await memoryOf(next, writeKey))?.asks?.filter(isSeen)).toHaveLength(seen.length),
        )
      }
      await next.close()
    }
    expect(seen).toEqual([1.1, 3.2, 5.3])
    const over = await visit(11.5)
    await hear(over, 'followUp')
    expect(await heard(over, 'followUp')).toMatchObject([{ state: 'expired', reason: 'no-answer' }])
    expect(await story(over, identity)).toEqual(['planned', 'shown', 'shown', 'shown', 'expired no-answer'])
    await nothing(over, survey)
  })
  it('that was never possible expires with what stood against it', async () => {
    const survey = await put({}, { targeting: { fact: 'trait.plan', op: 'equals', value: 'pro' } })
    const page = await visit(0)
    await page.evaluate(() => window.earshot.setTraits({ plan: 'free' }))
    await plan(page, survey, 'N')
    await page.close()
    const due = await visit(2)
    await nothing(due, survey)
    await due.close()
    const over = await visit(9)
    await hear(over, 'followUp')
    expect(await story(over, followUpId(survey.id, 'later', 'N'))).toEqual([
      'planned',
      'expired not-targeted',
    ])
  })
})

describe('a follow-up that must wait', () => {
  it('is not shown where the collector knows that it was answered elsewhere', async () => {
    const survey = await put({})
    const page = await visit(0)
    await page.evaluate(() => window.earshot.identify('customer-9'))
    await plan(page, survey, 'E')
    await page.evaluate(() => window.earshot.flush())
    await page.close()
    const told: FeedbackEvent = {
      id: uuid(),
      type: 'followup',
      at: new Date(today + day / 2).toISOString(),
      visitor: 'mail',
      person: 'customer-9',
      session: 'mail',
      seq: 1,
      context: { channel: 'mail' },
      survey: survey.id,
      surveyVersion: survey.version,
      response: uuid(),
      data: { followUp: followUpId(survey.id, 'later', 'E'), state: 'answered' },
    }
    await collector.send([told])
    const due = await visit(1.1)
    await vi.waitFor(async () => {
      const refused = (await heard(due, 'suppressed')).map(({ reason }) => reason)
      const { rules } = await explained(due, survey.id)
      expect({ refused, cards: await card(due).count(), rules }).toMatchObject({
        refused: ['answered-elsewhere'],
        cards: 0,
      })
    }, 10_000)
  })
  it('is held back by the quiet period unless it is transactional, and appears after it', async () => {
    const other = ces({ id: 'other', name: 'Acme', transactional: true })
    await collector.put(other)
    const survey = await put({ delay: 0, expires: 30 }, { transactional: false })
    const page = await visit(0)
    await page.evaluate(() => window.earshot.show('other'))
    await card(page).getByRole('button', { name: 'Close survey' }).click()
    await card(page).waitFor({ state: 'detached' })
    await plan(page, survey, 'Q')
    const refused = await explained(page, survey.id)
    expect(refused).toMatchObject({ show: false, reason: 'quiet-period' })
    expect(await card(page).count()).toBe(0)
    await page.close()
    const early = await visit(13.9)
    await nothing(early, survey)
    await early.close()
    const due = await visit(14.1)
    await card(due).waitFor()
    expect(await story(due, followUpId(survey.id, 'later', 'Q'))).toEqual(['planned', 'shown'])
  })
})

/** A UUIDv7. */
function uuid(): string {
  const time = Date.now().toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${crypto.randomUUID().slice(15)}`
}
