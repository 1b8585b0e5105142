import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { audit } from './audit.fixtures.ts'
import { emulate, layPage, type Media, medias } from './browserStage.fixtures.ts'
import { galleryTypes, showCard, type Shown, statesOf } from './gallery.fixtures.ts'

let shown: Shown | undefined
/** What forced colours change is contrast, which is measured elsewhere, so that one card is enough; `pnpm test:nightly` has all. */
const typesFor = (media: Media): typeof galleryTypes =>
  media === 'forced' && import.meta.env['EARSHOT_PAGES'] !== 'all' ? galleryTypes.slice(0, 1) : galleryTypes

beforeEach(async () => {
  await page.viewport(1280, 800)
  layPage()
})
afterEach(() => {
  shown?.remove()
  shown = undefined
})

describe.each(Object.keys(medias) as Media[])('with %s colours', (media) => {
  beforeAll(() => emulate(media))
  afterAll(() => emulate())
  // With forced colours axe reads those that were declared and not those that are seen; there the contrast is measured
  // by pixels, in another test.
  const found = () => audit(media === 'forced' ? 'color-contrast' : undefined)

  it('planted faults are found: colours, sizes, names', async () => {
    const [type] = galleryTypes
    shown = await showCard(type!, statesOf(type!)[0]!)
    expect(await found()).toEqual([])
    shown.find('.title').style.cssText = 'background:#fff;color:#bbb'
    for (const each of ['.later', '.never'])
      shown.find(each).style.cssText =
        'padding:0;margin:0;min-height:0;height:12px;width:14px;overflow:hidden'
    shown.find('.close').removeAttribute('aria-label')
    shown.find('.close').replaceChildren()
    const names = (await found()).map((each) => each.split(':')[0])
    expect(names).toEqual(expect.arrayContaining(['button-name', 'target-size']))
    expect(names.includes('color-contrast')).toBe(media !== 'forced')
  })

  describe.each([
    ['ltr', 'en'],
    ['rtl', 'ar'],
  ])('%s', (dir, language) => {
    it.each(typesFor(media).map((type) => [type.id, type] as const))(
      '%s has no violation in any state',
      async (_id, type) => {
        layPage(language, dir)
        const all: Record<string, string[]> = {}
        for (const state of statesOf(type)) {
          shown = await showCard(type, state, { locales: [language], into: '#slot' })
          expect(shown.find('.card').dir).toBe(dir)
          all[state.id] = await found()
          shown.remove()
        }
        expect(all).toEqual(Object.fromEntries(statesOf(type).map(({ id }) => [id, []])))
      },
    )
  })
})
