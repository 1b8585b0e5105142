import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Linked, type LinkedSurvey, startLinked } from '../e2e/linked.ts'
import type { RunningEngine, Tab } from './engine.ts'
import { createProfile, others, type Profile, see, shoot, textOf, violationsOf } from './stage.ts'

// The page behind a link of a message: real messages, real answers; only the collector's clock is ours.
let linked: Linked
beforeAll(async () => {
  linked = await startLinked()
}, 120_000)
afterAll(() => linked?.close())

const stored = (person: string, wanted: object): Promise<void> =>
  vi.waitFor(async () => expect(await linked.stored(person)).toMatchObject([wanted]))

describe.each(others)('the page behind a link, in %s', (name) => {
  describe.each([
    ['light', 1280, 800],
    ['dark', 320, 640],
  ] as const)('%s, %i by %i', (scheme, width, height) => {
    let profile: Profile
    let browser: RunningEngine
    let tab: Tab
    beforeAll(async () => {
      profile = await createProfile(name)
      browser = await profile.launch({ dark: scheme === 'dark', reducedMotion: true })
      tab = await browser.open()
      await tab.size(width, height)
    })
    afterAll(() => profile.remove())

    /** Opens somebody's link, and waits for the card. */
    async function open(
      person: string,
      survey: LinkedSurvey,
      locale: string,
      answer?: number,
    ): Promise<string> {
      const somebody = `${name}-${scheme}-${person}`
      await tab.go(await linked.linkTo(somebody, survey, locale, answer))
      await see(tab, '.card')
      browser.complaints()
      return somebody
    }
    const judged = async (): Promise<void> => {
      expect(await violationsOf(tab)).toEqual([])
      expect(await tab.run(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
    }
    /** The policy allows no picture, and Firefox asks for one for its tab. */
    const complaints = (): string[] => browser.complaints().filter((each) => !each.includes('/favicon.ico'))
    const isAt = (title: string): Promise<void> =>
      vi.waitFor(async () => expect(await textOf(tab, '.title')).toContain(title))

    it.each(['de', 'ar'])('asks in %s, and takes score and comment by the mouse', async (locale) => {
      const person = await open(`mouse-${locale}`, 'nps', locale)
      await shoot(tab, `hosted-${name}-${scheme}-${width}-${locale}`)
      expect(await tab.run(() => seek('.card')!.dir)).toBe(locale === 'ar' ? 'rtl' : 'ltr')
      await judged()
      await tab.click('input[value="9"]')
      await tab.click('textarea')
      await tab.type('Schnell')
      await judged()
      await tab.click('.send')
      await see(tab, 'h2.title')
      await judged()
      await stored(person, { status: 'completed', answers: { score: { value: 9 } } })
      const [own] = await linked.stored(person)
      expect(Object.values(own?.answers ?? {}).map(({ value }) => value)).toContain('Schnell')
      expect(complaints()).toEqual([])
    })

    it('takes the answer of the link at the first press, by keys alone', async () => {
      const person = await open('keys', 'one', 'en', 4)
      expect(await tab.run(() => (seek('input:checked') as HTMLInputElement).value)).toBe('4')
      await judged()
      expect(await linked.stored(person)).toEqual([])
      await tab.press('Tab')
      await tab.press('ArrowRight')
      await tab.press('Enter')
      await see(tab, 'h2.title')
      await stored(person, { status: 'completed', answers: { score: { value: 5 } } })
      expect(complaints()).toEqual([])
    })

    it('asks every kind of question once, over a reload', async () => {
      const person = await open('all', 'all', 'en')
      await isAt('How easy was it?')
      await tab.click('input[value="6"]')
      await isAt('Thank you for 6')
      await judged()
      await tab.click('.send')
      await isAt('What was it?')
      await judged()
      await shoot(tab, `hosted-${name}-${scheme}-${width}-choice`)
      await tab.click('input[value=b]')
      await tab.click('.send')
      await isAt('Would you come again?')
      await judged()
      await tab.click('input[value=true]')
      await isAt('Where do we reach you?')
      await tab.click('.field')
      await tab.type('bea@example.com')
      await judged()
      await tab.press('Enter')
      await isAt('All in all?')
      await stored(person, { answers: { mail: { value: 'bea@example.com' } } })
      await tab.reload()
      await see(tab, '.card')
      await isAt('All in all?')
      await judged()
      await shoot(tab, `hosted-${name}-${scheme}-${width}-stars`)
      await tab.click('input[value="4"]')
      await isAt('Anything else?')
      await tab.click('.field')
      await tab.type('Nothing')
      await tab.click('.send')
      await isAt('Thank you for 6')
      await stored(person, {
        status: 'completed',
        answers: {
          ease: { value: 6, revision: 0 },
          what: { value: ['b'], revision: 0 },
          again: { value: true, revision: 0 },
          mail: { value: 'bea@example.com', revision: 0 },
          stars: { value: 4, revision: 0 },
          why: { value: 'Nothing', revision: 0 },
        },
      })
      expect(complaints()).toEqual([])
    })
  })
})
