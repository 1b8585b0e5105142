import { nps, type Survey } from '@earshot/sdk'
import type { Page } from 'playwright'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { createProfile, type RunningBrowser } from './browser.ts'
import { type RunningCollector, startCollectorProcess, writeKey } from './collector.ts'
import { type RunningServer, startHostPage, startLossyLine } from './line.ts'
import { answer, card, hear, listen, queuedOf, score, storedKeys } from './respondent.ts'

/** The line that packages/sdk/README.md tells a page to have; a test there holds it equal to the one of the SDK. */
const stub = 'window.earshot||(window.earshot=function(){(earshot.q=earshot.q||[]).push(arguments)})'

// A real browser process, a real collector process, and a page with the script tag. Nothing is faked.
let collector: RunningCollector
let host: RunningServer
let profile: Awaited<ReturnType<typeof createProfile>>
let count = 0

beforeAll(async () => {
  collector = await startCollectorProcess()
  host = await startHostPage({ src: `${collector.url}/earshot.js`, 'data-key': writeKey })
})
afterAll(async () => {
  await host.close()
  await collector.remove()
})
afterEach(() => profile.remove())

/** A survey that no other test has answered. */
async function freshSurvey(): Promise<Survey> {
  const survey = nps({ id: `nps-${++count}`, name: 'Acme', triggers: [{ on: 'event', name: `go-${count}` }] })
  await collector.put(survey)
  return survey
}

async function visit(browser: RunningBrowser, url = host.url): Promise<Page> {
  const page = await browser.context.newPage()
  await listen(page)
  await page.goto(url)
  await hear(page, 'ready')
  return page
}

const stored = (survey: Survey) => collector.responses(survey.id)
const queued = async (page: Page) => queuedOf(await page.evaluate(storedKeys))

describe('an answer given online', () => {
  it('is one stored response with score, comment and survey version, and nothing stays behind', async () => {
    const survey = await freshSurvey()
    profile = await createProfile()
    const browser = await profile.launch()
    const requests: string[] = []
    browser.context.on('request', (request) => requests.push(`${request.method()} ${request.url()}`))
    const page = await visit(browser)
    await page.evaluate((id) => window.earshot.show(id), survey.id)
    await answer(page, 9, 'The handles never break.')
    await vi.waitFor(async () => expect(await stored(survey)).toHaveLength(1), 10_000)
    await vi.waitFor(async () => expect((await stored(survey))[0]?.status).toBe('completed'), 10_000)
    const [response] = await stored(survey)
    expect(response).toMatchObject({ survey: survey.id, version: 1, status: 'completed', person: null })
    expect(response?.answers).toMatchObject({
      score: { value: 9 },
      'why-promoter': { value: 'The handles never break.' },
    })
    expect(response?.displayedAt).toBeTruthy()
    await vi.waitFor(async () => expect(await queued(page)).toBe(0), 10_000)
    // A survey with nothing special about it needs the loader and the card, and no more code, also on the next page.
    await page.reload()
    await hear(page, 'ready')
    await page.evaluate(() => window.earshot.flush())
    const code = requests.flatMap((each) => /[^/]+\.js$/.exec(each) ?? [])
    expect([...new Set(code)].toSorted()).toEqual(['card.js', 'earshot.js'])
    // Simple requests only, to the page and its collector alone, and no cookie.
    expect(requests.filter((each) => each.startsWith('OPTIONS'))).toEqual([])
    const elsewhere = requests.filter((each) => !each.includes(host.url) && !each.includes(collector.url))
    expect(elsewhere).toEqual([])
    expect(await browser.context.cookies()).toEqual([])
  })
  it('keeps the last of several scores, as one response', async () => {
    const survey = await freshSurvey()
    profile = await createProfile()
    const page = await visit(await profile.launch())
    await page.evaluate((id) => window.earshot.show(id), survey.id)
    await score(page, 3).click()
    await score(page, 8).click()
    await hear(page, 'answered', 2)
    await page.evaluate(() => window.earshot.flush())
    expect(await stored(survey)).toMatchObject([
      { status: 'partial', answers: { score: { value: 8, revision: 1 } } },
    ])
  })
})

describe('a page that needs consent', () => {
  it('stores nothing and asks the collector for nothing but the script, until consent is given', async () => {
    const survey = await freshSurvey()
    const tag = { src: `${collector.url}/earshot.js`, 'data-key': writeKey, 'data-consent': 'required' }
    const asking = await startHostPage(tag)
    try {
      profile = await createProfile()
      const browser = await profile.launch()
      const requests: string[] = []
      browser.context.on('request', (request) => requests.push(request.url()))
      const page = await browser.context.newPage()
      await listen(page)
      await page.goto(asking.url)
      await page.waitForFunction(() => 'destroy' in (window.earshot ?? {}))
      const quiet = await page.evaluate(async (id) => {
        window.earshot.track('bought')
        window.earshot.show(id)
        await new Promise((resolve) => window.addEventListener('earshot:suppressed', resolve, { once: true }))
        window.dispatchEvent(new Event('pageshow'))
        window.dispatchEvent(new Event('pagehide'))
        await window.earshot.flush()
        return (await indexedDB.databases()).length
      }, survey.id)
      expect(quiet).toBe(0)
      expect(requests.filter((url) => url.startsWith(collector.url))).toEqual([`${collector.url}/earshot.js`])
      await page.evaluate((id) => {
        window.earshot.setConsent('granted')
        window.earshot.show(id)
      }, survey.id)
      await answer(page, 7, 'With consent')
      await vi.waitFor(
        async () => expect(await stored(survey)).toMatchObject([{ status: 'completed' }]),
        10_000,
      )
    } finally {
      await asking.close()
    }
  })
})

describe('calls made before the script is there', () => {
  it('happen in order once it is', async () => {
    const survey = await freshSurvey()
    const event = survey.triggers[0]?.on === 'event' ? survey.triggers[0].name : ''
    const early = `${stub};earshot('identify','member-1');earshot('track','${event}')`
    const page404 = await startHostPage({ src: `${collector.url}/earshot.js`, 'data-key': writeKey }, early)
    try {
      profile = await createProfile()
      const page = await visit(await profile.launch(), page404.url)
      await answer(page, 9, 'Early')
      await page.evaluate(() => window.earshot.flush())
      expect(await stored(survey)).toMatchObject([{ person: 'member-1', answers: { score: { value: 9 } } }])
    } finally {
      await page404.close()
    }
  })
})

describe('an answer given offline', () => {
  it('survives closing the page and the browser, and arrives once from the next one', async () => {
    const survey = await freshSurvey()
    profile = await createProfile()
    const first = await profile.launch()
    const page = await visit(first)
    // The card's code was fetched while there was a network.
    await page.waitForResponse((response) => response.url().endsWith('/card.js')).catch(() => {})
    await page.evaluate((id) => window.earshot.show(id), survey.id)
    await card(page).waitFor()
    await first.context.setOffline(true)
    await answer(page, 6, 'No signal in the garden.')
    await card(page).getByRole('paragraph').filter({ hasText: 'saved on this device' }).waitFor()
    await hear(page, 'completed')
    await page.close()
    await first.close()
    expect(await stored(survey)).toEqual([])
    const second = await visit(await profile.launch())
    await hear(second, 'delivered')
    await vi.waitFor(async () => expect(await queued(second)).toBe(0), 10_000)
    expect(await stored(survey)).toMatchObject([
      {
        status: 'completed',
        answers: { score: { value: 6 }, 'why-detractor': { value: 'No signal in the garden.' } },
      },
    ])
  })
  it('is one of a hundred, over three restarts of the browser, and each arrives once', async () => {
    const survey = await freshSurvey()
    profile = await createProfile()
    let given = 0
    for (const upTo of [25, 50, 75, 100]) {
      const { context, close } = await profile.launch()
      // The page comes, and nothing goes.
      await context.route('**/v1/feedback', (route) => route.abort('internetdisconnected'))
      const page = await context.newPage()
      await page.emulateMedia({ reducedMotion: 'reduce' })
      await listen(page)
      await page.goto(host.url)
      for (let here = 1; given < upTo; here++) {
        await page.evaluate((id) => window.earshot.show(id, { force: true }), survey.id)
        await score(page, given++ % 11).click()
        await hear(page, 'answered', here)
        await page.evaluate(() => window.earshot.dismiss())
        await card(page).waitFor({ state: 'detached' })
      }
      await close()
    }
    expect(await stored(survey)).toEqual([])
    const page = await visit(await profile.launch())
    await vi.waitFor(async () => {
      await page.evaluate(() => window.earshot.flush())
      expect(await queued(page)).toBe(0)
    }, 30_000)
    const scores = (await collector.events(survey.id)).flatMap((each) =>
      each.type === 'answer' ? [Number(each.data.value)] : [],
    )
    const wanted = Array.from({ length: 100 }, (_, index) => index % 11)
    const inOrder = (list: number[]): number[] => list.toSorted((a, b) => a - b)
    expect(inOrder(scores)).toEqual(inOrder(wanted))
    expect(await stored(survey)).toHaveLength(100)
  }, 240_000)
  it('is sent without another visit when the network comes back', async () => {
    const survey = await freshSurvey()
    profile = await createProfile()
    const browser = await profile.launch()
    const page = await visit(browser)
    await page.evaluate((id) => window.earshot.show(id), survey.id)
    await card(page).waitFor()
    await browser.context.setOffline(true)
    await answer(page, 10, 'Fine')
    await browser.context.setOffline(false)
    // Whoever has tried in vain meanwhile waits up to half a minute by chance.
    await vi.waitFor(
      async () => expect(await stored(survey)).toMatchObject([{ status: 'completed' }]),
      45_000,
    )
  })
})

describe('a browser killed with -9', () => {
  it('right after the click loses nothing, ten times', async () => {
    const survey = await freshSurvey()
    profile = await createProfile()
    for (let round = 0; round < 10; round++) {
      const browser = await profile.launch()
      const page = await visit(browser)
      const kept = new Promise<void>((resolve) => void page.exposeFunction('kept', resolve))
      await page.evaluate((id) => {
        window.addEventListener('earshot:answered', () => (window as unknown as { kept(): void }).kept())
        window.earshot.show(id, { force: true })
      }, survey.id)
      await card(page).waitFor()
      // Cut the line first: what arrives later comes from the disk, not from a request that was quick enough.
      await browser.context.setOffline(true)
      // Whoever answers has looked first: what the page writes about the showing is on the disk by then.
      await queued(page)
      await score(page, round).click()
      // In the even rounds as soon as the click is through, in the others once the page was told.
      if (round % 2) await kept
      await browser.kill()
    }
    const page = await visit(await profile.launch())
    await vi.waitFor(async () => expect(await queued(page)).toBe(0), 45_000)
    // A browser that starts again goes on with what was begun, so several scores may be revisions of one response.
    const scores = (await collector.events(survey.id)).flatMap((each) =>
      each.type === 'answer' ? [Number(each.data.value)] : [],
    )
    expect(scores.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect((await stored(survey)).map((each) => each.answers.score?.value)).toContain(9)
  }, 120_000)
})

describe('two tabs', () => {
  it('show one survey and make one response', async () => {
    const survey = await freshSurvey()
    profile = await createProfile()
    const browser = await profile.launch()
    const tabs = [await visit(browser), await visit(browser)]
    const event = survey.triggers[0]?.on === 'event' ? survey.triggers[0].name : ''
    await Promise.all(tabs.map((tab) => tab.evaluate((name) => window.earshot.track(name), event)))
    const shown = await vi.waitFor(async () => {
      const seen = await Promise.all(tabs.map((tab) => card(tab).isVisible()))
      const refused = await Promise.all(tabs.map((tab) => tab.evaluate(() => window.heard.suppressed)))
      expect(seen.filter(Boolean)).toHaveLength(1)
      expect(refused.flat()).toMatchObject([{ survey: survey.id, reason: 'shown-recently' }])
      return tabs[seen.indexOf(true)] as Page
    }, 45_000)
    await answer(shown, 7, 'Once')
    await Promise.all(tabs.map((tab) => tab.evaluate(() => window.earshot.flush())))
    await vi.waitFor(
      async () => expect(await stored(survey)).toMatchObject([{ status: 'completed' }]),
      45_000,
    )
  })
})

describe('a lost acknowledgement', () => {
  it('makes no second response: the collector had committed, the browser sends again', async () => {
    const survey = await freshSurvey()
    const line = await startLossyLine(collector.url, 1)
    const page404 = await startHostPage({
      src: `${collector.url}/earshot.js`,
      'data-key': writeKey,
      'data-collector': line.url,
    })
    try {
      profile = await createProfile()
      const page = await visit(await profile.launch(), page404.url)
      const before = await collector.get<{ duplicates: number }>('/v1/stats')
      await page.evaluate((id) => window.earshot.show(id), survey.id)
      await answer(page, 5, 'Twice sent')
      await vi.waitFor(async () => expect(await stored(survey)).toHaveLength(1), 45_000)
      // It is stored before the answer is on its way, on which it is lost.
      await vi.waitFor(() => expect(line.lost()).toBe(1), 30_000)
      await vi.waitFor(async () => expect(await queued(page)).toBe(0), 30_000)
      expect(await stored(survey)).toMatchObject([{ status: 'completed', answers: { score: { value: 5 } } }])
      const { duplicates } = await collector.get<{ duplicates: number }>('/v1/stats')
      expect(duplicates).toBeGreaterThan(before.duplicates)
    } finally {
      await page404.close()
      await line.close()
    }
  })
})

describe('a collector killed with -9', () => {
  it('keeps every event that it acknowledged, and gets the rest when it is back', async () => {
    const survey = await freshSurvey()
    profile = await createProfile()
    const page = await visit(await profile.launch())
    const before = await collector.get<{ events: number }>('/v1/stats')
    // Events keep coming while it dies and comes back, five times.
    await page.evaluate(() => {
      let sent = 0
      const timer = setInterval(() => {
        window.earshot.track(`step-${sent++}`)
        if (sent % 10 === 0) void window.earshot.flush()
      }, 20)
      window.addEventListener('enough', () => clearInterval(timer))
    })
    for (let round = 1; round <= 5; round++) {
      await hear(page, 'delivered', round)
      await collector.kill()
      const acknowledged = await page.evaluate(() =>
        (window.heard.delivered as { ids: string[] }[]).flatMap(({ ids }) => ids),
      )
      await collector.restart()
      const { events } = await collector.get<{ events: number }>('/v1/stats')
      expect(events - before.events).toBeGreaterThanOrEqual(acknowledged.length)
    }
    await page.evaluate(() => window.dispatchEvent(new Event('enough')))
    await vi.waitFor(
      async () => {
        await page.evaluate(() => window.earshot.flush())
        expect(await queued(page)).toBe(0)
      },
      { timeout: 60_000, interval: 500 },
    )
    await page.evaluate((id) => window.earshot.show(id), survey.id)
    await answer(page, 4, 'Still here')
    await vi.waitFor(
      async () => expect(await stored(survey)).toMatchObject([{ status: 'completed' }]),
      45_000,
    )
    const ids = (await hear(page, 'queued')) as { id: string }[]
    const confirmed = ((await hear(page, 'delivered')) as { ids: string[] }[]).flatMap((each) => each.ids)
    expect(new Set(confirmed).size).toBe(confirmed.length)
    expect(confirmed.toSorted()).toEqual(ids.map(({ id }) => id).toSorted())
  }, 120_000)
})

describe('who signs in after an answer', () => {
  it.each([
    ['with consent for it', 'granted', true],
    ['without', null, false],
  ] as const)('has that answer in the profile %s', async (_name, consent, joins) => {
    const survey = await freshSurvey()
    const person = `member-of-${survey.id}`
    profile = await createProfile()
    const page = await visit(await profile.launch())
    if (consent) await page.evaluate((given) => window.earshot.setConsent(given), consent)
    await page.evaluate((id) => window.earshot.show(id), survey.id)
    await answer(page, 3, 'Slow')
    await page.evaluate((id) => window.earshot.identify(id, {}, { merge: 'consented' }), person)
    await page.evaluate(() => window.earshot.track('signed_in'))
    await vi.waitFor(async () => {
      await page.evaluate(() => window.earshot.flush())
      expect(await stored(survey)).toMatchObject([{ status: 'completed', person: null }])
      expect(await queued(page)).toBe(0)
    }, 30_000)
    type Profile = { visitors: { visitor: string }[]; timeline: { survey?: string }[] }
    const { visitors, timeline } = await collector.get<Profile>(`/v1/people/${person}`)
    expect(visitors).toHaveLength(1)
    expect(JSON.stringify(timeline).includes(survey.id)).toBe(joins)
    const [own] = await stored(survey)
    expect(visitors[0]?.visitor === own?.visitor).toBe(joins)
    // Nobody is asked the same once more because of the name.
    const told = await page.evaluate((id) => window.earshot.explain(id), survey.id)
    expect(told).toMatchObject({ show: false })
  })
})
