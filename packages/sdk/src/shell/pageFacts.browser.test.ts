import { afterEach, describe, expect, it, vi } from 'vitest'
import { cdp } from 'vitest/browser'
import { address } from './address.ts'
import { pageFacts } from './pageFacts.ts'

const start = location.href
afterEach(async () => {
  vi.restoreAllMocks()
  history.replaceState(null, '', start)
  document.documentElement.lang = ''
  await cdp().send('Emulation.clearDeviceMetricsOverride')
  await cdp().send('Emulation.setTouchEmulationEnabled', { enabled: false })
})

describe('the facts of a page', () => {
  it('are its address as it is, the window, the language and the time zone', () => {
    history.replaceState(null, '', '/shop/?q=1#top')
    document.documentElement.lang = 'pt-BR'
    expect(pageFacts()).toEqual({
      url: `${location.origin}/shop/?q=1#top`,
      referrer: document.referrer.split('?')[0],
      device: 'desktop',
      width: innerWidth,
      height: innerHeight,
      locale: 'pt-BR',
      zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    })
    document.documentElement.lang = ''
    expect(pageFacts().locale).toBe(navigator.language)
  })
  it.each([
    ['', ''],
    ['https://a.example/', 'https://a.example/'],
    ['https://a.example/b?q=secret#x', 'https://a.example/b'],
    ['https://a.example/b#x?y\nz', 'https://a.example/b'],
    ['android-app://com.example', 'android-app://com.example'],
  ])('tell of the referrer %j no more than its path', (referrer, expected) => {
    vi.spyOn(document, 'referrer', 'get').mockReturnValue(referrer)
    expect(pageFacts().referrer).toBe(expected)
  })
  it.each([
    [390, 844, true, 'phone'],
    [844, 390, true, 'phone'],
    [820, 1180, true, 'tablet'],
    [600, 960, true, 'tablet'],
    [390, 844, false, 'desktop'],
    [2560, 1440, false, 'desktop'],
  ] as const)(
    'a screen of %i × %i with a finger first (%s) is a %s',
    async (width, height, touch, device) => {
      await cdp().send('Emulation.setDeviceMetricsOverride', {
        width,
        height,
        screenWidth: width,
        screenHeight: height,
        deviceScaleFactor: 1,
        mobile: touch,
      })
      await cdp().send('Emulation.setTouchEmulationEnabled', { enabled: touch })
      await vi.waitFor(() => expect(pageFacts().device).toBe(device))
    },
  )
})

describe('the address that leaves the browser', () => {
  it.each([
    [{}, '/a'],
    [{ query: [] }, '/a'],
    [{ query: ['utm_source'] }, '/a?utm_source=mail'],
    [{ query: ['b c', 'utm_source'] }, '/a?utm_source=mail&b+c=%26+%C3%A9'],
    [{ query: ['twice'] }, '/a?twice=1&twice=2'],
    [{ query: ['missing'] }, '/a'],
    [{ fragment: true }, '/a#top?x'],
    [{ query: ['twice'], fragment: true }, '/a?twice=1&twice=2#top?x'],
    [{ query: ['broken'] }, '/a?broken=%EF%BF%BD'],
  ])('holds with %j %j', (privacy, expected) => {
    history.replaceState(
      null,
      '',
      '/a?token=1&utm_source=mail&twice=1&b%20c=%26+%C3%A9&twice=2&broken=%ff#top?x',
    )
    expect(address(privacy)).toBe(location.origin + expected)
  })
  it('is never longer than the wire takes', () => {
    history.replaceState(null, '', `/a?q=${'x'.repeat(5000)}`)
    expect(address({ query: ['q'] })).toHaveLength(2000)
  })
  it('is read on a page without an origin', async () => {
    const frame = document.createElement('iframe')
    frame.srcdoc = `<script type="module">
      import { address } from '${new URL('address.ts', import.meta.url).href}'
      parent.postMessage({ address: address({ query: ['q'], fragment: true }) }, '*')
    </script>`
    const told = new Promise((resolve) =>
      window.addEventListener(
        'message',
        ({ data }: MessageEvent<{ address?: string }>) => data.address && resolve(data.address),
      ),
    )
    document.body.append(frame)
    expect(await told).toBe('about:srcdoc')
    frame.remove()
  })
})
