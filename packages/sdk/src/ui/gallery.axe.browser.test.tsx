import axe from 'axe-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { emulate, layPage, type Media, medias } from './browserStage.fixtures.ts'
import { galleryTypes, showCard, type Shown, statesOf } from './gallery.fixtures.ts'

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

let shown: Shown | undefined

beforeEach(async () => {
  await page.viewport(1280, 800)
  layPage()
})
afterEach(() => {
  shown?.remove()
  shown = undefined
})

/**
 * What axe finds on the page. Its rules for contrast and for the size of targets look at nothing outside of the body,
 * so the card is moved there first. With forced colours it reads the colours that were declared and not those that are
 * seen; there the contrast is measured by pixels, in another test.
 */
async function audit(media: Media): Promise<string[]> {
  if (shown?.host.parentElement === document.documentElement) document.body.append(shown.host)
  const { violations } = await axe.run(document, {
    runOnly: rules,
    rules: { 'color-contrast': { enabled: media !== 'forced' } },
    resultTypes: ['violations'],
    preload: false,
  })
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)
}

describe.each(Object.keys(medias) as Media[])('with %s colours', (media) => {
  beforeAll(() => emulate(media))
  afterAll(() => emulate())

  it('planted faults are found: colours, sizes, names', async () => {
    const [type] = galleryTypes
    shown = await showCard(type!, statesOf(type!)[0]!)
    expect(await audit(media)).toEqual([])
    shown.find('.title').style.cssText = 'background:#fff;color:#bbb'
    for (const each of ['.later', '.never'])
      shown.find(each).style.cssText =
        'padding:0;margin:0;min-height:0;height:12px;width:14px;overflow:hidden'
    shown.find('.close').removeAttribute('aria-label')
    shown.find('.close').replaceChildren()
    const found = (await audit(media)).map((each) => each.split(':')[0])
    expect(found).toEqual(expect.arrayContaining(['button-name', 'target-size']))
    expect(found.includes('color-contrast')).toBe(media !== 'forced')
  })

  describe.each([
    ['ltr', 'en'],
    ['rtl', 'ar'],
  ])('%s', (dir, language) => {
    it.each(galleryTypes.map((type) => [type.id, type] as const))(
      '%s has no violation in any state',
      async (_id, type) => {
        layPage(language, dir)
        const found: Record<string, string[]> = {}
        for (const state of statesOf(type)) {
          shown = await showCard(type, state, { locales: [language], into: '#slot' })
          expect(shown.find('.card').dir).toBe(dir)
          found[state.id] = await audit(media)
          shown.remove()
        }
        expect(found).toEqual(Object.fromEntries(statesOf(type).map(({ id }) => [id, []])))
      },
    )
  })
})
