import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { EngineName } from '../../../scripts/engines.ts'
import type { RunningServer } from '../e2e/line.ts'
import type { Looks, RunningEngine, Tab } from './engine.ts'
import { startGallery } from './galleryServer.ts'
import { createProfile, others, type Profile, see, shoot } from './stage.ts'

// Every type of question in every state, read, hit, and judged by axe with what the tests in Chromium measure by.
interface View {
  title: string
  looks: Looks
  width: number
  height: number
}

const small = { width: 320, height: 568 }
const views: readonly View[] = [
  { title: 'light', looks: {}, ...small },
  { title: 'dark', looks: { dark: true }, ...small },
  { title: 'light', looks: {}, width: 1280, height: 800 },
]
const forced: View = { title: 'forced colours', looks: { forcedColors: true }, ...small }
const touched: View = { title: 'light, by touch', looks: { touch: true }, ...small }

/** Scales of more than seven stand in two rows there, which never change. */
const twoRows: Readonly<Record<string, number[]>> = {
  nps: [6, 5],
  enps: [6, 5],
  'csat-10': [6, 4],
  'csat-stars-10': [5, 5],
}

let host: RunningServer
beforeAll(async () => {
  host = await startGallery()
})
afterAll(() => host?.close())

describe.each(others)('the gallery in %s', (name) => {
  // WebKit knows no forced colours, and takes its pointer from what is plugged in.
  const all = name === 'webkit' ? views : [...views, forced, touched]
  describe.each(all)('$title, $width by $height', (view) => tryView(name, view))
})

function tryView(name: EngineName, { title, looks, width, height }: View): void {
  let profile: Profile
  let browser: RunningEngine
  let tab: Tab
  beforeAll(async () => {
    profile = await createProfile(name)
    browser = await profile.launch({ ...looks, reducedMotion: true })
    tab = await browser.open()
    await tab.size(width, height)
  })
  afterAll(() => profile.remove())
  beforeEach(async () => {
    await tab.go(host.url)
    browser.complaints()
  })
  const show = (type: string, state = 'asked', language = 'en'): Promise<void> =>
    tab.run((...wanted) => window.gallery.show(...wanted), type, state, language)
  const picture = (what: string): Promise<void> =>
    shoot(tab, `gallery-${name}-${title.replaceAll(/\W+/g, '-')}-${width}-${what}`)

  it('is told so, and the card has the colours', async () => {
    await show('nps')
    const seen = await tab.run(() => {
      const has = (query: string): boolean => matchMedia(`(${query})`).matches
      return {
        dark: has('prefers-color-scheme:dark'),
        still: has('prefers-reduced-motion:reduce'),
        forced: has('forced-colors:active'),
        touch: has('pointer:coarse'),
        ground: getComputedStyle(seek('.card')!).backgroundColor,
      }
    })
    expect(seen).toEqual({
      dark: looks.dark === true,
      still: true,
      forced: looks.forcedColors === true,
      touch: looks.touch === true,
      ground: looks.dark ? 'rgb(28, 32, 39)' : 'rgb(255, 255, 255)',
    })
  })

  it.each([
    ['ltr', 'en'],
    ['rtl', 'ar'],
  ] as const)(
    '%s: no card in any state has a violation of axe, loses text, is too wide, or is hard to hit',
    { timeout: 600_000 },
    async (dir, language) => {
      const found: string[] = []
      let cards = 0
      for (const { id } of await tab.run(() => window.gallery.types)) {
        const flaws = await tab.run((type, wanted) => window.gallery.flaws(type, ...wanted), id, [
          language,
          {
            hasContrast: !looks.forcedColors,
            targets: looks.touch ? ([44, 44] as const) : ([44, 24] as const),
          },
        ] as const)
        found.push(...flaws.found)
        cards += flaws.count
        expect(await tab.run(() => seek('.card')!.dir)).toBe(dir)
      }
      expect(found).toEqual([])
      expect(cards).toBeGreaterThan(150)
      expect(browser.complaints()).toEqual([])
    },
  )

  it.runIf(width === 320)('the long scales stand in two rows of targets of 40 by 44 or more', async () => {
    for (const language of ['en', 'ar'])
      for (const [type, rows] of Object.entries(twoRows)) {
        await show(type, 'asked', language)
        const scale = await tab.run(() => window.gallery.scale())
        expect([type, scale.rows]).toEqual([type, rows])
        expect(scale.width).toBeGreaterThanOrEqual(40)
        expect(scale.height).toBeGreaterThanOrEqual(44)
      }
  })

  it('finds what is wrong: colours, sizes, names, and what is too wide', async () => {
    await show('nps')
    const plant = (css: string): Promise<string[]> =>
      tab.run(async (rules) => {
        const style = new CSSStyleSheet()
        style.replaceSync(rules)
        document.querySelector('[data-earshot]')!.shadowRoot!.adoptedStyleSheets.push(style)
        seek('.close')!.removeAttribute('aria-label')
        seek('.close')!.replaceChildren()
        return window.gallery.judge({ hasContrast: true, targets: [44, 24] })
      }, css)
    const found = await plant(
      '.title{background:#fff;color:#bbb} .later,.never{padding:0!important;margin:0!important;min-width:0!important;min-height:0!important;width:14px;height:12px;overflow:hidden;vertical-align:top}',
    )
    const names = found.map((each) => each.split(':')[0])
    expect(names).toEqual(
      expect.arrayContaining([
        'button-name',
        'target-size',
        'soft later is 14 by 12',
        '"Ask me later" is cut off',
      ]),
    )
    expect(names.includes('color-contrast')).toBe(!looks.forcedColors)
    expect(await plant('.title{white-space:nowrap}')).toContain('the card scrolls sideways')
  })

  it('nothing moves where less of it is wanted', async () => {
    await show('nps')
    await tab.click('input[value="9"]')
    await see(tab, 'textarea')
    expect(
      await tab.run(() => document.querySelector('[data-earshot]')!.shadowRoot!.getAnimations().length),
    ).toBe(0)
  })

  it('from right to left the order is mirrored, and arrows and digits choose', async () => {
    await show('nps', 'asked', 'ar')
    await picture('ar')
    const [zero, one, ten, close, card] = await tab.run(() =>
      ['[value="0"]', '[value="1"]', '[value="10"]', '.close', '.card'].map(
        (each) => seek(each)!.getBoundingClientRect().left,
      ),
    )
    expect(zero).toBeGreaterThan(one!)
    if (width > 360) expect(one).toBeGreaterThan(ten!)
    expect(close! - card!).toBeLessThan(20)
    await tab.run(() => seek('[value="0"]')!.focus())
    await tab.type('5')
    const chosen = (): Promise<string | undefined> =>
      tab.run(() => (seek('input:checked') as HTMLInputElement | null)?.value)
    await tab.press('ArrowLeft')
    const left = await chosen()
    await tab.press('ArrowRight')
    console.info(`${name}: from 5, the left arrow leads to ${left} from right to left`)
    // Which way an arrow leads is the engine's own; the other leads back.
    expect(['4', '6']).toContain(left)
    expect(await chosen()).toBe('5')
  })

  it('what has the focus has a ring of 2 pixels', async () => {
    await show('nps')
    await tab.click('#before')
    for (const selector of ['input', '.later', '.close']) {
      for (let stop = 0; stop < 8; stop++) {
        await tab.press('Tab')
        if (await tab.run((each) => seek(`${each}:focus-visible`) !== null, selector)) break
      }
      const ring = await tab.run((each) => {
        const { outlineStyle, outlineWidth } = getComputedStyle(seek(`${each}:focus-visible`) ?? seek(each)!)
        return `${outlineStyle} ${outlineWidth}`
      }, selector)
      expect([selector, ring]).toEqual([selector, 'solid 2px'])
    }
  })

  it.runIf(looks.forcedColors)('card and answers have edges, and what is chosen differs', async () => {
    await show('nps', 'chosen')
    const seen = await tab.run(() => {
      const [card, chosen, other] = ['.card', 'input:checked', 'input:not(:checked)'].map((each) =>
        getComputedStyle(seek(each)!),
      )
      return {
        card: [card!.borderTopStyle, card!.borderTopColor === card!.backgroundColor],
        other: [other!.borderTopStyle, other!.borderTopColor === card!.backgroundColor],
        isLikeOthers: chosen!.backgroundColor === other!.backgroundColor,
      }
    })
    expect(seen).toEqual({ card: ['solid', false], other: ['solid', false], isLikeOthers: false })
  })

  it.runIf(process.env.EARSHOT_SHOTS)('is pictured', async () => {
    for (const [type, state] of [
      ['nps', 'asked'],
      ['nps', 'chosen'],
      ['nps', 'follow-up'],
      ['nps', 'thanks'],
      ['nps', 'modal'],
      ['nps', 'inline'],
      ['nps', 'tab'],
      ['nps', 'page'],
      ['csat-thumbs', 'chosen'],
      ['csat-faces-5', 'chosen'],
      ['csat-stars', 'chosen'],
      ['csat-stars-10', 'chosen'],
      ['choice', 'other'],
      ['choices', 'missing'],
      ['email', 'misfit'],
      ['yesno', 'asked'],
      ['statement', 'asked'],
      ['link', 'asked'],
    ] as const) {
      await show(type, state)
      await picture(`${type}-${state}`)
    }
    await show('choice', 'chosen', 'ar')
    await picture('choice-ar')
    await show('csat-stars', 'follow-up', 'ar')
    await picture('stars-ar')
  })
}
