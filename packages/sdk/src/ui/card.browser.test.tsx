import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { ces, csat, nps } from '../core/builders.ts'
import type { FlowEffect } from '../core/flow.ts'
import type { Showing } from '../core/model.ts'
import type { Instant } from '../core/time.ts'
import type { Card } from '../ports/card.ts'
import { audit } from './audit.fixtures.ts'
import { layPage } from './browserStage.fixtures.ts'
import { scaleOf } from './measures.fixtures.ts'
import { mountCard } from './mount.tsx'
import { english } from './strings.ts'

const surveys = {
  nps: nps({ id: 'nps', name: 'Acme' }),
  ces: ces({ id: 'ces', name: 'Acme' }),
  csat: csat({ id: 'csat', name: 'Acme' }),
}
let card: Card | undefined
let effects: FlowEffect[] = []
let commands: string[] = []
const closed = vi.fn<() => void>()

beforeEach(() => {
  layPage()
  effects = []
  commands = []
  closed.mockClear()
})
afterEach(async () => {
  card?.destroy()
  card = undefined
  await vi.waitFor(() => expect(host()).toBeNull())
})

const host = () => document.querySelector<HTMLElement>('[data-earshot]')
const root = () => host()?.shadowRoot as ShadowRoot
const focused = () => root().activeElement
const answers = () =>
  effects.flatMap((each) =>
    each.type === 'record' && each.draft.type === 'answer' ? [each.draft.data.value] : [],
  )
const types = () => effects.flatMap((each) => (each.type === 'record' ? [each.draft.type] : []))
function mount(
  survey: (typeof surveys)[keyof typeof surveys] = surveys.nps,
  more: Partial<Showing> = {},
  offline = false,
): void {
  card = mountCard({ survey, response: 'r', about: { trigger: 'show' }, ...more }, offline, {
    now: () => 1 as Instant,
    lock: 'pk_test',
    perform: (effect) => {
      effects.push(effect)
      // The store says yes at once.
      if (effect.type !== 'record') return
      queueMicrotask(() => card?.tell({ type: 'stored', event: effect.draft as never, durable: true }))
    },
    command: (input) => commands.push(input.type),
    locales: () => ['en'],
    closed,
  })
}

describe.each(Object.entries(surveys))('the %s card', (_name, survey) => {
  it('has no axe violation, asked, answered and thanked', async () => {
    mount(survey)
    await vi.waitFor(() => expect(root().querySelector('input')).toBeTruthy())
    expect(await audit()).toEqual([])
    await page.getByRole('radio').first().click()
    expect(await audit()).toEqual([])
    await page.getByRole('button', { name: 'Send' }).click()
    await expect.element(page.getByRole('heading', { name: survey.thanks.title })).toBeVisible()
    expect(await audit()).toEqual([])
  })
  it('names its group by the question and its ends by their words', async () => {
    mount(survey)
    const scale = survey.questions[0]
    if (scale?.kind !== 'scale') throw new Error('the first question is a scale')
    await expect.element(page.getByRole('group', { name: scale.title })).toBeVisible()
    await expect.element(page.getByRole('radio', { name: `${scale.min}, ${scale.low}` })).toBeVisible()
    await expect.element(page.getByRole('radio', { name: `${scale.max}, ${scale.high}` })).toBeVisible()
    expect(page.getByRole('radio').elements()).toHaveLength(scale.max - scale.min + 1)
    expect(page.getByRole('radio', { checked: true }).elements()).toEqual([])
  })
})

describe('axe', () => {
  it('sees into the card: planted faults of name, contrast and size are found, and the card stays as it is', async () => {
    mount()
    document.querySelector<HTMLElement>('#before')?.focus()
    await userEvent.keyboard('{Tab}')
    expect(await audit()).toEqual([])
    expect(host()?.parentElement).toBe(document.documentElement)
    expect(host()?.matches(':popover-open')).toBe(true)
    expect(focused()?.getAttribute('name')).toBe('score')
    const plant = (selector: string, css: string): void => {
      for (const each of root().querySelectorAll<HTMLElement>(selector)) each.style.cssText = css
    }
    plant('.title', 'background:#fff;color:#bbb')
    plant('.later,.never', 'padding:0;margin:0;min-height:0;height:12px;width:14px;overflow:hidden')
    root().querySelector('.close')?.removeAttribute('aria-label')
    root().querySelector('.close')?.replaceChildren()
    const found = (await audit()).map((each) => each.split(':')[0])
    expect(found).toEqual(expect.arrayContaining(['button-name', 'color-contrast', 'target-size']))
  })
})

describe('by pointer', () => {
  it('a click is an answer, and stays editable', async () => {
    mount()
    await page.getByRole('radio', { name: '7', exact: true }).click()
    expect(answers()).toEqual([7])
    await page.getByRole('radio', { name: '9', exact: true }).click()
    expect(answers()).toEqual([7, 9])
    await expect.element(page.getByRole('textbox', { name: 'What do you value most?' })).toBeVisible()
  })
  it('the whole way', async () => {
    mount()
    await page.getByRole('radio', { name: '2', exact: true }).click()
    await page.getByRole('textbox').fill('Too slow')
    await page.getByRole('button', { name: 'Send' }).click()
    await expect.element(page.getByRole('heading', { name: 'Thank you' })).toBeVisible()
    expect(answers()).toEqual([2, 'Too slow'])
    await page.getByRole('button', { name: 'Close survey' }).click()
    expect(closed).toHaveBeenCalledOnce()
    expect(types()).toEqual(['answer', 'display', 'answer', 'complete'])
  })
})

describe('a slow finger', () => {
  it('whose press lasts over a redraw still answers', async () => {
    mount()
    const tile = root().querySelector<HTMLInputElement>('input[value="6"]')
    tile?.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }))
    await vi.waitFor(() => expect(types()).toEqual(['display']), { timeout: 5000 })
    await page.getByRole('radio', { name: '6', exact: true }).click()
    expect(answers()).toEqual([6])
  })
  it('means nothing once the card is on its way out', async () => {
    mount()
    card?.destroy()
    root()
      .querySelector<HTMLInputElement>('input[value="6"]')
      ?.dispatchEvent(new MouseEvent('click', { bubbles: true, detail: 1 }))
    expect(types()).toEqual([])
  })
})

describe('by keyboard alone', () => {
  const start = async (): Promise<void> => {
    mount()
    document.querySelector<HTMLElement>('#before')?.focus()
    await userEvent.keyboard('{Tab}')
  }
  it('one Tab stop for the scale; arrows move and send nothing; Enter sends; the comment follows', async () => {
    await start()
    expect(focused()?.getAttribute('name')).toBe('score')
    await userEvent.keyboard('{ArrowRight}{ArrowRight}')
    expect(answers()).toEqual([])
    expect(focused()?.getAttribute('name')).toBe('score')
    const chosen = Number((focused() as HTMLInputElement).value)
    await userEvent.keyboard('{Enter}')
    expect(answers()).toEqual([chosen])
    await userEvent.keyboard('{Tab}')
    expect(focused()?.tagName).toBe('TEXTAREA')
    await userEvent.keyboard('By keys{Tab}')
    expect(focused()?.textContent).toBe('Send')
    await userEvent.keyboard('{Enter}')
    await expect.element(page.getByRole('heading', { name: 'Thank you' })).toBeVisible()
    expect(answers()).toEqual([chosen, 'By keys'])
    expect(focused()?.tagName).toBe('H2')
    // There is nothing else to reach than the way out.
    await userEvent.keyboard('{Tab}{Enter}')
    expect(closed).toHaveBeenCalledOnce()
    expect(document.activeElement?.id).toBe('before')
  })
  it.each([
    ['7', 7],
    ['10', 10],
    ['0', 0],
  ])('digits choose: %s', async (keys, score) => {
    await start()
    await userEvent.keyboard(`${keys}{Enter}`)
    expect(answers()).toEqual([score])
  })
  it('Escape inside closes, outside it does nothing', async () => {
    mount()
    document.querySelector<HTMLElement>('#before')?.focus()
    await userEvent.keyboard('{Escape}')
    expect(closed).not.toHaveBeenCalled()
    await userEvent.keyboard('{Tab}{Escape}')
    expect(closed).toHaveBeenCalledOnce()
    expect(types()).toEqual(['dismiss'])
  })
  it('Escape never throws a written comment away', async () => {
    mount()
    await page.getByRole('radio', { name: '5', exact: true }).click()
    await page.getByRole('textbox').fill('Half a sent')
    await userEvent.keyboard('{Escape}')
    expect(closed).not.toHaveBeenCalled()
  })
  it('Tab leaves at the end: no trap', async () => {
    await start()
    await userEvent.keyboard('{Tab}{Tab}{Tab}{Tab}')
    expect(focused()?.className).toBe('close')
    await userEvent.keyboard('{Tab}')
    expect(focused()).toBeNull()
  })
})

describe('the host page', () => {
  it('keeps its focus when a card appears', () => {
    const before = document.querySelector<HTMLElement>('#before')
    before?.focus()
    mount()
    expect(document.activeElement).toBe(before)
  })
  it('does not hear what is typed on the card', async () => {
    const heard = vi.fn<(event: Event) => void>()
    const kinds = ['keydown', 'keyup', 'keypress', 'beforeinput', 'input', 'focusin', 'focusout']
    for (const type of kinds) document.addEventListener(type, heard)
    mount()
    await page.getByRole('radio', { name: '5', exact: true }).click()
    await page.getByRole('textbox').fill('x')
    heard.mockClear()
    await userEvent.keyboard('abc')
    expect(heard).not.toHaveBeenCalled()
    for (const type of kinds) document.removeEventListener(type, heard)
  })
  it('cannot restyle the card', async () => {
    const style = document.createElement('style')
    style.textContent = `
      *{--_bg:red;--_ink:red;--_accent:red;direction:rtl!important}
      *{all:unset!important;letter-spacing:9px!important;font-size:40px!important}
      body *,[data-earshot]{display:none!important;transform:scale(2)!important}
      html{font-size:0!important}`
    mount()
    const box = () => {
      const { backgroundColor, direction } = getComputedStyle(root().querySelector('.card') as Element)
      const { x, y, width, height } = (root().querySelector('fieldset') as Element).getBoundingClientRect()
      return { x, y, width, height, backgroundColor, direction }
    }
    await Promise.all(document.getAnimations().map((each) => each.finished))
    const before = box()
    document.head.append(style)
    const after = box()
    style.remove()
    expect(after).toEqual(before)
  })
  it('gets its node back: nothing is left after closing', async () => {
    mount()
    await page.getByRole('button', { name: 'Close survey' }).click()
    await vi.waitFor(() => expect(host()).toBeNull())
  })
})

describe('at 320 pixels', () => {
  afterEach(() => page.viewport(1280, 720))
  it('the scale has two fixed rows of targets of at least 40 by 44, and nothing scrolls sideways', async () => {
    await page.viewport(320, 568)
    mount()
    const { rows, width, height } = scaleOf({ root: root() })
    expect(rows).toEqual([6, 5])
    expect(width).toBeGreaterThanOrEqual(40)
    expect(height).toBeGreaterThanOrEqual(44)
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(320)
  })
  it('and at 360 one row of eleven, each at least 24 wide', async () => {
    await page.viewport(360, 640)
    mount()
    const { rows, width } = scaleOf({ root: root() })
    expect(rows).toEqual([11])
    expect(width).toBeGreaterThanOrEqual(24)
  })
})

describe('what is told', () => {
  it('announces itself politely, once, and then the thanks', async () => {
    mount()
    const status = () => root().querySelector('[role=status]')?.textContent
    expect(status()).toBe('')
    await vi.waitFor(() => expect(status()).toContain('How likely'))
    await page.getByRole('radio', { name: '9', exact: true }).click()
    await vi.waitFor(() => expect(status()).toBe('Score saved.'))
    await page.getByRole('button', { name: 'Send' }).click()
    await vi.waitFor(() => expect(status()).toContain('Thank you'))
  })
  it('says honestly when the answer waits on this device', async () => {
    mount(surveys.nps, {}, true)
    await page.getByRole('radio', { name: '9', exact: true }).click()
    await page.getByRole('button', { name: 'Send' }).click()
    await expect.element(page.getByText(english.offline, { exact: true })).toBeVisible()
    card?.tell({ type: 'line', up: true })
    await vi.waitFor(() => expect(root().textContent).not.toContain(english.offline))
  })
  it('a display after one second in view, and not before', async () => {
    mount()
    const began = performance.now()
    await vi.waitFor(() => expect(types()).toEqual(['display']), { timeout: 5000, interval: 20 })
    expect(performance.now() - began).toBeGreaterThan(900)
  })
})

describe('after a reload', () => {
  it('shows the chosen score and the open text, and tells no second display', async () => {
    const about = { trigger: 'show' } as const
    const so = { answers: { score: 3 }, revisions: { score: 0 } }
    mount(surveys.nps, { progress: { response: 'r', at: 1 as Instant, version: 1, about, ...so } })
    await expect.element(page.getByRole('radio', { name: '3', exact: true })).toBeChecked()
    await page.getByRole('textbox').fill('Too slow')
    await page.getByRole('button', { name: 'Send' }).click()
    await expect.element(page.getByRole('heading', { name: 'Thank you' })).toBeVisible()
    expect(types()).toEqual(['answer', 'complete'])
  })
})

describe('one tab', () => {
  const name = 'earshot:pk_test/nps'
  const held = async () => (await navigator.locks.query()).held?.filter((each) => each.name === name).length
  it('holds the survey: who takes it closes the card here, without a word', async () => {
    mount()
    await vi.waitFor(async () => expect(await held()).toBe(1))
    let letGo = (): void => {}
    const over = new Promise<void>((resolve) => (letGo = resolve))
    const theirs = navigator.locks.request(name, { steal: true }, () => over)
    await vi.waitFor(() => expect(closed).toHaveBeenCalledOnce())
    await vi.waitFor(() => expect(host()).toBeNull())
    expect(types()).toEqual([])
    letGo()
    await theirs
  })
  it('lets go of it with the card', async () => {
    mount()
    await vi.waitFor(async () => expect(await held()).toBe(1))
    card?.destroy()
    await vi.waitFor(async () => expect(await held()).toBe(0))
    expect(closed).not.toHaveBeenCalled()
  })
  it('is not asked for where locks are forbidden or missing', async () => {
    const request = vi.spyOn(navigator.locks, 'request')
    request.mockRejectedValueOnce(new DOMException('no', 'SecurityError'))
    mount()
    await page.getByRole('radio', { name: '9', exact: true }).click()
    expect(answers()).toEqual([9])
    expect(closed).not.toHaveBeenCalled()
    card?.destroy()
    const locks = vi.spyOn(navigator, 'locks', 'get').mockReturnValue(undefined as never)
    mount()
    await page.getByRole('radio', { name: '8', exact: true }).last().click()
    expect(answers()).toEqual([9, 8])
    locks.mockRestore()
    request.mockRestore()
  })
})

describe('the layout', () => {
  afterEach(() => document.documentElement.removeAttribute('dir'))
  it.each([
    ['bottom-end', 'ltr', 'right', 'bottom'],
    ['bottom-start', 'ltr', 'left', 'bottom'],
    ['top-end', 'ltr', 'right', 'top'],
    ['top-start', 'ltr', 'left', 'top'],
    ['top-start', 'rtl', 'right', 'top'],
    [undefined, 'rtl', 'left', 'bottom'],
  ])('%s on a page that runs %s is at the %s %s', async (layout, dir, side, edge) => {
    await page.viewport(1280, 720)
    document.documentElement.dir = dir
    mount(surveys.nps, { about: { trigger: 'show', ...(layout && { layout }) } })
    // Other corners come with another file.
    await vi.waitFor(() => expect(host()).toBeTruthy())
    const box = host()!.getBoundingClientRect()
    const { clientWidth, clientHeight } = document.documentElement
    expect(side === 'left' ? box.left : clientWidth - box.right).toBe(12)
    expect(edge === 'top' ? box.top : clientHeight - box.bottom).toBe(12)
  })
  it.each(['bottom-end', 'bottom-start', 'top-end', 'top-start'] as const)(
    '%s is a sheet at the bottom of a phone',
    async (layout) => {
      await page.viewport(375, 700)
      mount(surveys.nps, { about: { trigger: 'show', layout } })
      await vi.waitFor(() => expect(host()).toBeTruthy())
      const { left, right, bottom } = host()!.getBoundingClientRect()
      const { clientWidth, clientHeight } = document.documentElement
      expect([left, right, bottom]).toEqual([0, clientWidth, clientHeight])
    },
  )
})
