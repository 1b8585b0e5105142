import { afterEach, describe, expect, it, vi } from 'vitest'

const nothing = 'http://127.0.0.1:9'
const names = async () => (await indexedDB.databases()).map(({ name }) => name)
afterEach(() => vi.restoreAllMocks())

/** What is stored under a site key. */
async function rowsOf(key: string): Promise<[IDBValidKey, unknown][]> {
  const done = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve) => (request.onsuccess = () => resolve(request.result)))
  if (!(await names()).includes('earshot')) return []
  const database = await done(indexedDB.open('earshot'))
  const store = database.transaction('kv').objectStore('kv')
  const range = IDBKeyRange.bound(`${key}:`, `${key};`)
  const [keys, values] = await Promise.all([done(store.getAllKeys(range)), done(store.getAll(range))])
  database.close()
  return keys.map((each, index) => [each, values[index] as unknown])
}

/** Counts listeners, so that one left behind is seen. */
function countListeners(): () => number {
  let count = 0
  const { addEventListener, removeEventListener } = EventTarget.prototype
  vi.spyOn(EventTarget.prototype, 'addEventListener').mockImplementation(function (
    this: EventTarget,
    ...input
  ) {
    const [, , options] = input
    if (
      this === window ||
      this === document ||
      this === (window as { navigation?: EventTarget }).navigation
    ) {
      count++
      const signal = typeof options === 'object' ? options.signal : undefined
      signal?.addEventListener('abort', () => count--)
    }
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
    // What a file of tests before this one has left.
    await new Promise((resolve, reject) => {
      const request = indexedDB.deleteDatabase('earshot')
      request.addEventListener('success', resolve)
      request.addEventListener('error', reject)
    })
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
    // What only the rules understand must not bring them, let alone have them keep anything.
    earshot.page({ stage: 'purchase' })
    earshot.setTraits({ plan: 'pro' })
    earshot.group('acme')
    earshot.show('q')
    expect(await heard).toMatchObject({ survey: 'q', reason: 'no-consent' })
    expect(requests).not.toHaveBeenCalled()
    expect(await names()).not.toContain('earshot')
    earshot.destroy()
  })
  it('throws nothing that a site gives throws when it is read, and tells it as an error', async () => {
    const { createEarshot } = await import('./index.ts')
    const earshot = createEarshot({ key: 'pk_throws', collector: nothing, served: false })
    const codes: string[] = []
    earshot.on('error', ({ code }) => codes.push(code))
    const broken = (): never => {
      throw new Error('broken')
    }
    const trap = { enumerable: true, get: broken }
    earshot.show('q', Object.defineProperty({}, 'force', trap))
    earshot.identify('ann', {}, Object.defineProperty({}, 'merge', trap))
    earshot.identify({ toString: broken } as unknown as string)
    earshot.track('bought', Object.defineProperty({}, 'total', trap))
    expect(codes).toEqual(['command', 'command', 'command', 'command'])
    const heard = new Promise((resolve) => earshot.on('queued', resolve))
    earshot.track('bought')
    await heard
    earshot.destroy()
  })
  it('names a person by a text that the wire takes, and keeps of traits what can be kept', async () => {
    const { createEarshot } = await import('./index.ts')
    const earshot = createEarshot({ key: 'pk_name', collector: nothing, served: false })
    const heard = new Promise((resolve) => earshot.on('queued', resolve))
    const traits = { plan: 'pro', broken: () => {} } as unknown as Record<string, string>
    earshot.identify(42 as unknown as string, traits)
    await heard
    const rows = await rowsOf('pk_name')
    expect(rows).toContainEqual([
      'pk_name:m:',
      expect.objectContaining({ person: '42', traits: { plan: 'pro' } }),
    ])
    expect(rows.at(-1)?.[1]).toMatchObject({ event: { person: '42', data: { traits: { plan: 'pro' } } } })
    earshot.identify('x'.repeat(300))
    await vi.waitFor(async () =>
      expect(JSON.stringify(await rowsOf('pk_name'))).toContain(`"person":"${'x'.repeat(200)}"`),
    )
    earshot.destroy()
  })
  it('refused before the memory was read: shows, sends and keeps nothing but the refusal', async () => {
    const { createEarshot, nps } = await import('./index.ts')
    const requests = vi.spyOn(window, 'fetch')
    const survey = nps({ id: 'q', name: 'A', triggers: [{ on: 'page', delay: 0 }] })
    const earshot = createEarshot({ key: 'pk_denied', collector: nothing, surveys: [survey] })
    earshot.setConsent('denied')
    const heard = new Promise((resolve) => earshot.on('suppressed', resolve))
    earshot.track('bought')
    earshot.show('q')
    expect(await heard).toMatchObject({ reason: 'no-consent' })
    await earshot.flush()
    window.dispatchEvent(new Event('pageshow'))
    await earshot.flush()
    expect(requests).not.toHaveBeenCalled()
    expect(document.querySelector('[data-earshot]')).toBeNull()
    await vi.waitFor(async () =>
      expect(await rowsOf('pk_denied')).toEqual([['pk_denied:m:', { consent: 'denied' }]]),
    )
    earshot.destroy()
  })
  it('given before the memory was read: counts, and what was called after it happens', async () => {
    const { createEarshot, nps } = await import('./index.ts')
    const survey = nps({
      id: 'q',
      name: 'A',
      triggers: [{ on: 'event', name: 'bought' }],
      recontact: { shown: 0 },
    })
    const options = { collector: nothing, served: false, surveys: [survey] }
    const earshot = createEarshot({ key: 'pk_granted', consent: 'required', ...options })
    earshot.setConsent('granted')
    earshot.track('bought')
    await vi.waitFor(() => expect(document.querySelector('[data-earshot]')).toBeTruthy())
    earshot.destroy()
    await vi.waitFor(() => expect(document.querySelector('[data-earshot]')).toBeNull())
  })
  it('withdrawn and given again on one page is another visitor, and nobody’s name', async () => {
    const { createEarshot } = await import('./index.ts')
    const earshot = createEarshot({ key: 'pk_again', collector: nothing, served: false, person: 'alice' })
    await vi.waitFor(async () => expect(JSON.stringify(await rowsOf('pk_again'))).toContain('alice'))
    const before = JSON.stringify(await rowsOf('pk_again'))
    earshot.setConsent('denied')
    await vi.waitFor(async () => expect(await rowsOf('pk_again')).toHaveLength(1))
    earshot.setConsent('granted')
    await vi.waitFor(async () => expect(JSON.stringify(await rowsOf('pk_again'))).toContain('granted'))
    const after = await rowsOf('pk_again')
    expect(JSON.stringify(after)).not.toContain('alice')
    const [, { visitor }] = after[0] as [string, { visitor: string }]
    expect(visitor).toMatch(/^[0-9a-f-]{36}$/)
    expect(before).not.toContain(visitor)
    earshot.destroy()
  })
  it('refused and then given in one turn: the last word stands', async () => {
    const { createEarshot } = await import('./index.ts')
    const earshot = createEarshot({ key: 'pk_turn', collector: nothing, served: false })
    earshot.setConsent('denied')
    earshot.setConsent('granted')
    earshot.track('bought')
    await vi.waitFor(async () => {
      const rows = JSON.stringify(await rowsOf('pk_turn'))
      expect(rows).toContain('"granted"')
      expect(rows).toContain('bought')
    })
    earshot.destroy()
  })
  it('hears of a refusal in another tab before anything is sent, and deletes what was stored meanwhile', async () => {
    const { createEarshot } = await import('./index.ts')
    const requests = vi.spyOn(window, 'fetch').mockImplementation(() => new Promise(() => {}))
    const feedback = () => requests.mock.calls.filter(([url]) => (url as string).includes('/feedback'))
    const options = { key: 'pk_pair', collector: nothing, served: false }
    const here = createEarshot(options)
    const there = createEarshot(options)
    await Promise.all([here, there].map((each) => new Promise((resolve) => each.on('ready', resolve))))
    there.setConsent('denied')
    await vi.waitFor(async () =>
      expect(await rowsOf('pk_pair')).toMatchObject([['pk_pair:m:', { consent: 'denied' }]]),
    )
    const queued = new Promise((resolve) => here.on('queued', resolve))
    here.track('bought')
    await queued
    await vi.waitFor(async () => expect(await rowsOf('pk_pair')).toHaveLength(1))
    await here.flush()
    expect(feedback()).toEqual([])
    here.track('more')
    await here.flush()
    expect(await rowsOf('pk_pair')).toHaveLength(1)
    here.destroy()
    there.destroy()
  })
  it('refused while the surveys are being fetched: at once, not when the network has answered', async () => {
    const { createEarshot } = await import('./index.ts')
    vi.spyOn(window, 'fetch').mockImplementation(() => new Promise(() => {}))
    const earshot = createEarshot({ key: 'pk_slow', collector: nothing })
    await vi.waitFor(async () => expect(await rowsOf('pk_slow')).not.toEqual([]))
    earshot.setConsent('denied')
    await vi.waitFor(async () =>
      // The collector has not said that it has forgotten too.
      expect(await rowsOf('pk_slow')).toEqual([
        ['pk_slow:m:', { consent: 'denied', erase: expect.any(String) }],
      ]),
    )
    earshot.destroy()
  })
  it('goes on after a veto that throws, and after a command that makes no sense', async () => {
    const { createEarshot, nps } = await import('./index.ts')
    let calls = 0
    const earshot = createEarshot({
      key: 'pk_veto',
      collector: nothing,
      served: false,
      surveys: [nps({ id: 'q', name: 'A' })],
      beforeShow: () => {
        if (calls++ === 0) throw new Error('the site’s own fault')
        return false
      },
    })
    const errors = vi.fn<(detail: unknown) => void>()
    const suppressed = vi.fn<(detail: unknown) => void>()
    earshot.on('error', errors)
    earshot.on('suppressed', suppressed)
    earshot.show('q', null as never)
    await vi.waitFor(() => expect(errors).toHaveBeenCalledOnce())
    earshot.track('cart', { total: 10n as never })
    await vi.waitFor(() => expect(errors).toHaveBeenCalledTimes(2))
    earshot.show('q')
    await vi.waitFor(() =>
      expect(suppressed).toHaveBeenCalledWith(expect.objectContaining({ reason: 'vetoed' })),
    )
    earshot.destroy()
  })
  it('says what is wrong when the collector cannot be reached', async () => {
    const { createEarshot } = await import('./index.ts')
    const earshot = createEarshot({ key: 'pk_nowhere', collector: nothing })
    const heard = await new Promise((resolve) => earshot.on('error', resolve))
    expect(heard).toMatchObject({ code: 'config' })
    earshot.destroy()
  })
  it('leaves nothing behind when it is destroyed with a card on the screen', async () => {
    const { createEarshot, nps } = await import('./index.ts')
    const listeners = countListeners()
    const surveys = [nps({ id: 'q', name: 'A', recontact: { shown: 0 } })]
    const earshot = createEarshot({ key: 'pk_gone', collector: nothing, served: false, surveys })
    earshot.show('q')
    await vi.waitFor(() => expect(document.querySelector('[data-earshot]')).toBeTruthy())
    expect(listeners()).toBeGreaterThan(0)
    earshot.destroy()
    expect(listeners()).toBe(0)
    await vi.waitFor(() => expect(document.querySelector('[data-earshot]')).toBeNull())
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
    [undefined, 'key'],
    [{}, 'key'],
    [{ key: 'pk_1' }, 'collector'],
    [{ key: 'pk_1', collector: 'feedback.example.com' }, 'https://…'],
    [{ key: 'pk_1', collector: nothing, surveys: [{}] }, 'nps()'],
    [{ key: 'pk_1', collector: nothing, surveys: [{ id: 'q', questions: [{ kind: 'scale' }] }] }, 'nps()'],
    [{ key: 'pk_1', collector: nothing, surveys: {} }, 'nps()'],
    [{ key: 'pk_1', collector: nothing, consent: 'Required' }, 'required'],
    [{ key: 'sk_secret', collector: nothing }, 'write key'],
  ])('tells a mistake at once, with the mend: %j', async (options, mend) => {
    const { createEarshot } = await import('./index.ts')
    expect(() => createEarshot(options as never)).toThrow(mend)
  })
})

describe('flush', () => {
  it('sends what was called for just before, and resolves when the collector has confirmed it', async () => {
    const { createEarshot } = await import('./index.ts')
    const sent: string[] = []
    vi.spyOn(window, 'fetch').mockImplementation((_url, init) => {
      const { events } = JSON.parse(init?.body as string) as {
        events: { id: string; data: { name: string } }[]
      }
      sent.push(...events.map(({ data }) => data.name))
      const receipt = { accepted: events.map(({ id }) => id), duplicates: [], rejected: [] }
      return Promise.resolve(Response.json(receipt))
    })
    const earshot = createEarshot({ key: 'pk_flush', collector: nothing, served: false })
    earshot.track('opened')
    earshot.track('bought')
    await earshot.flush()
    // One request may have them in any order: `seq` tells it.
    expect(sent.toSorted()).toEqual(['bought', 'opened'])
    expect(JSON.stringify(await rowsOf('pk_flush'))).not.toContain('bought')
    earshot.destroy()
  })
})
