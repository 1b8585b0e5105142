import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { recorded } from '../core/pages.fixtures.ts'
import { templates } from '../core/templates.ts'
import { browser, emulate, layPage, offset } from './browserStage.fixtures.ts'
import {
  createStage,
  galleryLanguages,
  galleryTypes,
  showCard,
  type Shown,
  type Stage,
  statesOf,
} from './gallery.fixtures.ts'
import { giveLetters, lettersOf, takeLetters } from './letters.fixtures.ts'
import { isScrolled, tooSmall, unreadable, widthOf } from './measures.fixtures.ts'

const stage = createStage()
/** With the letters of its language, whatever the machine has. */
const show: Stage['show'] = async (...wanted) => {
  const card = await stage.show(...wanted)
  await giveLetters(card)
  return card
}

beforeAll(() => emulate('light'))
afterAll(() => emulate())
beforeEach(() => layPage())
afterEach(async () => {
  stage.clear()
  takeLetters()
  await page.viewport(1280, 800)
})

const standard = galleryTypes.filter((each) => each.standard)

const typesIn = ({ effects }: Shown): string[] => recorded(effects).map(({ type }) => type)

describe('what is measured', () => {
  it.each(['hi', 'ja', 'ko', 'zh-Hans'])('has the letters of %s', async (language) => {
    const card = await stage.show('nps', 'asked', { locales: [language] })
    const wide = (): number[] => ['.title', '.later', '.never'].map((each) => widthOf(card.find(each)))
    const boxes = wide()
    await giveLetters(card)
    const family = String(lettersOf(language))
    expect(document.fonts.check(`600 16px '${family}'`, card.find('.title').textContent ?? '')).toBe(true)
    expect(wide()).not.toEqual(boxes)
  })
  it('finds text that is cut off, that lies on other text, and that needs scrolling', async () => {
    await page.viewport(320, 568)
    const card = await show('nps')
    expect(unreadable(card)).toEqual([])
    card.find('.later').style.cssText = 'width:40px;height:16px;overflow:hidden;white-space:nowrap'
    expect(unreadable(card).join()).toContain('"Ask me later" is cut off')
    card.find('.ends').style.cssText = 'margin-top:-60px'
    expect(unreadable(card).join()).toContain('"7" lies on "Ask me later"')
    card.find('.title').style.cssText = 'white-space:nowrap'
    expect(unreadable(card)).toContain('the card scrolls sideways')
  })
})

describe.each([
  [320, 568],
  [1280, 800],
])('in a window of %i by %i', (width, height) => {
  beforeEach(() => page.viewport(width, height))

  it.each(galleryLanguages)(
    'in %s the question and all answers are seen without scrolling, and no text is lost',
    async (language) => {
      const found: Record<string, string[]> = {}
      for (const { id } of standard) {
        const card = await show(id, 'asked', { locales: [language] })
        expect(card.host.lang).toBe(language)
        found[id] = unreadable(card)
        if (isScrolled(card)) found[id].push('must be scrolled')
      }
      expect(found).toEqual(Object.fromEntries(standard.map(({ id }) => [id, []])))
    },
  )
  it.each(['en', 'de', 'ar'])('in %s the questions of a site', async (language) => {
    const found: string[] = []
    for (const type of galleryTypes.filter((each) => !each.standard))
      for (const { id } of statesOf(type)) {
        const card = await show(type.id, id, { locales: [language], into: '#slot' })
        found.push(...unreadable(card).map((each) => `${type.id}, ${id}: ${each}`))
        if (id === 'asked' && isScrolled(card)) found.push(`${type.id} must be scrolled`)
      }
    expect(found).toEqual([])
  })
})

describe('in a window of 320 by 568, the narrowest', () => {
  beforeEach(() => page.viewport(320, 568))
  it.each(galleryLanguages)('in %s no text is lost in any other state', async (language) => {
    const found: string[] = []
    for (const type of standard)
      for (const { id } of statesOf(type)) {
        const card = await show(type.id, id, { locales: [language], into: '#slot' })
        found.push(...unreadable(card).map((each) => `${type.id}, ${id}: ${each}`))
      }
    expect(found).toEqual([])
  })
})

/** Whatever a template can ask, each question by itself as the first of a card: what was answered before brings it. */
const asked = templates.flatMap(({ name, make }) => {
  const survey = make({ id: 'gallery', name: 'Fernwood' })
  const questions = survey.questions.map(
    ({ when: _when, ...question }) => question as (typeof survey.questions)[number],
  )
  const better = { kind: 'text', id: 'last', title: 'What could we do better?', maxLength: 2000 } as const
  const alone = questions.map((each) => ({
    id: each.kind === 'choice' && each.other ? `choice ${name}.${each.id}` : `${name}.${each.id}`,
    survey: { ...survey, questions: [each, better] },
  }))
  return [{ id: name, survey }, ...alone].map((each) => ({
    ...each,
    title: each.id,
    standard: true,
  }))
})

describe.each([
  [320, 568],
  [1280, 800],
])('all templates in a window of %i by %i', (width, height) => {
  beforeEach(() => page.viewport(width, height))
  it.each(galleryLanguages)(
    'ask all that they can ask in %s, and nothing overflows or is cut off',
    async (language) => {
      expect(asked.length).toBeGreaterThan(35)
      const found: string[] = []
      for (const type of asked)
        for (const state of statesOf(type).filter(({ id }) => /^(asked|other|follow-up|thanks)$/.test(id))) {
          const card = await showCard(type, state, { locales: [language] })
          await giveLetters(card)
          expect([type.id, card.host.lang]).toEqual([type.id, language])
          found.push(...unreadable(card).map((each) => `${type.id}, ${state.id}: ${each}`))
          // Seven choices and more are longer than the lowest window, in English too; they are scrolled to.
          const isLong = width === 320 && /checkoutExit|churnReason/.test(type.id) && state.id !== 'thanks'
          if (isScrolled(card) && !isLong) found.push(`${type.id}, ${state.id}: must be scrolled`)
          card.remove()
        }
      expect(found).toEqual([])
    },
  )
})

describe('what readers change', () => {
  const spacing = `*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}p{margin-bottom:2em!important}`
  it.each([
    ['spacing of text, in a wide window', 1280, 800, spacing],
    ['spacing of text, in a narrow one', 320, 568, spacing],
    ['text of twice the size', 1280, 800, '.card.card{--_size:30px}'],
    ['text of twice the size, in a narrow window', 320, 568, '.card.card{--_size:30px}'],
  ])('%s, loses nothing', { timeout: 60_000 }, async (_name, width, height, css) => {
    await page.viewport(width, height)
    const found: string[] = []
    for (const language of galleryLanguages)
      // Two languages for all that there is, and the others for what every card has.
      for (const type of galleryTypes.filter(({ id }) => id === 'nps' || /^(de|ar)$/.test(language)))
        for (const { id } of statesOf(type).filter(({ id: each }) => !/focused|saving/.test(each))) {
          const card = await show(type.id, id, { locales: [language], into: '#slot' })
          const sheet = new CSSStyleSheet()
          sheet.replaceSync(css)
          const styleOf = ({ fontSize, letterSpacing }: CSSStyleDeclaration): string =>
            `${fontSize} ${letterSpacing}`
          const was = styleOf(getComputedStyle(card.find('.card')))
          card.root.adoptedStyleSheets.push(sheet)
          expect(styleOf(getComputedStyle(card.find('.card')))).not.toBe(was)
          // Where the letters are so large, a button may well have three lines.
          const lost = unreadable(card).filter((each) => !each.endsWith('three lines'))
          found.push(...lost.map((each) => `${language}, ${type.id}, ${id}: ${each}`))
        }
    expect(found).toEqual([])
  })
})

describe.each(['en', 'ar', 'de', 'ja', 'zh-Hans'])('magnified four times, in %s', (language) => {
  beforeEach(async () => {
    await page.viewport(320, 256)
    // What has the focus on the page is not behind the card, for which it would make room.
    document.querySelector('h1')?.remove()
  })

  /** What has the focus, which must be seen. */
  const focused = ({ root }: Shown): HTMLElement => {
    const element = root.activeElement as HTMLElement
    const { top, bottom } = element.getBoundingClientRect()
    expect(top, `${element.className} begins in the window`).toBeGreaterThanOrEqual(0)
    expect(bottom, `${element.className} ends in the window`).toBeLessThanOrEqual(256)
    return element
  }
  it('all of NPS goes by keys, and what has the focus is always seen', async () => {
    const card = await show('nps', 'asked', { locales: [language] })
    await vi.waitFor(() => expect(card.find('.card').tabIndex).toBe(0))
    document.querySelector<HTMLElement>('#before')?.focus()
    // The card itself, by which it is scrolled, and then its question.
    await userEvent.keyboard('{Tab}')
    expect(card.root.activeElement).toBe(card.find('.card'))
    await userEvent.keyboard('{Tab}')
    expect(focused(card).getAttribute('name')).toBe('score')
    await userEvent.keyboard('{ArrowRight}{ArrowRight}{Enter}')
    focused(card)
    await userEvent.keyboard('{Tab}')
    expect(focused(card).tagName).toBe('TEXTAREA')
    await userEvent.keyboard('x{Tab}')
    expect(focused(card).className).toBe('send')
    await userEvent.keyboard('{Enter}')
    await vi.waitFor(() => expect(card.root.activeElement?.tagName).toBe('H2'))
    focused(card)
    expect(unreadable(card)).toEqual([])
    expect(typesIn(card)).toEqual(['answer', 'display', 'answer', 'complete'])
  })
  it('and all of a survey of several pages', async () => {
    const card = await show('csat-stars', 'asked', { locales: [language] })
    document.querySelector<HTMLElement>('#before')?.focus()
    await userEvent.keyboard(isScrolled(card) ? '{Tab}{Tab}' : '{Tab}')
    expect(focused(card).getAttribute('name')).toBe('score')
    await userEvent.keyboard('4{Enter}')
    await vi.waitFor(() => expect(focused(card).tagName).toBe('TEXTAREA'))
    await userEvent.keyboard('x{Tab}{Tab}')
    expect(focused(card).className).toBe('send')
    await userEvent.keyboard('{Enter}')
    await vi.waitFor(() => expect(focused(card).tagName).toBe('H2'))
    expect(typesIn(card)).toEqual(['answer', 'display', 'answer', 'complete'])
  })
})

describe('by touch, at 320 by 568', () => {
  beforeEach(async () => {
    await page.viewport(320, 568)
    await browser().send('Emulation.setTouchEmulationEnabled', { enabled: true })
  })
  afterEach(() => browser().send('Emulation.setTouchEmulationEnabled', { enabled: false }))

  async function tap({ find }: Shown, selector: string): Promise<void> {
    const { left, top, width, height } = find(selector).getBoundingClientRect()
    const { x, y, scale } = offset()
    const point = { x: x + (left + width / 2) * scale, y: y + (top + height / 2) * scale }
    await browser().send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [point] })
    await browser().send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  }
  it.each(['en', 'ar', 'de', 'ja', 'zh-Hans'])('all of NPS in %s', async (language) => {
    const card = await show('nps', 'asked', { locales: [language] })
    await tap(card, '[value="7"]')
    await vi.waitFor(() => expect(card.root.querySelector('textarea')).toBeTruthy())
    expect(unreadable(card)).toEqual([])
    await tap(card, '.send')
    await vi.waitFor(() => expect(card.root.querySelector('h2')).toBeTruthy())
    expect(typesIn(card)).toEqual(['answer', 'display', 'complete'])
  })
  it('a choice, and the way on by itself', async () => {
    const card = await show('choice')
    await tap(card, '.row:nth-of-type(2)')
    await vi.waitFor(() => expect(card.root.querySelector('textarea')).toBeTruthy())
    await tap(card, '.send')
    await vi.waitFor(() => expect(card.root.querySelector('h2')).toBeTruthy())
    expect(typesIn(card)).toEqual(['answer', 'display', 'complete'])
  })
  // The shortest words for the ways out are in these.
  it.each(['en', 'ar', 'ja', 'zh-Hans'])(
    'in %s every target is 44 pixels high, and those that stand alone are as wide',
    async (language) => {
      expect(matchMedia('(pointer:coarse)').matches).toBe(true)
      const small: string[] = []
      for (const type of galleryTypes)
        for (const { id } of statesOf(type)) {
          const card = await show(type.id, id, { locales: [language], into: '#slot' })
          small.push(...tooSmall(card, 44).map((each) => `${type.id}, ${id}: ${each}`))
        }
      expect(small).toEqual([])
    },
  )
})
