import { afterEach, expect, it, vi } from 'vitest'
import { nps } from '../core/builders.ts'
import { createEarshot } from '../index.ts'

afterEach(() => {
  Reflect.deleteProperty(document, 'prerendering')
  vi.restoreAllMocks()
})

it('a page that is drawn ahead keeps, fetches and shows nothing before it is seen, and then all that was called for', async () => {
  Object.defineProperty(document, 'prerendering', { configurable: true, value: true })
  const requests = vi
    .spyOn(window, 'fetch')
    .mockImplementation(() => Promise.reject(new TypeError('no network')))
  const storage = [vi.spyOn(IDBFactory.prototype, 'open'), vi.spyOn(IDBFactory.prototype, 'databases')]
  const earshot = createEarshot({
    // A page that is loaded anew meanwhile is not to find that it has asked already.
    key: `pk_ahead_${Math.random().toString(36).slice(2)}`,
    collector: 'https://collector.example',
    surveys: [nps({ id: 'q', name: 'A', triggers: [{ on: 'page', delay: 0 }] })],
  })
  const heard: unknown[] = []
  earshot.on('queued', ({ type }) => heard.push(type))
  // The survey is the page's own, so that the collector is not to be had matters to nobody; all else does.
  earshot.on('error', ({ code, message }) => code === 'config' || heard.push(`${code}: ${message}`))
  earshot.track('early')
  const sent = earshot.flush()
  // As many turns as the start takes where nothing holds it back, and more.
  for (let turn = 0; turn < 5; turn++) await new Promise((next) => setTimeout(next))
  for (const spy of [requests, ...storage]) expect(spy).not.toHaveBeenCalled()
  expect(document.querySelector('[data-earshot]')).toBeNull()
  Object.defineProperty(document, 'prerendering', { configurable: true, value: false })
  document.dispatchEvent(new Event('prerenderingchange'))
  // Its card, and not that it was seen: that takes frames, which a browser may keep from a page behind others.
  await vi.waitFor(() => expect(document.querySelector('[data-earshot]')).not.toBeNull())
  await sent
  expect(heard[0]).toBe('track')
  expect(heard.filter((each) => String(each).includes(':'))).toEqual([])
  expect(requests).toHaveBeenCalled()
  earshot.destroy()
})
