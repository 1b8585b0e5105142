import { nps } from '@earshot/sdk'
import type { PNG } from 'pngjs'
import { type Browser, type BrowserContext, chromium, type Frame } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { chromiumFlags, findChromium } from '../../../scripts/chromium.ts'
import { type RunningCollector, startCollectorProcess } from './collector.ts'
import type { HostilePage, Promised } from './hostilePage.ts'
import { harmless, hostile, others } from './hostilePages.ts'
import { blank, type Box, difference, part, picture, withoutCorners } from './hostilePixels.ts'
import { visitDrawnAhead } from './hostileAhead.ts'
import { startHostileServer } from './hostileServer.ts'
import { openStage, placeOf, readListeners, type Stage, type Traits } from './hostileStage.ts'
import type { RunningServer } from './line.ts'
import { answer, card, score } from './respondent.ts'

// Each page of the table is opened twice, with Earshot and without, in one real browser against one real collector.
let collector: RunningCollector
let host: RunningServer
let browser: Browser
let context: BrowserContext
/** What the driver of the browser listens to once it has clicked; not a page's, and not ours. */
let instruments: string[] = []

const viewport = { width: 1000, height: 700 }
/** Pixels of the card that may differ: where fonts are rendered otherwise. */
const tolerance = 0.001
/** What the shadow of the card reaches beyond it. */
const shadow = 40
const patience = 15_000
/** Where something is known not to come, nobody waits for it so long. */
const short = 5000
const corner = 14
const english = { send: 'Send', close: 'Close survey' }
const comment = 'Forks, "quoted" <b>'

beforeAll(async () => {
  collector = await startCollectorProcess()
  await collector.put(nps({ id: 'nps', name: 'Acme' }))
  await collector.put(nps({ id: 'nps-ar', name: 'Acme', locale: 'ar' }))
  host = await startHostileServer(collector.url)
  browser = await chromium.launch({
    executablePath: await findChromium(),
    args: [...chromiumFlags],
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  })
})
afterAll(async () => {
  await browser.close()
  await host.close()
  await collector.remove()
})
beforeEach(async () => {
  context = await browser.newContext({ viewport, reducedMotion: 'reduce' })
  context.setDefaultTimeout(patience)
})
afterEach(() => context.close())

/** How the card looks and is placed, before and after the score. */
interface Look {
  place: Box
  asked: PNG
  scored: PNG
}

/** A promise that was not kept, and how. */
type Findings = Partial<Record<Promised, string>>

/** What the respondent's words became at the collector. */
interface Stored {
  events: unknown[]
}

const address = (kind: 'with' | 'bare', { name }: HostilePage): string =>
  `${host.url}/${kind}/${encodeURIComponent(name)}`

/** Something is focused, selected and scrolled to, so that losing it would be seen. */
async function settle(stage: Stage, row: HostilePage): Promise<void> {
  if (row.arrive) await stage.run(row.arrive)
  await stage.run((isFocused) => {
    const field = document.getElementById('search') as HTMLInputElement | null
    field?.setSelectionRange(1, 3)
    // In the field a caret would blink in the pictures.
    if (isFocused) document.getElementById('open')?.focus({ preventScroll: true })
    scrollTo({ top: 60, behavior: 'instant' })
    for (const each of document.getAnimations()) each.finish()
  }, !row.unfocused)
}

async function lookOf(stage: Stage): Promise<{ place: Box; image: PNG; whole: PNG }> {
  const place = await placeOf(stage)
  const whole = await picture(stage.session)
  return { place, image: withoutCorners(part(whole, place), corner), whole }
}

/** Goes through one page, and tells what it found. */
async function visit(row: HostilePage, clean?: Look & Stored): Promise<{ found: Findings } & Look & Stored> {
  const found: Findings = {}
  const expecting = (promised: Promised, isKept: boolean, what: () => string): void => {
    if (!isKept && !row.excused?.[promised]) found[promised] ??= what()
  }
  const trying = async (promised: Promised, work: () => Promise<void>): Promise<boolean> => {
    try {
      await work()
      return true
    } catch (error) {
      expecting(promised, false, () => String(error).slice(0, 600))
      return false
    }
  }
  const same = (when: string, promised: Promised & keyof Traits, is: Traits, was: Traits): void =>
    expecting(
      promised,
      JSON.stringify(is[promised]) === JSON.stringify(was[promised]),
      () => `${when}: ${firstDifference(is[promised], was[promised])}`,
    )

  const bared = (async () => {
    const bare = await openStage(context, address('bare', row))
    await settle(bare, row)
    const view = !row.unpictured ? await picture(bare.session) : null
    const before = await bare.traits()
    if (row.meanwhile) await bare.run(row.meanwhile)
    return { bare, view, before, after: await bare.traits() }
  })()
  // Whoever fails first is told of, and only that.
  bared.catch(() => {})
  // Only what is in front can be pictured.
  if (!row.unpictured) await bared

  const stage = await openStage(context, address('with', row))
  const { page } = stage
  await settle(stage, row)
  const { bare, view: bareView, before, after } = await bared
  if (bareView)
    expecting(
      'page',
      bareView.data.equals((await picture(stage.session)).data),
      () => 'differs while the card is closed',
    )
  const survey = row.survey ?? 'nps'
  const names = row.names ?? english
  const look = {} as Look
  const stored: Stored = { events: [] }
  const isVisible = await trying('visible', async () => {
    if (row.ask) await stage.run(row.ask)
    else await stage.run((id) => window.earshot.show(id), survey)
    await card(page).waitFor()
    expectInView(await placeOf(stage))
  })
  if (isVisible) {
    const asked = await lookOf(stage)
    look.place = asked.place
    look.asked = asked.image
    const open = await stage.traits()
    for (const promised of ['document', 'globals', 'storage', 'focus', 'scroll'] as const)
      same('while open', promised, open, before)
    if (bareView) {
      const { x, y, width, height } = asked.place
      const box = { x: x - shadow, y: y - shadow, width: width + 2 * shadow, height: height + 2 * shadow }
      blank(bareView, box)
      blank(asked.whole, box)
      expecting('page', bareView.data.equals(asked.whole.data), () => 'differs while the card is open')
    }
    const isAnswered = await trying('answer', async () => {
      await score(page, 9).click()
      await card(page).getByRole('textbox').waitFor()
      const scored = await lookOf(stage)
      look.scored = scored.image
      await trying('visible', async () => expectInView(scored.place))
      const text = card(page).getByRole('textbox')
      await text.click()
      await page.keyboard.type(comment.slice(0, 9))
      if (row.meanwhile) await stage.run(row.meanwhile)
      // The driver reads no fields of XML documents.
      const typed = (): string | undefined =>
        document.querySelector('[data-earshot]')?.shadowRoot?.querySelector('textarea')?.value
      // Whoever takes the card away gets it back as soon as the code for that is there.
      await vi.waitFor(async () => expect(await stage.run(typed)).toBe(comment.slice(0, 9)), {
        timeout: patience,
        interval: 20,
      })
      await page.keyboard.type(comment.slice(9))
      await card(page).getByRole('button', { name: names.send }).click()
      await card(page).getByRole('heading', { name: 'Thank you' }).waitFor()
    })
    if (clean && !row.otherLook) {
      const place = row.mirrored ? mirror(clean.place) : clean.place
      expecting(
        'place',
        JSON.stringify(look.place) === JSON.stringify(place),
        () => `${JSON.stringify(look.place)}, not ${JSON.stringify(place)}`,
      )
      for (const state of ['asked', 'scored'] as const) {
        const share = look[state] ? difference(look[state], clean[state]) : 1
        expecting(
          'look',
          share <= tolerance,
          () => `${state}: ${(share * 100).toFixed(2)} % of the pixels differ`,
        )
      }
    }
    if (isAnswered)
      await trying('stored', async () => {
        const url = address('with', row)
        const response = await vi.waitFor(
          async () => {
            const all = (await collector.responses(survey)).filter((each) => each.url === url)
            expect(all.map(({ status }) => status)).toEqual(['completed'])
            return all[0]!
          },
          { timeout: patience, interval: 50 },
        )
        // The display is noticed after a second, or at the first answer: its place among the others is chance.
        stored.events = (await collector.eventsOf(response.id))
          .map(({ type, data, person, context: { locale, channel } }) => ({
            type,
            data,
            person,
            locale,
            channel,
          }))
          .sort((one, other) => Number(one.type === 'display') - Number(other.type === 'display'))
        if (clean && survey === 'nps') expect(stored.events).toEqual(clean.events)
      })
    await trying('closes', async () => {
      await card(page).getByRole('button', { name: names.close }).click()
      await card(page).waitFor({ state: 'detached' })
    })
  }
  await stage.run(() => window.earshot.destroy())
  const end = await stage.traits()
  end.listeners = without(end.listeners, instruments)
  for (const promised of ['document', 'globals', 'storage', 'focus', 'scroll', 'listeners'] as const)
    same('in the end', promised, end, after)
  if (row.check) {
    const is = await stage.run(row.check.of)
    expecting('own', is === row.check.is, () => `${String(is)}, not ${String(row.check?.is)}`)
  }
  const more = (is: string[], was: string[]): string[] => is.filter((each) => !was.includes(each))
  const violations = more(await stage.violations(), await bare.violations())
  expecting('policy', violations.length === 0, () => violations.join('\n'))
  const errors = more(stage.errors, bare.errors)
  expecting('errors', errors.length === 0, () => errors.join('\n'))
  const said = more(stage.console, bare.console)
  expecting('console', said.length === 0, () => said.join('\n'))
  return { found, ...look, ...stored }
}

/** The same place in the other corner. */
function mirror(place: Box): Box {
  return { ...place, x: viewport.width - place.x - place.width }
}

function expectInView({ x, y, width, height }: Box): void {
  if (x < 0 || y < 0 || x + width > viewport.width || y + height > viewport.height)
    throw new Error(`out of view: ${[x, y, width, height].join()}`)
}

/** Takes each out once. */
function without(from: readonly string[], taken: readonly string[]): string[] {
  const left = [...from]
  for (const each of taken) if (left.includes(each)) left.splice(left.indexOf(each), 1)
  return left
}

function firstDifference(is: string | object, was: string | object): string {
  if (Array.isArray(is) && Array.isArray(was))
    return `more: ${without(is, was).join()}; fewer: ${without(was, is).join()}`
  const [one, other] = [JSON.stringify(is), JSON.stringify(was)]
  let at = 0
  while (one[at] === other[at]) at++
  return `${one.slice(Math.max(0, at - 60), at + 120)}\n  not ${other.slice(Math.max(0, at - 60), at + 120)}`
}

/** What all the others are held against. */
let clean: Look & Stored
beforeAll(async () => {
  context = await browser.newContext({ viewport, reducedMotion: 'reduce' })
  const bare = await openStage(context, address('bare', hostile[0]!))
  const before = await readListeners(bare.session)
  await bare.page.locator('#open').click()
  await bare.page.locator('#open').boundingBox()
  instruments = without(await readListeners(bare.session), before)
  const seen = await visit(hostile[0]!)
  await context.close()
  expect(seen.found).toEqual({})
  clean = seen
})

describe('on a hostile page, everything holds', () => {
  it.each(hostile.slice(1))('$name', async (row) => {
    if (row.excused?.closes) context.setDefaultTimeout(short)
    const { found } = await visit(row, clean)
    expect(found).toEqual({})
  })
})

describe('where no card can be had, nothing is hurt', () => {
  it.each(harmless)('$name', async (row) => {
    const bare = await openStage(context, address('bare', row))
    await settle(bare, row)
    const before = await bare.traits()
    const stage = await openStage(context, address('with', row))
    await settle(stage, row)
    // By the queue or by the client, whichever is there; a page may well call it in a handler of its own.
    await stage.run(() => window.earshot?.show?.('nps', { force: true }))
    await stage.page.waitForLoadState('networkidle')
    const found: Findings = {}
    const { listeners: _, ...is } = await stage.traits()
    const { listeners: __, ...was } = before
    for (const promised of ['document', 'globals', 'storage', 'focus', 'scroll'] as const)
      if (JSON.stringify(is[promised]) !== JSON.stringify(was[promised]))
        found[promised] = firstDifference(is[promised], was[promised])
    if (await card(stage.page).count()) found.closes = 'half a card was left'
    if (stage.errors.length) found.errors = stage.errors.join('\n')
    const said = without(stage.console, bare.console).filter((each) => !row.says?.test(each))
    if (said.length) found.console = said.join('\n')
    expect(found).toEqual({})
  })
})

describe('a longer story', () => {
  const open = (name: string): Promise<Stage> => openStage(context, `${host.url}/with/${name}`)
  const ask = (stage: Stage): Promise<void> => stage.run(() => window.earshot.show('nps', { force: true }))
  /** The responses of one showing, told by what was written. */
  const storedAs = (words: string) => async (): Promise<void> => {
    const all = await collector.responses('nps')
    const mine = all.filter(({ answers }) => answers['why-promoter']?.value === words)
    expect(mine.map(({ status }) => status)).toEqual(['completed'])
  }
  const silent = async (stage: Stage): Promise<void> => {
    expect(stage.errors).toEqual([])
    expect(stage.console).toEqual([])
    expect(await stage.violations()).toEqual([])
  }

  it('a modal dialog is open: the card can be used when the dialog is closed', async () => {
    const stage = await open('dialog')
    await stage.run(() => (document.getElementById('dialog') as HTMLDialogElement).showModal())
    await ask(stage)
    await card(stage.page).waitFor()
    // What is asked for meanwhile must not keep the dialog from being used.
    await stage.page.getByRole('button', { name: 'OK' }).click()
    await stage.run(() => (document.getElementById('dialog') as HTMLDialogElement).close())
    await answer(stage.page, 9, 'after the dialog')
    await vi.waitFor(storedAs('after the dialog'), patience)
    await silent(stage)
  })
  it('a modal dialog is open: the card is in it, and both can be used', async () => {
    const stage = await open('dialog')
    await stage.run(() => (document.getElementById('dialog') as HTMLDialogElement).showModal())
    await ask(stage)
    await answer(stage.page, 9, 'in the dialog')
    await vi.waitFor(storedAs('in the dialog'), patience)
    await stage.page.getByRole('button', { name: 'OK' }).click()
    expect(await stage.run(() => document.querySelector('dialog')?.open)).toBe(true)
    await stage.run(() => (document.getElementById('dialog') as HTMLDialogElement).close())
    await card(stage.page).getByRole('button', { name: 'Close survey' }).click()
    await card(stage.page).waitFor({ state: 'detached' })
    await silent(stage)
  })
  it('a sandbox without forms: the keyboard alone is enough, and nothing is submitted', async () => {
    const stage = await open('sandbox')
    const { keyboard } = stage.page
    await stage.run(() => window.earshot.show('nps', { force: true }))
    await card(stage.page).waitFor()
    await keyboard.press('9')
    await keyboard.press('Enter')
    await card(stage.page).getByRole('textbox').waitFor()
    await keyboard.press('Tab')
    await keyboard.type('by keyboard')
    await keyboard.press('Tab')
    await keyboard.press('Enter')
    await card(stage.page).getByRole('heading', { name: 'Thank you' }).waitFor()
    await vi.waitFor(storedAs('by keyboard'), patience)
    await silent(stage)
  })
  it('the queue keeps what a page calls before the script is there', async () => {
    const stage = await open('queue')
    await answer(stage.page, 9, 'by the queue')
    await vi.waitFor(storedAs('by the queue'), patience)
    await silent(stage)
  })
  it('the script is blocked: calls go to the queue, and nothing else happens', async () => {
    await context.route('**/earshot.js', (route) => route.abort())
    const stage = await open('queue')
    expect(await stage.run(() => (window.earshot as unknown as { q: unknown[] }).q.length)).toBe(2)
    expect(stage.errors).toEqual([])
    expect(stage.console.filter((each) => !each.includes('Failed to load resource'))).toEqual([])
  })
  it('all requests are blocked: nothing is shown, nothing is thrown', async () => {
    await context.route('**/v1/**', (route) => route.abort())
    const stage = await open('clean')
    await ask(stage)
    await stage.run(() => window.earshot.flush())
    expect(await card(stage.page).count()).toBe(0)
    expect(stage.errors).toEqual([])
    expect(stage.console.filter((each) => !each.includes('Failed to load resource'))).toEqual([])
  })
  it('answers are blocked: the respondent is thanked, and what is kept goes out once it can', async () => {
    await context.route('**/v1/feedback', (route) => route.abort())
    const stage = await open('clean')
    await ask(stage)
    await answer(stage.page, 9, 'kept')
    await stage.run(() => window.earshot.flush())
    await context.unroute('**/v1/feedback')
    await vi.waitFor(async () => {
      await stage.run(() => window.earshot.flush())
      await storedAs('kept')()
    }, patience)
    expect(stage.errors).toEqual([])
  })
  it.each(['frame of the same origin', 'frame without an origin'])('in a %s', async (name) => {
    const stage = await open(name)
    const frame = stage.page.frame({ name: 'frame' }) as Frame
    await frame.evaluate(() => window.earshot.show('nps', { force: true }))
    await answer(frame, 9, `in a ${name}`)
    await vi.waitFor(storedAs(`in a ${name}`), patience)
    await silent(stage)
  })
  it('the page writes itself anew while the card is open: no error, and only what it wrote is there', async () => {
    const stage = await open('clean')
    await ask(stage)
    await card(stage.page).waitFor()
    await stage.run(() => {
      document.open()
      document.write('<!doctype html><html><head></head><body><p id="new">New</p></body></html>')
      document.close()
    })
    await stage.page.locator('#new').waitFor()
    expect(await stage.run(() => document.documentElement.outerHTML)).toBe(
      '<html><head></head><body><p id="new">New</p></body></html>',
    )
    await stage.run(() => window.earshot.track('still there'))
    await stage.run(() => window.earshot.flush())
    expect(stage.errors).toEqual([])
    expect(stage.console).toEqual([])
  })
  it('the page comes back from the back-forward cache: it goes on', async ({ skip }) => {
    const goAndComeBack = async (stage: Stage): Promise<boolean> => {
      await stage.run(() => {
        window.addEventListener('pageshow', () => (document.title = 'persisted'))
      })
      await stage.page.goto(`${host.url}/bare/inside`)
      await stage.page.goBack()
      return (await stage.page.title()) === 'persisted'
    }
    if (!(await goAndComeBack(await openStage(context, `${host.url}/bare/clean`))))
      skip('This browser has no back-forward cache: a headless shell has none.')
    const stage = await open('clean')
    await ask(stage)
    await card(stage.page).waitFor()
    expect(await goAndComeBack(stage)).toBe(true)
    await answer(stage.page, 9, 'from the cache')
    await vi.waitFor(storedAs('from the cache'), patience)
    expect(stage.errors).toEqual([])
  })
  it('the browser draws the page ahead: nothing is kept or asked for before somebody comes to see it', async ({
    skip,
  }) => {
    const [drawn, seen] = await visitDrawnAhead(collector.url)
    if (!drawn?.prerendering) skip('This browser draws no page ahead.')
    expect(drawn).toMatchObject({ requests: [], databases: 0 })
    expect(seen).toMatchObject({ prerendering: false, databases: 1 })
    expect(seen?.requests.length).toBeGreaterThan(0)
    expect(Math.min(...(seen?.requests ?? []))).toBeGreaterThanOrEqual(seen?.activationStart as number)
  })
  it('in print there is no card', async () => {
    const bare = await openStage(context, `${host.url}/bare/clean`)
    await bare.page.emulateMedia({ media: 'print' })
    const was = await picture(bare.session)
    const stage = await open('clean')
    await ask(stage)
    await card(stage.page).waitFor()
    await stage.page.emulateMedia({ media: 'print' })
    expect(await card(stage.page).isVisible()).toBe(false)
    expect((await picture(stage.session)).data.equals(was.data)).toBe(true)
  })
  it('a hidden tab counts no display', async () => {
    const stage = await open('clean')
    await stage.run(() => {
      Object.defineProperty(Document.prototype, 'hidden', { configurable: true, get: () => true })
      const often = window.setInterval
      const page = window as unknown as { turns: number }
      page.turns = 0
      // As many looks as it takes to be sure, and more.
      window.setInterval = ((work: () => void, span: number) =>
        often(() => {
          work()
          page.turns++
        }, span)) as typeof setInterval
      window.heard = { shown: [] }
      window.addEventListener('earshot:shown', () => window.heard['shown']?.push(1))
    })
    await ask(stage)
    await card(stage.page).waitFor()
    await vi.waitFor(
      async () =>
        expect(await stage.run(() => (window as unknown as { turns: number }).turns)).toBeGreaterThan(14),
      patience,
    )
    expect(await stage.run(() => window.heard['shown'])).toEqual([])
    await stage.run(() => Object.defineProperty(Document.prototype, 'hidden', { get: () => false }) && 0)
    await vi.waitFor(async () => expect(await stage.run(() => window.heard['shown'])).toEqual([1]), patience)
  })
})

describe('these checks can fail', () => {
  /** Puts a fault into the chunk of the card. */
  const withFault = (code: string): Promise<unknown> =>
    context.route('**/card.js', async (route) => {
      const response = await route.fetch()
      await route.fulfill({ response, body: `${code};${await response.text()}` })
    })
  const faulty = (what: string): HostilePage => others.find(({ name }) => name === `faulty ${what}`)!
  it('a card that looks otherwise is seen', async () => {
    await withFault(
      'const native = CSSStyleSheet.prototype.replaceSync; CSSStyleSheet.prototype.replaceSync = function (css) { native.call(this, css + ".card{letter-spacing:.2px}") }',
    )
    const { found } = await visit(faulty('look'), clean)
    expect(found.look).toMatch(/% of the pixels differ/)
    expect(found).toHaveProperty('globals')
  })
  it('a style that leaks into the page is seen', async () => {
    await withFault(
      'document.head.append(Object.assign(document.createElement("style"), { textContent: "p{letter-spacing:.1px}" }))',
    )
    const { found } = await visit(faulty('style'), clean)
    expect(found.page).toBe('differs while the card is open')
    expect(found).toHaveProperty('document')
  })
  it('a word on the console, a fault and a listener that stays are seen', async () => {
    await withFault(
      'console.log("hello"); setTimeout(() => { throw new Error("fault") }); document.addEventListener("click", () => {}); scrollTo(0, 200); localStorage.setItem("a", "b")',
    )
    const { found } = await visit(faulty('manners'), clean)
    expect(Object.keys(found).sort()).toEqual(
      expect.arrayContaining(['console', 'errors', 'listeners', 'scroll', 'storage']),
    )
  })
})
