import { nps } from '@earshot/sdk'
import type { PNG } from 'pngjs'
import { type Browser, type BrowserContext, chromium } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { chromiumFlags, findChromium } from '../../../scripts/chromium.ts'
import { type RunningCollector, startCollectorProcess } from './collector.ts'
import { hostile, type HostilePage, type Promised } from './hostilePages.ts'
import { blank, type Box, difference, part, picture, withoutCorners } from './hostilePixels.ts'
import { startHostileServer } from './hostileServer.ts'
import { openStage, placeOf, readListeners, type Stage, type Traits } from './hostileStage.ts'
import type { RunningServer } from './line.ts'
import { card, score } from './respondent.ts'

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
const corner = 14
const comment = 'Good forks, "quoted" <b>and</b> so on'

beforeAll(async () => {
  collector = await startCollectorProcess()
  await collector.put(nps({ id: 'nps', name: 'Acme' }))
  await collector.put(nps({ id: 'nps-ar', name: 'Acme', locale: 'ar' }))
  host = await startHostileServer(collector.url)
  browser = await chromium.launch({ executablePath: await findChromium(), args: [...chromiumFlags] })
})
afterAll(async () => {
  await browser.close()
  await host.close()
  await collector.remove()
})
beforeEach(async () => {
  context = await browser.newContext({ viewport, reducedMotion: 'reduce' })
  context.setDefaultTimeout(8000)
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
  await stage.run((isPicture) => {
    const field = document.getElementById('search') as HTMLInputElement | null
    field?.setSelectionRange(1, 3)
    // In a picture a caret would blink.
    const focused = isPicture ? document.getElementById('open') : field
    focused?.focus({ preventScroll: true })
    scrollTo({ top: 60, behavior: 'instant' })
    for (const each of document.getAnimations()) each.finish()
  }, row.pixels === true)
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
  const same = (promised: Promised & keyof Traits, is: Traits, was: Traits): void =>
    expecting(promised, JSON.stringify(is[promised]) === JSON.stringify(was[promised]), () => firstDifference(is[promised], was[promised]))

  const bare = await openStage(context, address('bare', row))
  await settle(bare, row)
  const bareView = row.pixels ? await picture(bare.session) : null
  const before = await bare.traits()
  if (row.meanwhile) await bare.run(row.meanwhile)
  const after = await bare.traits()

  const stage = await openStage(context, address('with', row))
  const { page } = stage
  await settle(stage, row)
  if (bareView)
    expecting('page', bareView.data.equals((await picture(stage.session)).data), () => 'differs while the card is closed')
  const survey = row.survey ?? 'nps'
  const look = {} as Look
  const stored: Stored = { events: [] }
  const isVisible = await trying('visible', async () => {
    await stage.run((id) => window.earshot.show(id, { force: true }), survey)
    await card(page).waitFor()
    const { x, y, width, height } = await placeOf(stage)
    if (x < 0 || y < 0 || x + width > viewport.width || y + height > viewport.height)
      throw new Error(`out of view: ${[x, y, width, height].join()}`)
  })
  if (isVisible) {
    const asked = await lookOf(stage)
    look.place = asked.place
    look.asked = asked.image
    const open = await stage.traits()
    for (const promised of ['document', 'globals', 'storage', 'focus', 'scroll'] as const) same(promised, open, before)
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
      look.scored = (await lookOf(stage)).image
      if (row.meanwhile) await stage.run(row.meanwhile)
      await card(page).getByRole('textbox').click()
      await page.keyboard.type(comment)
      await card(page).getByRole('button', { name: 'Send' }).click()
      await card(page).getByRole('heading', { name: 'Thank you' }).waitFor()
    })
    if (clean && !row.otherLook) {
      expecting('place', JSON.stringify(look.place) === JSON.stringify(clean.place), () => `${JSON.stringify(look.place)}, not ${JSON.stringify(clean.place)}`)
      for (const state of ['asked', 'scored'] as const) {
        const share = look[state] ? difference(look[state], clean[state]) : 1
        expecting('look', share <= tolerance, () => `${state}: ${(share * 100).toFixed(2)} % of the pixels differ`)
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
          { timeout: 8000, interval: 50 },
        )
        // The display is noticed after a second, or at the first answer: its place among the others is chance.
        stored.events = (await collector.eventsOf(response.id))
          .map(({ type, data, person, context: { locale, channel } }) => ({ type, data, person, locale, channel }))
          .sort((one, other) => Number(one.type === 'display') - Number(other.type === 'display'))
        if (clean && survey === 'nps') expect(stored.events).toEqual(clean.events)
      })
    await trying('closes', async () => {
      await card(page).getByRole('button', { name: 'Close survey' }).click()
      await card(page).waitFor({ state: 'detached' })
    })
  }
  await stage.run(() => window.earshot.destroy())
  const end = await stage.traits()
  end.listeners = without(end.listeners, instruments)
  for (const promised of ['document', 'globals', 'storage', 'focus', 'scroll', 'listeners'] as const) same(promised, end, after)
  if (row.check) {
    const is = await stage.run(row.check.of as () => unknown)
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

describe('on a hostile page, everything holds', () => {
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
  it.each(hostile.slice(1))('$name', async (row) => {
    const { found } = await visit(row, clean)
    expect(found).toEqual({})
  })
})
