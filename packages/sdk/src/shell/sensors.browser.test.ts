import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { cdp, page, userEvent } from 'vitest/browser'
import type { Signal } from '../core/model.ts'
import type { Instant } from '../core/time.ts'
import { type Sensors, startSensors } from './sensors.ts'

let sensors: Sensors
let told: Signal[]
let entered = Date.now() as Instant

const box = (style: string, text = ''): HTMLElement => {
  const element = document.createElement('div')
  element.style.cssText = style
  element.textContent = text
  return element
}
const button = (text: string): HTMLElement => {
  const element = document.createElement('button')
  element.textContent = text
  return element
}
const watch = (...signals: Signal[]): void => sensors.watch(signals, entered)
/** A navigation inside the app. */
const navigate = (...signals: Signal[]): void => {
  entered = (entered + 1) as Instant
  watch(...signals)
}
/** The machine may be busy. */
const until = (check: () => unknown): Promise<unknown> => vi.waitFor(check, { timeout: 10_000 })
const heard = (...signals: Signal[]): Promise<unknown> => until(() => expect(told).toEqual(signals))
const frame = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(resolve))
/** Scrolls, and waits until everybody has heard of it. */
const scroll = async (top: number, scroller?: Element): Promise<void> => {
  const target = scroller ?? document.documentElement
  const before = target.scrollTop
  const done = new Promise((resolve) =>
    document.addEventListener('scroll', resolve, { once: true, capture: true }),
  )
  target.scrollTo(0, top)
  if (target.scrollTop !== before) await done
  // The frame of the event, and the one after it was drawn.
  await frame()
  await frame()
}
const turn = (state: DocumentVisibilityState): void => {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(state)
  document.dispatchEvent(new Event('visibilitychange'))
}
const mouse = (x: number, y: number, buttons = 0): Promise<unknown> =>
  cdp().send('Input.dispatchMouseEvent', { type: 'mouseMoved', x, y, buttons })
const stopTime = (): void => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] })
  entered = Date.now() as Instant
}

beforeEach(async () => {
  document.body.replaceChildren()
  document.body.style.margin = '0'
  // What was left of the page before may still be put to its place.
  await frame()
  await frame()
  told = []
  entered = Date.now() as Instant
  sensors = startSensors((signal) => told.push(signal))
})
afterEach(() => {
  sensors.stop()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

describe('time', () => {
  const twoSeconds = { on: 'time', value: 2 } as const
  it('is told when the page was visible for so long', async () => {
    watch({ on: 'time', value: 0.2 }, { on: 'time', value: 0.1 })
    await heard({ on: 'time', value: 0.1 }, { on: 'time', value: 0.2 })
  })
  it('stands still while the page is hidden', () => {
    stopTime()
    watch(twoSeconds)
    vi.advanceTimersByTime(1500)
    turn('hidden')
    vi.advanceTimersByTime(60_000)
    turn('visible')
    vi.advanceTimersByTime(499)
    expect(told).toEqual([])
    vi.advanceTimersByTime(2)
    expect(told).toEqual([twoSeconds])
  })
  it('does not begin on a page that is opened in the background', () => {
    stopTime()
    turn('hidden')
    watch(twoSeconds)
    vi.advanceTimersByTime(60_000)
    turn('visible')
    expect(told).toEqual([])
    vi.advanceTimersByTime(2000)
    expect(told).toEqual([twoSeconds])
  })
  it('counts from the page view on, also for what is wanted later, and from the next one anew', () => {
    stopTime()
    watch({ on: 'click', selector: 'a' })
    vi.advanceTimersByTime(1500)
    watch(twoSeconds)
    vi.advanceTimersByTime(600)
    expect(told).toEqual([twoSeconds])
    navigate(twoSeconds)
    vi.advanceTimersByTime(1900)
    expect(told).toHaveLength(1)
    vi.advanceTimersByTime(100)
    expect(told).toHaveLength(2)
  })
  it('counts what was visible before the sensors came, as the browser remembers it', async () => {
    const now = performance.now()
    const at = (name: string, ago: number) => ({ name, startTime: now - ago * 1000 }) as PerformanceEntry
    vi.spyOn(performance, 'getEntriesByType').mockReturnValue([
      at('visible', 100),
      at('hidden', 40),
      at('visible', 30),
    ])
    entered = (Date.now() - 80_000) as Instant
    watch({ on: 'time', value: 69 }, { on: 'time', value: 72 })
    await heard({ on: 'time', value: 69 })
  })
  it('counts from now where the browser does not tell, or the clock was set back', () => {
    stopTime()
    entered = (Date.now() + 3_600_000) as Instant
    watch(twoSeconds)
    vi.advanceTimersByTime(1999)
    expect(told).toEqual([])
    vi.advanceTimersByTime(1)
    expect(told).toEqual([twoSeconds])
  })
})

describe('idle', () => {
  const idle = { on: 'idle', value: 5 } as const
  it('is told after so long without any input', async () => {
    watch({ on: 'idle', value: 0.2 })
    await heard({ on: 'idle', value: 0.2 })
  })
  it.each([
    ['a mouse that moves', () => mouse(20, 20 + Math.random() * 50)],
    ['a key', () => userEvent.keyboard('a')],
    [
      'a wheel',
      () => cdp().send('Input.dispatchMouseEvent', { type: 'mouseWheel', x: 9, y: 9, deltaX: 0, deltaY: 9 }),
    ],
    ['a finger', () => tap(30, 30)],
    ['a scroll of the page', () => scroll(scrollY + 10)],
  ])('begins anew with %s', async (_what, act) => {
    document.body.append(box('height: 3000px'))
    await mouse(20, 20)
    stopTime()
    watch(idle)
    vi.advanceTimersByTime(4000)
    await act()
    await frame()
    vi.advanceTimersByTime(4000)
    expect(told).toEqual([])
    vi.advanceTimersByTime(1000)
    expect(told).toEqual([idle])
  })
  it('does not take for input what a script does', async () => {
    const carousel = box('overflow: auto; height: 100px')
    carousel.append(box('height: 1000px'))
    document.body.append(carousel)
    stopTime()
    watch(idle)
    vi.advanceTimersByTime(4000)
    await scroll(300, carousel)
    document.body.dispatchEvent(new PointerEvent('pointermove', { bubbles: true }))
    vi.advanceTimersByTime(1000)
    expect(told).toEqual([idle])
  })
  it('begins anew when the page is seen again, and goes on where other signals come and go', () => {
    stopTime()
    watch(idle)
    vi.advanceTimersByTime(4000)
    turn('hidden')
    vi.advanceTimersByTime(60_000)
    turn('visible')
    vi.advanceTimersByTime(4000)
    expect(told).toEqual([])
    watch(idle, { on: 'exit' })
    vi.advanceTimersByTime(1000)
    expect(told).toEqual([idle])
  })
})

describe('scroll', () => {
  const half = { on: 'scroll', value: 50 } as const
  const end = { on: 'scroll', value: 100 } as const
  it('tells each share of the page once, when it is reached', async () => {
    document.body.append(box('height: 4000px'))
    watch(half, end)
    await scroll(2000 - innerHeight - 20)
    expect(told).toEqual([])
    await scroll(2000 - innerHeight)
    expect(told).toEqual([half])
    await scroll(9999)
    expect(told).toEqual([half, end])
    await scroll(0)
    await scroll(9999)
    expect(told).toEqual([half, end])
  })
  it('reaches the end of a page whose height was rounded up', async () => {
    document.body.append(box('height: 3000px'))
    vi.spyOn(Element.prototype, 'scrollHeight', 'get').mockReturnValue(3001)
    watch(end)
    await scroll(99_999)
    expect(told).toEqual([end])
  })
  it('says nothing of what is in view without a scroll', async () => {
    document.body.append(button('Go'), box('height: 110vh'))
    watch(half, { on: 'click', selector: 'button' })
    await userEvent.click(page.getByText('Go'))
    await frame()
    expect(told).toEqual([{ on: 'click', selector: 'button' }])
    await scroll(5)
    expect(told).toContainEqual(half)
  })
  it('knows how far the page was scrolled before the sensors came', async () => {
    document.body.append(box('height: 4000px'))
    await scroll(3000)
    watch(half)
    await heard(half)
  })
  it('begins anew with a navigation, whatever is left of the page before', async () => {
    document.body.append(box('height: 4000px'))
    watch()
    await scroll(3000)
    navigate(half)
    await frame()
    // A router that scrolls up in steps.
    for (const top of [2900, 2500, 0]) await scroll(top)
    expect(told).toEqual([])
    await scroll(3000)
    expect(told).toEqual([half])
  })
  it('follows the element that scrolls the page, and no other one', async () => {
    const [app, list] = [
      box('overflow: auto; height: 100vh; width: 100vw'),
      box('overflow: auto; height: 90vh; width: 80px'),
    ]
    list.append(box('height: 9000px'))
    app.append(list, box('height: 4000px'))
    document.body.append(app)
    watch(half)
    await scroll(9000, list)
    expect(told).toEqual([])
    await scroll(4000, app)
    expect(told).toEqual([half])
  })
  it('takes no dialog for the page', async () => {
    const dialog = box('overflow: auto; height: 90vh; position: fixed; inset: 0')
    dialog.append(box('height: 150vh'))
    document.body.append(box('height: 4000px'), dialog)
    watch(half)
    await scroll(9000, dialog)
    expect(told).toEqual([])
    await scroll(4000)
    expect(told).toEqual([half])
  })
  it('reads once in a frame', async () => {
    document.body.append(box('height: 4000px'))
    watch(end)
    await scroll(10)
    const reads = vi.spyOn(Element.prototype, 'scrollTop', 'get')
    for (let top = 11; top < 100; top++) window.scrollTo(0, top)
    await new Promise((resolve) => window.addEventListener('scroll', resolve, { once: true }))
    await frame()
    expect(reads).toHaveBeenCalledOnce()
  })
})

describe('exit', () => {
  const exit = { on: 'exit' } as const
  const dwell = (): unknown => vi.advanceTimersByTime(2000)
  it('is told when the mouse goes out over the top, and the page was visible for two seconds', async () => {
    stopTime()
    watch(exit)
    await mouse(100, 200)
    await mouse(100, -5)
    expect(told).toEqual([])
    await mouse(100, 200)
    dwell()
    await mouse(innerWidth + 50, 200)
    await mouse(100, 200)
    await mouse(100, -5, 1)
    await mouse(100, 200)
    expect(told).toEqual([])
    await mouse(100, -5)
    await until(() => expect(told).toEqual([exit]))
  })
  it('is not told by a mouse for coming back to the page', async () => {
    stopTime()
    watch(exit)
    dwell()
    turn('hidden')
    turn('visible')
    expect(told).toEqual([])
  })
  describe('by touch', () => {
    beforeEach(async () => {
      await cdp().send('Emulation.setTouchEmulationEnabled', { enabled: true, maxTouchPoints: 5 })
      expect(matchMedia('(pointer: coarse)').matches).toBe(true)
      document.body.append(box('height: 10000px'))
      stopTime()
    })
    afterEach(() => cdp().send('Emulation.setTouchEmulationEnabled', { enabled: false }))
    /** A flick: a way in steps as frames show it. */
    const flick = async (from: number, to: number, milliseconds: number): Promise<void> => {
      const steps = 8
      for (let step = 0; step <= steps; step++) {
        await scroll(from + ((to - from) * step) / steps + Math.random())
        vi.advanceTimersByTime(milliseconds / steps)
      }
    }
    it('is told when the visitor comes back after two seconds on the page', () => {
      watch(exit)
      turn('hidden')
      turn('visible')
      expect(told).toEqual([])
      dwell()
      turn('hidden')
      expect(told).toEqual([])
      turn('visible')
      expect(told).toEqual([exit])
    })
    it('is told when half of the page was read, and it goes quickly up again', async () => {
      watch(exit)
      dwell()
      const way = innerHeight * 1.5
      await flick(way, 0, 400)
      expect(told).toEqual([])
      await flick(0, 6000, 400)
      await flick(6000, 6000 - way, 1600)
      expect(told).toEqual([])
      await flick(6000, 6000 - way, 400)
      expect(told).toEqual([exit])
    })
    it('is not told by a jump to the top', async () => {
      watch(exit)
      dwell()
      await flick(0, 6000, 400)
      await scroll(0)
      expect(told).toEqual([])
    })
  })
})

describe('seen', () => {
  const seen = (selector: string) => ({ on: 'seen', selector }) as const
  it('tells of an element that was half on the screen for a second, not of one that was less', async () => {
    const [above, below] = [
      box('height: 300px; margin-top: calc(100vh - 160px)'),
      box('height: 300px; width: 50px; position: absolute; top: calc(100vh - 140px)'),
    ]
    above.id = 'above'
    below.id = 'below'
    document.body.append(above, below)
    watch(seen('#below'), seen('#above'))
    await heard(seen('#above'))
  })
  it('tells of one that is taller than the window when it fills half of it', async () => {
    const tall = box('height: 2000vh; margin-top: 60vh')
    tall.id = 'tall'
    document.body.append(tall)
    watch(seen('#tall'), { on: 'time', value: 1.3 })
    await heard({ on: 'time', value: 1.3 })
    await scroll(innerHeight * 0.2)
    await heard({ on: 'time', value: 1.3 }, seen('#tall'))
  })
  it('wants one whole second: one that goes away, or a page that is hidden, begins anew', async () => {
    const target = box('height: 100px')
    target.id = 'target'
    document.body.append(target, box('height: 4000px'))
    const views = vi.spyOn(window, 'setTimeout')
    const begun = (): Promise<unknown> =>
      until(() => expect(views.mock.calls.filter(([, span]) => span === 1000)).toHaveLength(1))
    watch(seen('#target'))
    await begun()
    views.mockClear()
    turn('hidden')
    expect(views.mock.calls.filter(([, span]) => span === 1000)).toEqual([])
    turn('visible')
    await begun()
    views.mockClear()
    await scroll(2000)
    expect(told).toEqual([])
    await scroll(0)
    await begun()
    await heard(seen('#target'))
  })
  it('finds what comes later, and what is put in the place of what was found', async () => {
    const searches = vi.spyOn(document, 'querySelectorAll')
    const [first, second] = [box('height: 100px; margin-top: 200vh'), box('height: 100px')]
    first.className = second.className = 'later'
    watch(seen('.later'))
    await until(() => expect(searches).toHaveBeenCalledOnce())
    document.body.append(first)
    await until(() => expect(searches).toHaveBeenCalledTimes(2))
    first.replaceWith(second)
    await heard(seen('.later'))
  })
  it('counts any element that the selector means', async () => {
    const [narrow, wide] = [box('display: none'), box('height: 50px')]
    narrow.className = wide.className = 'price'
    document.body.append(narrow, wide)
    watch(seen('.price'))
    await heard(seen('.price'))
  })
  it('searches once for ten thousand new nodes, and not at all when everything was found', async () => {
    const calls = vi.fn<() => void>()
    const Native = MutationObserver
    class Counted extends Native {
      constructor(callback: MutationCallback) {
        super((records, observer) => {
          calls()
          callback(records, observer)
        })
      }
    }
    vi.stubGlobal('MutationObserver', Counted)
    const mine = startSensors((signal) => told.push(signal))
    const searches = vi.spyOn(document, 'querySelectorAll')
    const here = box('height: 50px; margin-top: 300vh')
    here.className = 'late'
    const list = box('')
    document.body.append(list)
    mine.watch([seen('.late')], entered)
    await until(() => expect(searches).toHaveBeenCalledOnce())
    for (let index = 0; index < 10_000; index++) list.append(document.createElement('i'))
    await until(() => expect(searches).toHaveBeenCalledTimes(2))
    expect(calls).toHaveBeenCalledOnce()
    // A page that builds itself up bit by bit.
    for (let index = 0; index < 50; index++) {
      list.append(document.createElement('i'))
      await Promise.resolve()
    }
    document.body.append(here)
    await until(() => expect(searches).toHaveBeenCalledTimes(3))
    calls.mockClear()
    for (let index = 0; index < 100; index++) list.append(document.createElement('i'))
    await frame()
    expect(calls).not.toHaveBeenCalled()
    mine.stop()
  })
})

describe('click', () => {
  const buy = { on: 'click', selector: '.buy' } as const
  it('tells of what is inside the element, by mouse and key, and not of what a script clicks', async () => {
    const [inner, other] = [button('Buy'), button('Other')]
    const outer = box('')
    outer.className = 'buy'
    outer.append(inner)
    document.body.append(outer, other)
    watch(buy)
    inner.click()
    await userEvent.click(page.getByText('Other'))
    expect(told).toEqual([])
    inner.focus()
    await userEvent.keyboard('{Enter}')
    expect(told).toEqual([buy])
    watch()
    watch(buy)
    await userEvent.click(page.getByText('Buy'))
    expect(told).toEqual([buy])
    navigate(buy)
    await userEvent.click(page.getByText('Buy'))
    expect(told).toEqual([buy, buy])
  })
  it('hears it where the page stops it, and in an open shadow root', async () => {
    const host = box('')
    const inner = button('Buy')
    inner.className = 'buy'
    inner.addEventListener('click', (event) => event.stopImmediatePropagation())
    host.attachShadow({ mode: 'open' }).append(inner)
    document.body.append(host)
    watch(buy)
    await userEvent.click(page.getByText('Buy'))
    expect(told).toEqual([buy])
  })
  it('does not hear what is clicked in a survey', async () => {
    const host = box('')
    host.setAttribute('data-earshot', '')
    host.attachShadow({ mode: 'open' }).append(button('7'))
    document.body.append(host, button('Buy'))
    watch({ on: 'click', selector: 'button' }, { on: 'click', selector: 'body' })
    await userEvent.click(page.getByText('7'))
    expect(told).toEqual([])
    await userEvent.click(page.getByText('Buy'))
    expect(told).toHaveLength(2)
  })
  it('bears a form with a field that is called "matches"', async () => {
    const form = document.createElement('form')
    const field = document.createElement('input')
    field.name = 'matches'
    const save = button('Save')
    save.setAttribute('type', 'button')
    form.className = 'buy'
    form.append(field, save)
    document.body.append(form)
    watch(buy)
    await userEvent.click(page.getByText('Save'))
    expect(told).toEqual([buy])
  })
})

describe('rage', () => {
  const rage = { on: 'rage' } as const
  const click = (name: string): Promise<void> => userEvent.click(page.getByText(name), { delay: 30 })
  it('is three clicks at one place', async () => {
    document.body.append(button('Save'), box('height: 100px'), button('Send'))
    watch(rage, { on: 'rage', selector: 'a' })
    for (const name of ['Save', 'Save', 'Send', 'Save', 'Send', 'Send']) await click(name)
    expect(told).toEqual([])
    await click('Send')
    expect(told).toEqual([rage])
  })
  it('is not three clicks in more than a second', async () => {
    document.body.append(button('Save'))
    const times = [0, 600, 1100, 1500]
    watch(rage)
    const later = (event: Event): void =>
      void Object.defineProperty(event, 'timeStamp', { value: 5000 + times.shift()! })
    window.addEventListener('click', later, true)
    for (let index = 0; index < 3; index++) await click('Save')
    expect(told).toEqual([])
    await click('Save')
    expect(told).toEqual([rage])
    window.removeEventListener('click', later, true)
  })
  it('is no key that is held down, and no label that clicks its field', async () => {
    const label = document.createElement('label')
    const field = document.createElement('input')
    field.type = 'checkbox'
    label.append('Agree', field)
    const save = button('Save')
    document.body.append(label, save)
    watch(rage)
    save.focus()
    await userEvent.keyboard('{Enter}{Enter}{Enter}{Enter}')
    for (let index = 0; index < 2; index++) await click('Agree')
    expect(told).toEqual([])
    for (let index = 0; index < 3; index++) await click('Save')
    expect(told).toEqual([rage])
  })
  it('counts on while other signals come and go', async () => {
    document.body.append(button('Save'))
    watch(rage)
    await click('Save')
    watch(rage, { on: 'exit' })
    await click('Save')
    watch(rage)
    await click('Save')
    expect(told).toEqual([rage])
  })
})

describe('the sensors', () => {
  const all: Signal[] = [
    { on: 'time', value: 60 },
    { on: 'scroll', value: 90 },
    { on: 'exit' },
    { on: 'idle', value: 60 },
    { on: 'seen', selector: '#nowhere' },
    { on: 'seen', selector: 'body' },
    { on: 'click', selector: '#nowhere' },
    { on: 'rage' },
  ]
  /** What the browser itself knows of listeners. */
  const listeners = async (): Promise<string[]> => {
    const contexts: number[] = []
    const created = ({ context }: { context: { id: number } }): unknown => contexts.push(context.id)
    cdp().on('Runtime.executionContextCreated', created)
    await cdp().send('Runtime.enable')
    await cdp().send('Runtime.disable')
    cdp().off('Runtime.executionContextCreated', created)
    window.frameElement?.setAttribute('data-mine', '')
    const found: string[] = []
    for (const contextId of contexts)
      for (const name of ['window', 'document', 'document.documentElement']) {
        const expression = `frameElement?.dataset.mine === '' ? ${name} : {}`
        const { result } = await cdp().send('Runtime.evaluate', { contextId, expression })
        const objectId = result.objectId as string
        const got = await cdp().send('DOMDebugger.getEventListeners', { objectId })
        for (const each of got.listeners) found.push(`${name} ${each.type} ${each.passive}`)
      }
    return found.sort()
  }
  it.each([false, true])('leave no listener behind, by touch %s', async (enabled) => {
    await cdp().send('Emulation.setTouchEmulationEnabled', { enabled })
    const before = await listeners()
    watch(...all)
    await frame()
    const during = await listeners()
    expect(during.length).toBeGreaterThan(before.length + 6)
    for (const each of new Set(during)) if (!before.includes(each)) expect(each).toMatch(/ true$/)
    watch()
    // That which counts the visible time.
    expect(await listeners()).toHaveLength(before.length + 1)
    watch(...all)
    navigate(...all)
    sensors.stop()
    expect(await listeners()).toEqual(before)
    await cdp().send('Emulation.setTouchEmulationEnabled', { enabled: false })
  })
  it('ignore a selector that is none', async () => {
    document.body.append(button('Go'))
    watch(
      ...['<', '', ':nope(', '!'].flatMap((selector): Signal[] =>
        (['seen', 'click', 'rage'] as const).map((on) => ({ on, selector })),
      ),
      { on: 'click', selector: 'button' },
    )
    await userEvent.click(page.getByText('Go'))
    expect(told).toEqual([{ on: 'click', selector: 'button' }])
  })
  it('read nothing that a page put on all objects', async () => {
    document.body.append(button('Save'))
    const prototype = Object.prototype as { selector?: string }
    prototype.selector = '#nowhere'
    try {
      watch({ on: 'rage' })
      for (let index = 0; index < 3; index++) await userEvent.click(page.getByText('Save'), { delay: 30 })
      expect(told).toHaveLength(1)
    } finally {
      delete prototype.selector
    }
  })
  it('pass by Zone.js, so that Angular is not rendered by a mouse that moves', () => {
    const put = (name: string, value: unknown): void =>
      void Object.defineProperty(EventTarget.prototype, `__zone_symbol__${name}`, {
        value,
        configurable: true,
      })
    const names = ['addEventListener', 'removeEventListener'] as const
    for (const name of names) put(name, EventTarget.prototype[name])
    const patched = names.map((name) => vi.spyOn(EventTarget.prototype, name))
    watch(...all)
    sensors.stop()
    for (const name of names) Reflect.deleteProperty(EventTarget.prototype, `__zone_symbol__${name}`)
    const onPage = (): unknown[] =>
      patched.flatMap(({ mock }) => mock.contexts).filter((each) => each === window || each instanceof Node)
    expect(onPage()).toEqual([])
    watch(...all)
    expect(onPage()).not.toEqual([])
  })
})

/** A real touch. */
async function tap(x: number, y: number): Promise<void> {
  await cdp().send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x, y }] })
  await cdp().send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
}
