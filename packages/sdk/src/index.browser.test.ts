import { afterEach, describe, expect, it, vi } from 'vitest'

const nothing = 'http://127.0.0.1:9'
const names = async () => (await indexedDB.databases()).map(({ name }) => name)
afterEach(() => vi.restoreAllMocks())

/** Counts listeners, so that one left behind is seen. */
function countListeners(): () => number {
  let count = 0
  const { addEventListener, removeEventListener } = EventTarget.prototype
  vi.spyOn(EventTarget.prototype, 'addEventListener').mockImplementation(function (
    this: EventTarget,
    ...input
  ) {
    if (this === window || this === document || this === (window as { navigation?: EventTarget }).navigation)
      count++
    return addEventListener.apply(this, input as never)
  })
  vi.spyOn(EventTarget.prototype, 'removeEventListener').mockImplementation(function (
    this: EventTarget,
    ...input
  ) {
    if (this === window || this === document || this === (window as { navigation?: EventTarget }).navigation)
      count--
    return removeEventListener.apply(this, input as never)
  })
  return () => count
}

// First in this file: what is imported later was imported here.
describe('an import', () => {
  it('changes nothing: no global, listener, storage, timer, request or node', async () => {
    const before = {
      globals: Object.getOwnPropertyNames(window).toSorted(),
      nodes: document.querySelectorAll('*').length,
    }
    const listeners = countListeners()
    const timers = [
      vi.spyOn(window, 'setTimeout'),
      vi.spyOn(window, 'setInterval'),
      vi.spyOn(window, 'requestIdleCallback'),
    ]
    const requests = vi.spyOn(window, 'fetch')
    const storage = [vi.spyOn(IDBFactory.prototype, 'open'), vi.spyOn(Storage.prototype, 'setItem')]
    const { createEarshot, nps } = await import('./index.ts')
    expect(typeof createEarshot).toBe('function')
    expect(nps({ id: 'q', name: 'A' }).id).toBe('q')
    expect(Object.getOwnPropertyNames(window).toSorted()).toEqual(before.globals)
    expect(document.querySelectorAll('*').length).toBe(before.nodes)
    expect(listeners()).toBe(0)
    for (const spy of [...timers, ...storage]) expect(spy).not.toHaveBeenCalled()
    // The test runner itself may fetch the module; nothing goes anywhere else.
    const elsewhere = requests.mock.calls.filter(
      ([input]) => !new Request(input).url.startsWith(location.origin),
    )
    expect(elsewhere).toEqual([])
    expect(document.cookie).toBe('')
  })
})

describe('a client', () => {
  it('without consent stores and sends nothing', async () => {
    const { createEarshot, nps } = await import('./index.ts')
    const requests = vi.spyOn(window, 'fetch')
    const earshot = createEarshot({
      key: 'pk_consent',
      collector: nothing,
      consent: 'required',
      surveys: [nps({ id: 'q', name: 'A' })],
    })
    const heard = new Promise((resolve) => earshot.on('suppressed', resolve))
    earshot.track('bought')
    earshot.show('q')
    expect(await heard).toMatchObject({ survey: 'q', reason: 'no-consent' })
    expect(requests).not.toHaveBeenCalled()
    expect(await names()).not.toContain('earshot')
    earshot.destroy()
  })
  it('leaves nothing behind when it is destroyed', async () => {
    const { createEarshot } = await import('./index.ts')
    const listeners = countListeners()
    const earshot = createEarshot({ key: 'pk_gone', collector: nothing, served: false })
    await new Promise<unknown>((resolve) => earshot.on('ready', resolve))
    expect(listeners()).toBeGreaterThan(0)
    earshot.destroy()
    expect(listeners()).toBe(0)
    expect(document.querySelector('[data-earshot]')).toBeNull()
  })
  it('shows a survey, tells each step also on window, and two of them do not meet', async () => {
    const { createEarshot, nps } = await import('./index.ts')
    const survey = nps({ id: 'q', name: 'A', recontact: { shown: 0 } })
    const options = { collector: nothing, served: false, surveys: [survey] }
    const [one, two] = [
      createEarshot({ key: 'pk_one', ...options }),
      createEarshot({ key: 'pk_two', ...options }),
    ]
    const other = vi.fn<(detail: unknown) => void>()
    two.on('answered', other)
    const onWindow = new Promise<CustomEvent>((resolve) =>
      window.addEventListener('earshot:answered', (event) => resolve(event as CustomEvent), { once: true }),
    )
    const answered = new Promise((resolve) => one.on('answered', resolve))
    one.show('q')
    await vi.waitFor(() =>
      expect(document.querySelector('[data-earshot]')?.shadowRoot?.querySelector('input')).toBeTruthy(),
    )
    const { page } = await import('vitest/browser')
    await page.getByRole('radio', { name: '7', exact: true }).click()
    expect(await answered).toMatchObject({ survey: 'q', question: 'score', value: 7, durable: true })
    expect((await onWindow).detail).toEqual(await answered)
    expect(other).not.toHaveBeenCalled()
    one.destroy()
    two.destroy()
  })
  it('survives a handler of the site that throws', async () => {
    const { createEarshot } = await import('./index.ts')
    const earshot = createEarshot({ key: 'pk_throw', collector: nothing, served: false })
    const quiet = (event: ErrorEvent): void => event.preventDefault()
    window.addEventListener('error', quiet)
    earshot.on('suppressed', () => {
      throw new Error('the site’s own fault')
    })
    const heard = vi.fn<(detail: unknown) => void>()
    earshot.on('suppressed', heard)
    earshot.show('unknown')
    await vi.waitFor(() =>
      expect(heard).toHaveBeenCalledWith(expect.objectContaining({ reason: 'unknown-survey' })),
    )
    window.removeEventListener('error', quiet)
    earshot.destroy()
  })
  it.each([
    [{}, 'key'],
    [{ key: 'pk' }, 'collector'],
    [{ key: 'pk', collector: 'feedback.example.com' }, 'https://feedback.example.com'],
    [{ key: 'pk', collector: nothing, surveys: [{}] }, 'nps()'],
  ])('tells a mistake at once, with the mend: %j', async (options, mend) => {
    const { createEarshot } = await import('./index.ts')
    expect(() => createEarshot(options as never)).toThrow(mend)
  })
})
