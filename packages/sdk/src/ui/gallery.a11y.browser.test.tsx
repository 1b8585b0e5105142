import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { answersIn } from '../core/pages.fixtures.ts'
import {
  browser,
  contrast,
  emulate,
  layPage,
  offset,
  picture,
  type Rgb,
  type Spoken,
  spoken,
} from './browserStage.fixtures.ts'
import { createStage, galleryTypes, type Shown, type ShowOptions, statesOf } from './gallery.fixtures.ts'

const { show, clear } = createStage()

beforeEach(async () => {
  await page.viewport(1280, 800)
  await emulate('light')
  layPage()
})
afterEach(clear)
afterAll(() => emulate())

const answers = ({ effects }: Shown): unknown[] => answersIn(effects).map(({ value }) => value)
/** The lines of what is written in an element, as boxes. */
function linesOf(element: Element): DOMRect[] {
  const range = document.createRange()
  range.selectNodeContents(element)
  return [...range.getClientRects()]
}
const isGroup = ({ role }: Spoken): boolean => role === 'group' || role === 'radiogroup'

describe('what screen readers get', () => {
  it.each(
    galleryTypes
      .filter(({ survey }) => survey.questions[0]?.kind === 'scale')
      .map((each) => [each.id, each] as const),
  )(
    '%s is one group, named by its question, of answers that begin with their number; both ends have their words',
    async (id, type) => {
      const card = await show(id)
      const [scale] = type.survey.questions
      if (scale?.kind !== 'scale') throw new Error(`"${id}" is no scale`)
      const tree = await spoken()
      // Chromium calls every popover a group, also one that has no name.
      expect(tree.filter((each) => isGroup(each) && each.name).map(({ name }) => name)).toEqual([scale.title])
      const radios = tree.filter(({ role }) => role === 'radio')
      expect(radios).toHaveLength(scale.max - scale.min + 1)
      radios.forEach(({ name }, index) => expect(name).toMatch(new RegExp(`^${scale.min + index}\\b`)))
      expect(radios[0]?.name).toContain(scale.low)
      expect(radios.at(-1)?.name).toContain(scale.high)
      expect(radios.filter(({ properties }) => properties['checked'] !== 'false')).toEqual([])
      expect(tree.filter(({ role }) => role === 'region').map(({ name }) => name)).toEqual(['Survey'])
      card.find(`[value="${scale.max}"]`).click()
      await vi.waitFor(async () => {
        const checked = (await spoken()).filter(({ properties }) => properties['checked'] === 'true')
        expect(checked.map(({ name }) => name)).toEqual([radios.at(-1)?.name])
      })
    },
  )
  it.each(['ar', 'de'])(
    'in %s both ends, the ways out and the landmark are in that language',
    async (language) => {
      layPage(language, language === 'ar' ? 'rtl' : 'ltr')
      const card = await show('nps', 'asked', { locales: [language] })
      const tree = await spoken()
      const radios = tree.filter(({ role }) => role === 'radio').map(({ name }) => name)
      const ends = [...card.root.querySelectorAll('.ends span')].map((each) => each.textContent)
      expect([radios[0], radios[10]]).toEqual([`0, ${ends[0]}`, `10, ${ends[1]}`])
      expect(tree.find(({ name }) => name === card.find('.close').ariaLabel)?.role).toBe('button')
      expect(card.find('.close').ariaLabel).not.toBe('Close survey')
    },
  )
  it('no word is English in another language, seen or told, in any state', async () => {
    const found: string[] = []
    for (const type of galleryTypes)
      for (const { id } of statesOf(type)) {
        const card = await show(type.id, id, { locales: ['ar'], into: '#slot' })
        const told = [...card.root.querySelectorAll('*')].flatMap((each) => [
          ...['aria-label', 'title', 'placeholder', 'alt'].map((name) => each.getAttribute(name) ?? ''),
          ...[...each.childNodes].flatMap((node) =>
            node.nodeType === Node.TEXT_NODE ? [node.textContent ?? ''] : [],
          ),
        ])
        const foreign = told.filter((each) => /[A-Za-z]{2}/.test(each.replaceAll(/Fernwood|\S+@\S+/g, '')))
        found.push(...foreign.map((each) => `${type.id}, ${id}: ${each}`))
      }
    expect(found).toEqual([])
  })
  it('signs are for the eye alone, what refers to something has it in the same root, every field has a label that is seen', async () => {
    const found: string[] = []
    for (const type of galleryTypes)
      for (const { id } of statesOf(type)) {
        const { root } = await show(type.id, id, { into: '#slot' })
        const say = (isWrong: boolean, words: string): void => {
          if (isWrong) found.push(`${type.id}, ${id}: ${words}`)
        }
        for (const each of root.querySelectorAll('svg'))
          say(!each.closest('[aria-hidden=true]'), 'a sign is told')
        for (const name of ['aria-describedby', 'aria-labelledby', 'for'])
          for (const each of root.querySelectorAll(`[${name}]`))
            say(!root.getElementById(each.getAttribute(name) ?? ''), `${name} leads nowhere`)
        for (const field of root.querySelectorAll<HTMLInputElement>('.field,textarea'))
          say(
            ![...(field.labels ?? [])].some((each) => each.checkVisibility() && each.textContent?.trim()),
            'no label',
          )
      }
    expect(found).toEqual([])
    expect((await spoken()).filter(({ role }) => role === 'image')).toEqual([])
  })
  it('a flaw is told with its field, which says that it is wrong and required', async () => {
    await show('email', 'misfit')
    const field = (await spoken()).find(({ role }) => role === 'textbox')
    expect(field).toMatchObject({
      name: 'Which email address should we use?',
      description: 'An address such as ada@example.com',
      properties: { invalid: 'true', required: true },
    })
  })
})

describe('by keys', () => {
  const begin = async (id: string, options?: ShowOptions): Promise<Shown> => {
    const card = await show(id, 'asked', options)
    document.querySelector<HTMLElement>('#before')?.focus()
    await userEvent.keyboard('{Tab}')
    return card
  }
  const value = ({ root }: Shown): string | null => root.activeElement?.getAttribute('value') ?? null

  it('arrows go round at both ends, space chooses, and nothing is sent', async () => {
    const card = await begin('nps')
    await userEvent.keyboard(' ')
    expect(card.root.querySelector<HTMLInputElement>(':checked')?.value).toBe('0')
    await userEvent.keyboard('{ArrowLeft}')
    expect(value(card)).toBe('10')
    await userEvent.keyboard('{ArrowRight}')
    expect(value(card)).toBe('0')
    expect(answers(card)).toEqual([])
  })
  it('from right to left the order is mirrored, and the left arrow goes on', async () => {
    layPage('ar', 'rtl')
    const card = await begin('nps', { locales: ['ar'] })
    const left = (score: number): number => card.find(`[value="${score}"]`).getBoundingClientRect().left
    expect(left(0)).toBeGreaterThan(left(1))
    expect(left(1)).toBeGreaterThan(left(10))
    expect(card.find('.close').getBoundingClientRect().left).toBeLessThan(
      card.find('.title').getBoundingClientRect().left + 40,
    )
    await userEvent.keyboard('{ArrowLeft}')
    expect(['1', '10']).toContain(value(card))
  })
  it('Tab leaves at both ends', async () => {
    const card = await begin('nps')
    await userEvent.keyboard('{Shift>}{Tab}{/Shift}')
    expect(document.activeElement?.id).toBe('before')
    await userEvent.keyboard('{Tab}{Tab}{Tab}{Tab}{Tab}{Tab}')
    expect(card.root.activeElement).toBeNull()
  })
  it('a digit means nothing while the focus is elsewhere', async () => {
    const card = await show('nps')
    document.querySelector<HTMLElement>('#before')?.focus()
    await userEvent.keyboard('7{Enter}')
    expect(card.root.querySelector(':checked')).toBeNull()
    expect(answers(card)).toEqual([])
  })
})

describe('by pointer', () => {
  it('an answer is given on the way up, and is none when the pointer has moved away', async () => {
    const card = await show('nps')
    const at = (selector: string): { x: number; y: number } => {
      const { left, top, width, height } = card.find(selector).getBoundingClientRect()
      const { x, y, scale } = offset()
      return { x: x + (left + width / 2) * scale, y: y + (top + height / 2) * scale }
    }
    const mouse = (type: string, selector: string): Promise<unknown> =>
      browser().send('Input.dispatchMouseEvent', { type, ...at(selector), button: 'left', clickCount: 1 })
    await mouse('mousePressed', '[value="7"]')
    expect(answers(card)).toEqual([])
    await mouse('mouseMoved', '.title')
    await mouse('mouseReleased', '.title')
    expect(answers(card)).toEqual([])
    await mouse('mousePressed', '[value="7"]')
    await mouse('mouseReleased', '[value="7"]')
    await vi.waitFor(() => expect(answers(card)).toEqual([7]))
  })
})

describe('what is in motion', () => {
  const motions = ({ root }: Shown): Animation[] =>
    [...root.querySelectorAll('*')].flatMap((each) => each.getAnimations())
  it('is nothing where less of it is wanted', async () => {
    expect(motions(await show('choice'))).toEqual([])
  })
  it('is otherwise over in less than 300 ms, once', async () => {
    await emulate('light', { 'prefers-reduced-motion': 'no-preference' })
    const all = motions(await show('choice')).map((each) => each.effect?.getComputedTiming())
    expect(all.length).toBeGreaterThan(0)
    for (const each of all) expect([each?.iterations, Number(each?.endTime) < 300]).toEqual([1, true])
  })
})

describe('time', () => {
  it('takes nothing away but the thanks, after 20 seconds, and not from who is on it', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const closed = vi.fn<() => void>()
    const card = await show('nps', 'follow-up', { closed })
    await vi.advanceTimersByTimeAsync(3_600_000)
    expect(closed).not.toHaveBeenCalled()
    card.tell({ type: 'finish', at: 1 as never, texts: {} })
    await vi.waitFor(() => card.find('h2').focus())
    await vi.advanceTimersByTimeAsync(60_000)
    expect(closed).not.toHaveBeenCalled()
    card.find('h2').blur()
    await vi.advanceTimersByTimeAsync(19_000)
    expect(closed).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1000)
    expect(closed).toHaveBeenCalledOnce()
    vi.useRealTimers()
  })
})

describe('on paper', () => {
  afterEach(() => browser().send('Emulation.setEmulatedMedia', { media: '' }))
  it.each(['asked', 'modal', 'inline', 'tab'])('there is no card: %s', async (state) => {
    const card = await show('nps', state, { into: '#slot' })
    expect(card.find('.card').checkVisibility()).toBe(true)
    await browser().send('Emulation.setEmulatedMedia', { media: 'print' })
    expect(card.find('.card').checkVisibility()).toBe(false)
  })
})

describe('a window on its side', () => {
  it('of 568 by 320 has every question in reach', async () => {
    await page.viewport(568, 320)
    for (const { id } of galleryTypes) {
      const card = await show(id)
      const { top, bottom } = card.find('.card').getBoundingClientRect()
      expect([id, top >= 0, bottom <= 320]).toEqual([id, true, true])
      for (const each of card.root.querySelectorAll('input,textarea,.send')) {
        each.scrollIntoView()
        expect(each.getBoundingClientRect().bottom).toBeLessThanOrEqual(320)
      }
    }
  })
})

const colorSchemes = {
  light: ['light', {}],
  dark: ['dark', {}],
  'forced, light': ['forced', {}],
  'forced, dark': ['forced', { 'prefers-color-scheme': 'dark' }],
} as const

describe.each(Object.entries(colorSchemes))('by pixels, %s', (_name, [media, more]) => {
  beforeEach(() => emulate(media, more))

  /** The colour that most of a box has: its ground. */
  const groundOf = (at: (x: number, y: number) => Rgb, { left, top, right, bottom }: DOMRect): Rgb => {
    const counts = new Map<string, number>()
    for (let y = top + 2; y < bottom - 2; y++)
      for (let x = left + 2; x < right - 2; x++) {
        const key = at(x, y).join()
        counts.set(key, (counts.get(key) ?? 0) + 1)
      }
    const [most = '0,0,0'] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? []
    return most.split(',').map(Number) as unknown as Rgb
  }
  /** The colour that differs most from the ground: what is written on it, in its boldest pixels. */
  const inkOf = (
    at: (x: number, y: number) => Rgb,
    { left, top, right, bottom }: DOMRect,
    ground: Rgb,
  ): number => {
    let most = 1
    for (let y = top; y < bottom; y++)
      for (let x = left; x < right; x++) most = Math.max(most, contrast(at(x, y), ground))
    return most
  }

  it('everything written has a contrast of 4.5, and a planted fault is found', async () => {
    const low: string[] = []
    const look = async (card: Shown, name: string): Promise<void> => {
      const at = await picture()
      for (const each of card.root.querySelectorAll(
        '.title,.tile span,.row span,.ends span,.soft,.send,.label,.flaw,.meta,.text,.note,.close,.fold',
      )) {
        const box = each.getBoundingClientRect()
        if (!each.checkVisibility() || each.closest('.quiet') || box.width < 5 || each.querySelector('svg'))
          continue
        const ground = groundOf(at, box)
        const ratio = Math.max(...linesOf(each).map((line) => inkOf(at, line, ground)))
        if (ratio < 4.5) low.push(`${name} ${each.className || each.textContent}: ${ratio.toFixed(1)}`)
      }
    }
    for (const [id, state] of [
      ['nps', 'follow-up'],
      ['nps', 'asked'],
      ['choices', 'misfit'],
      ['yesno', 'chosen'],
      ['link', 'asked'],
      ['nps', 'offline'],
    ] as const)
      await look(await show(id, state), `${id}, ${state}`)
    expect(low).toEqual([])
    const card = await show('nps')
    card.find('.title').style.cssText = 'forced-color-adjust:none;background:#fff;color:#bbb'
    await look(card, 'planted')
    expect(low.join()).toContain('planted title')
  })

  it('the edges of controls and signs have a contrast of 3', async () => {
    for (const [id, selector] of [
      ['nps', '.tile input'],
      ['yesno', '.tile input'],
      ['choice', '.row'],
      ['long', '.field'],
      ['csat-stars', '.tile svg'],
      ['csat-faces-5', '.tile svg'],
      ['csat-thumbs', '.tile svg'],
    ] as const) {
      const card = await show(id)
      const at = await picture()
      const ground = groundOf(at, card.find('.card').getBoundingClientRect())
      const box = card.root.querySelector(selector)?.getBoundingClientRect() ?? new DOMRect()
      expect([id, inkOf(at, box, ground) >= 3]).toEqual([id, true])
    }
  })

  it('what has the focus has a ring of 2 pixels with a contrast of 3, chosen or not', async () => {
    for (const [id, selector] of [
      ['nps', '[value="5"]'],
      ['csat-stars', '[value="3"]'],
      ['choice', '.row input'],
      ['nps', '.close'],
      ['nps', '.later'],
      ['long', '.send'],
    ] as const)
      for (const isChosen of [false, true]) {
        const card = await show(id)
        const element = card.find(selector)
        if (isChosen) {
          if (!element.matches('input')) continue
          element.click()
          await vi.waitFor(() => expect(card.root.querySelector(':checked')).toBeTruthy())
        }
        element.blur()
        const ringed = element.closest('.row') ?? element
        const before = await picture()
        element.focus({ focusVisible: true })
        expect(element.matches(':focus-visible')).toBe(true)
        const after = await picture()
        const { left, top, width } = ringed.getBoundingClientRect()
        // Up from the middle of the upper edge: the pixels that have changed are the ring.
        const ring: number[] = []
        for (let up = -3; up <= 6; up++) {
          const [was, is] = [before(left + width / 2, top - up), after(left + width / 2, top - up)]
          const ratio = contrast(was, is)
          if (ratio >= 3) ring.push(ratio)
        }
        expect([id, selector, isChosen, ring.length >= 2]).toEqual([id, selector, isChosen, true])
        expect(getComputedStyle(ringed).outlineStyle).toBe('solid')
      }
  })

  it('what is chosen differs in lightness from what is not, and the card from the page', async () => {
    for (const [id, chosen, other] of [
      ['nps', '[value="9"]', '[value="8"]'],
      ['csat-faces-5', '[value="4"]', '[value="2"]'],
      ['csat-stars', '.on svg', 'label:not(.on) svg'],
      ['yesno', '[value=true]', '[value=false]'],
      ['choice', '[value=look]', '[value=buy]'],
      ['choices', '[value=look]', '[value=ask]'],
    ] as const) {
      const card = await show(id, 'chosen')
      const at = await picture()
      const middle = (selector: string): Rgb => {
        const { left, top, width, height } =
          card.root.querySelector(selector)?.getBoundingClientRect() ?? new DOMRect()
        // Inside of a sign, and otherwise beside what is written.
        return selector.includes('svg') || id === 'choice'
          ? at(left + width / 2, top + height / 2)
          : at(left + 3, top + (id === 'choices' ? 3 : height / 2))
      }
      expect([id, contrast(middle(chosen), middle(other)) >= 3]).toEqual([id, true])
    }
  })
})

describe('with forced colours', () => {
  beforeEach(() => emulate('forced'))
  it.each(['asked', 'inline', 'modal', 'minimised'])('the card has an edge: %s', async (state) => {
    const card = await show('nps', state, { into: '#slot' })
    const at = await picture()
    const { left, top, height } = card.find('.card').getBoundingClientRect()
    expect(contrast(at(left, top + height / 2), at(left + 3, top + height / 2))).toBeGreaterThanOrEqual(3)
  })
})

describe('the colours of a scale', () => {
  it('tell nothing of good and bad: all answers look the same until one is chosen', async () => {
    // A pointer that rests on an answer gives it another ground.
    await browser().send('Input.dispatchMouseEvent', { type: 'mouseMoved', x: 0, y: 0 })
    const card = await show('nps')
    const looks = [...card.root.querySelectorAll('.tile')].map((each) => {
      const { color } = getComputedStyle(each.querySelector('span') ?? each)
      const { backgroundColor, borderColor } = getComputedStyle(each.querySelector('input') ?? each)
      return [color, backgroundColor, borderColor].join()
    })
    expect(new Set(looks).size).toBe(1)
  })
})
