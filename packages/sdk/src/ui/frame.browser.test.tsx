import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { ces, csat, nps } from '../core/builders.ts'
import type { FlowEffect } from '../core/flow.ts'
import type { Showing, Wish } from '../core/model.ts'
import type { Instant } from '../core/time.ts'
import type { Card, CardHost } from '../ports/card.ts'
import type { Worded, WordSurvey } from '../words/words.ts'
import { audit } from './audit.fixtures.ts'
import { english as kinds } from './kinds/english.fixtures.ts'
import { mountCard } from './mount.tsx'
import { english } from './strings.ts'

// The words are another part's; here they come when a test says so.
let wordSurvey: WordSurvey
vi.mock('../words/main.ts', () => ({
  wordSurvey: (...input: Parameters<WordSurvey>) => wordSurvey(...input),
}))
vi.mock('./theme/main.ts', () => ({
  themeCss: (theme: { accent: string }) => `.card.card{--_accent:${theme.accent}}`,
}))

const survey = nps({ id: 'nps', name: 'Acme' })
const wish: Wish = { survey: 'nps', cause: 'show' }
let card: Card | undefined
let effects: FlowEffect[] = []
let commands: string[] = []
const closed = vi.fn<() => void>()

beforeEach(async () => {
  await page.viewport(1280, 720)
  document.documentElement.lang = 'en'
  document.title = 'Host'
  const markup = `<main><h1>Host</h1><button id="before">Before</button><div id="slot"></div>
    <input id="behind" aria-label="Behind" style="position:fixed;right:100px;bottom:60px;width:80px">
    <dialog id="theirs" aria-label="Theirs"><button>Ok</button></dialog></main>`
  document.body.replaceChildren(...new DOMParser().parseFromString(markup, 'text/html').body.childNodes)
  effects = []
  commands = []
  closed.mockClear()
  wordSurvey = () => Promise.reject(new Error('no words are expected here'))
})
afterEach(async () => {
  document.querySelector<HTMLDialogElement>('#theirs')?.close()
  card?.destroy()
  card = undefined
  await vi.waitFor(() => expect(host()).toBeNull())
})

const host = () => document.querySelector<HTMLElement>('[data-earshot]')
const root = () => host()?.shadowRoot as ShadowRoot
const find = (selector: string) => root().querySelector<HTMLElement>(selector)
const types = () => effects.flatMap((each) => (each.type === 'record' ? [each.draft.type] : []))
const boxOf = (selector: string) => find(selector)?.getBoundingClientRect() as DOMRect
const text = () => find('textarea') as HTMLTextAreaElement
const isFolded = () => find('.card')?.classList.contains('mini')
const isOnTop = (selector: string) => {
  const { left, top, width, height } = boxOf(selector)
  return document.elementFromPoint(left + width / 2, top + height / 2) === host()
}
function mount(more: Partial<Showing> = {}, hostMore: Partial<CardHost> = {}): Promise<unknown> {
  card = mountCard({ survey, response: 'r', about: { trigger: 'show' }, ...more }, false, {
    now: () => 1 as Instant,
    lock: 'pk_frame',
    perform: (effect) => {
      effects.push(effect)
      if (effect.type !== 'record') return
      queueMicrotask(() => card?.tell({ type: 'stored', event: effect.draft as never, durable: true }))
    },
    command: ({ type }) => commands.push(type),
    locales: () => ['en'],
    closed,
    ...hostMore,
  })
  return Promise.resolve(card.ready)
}
/** What a card does once its first frames are over begins with what it says. */
const settled = (): Promise<void> =>
  vi.waitFor(() => expect(root().querySelector('[role=status]')?.textContent).toBeTruthy())
const at = (layout: string): Partial<Showing> => ({ about: { trigger: 'show', layout } })
async function write(): Promise<void> {
  await page.getByRole('radio', { name: '5', exact: true }).click()
  await vi.waitFor(() => expect(text()).toBeTruthy())
  await userEvent.fill(text(), 'Half a sent')
}
async function moved(): Promise<void> {
  const parts = [...root().querySelectorAll('.card,dialog')]
  await Promise.all(parts.flatMap((each) => each.getAnimations().map((one) => one.finished)))
}

describe('made small', () => {
  it('is a named target of 44 pixels at the edge, keeps what was typed, and never counts as seen', async () => {
    await mount()
    await page.getByRole('button', { name: english.minimise }).click()
    expect(isFolded()).toBe(true)
    const box = boxOf('.fold')
    expect([box.height, box.width].every((each) => each >= 44)).toBe(true)
    expect(document.documentElement.clientWidth - boxOf('.card').right).toBe(12)
    expect(await audit()).toEqual([])
    await page.getByRole('button', { name: english.restore }).click()
    expect(isFolded()).toBe(false)
    await write()
    await page.getByRole('button', { name: english.minimise }).click()
    await page.getByRole('button', { name: english.restore }).click()
    expect(text().value).toBe('Half a sent')
    expect(root().activeElement?.getAttribute('name')).toBe('score')
  })
  it('is no way out of the thanks, which can only be closed', async () => {
    await mount()
    await write()
    await page.getByRole('button', { name: 'Send' }).click()
    await vi.waitFor(() => expect(find('h2')).toBeTruthy())
    const names = [...root().querySelectorAll('button')].map((each) => each.ariaLabel)
    expect(names).toEqual([english.close])
  })
  it('leaves the page around it free for the pointer', async () => {
    await mount()
    await page.getByRole('button', { name: english.minimise }).click()
    const { left, top, height } = boxOf('.card')
    expect(document.elementFromPoint(left - 20, top + height / 2)).not.toBe(host())
  })
})

describe('what the page gives the focus to', () => {
  it('is not behind the card: it makes room, and takes no focus', async () => {
    await mount()
    const behind = document.querySelector<HTMLElement>('#behind')
    behind?.focus()
    await vi.waitFor(() => expect(isFolded()).toBe(true))
    expect(document.activeElement).toBe(behind)
  })
  it('had it before the card came: the same', async () => {
    document.querySelector<HTMLElement>('#behind')?.focus()
    await mount()
    await vi.waitFor(() => expect(isFolded()).toBe(true))
  })
  it('is nothing: the body is not taken for it, wherever its middle is', async () => {
    await page.viewport(320, 568)
    await mount()
    await settled()
    const view = visualViewport as VisualViewport
    view.dispatchEvent(new Event('resize'))
    await vi.waitFor(() => expect(host()?.style.getPropertyValue('--earshot-lift')).toBe('0px'))
    expect(isFolded()).toBe(false)
  })
  it('is not behind the thanks either: they go, since nothing is left to come back to', async () => {
    await mount()
    await write()
    await page.getByRole('button', { name: 'Send' }).click()
    await vi.waitFor(() => expect(find('h2')).toBeTruthy())
    const behind = document.querySelector<HTMLElement>('#behind') as HTMLElement
    const { right, bottom } = boxOf('h2')
    behind.style.cssText += `left:${right - 90}px;top:${bottom - 20}px`
    behind.focus()
    await vi.waitFor(() => expect(closed).toHaveBeenCalledOnce())
    expect(document.activeElement).toBe(behind)
    expect(types()).not.toContain('dismiss')
  })
  it('stands elsewhere: the card stays as it is', async () => {
    await mount()
    document.querySelector<HTMLElement>('#before')?.focus()
    document.querySelector<HTMLElement>('#behind')?.focus()
    await vi.waitFor(() => expect(isFolded()).toBe(true))
    await page.getByRole('button', { name: english.restore }).click()
    document.querySelector<HTMLElement>('#before')?.focus()
    expect(isFolded()).toBe(false)
  })
})

describe('a keyboard on the screen', () => {
  it('lifts the card over it, and lets it down again', async () => {
    await mount()
    await settled()
    const view = visualViewport as VisualViewport
    const { clientHeight } = document.documentElement
    const height = vi.spyOn(view, 'height', 'get').mockReturnValue(clientHeight - 300)
    view.dispatchEvent(new Event('resize'))
    await vi.waitFor(() => expect(clientHeight - (host()?.getBoundingClientRect().bottom ?? 0)).toBe(312))
    height.mockRestore()
    view.dispatchEvent(new Event('resize'))
    await vi.waitFor(() => expect(clientHeight - (host()?.getBoundingClientRect().bottom ?? 0)).toBe(12))
  })
})

describe('later and never', () => {
  it.each([
    [english.later, 'snooze'],
    [english.never, 'optOut'],
  ])('%s: the command %s, the card gone, and it was seen', async (name, command) => {
    await mount()
    const button = page.getByRole('button', { name })
    expect(button.element().getBoundingClientRect().height).toBeGreaterThanOrEqual(24)
    await button.click()
    expect(commands).toEqual([command])
    expect(types()).toEqual(['display'])
    expect(closed).not.toHaveBeenCalled()
    await vi.waitFor(() => expect(host()).toBeNull())
  })
  it('are not offered to those who have answered', async () => {
    await mount()
    await page.getByRole('radio', { name: '5', exact: true }).click()
    await vi.waitFor(() => expect(find('.foot')).toBeNull())
  })
})

describe('a page that', () => {
  it('removes the card gets it back once, with what was typed; the second time is respected', async () => {
    await mount()
    await write()
    host()?.remove()
    await vi.waitFor(() => expect(host()).toBeTruthy())
    expect(text().value).toBe('Half a sent')
    expect(root().activeElement).toBe(text())
    expect(host()?.matches(':popover-open')).toBe(true)
    host()?.remove()
    await vi.waitFor(() => expect(closed).toHaveBeenCalledOnce())
    expect(host()).toBeNull()
    expect(types()).not.toContain('dismiss')
  })
  it('opens a dialog has the card in it, in reach, and has it back afterwards', async () => {
    await mount()
    await write()
    const dialog = document.querySelector('#theirs') as HTMLDialogElement
    dialog.showModal()
    await vi.waitFor(() => expect(host()?.parentElement).toBe(dialog))
    expect(isOnTop('.send')).toBe(true)
    expect(text().value).toBe('Half a sent')
    await userEvent.click(text())
    await userEvent.keyboard('{Escape}')
    expect(dialog.open).toBe(true)
    dialog.close()
    await vi.waitFor(() => expect(host()?.parentElement).toBe(document.documentElement))
    expect(host()?.matches(':popover-open')).toBe(true)
    expect(closed).not.toHaveBeenCalled()
  })
  it('opens a dialog and closes it has its focus back in the end', async () => {
    document.querySelector<HTMLElement>('#before')?.focus()
    await mount()
    await write()
    const dialog = document.querySelector('#theirs') as HTMLDialogElement
    dialog.showModal()
    dialog.close()
    expect(root().activeElement).toBe(text())
    await page.getByRole('button', { name: english.close }).click()
    expect(document.activeElement?.id).toBe('before')
  })
  it('throws the dialog away with the card in it keeps the card', async () => {
    const dialog = document.querySelector('#theirs') as HTMLDialogElement
    dialog.showModal()
    await mount()
    await vi.waitFor(() => expect(host()?.parentElement).toBe(dialog))
    dialog.remove()
    await vi.waitFor(() => expect(host()?.parentElement).toBe(document.documentElement))
    expect(closed).not.toHaveBeenCalled()
  })
  it('is left holds no lock, and takes it again when it comes back, unless another tab has it', async () => {
    const held = async () =>
      (await navigator.locks.query()).held?.filter((each) => each.name === 'earshot:pk_frame/nps').length
    const turn = (type: string): boolean =>
      window.dispatchEvent(new PageTransitionEvent(type, { persisted: true }))
    /** The browser counts a lock as held before the page has heard of it: until then there is nothing to let go. */
    const leave = (): Promise<void> =>
      vi.waitFor(async () => {
        turn('pagehide')
        expect(await held()).toBe(0)
      })
    await mount()
    await vi.waitFor(async () => expect(await held()).toBe(1))
    await leave()
    turn('pageshow')
    await vi.waitFor(async () => expect(await held()).toBe(1))
    await leave()
    let letGo = (): void => {}
    const theirs = navigator.locks.request(
      'earshot:pk_frame/nps',
      () => new Promise<void>((go) => (letGo = go)),
    )
    await vi.waitFor(async () => expect(await held()).toBe(1))
    // One that is let go at once is as good as free: WebKit puts a page away before it takes the page's own lock.
    turn('pageshow')
    letGo()
    await theirs
    await vi.waitFor(async () => expect(await held()).toBe(1))
    expect(closed).not.toHaveBeenCalled()
    await leave()
    const again = navigator.locks.request(
      'earshot:pk_frame/nps',
      () => new Promise<void>((go) => (letGo = go)),
    )
    await vi.waitFor(async () => expect(await held()).toBe(1))
    turn('pageshow')
    await vi.waitFor(() => expect(closed).toHaveBeenCalledOnce())
    letGo()
    await again
  })
  it('is left before it has its lock, and comes back, keeps the card', async () => {
    const turn = (type: string): boolean =>
      window.dispatchEvent(new PageTransitionEvent(type, { persisted: true }))
    const held = async () => (await navigator.locks.query()).held?.length
    await mount()
    turn('pagehide')
    turn('pageshow')
    await vi.waitFor(async () => expect(await held()).toBe(1))
    // What the page waited for before is due by now.
    await new Promise((go) => setTimeout(go, 100))
    expect(await held()).toBe(1)
    expect(closed).not.toHaveBeenCalled()
  })
  it('is left while the lock is asked for lets go of it as soon as it is given', async () => {
    let letGo = (): void => {}
    const name = 'earshot:pk_frame/nps'
    const request = vi.spyOn(navigator.locks, 'request')
    await mount()
    await vi.waitFor(() => expect(request).toHaveBeenCalled())
    window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))
    const given = new Promise<void>((has) => {
      void navigator.locks.request(name, () => {
        has()
        return new Promise<void>((go) => (letGo = go))
      })
    })
    await given
    letGo()
    request.mockRestore()
    expect(closed).not.toHaveBeenCalled()
  })
  it('rewrites all texts, as a translator does, breaks nothing', async () => {
    await mount()
    const wrap = (): void => {
      const walker = document.createTreeWalker(root(), NodeFilter.SHOW_TEXT)
      const nodes: Node[] = []
      while (walker.nextNode()) nodes.push(walker.currentNode)
      for (const node of nodes) {
        const font = document.createElement('font')
        font.textContent = node.textContent
        node.parentNode?.replaceChild(font, node)
      }
    }
    wrap()
    document.querySelector<HTMLElement>('#before')?.focus()
    await page.getByRole('button', { name: english.minimise }).click()
    wrap()
    await page.getByRole('button', { name: english.restore }).click()
    await page.getByRole('radio', { name: '6', exact: true }).click()
    wrap()
    await page.getByRole('radio', { name: '9', exact: true }).click()
    wrap()
    await page.getByRole('button', { name: 'Send' }).click()
    await expect.element(page.getByRole('heading', { name: 'Thank you' })).toBeVisible()
    expect(find('form')).toBeNull()
    expect(find('[role=status]')?.textContent).toContain('Thank you')
  })
})

describe('looks', () => {
  it('have a part for every class, and take the colours of the page', async () => {
    const style = document.createElement('style')
    style.textContent = ':root{--earshot-accent:rgb(1, 2, 3)} [data-earshot]::part(close){opacity:.5}'
    document.head.append(style)
    await mount()
    for (const each of root().querySelectorAll('[class]'))
      expect(each.getAttribute('part')).toBe(each.className)
    expect(getComputedStyle(find('.close') as Element).opacity).toBe('0.5')
    expect(getComputedStyle(find('.card') as Element).getPropertyValue('--_accent')).toBe('rgb(1, 2, 3)')
    style.remove()
  })
  it('are those of the theme of the site', async () => {
    await mount({}, { theme: () => ({ accent: 'rgb(9, 8, 7)' }) })
    await write()
    expect(getComputedStyle(find('.send') as Element).backgroundColor).toBe('rgb(9, 8, 7)')
  })
})

describe('words', () => {
  const worded = (title: string, dir: 'ltr' | 'rtl', close: string): Worded => ({
    survey: {
      ...survey,
      locale: 'ar',
      questions: survey.questions.map((each, index) => (index ? each : { ...each, title })),
    },
    words: { tag: 'ar', dir, card: { ...english, close }, kinds },
    wording: 'ar@1',
  })
  it('are waited for: never one language after the other, and the display tells which', async () => {
    let come: ((words: Worded) => void) | undefined
    wordSurvey = () => new Promise((resolve) => (come = resolve))
    const ready = mount({}, { locales: () => ['ar'] })
    await vi.waitFor(() => expect(come).toBeTruthy())
    expect(host()).toBeNull()
    come?.(worded('سؤال', 'rtl', 'إغلاق'))
    await ready
    expect(find('.title')?.textContent).toBe('سؤال')
    expect([find('.card')?.dir, host()?.lang]).toEqual(['rtl', 'ar'])
    await page.getByRole('button', { name: 'إغلاق' }).click()
    await vi.waitFor(() => expect(types()).toEqual(['dismiss']))
  })
  it('that cannot be had are done without', async () => {
    await mount({}, { locales: () => ['fr'] })
    expect(find('.title')?.textContent).toContain('How likely')
  })
  it('can change: the answer and what was typed stay', async () => {
    const wanted = ['en']
    await mount({}, { locales: () => wanted })
    await write()
    wanted[0] = 'ar'
    wordSurvey = async () => worded('سؤال', 'rtl', 'إغلاق')
    card?.tell({ type: 'looks' })
    await vi.waitFor(() => expect(find('.title')?.textContent).toBe('سؤال'))
    expect(text().value).toBe('Half a sent')
    await page.getByRole('button', { name: 'Send' }).click()
    await vi.waitFor(() => expect(types()).toContain('complete'))
    const display = effects.flatMap((each) =>
      each.type === 'record' && each.draft.type === 'display' ? [each.draft.data] : [],
    )
    expect(display).toHaveLength(1)
  })
})

describe.each(['ltr', 'rtl'] as const)('on a page that runs %s', (page_) => {
  beforeEach(() => void (document.documentElement.dir = page_))
  afterEach(() => document.documentElement.removeAttribute('dir'))

  /** From the edge of the window where lines of the page end. */
  const fromEnd = (selector: string): number => {
    const { left, right } = boxOf(selector)
    return page_ === 'rtl' ? left : document.documentElement.clientWidth - right
  }
  const fromStart = (selector: string): number => {
    const { left, right } = boxOf(selector)
    return page_ === 'rtl' ? document.documentElement.clientWidth - right : left
  }
  const fold = (): void => find('.fold')!.click()

  describe.each(['ltr', 'rtl'] as const)('a survey that runs %s', (dir) => {
    const begin = async (layout?: string): Promise<void> => {
      wordSurvey = async () => ({
        survey: { ...survey, locale: dir === 'rtl' ? 'ar' : 'en' },
        words: { tag: dir === 'rtl' ? 'ar' : 'en', dir, card: english, kinds },
        wording: 'ar@1',
      })
      await mount(layout ? at(layout) : {}, { locales: () => [dir === 'rtl' ? 'ar' : 'en'] })
      await moved()
      expect(find('.card')!.dir).toBe(dir)
    }
    it('stands in the corner of the page, large and small', async () => {
      await begin()
      expect(fromEnd('.card')).toBe(12)
      // What is inside follows its own language.
      const [close, card_] = [boxOf('.close'), boxOf('.card')]
      expect(dir === 'rtl' ? close.left - card_.left : card_.right - close.right).toBe(5)
      fold()
      expect(fromEnd('.card')).toBe(12)
    })
    it('and in the other one, where it is wanted there', async () => {
      await begin('top-start')
      expect(fromStart('.card')).toBe(12)
      fold()
      expect(fromStart('.card')).toBe(12)
    })
    it('has its tab at the edge of the page, round at the inner side', async () => {
      await begin('tab')
      expect(fromEnd('.card')).toBe(0)
      const { borderTopLeftRadius: left, borderTopRightRadius: right } = getComputedStyle(find('.card')!)
      expect(page_ === 'rtl' ? [right, left] : [left, right]).toEqual(['12px', '0px'])
      fold()
      expect(fromEnd('.card')).toBe(12)
      expect(boxOf('.card').width).toBe(440)
    })
    it('made small on a phone, leaves room at the edge', async () => {
      await page.viewport(320, 568)
      await begin()
      fold()
      expect(fromEnd('.card')).toBe(12)
    })
  })
})

describe('opened by the button of the site', () => {
  it('has the focus on its question, and gives it back', async () => {
    document.querySelector<HTMLElement>('#before')?.focus()
    await mount({ wish: { ...wish, force: true } })
    expect(root().activeElement?.getAttribute('name')).toBe('score')
    await userEvent.keyboard('{Escape}')
    expect(document.activeElement?.id).toBe('before')
  })

  describe.each([undefined, 'modal'])('that is gone when it is closed, layout %s', (layout) => {
    const shelf = `<p><a href="#one" id="one">One</a></p>
      <section><h2>Two</h2><p><button id="opener">Rate it</button></p></section>
      <p><button disabled>Three</button><b tabindex="-1">Four</b></p>
      <p><button hidden>Five</button><a href="#six" id="six">Six</a></p>`
    const open = async (): Promise<HTMLElement> => {
      document.body.replaceChildren(...new DOMParser().parseFromString(shelf, 'text/html').body.childNodes)
      const opener = document.querySelector<HTMLElement>('#opener')!
      opener.focus()
      await mount({ wish: { ...wish, force: true }, ...(layout && at(layout)) })
      expect(root().activeElement?.getAttribute('name')).toBe('score')
      return opener
    }
    const close = async (id: string): Promise<void> => {
      await userEvent.keyboard('{Escape}')
      expect(closed).toHaveBeenCalledOnce()
      await vi.waitFor(() => expect(document.activeElement?.id).toBe(id))
      await vi.waitFor(() => expect(host()).toBeNull())
      expect(document.activeElement?.id).toBe(id)
    }
    it.each([
      ['alone', (opener: HTMLElement) => opener.remove()],
      ['with all around it', (opener: HTMLElement) => opener.closest('section')!.remove()],
      ['by being switched off', (opener: HTMLElement) => opener.setAttribute('disabled', '')],
      ['by being hidden', (opener: HTMLElement) => (opener.closest('section')!.hidden = true)],
    ])('%s: the next that can be focused has it', async (_how, lose) => {
      lose(await open())
      await close('six')
    })
    it('the last before it has it, where nothing comes after', async () => {
      const opener = await open()
      document.querySelector('#six')?.remove()
      opener.remove()
      await close('one')
    })
    it('the same on a page that has to be watched', async () => {
      const opener = await open()
      await settled()
      visualViewport?.dispatchEvent(new Event('resize'))
      await vi.waitFor(() => expect(host()?.style.getPropertyValue('--earshot-lift')).toBe('0px'))
      opener.remove()
      await close('six')
    })
  })
  it('takes nothing from who is elsewhere when it is closed', async () => {
    const opener = document.querySelector<HTMLElement>('#before')!
    opener.focus()
    await mount({ wish: { ...wish, force: true } })
    opener.remove()
    const behind = document.querySelector<HTMLElement>('#behind')!
    behind.style.cssText = ''
    behind.focus()
    card?.destroy()
    await vi.waitFor(() => expect(host()).toBeNull())
    expect(document.activeElement).toBe(behind)
  })
})

describe('inline', () => {
  const into = { wish: { ...wish, into: '#slot' } }
  it('stands in the flow of the page, outside of the top layer, and cannot be made small', async () => {
    await mount(into)
    expect(host()?.parentElement?.id).toBe('slot')
    expect(host()?.matches(':popover-open')).toBe(false)
    expect(getComputedStyle(host() as Element).position).toBe('static')
    expect(getComputedStyle(find('.fold') as Element).display).toBe('none')
    expect(await audit()).toEqual([])
    await page.getByRole('button', { name: english.close }).click()
    expect(types()).toEqual(['dismiss'])
  })
  it('fails where the page has no such element', async () => {
    await expect(mount({ wish: { ...wish, into: '#nowhere' } })).rejects.toThrow('"#nowhere"')
    expect(host()).toBeNull()
  })
  it('comes back once when the page redraws its place', async () => {
    await mount(into)
    const slot = document.querySelector('#slot') as HTMLElement
    slot.replaceChildren()
    await vi.waitFor(() => expect(host()?.parentElement).toBe(slot))
    slot.replaceChildren()
    await vi.waitFor(() => expect(closed).toHaveBeenCalledOnce())
  })
})

describe('modal', () => {
  it('is a named dialog with the focus inside; Escape closes it and gives the focus back', async () => {
    document.querySelector<HTMLElement>('#before')?.focus()
    await mount(at('modal'))
    const dialog = find('dialog') as HTMLDialogElement
    expect(dialog.matches(':modal')).toBe(true)
    expect(dialog.ariaLabel).toBe(english.survey)
    expect(root().activeElement?.getAttribute('name')).toBe('score')
    expect(isOnTop('.title')).toBe(true)
    expect(await audit()).toEqual([])
    await userEvent.keyboard('{Escape}')
    expect(types()).toEqual(['dismiss'])
    expect(closed).toHaveBeenCalledOnce()
    expect(document.activeElement?.id).toBe('before')
  })
  it('has the focus on its question also where it is too high for the window', async () => {
    await page.viewport(320, 256)
    await mount(at('modal'))
    expect(find('.card')!.scrollHeight).toBeGreaterThan(find('.card')!.clientHeight)
    expect(root().activeElement?.getAttribute('name')).toBe('score')
  })
  it('shows axe its colours too: a planted fault is found', async () => {
    await mount(at('modal'))
    find('.title')!.style.cssText = 'background:#fff;color:#bbb'
    expect((await audit()).join()).toContain('color-contrast')
  })
  it('keeps what was typed from Escape', async () => {
    await mount(at('modal'))
    await write()
    await userEvent.keyboard('{Escape}{Escape}')
    expect((find('dialog') as HTMLDialogElement).open).toBe(true)
    expect(text().value).toBe('Half a sent')
  })
})

describe('tab', () => {
  it('waits at the edge; opening leads to the question, closing back to the tab, and nothing is dismissed', async () => {
    await mount(at('tab'))
    expect(isFolded()).toBe(true)
    expect(document.documentElement.clientWidth - boxOf('.card').right).toBe(0)
    expect(await audit()).toEqual([])
    await page.getByRole('button', { name: english.feedback }).click()
    expect(root().activeElement?.getAttribute('name')).toBe('score')
    await page.getByRole('button', { name: english.close }).click()
    expect(isFolded()).toBe(true)
    expect(root().activeElement?.className).toBe('fold')
    expect(types()).toEqual([])
  })
})

describe('page', () => {
  it('fills the window in large type, without a way to close what is all there is', async () => {
    await mount(at('page'))
    const { width, height } = boxOf('.card')
    expect([width, height]).toEqual([
      document.documentElement.clientWidth,
      document.documentElement.clientHeight,
    ])
    expect(getComputedStyle(find('.card') as Element).fontSize).toBe('18px')
    expect(page.getByRole('button').elements()).toHaveLength(1)
    expect(await audit()).toEqual([])
  })
})

describe.each(
  Object.entries({
    nps: survey,
    ces: ces({ id: 'ces', name: 'Acme' }),
    csat: csat({ id: 'csat', name: 'Acme' }),
  }),
)('the geometry of %s', (_name, asked) => {
  it.each([
    [320, 568, true],
    [360, 640, true],
    [1280, 800, true],
    [320, 256, false],
  ])('at %i by %i', async (width, height, fits) => {
    await page.viewport(width, height)
    await mount({ survey: asked })
    await moved()
    await settled()
    const inside = find('.card') as HTMLElement
    expect(inside.scrollWidth).toBeLessThanOrEqual(inside.clientWidth)
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width)
    for (const each of root().querySelectorAll('input'))
      expect(each.getBoundingClientRect().height).toBeGreaterThanOrEqual(44)
    for (const each of root().querySelectorAll('button,input')) {
      expect(each.getBoundingClientRect().width).toBeGreaterThanOrEqual(24)
      expect(each.getBoundingClientRect().height).toBeGreaterThanOrEqual(24)
    }
    const { top, bottom } = boxOf('.card')
    expect(top).toBeGreaterThanOrEqual(0)
    expect(bottom).toBeLessThanOrEqual(height)
    if (fits) expect(inside.scrollHeight).toBeLessThanOrEqual(inside.clientHeight)
    // What does not fit is scrolled by keys too.
    else if (inside.scrollHeight > inside.clientHeight) expect(inside.tabIndex).toBe(0)
  })
})

describe('the sheet on a phone', () => {
  it('has the full width at the bottom', async () => {
    await page.viewport(360, 640)
    await mount()
    await moved()
    const { left, right, bottom } = boxOf('.card')
    expect([left, right, bottom]).toEqual([0, 360, 640])
  })
})
