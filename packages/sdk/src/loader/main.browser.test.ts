import { afterEach, expect, it } from 'vitest'
import type { Earshot } from '../index.ts'

const host = window as { earshot?: Earshot | undefined }
afterEach(() => {
  host.earshot?.destroy()
  delete host.earshot
  Reflect.deleteProperty(Object.prototype, 'destroy')
  Reflect.deleteProperty(document, 'currentScript')
})

it('starts on a page whose objects have all got our names', async () => {
  const { prototype } = Object
  Object.defineProperty(prototype, 'destroy', { configurable: true, writable: true, value: () => {} })
  Object.assign(window, { earshot: Object.assign(() => [], { q: [['pause']] }) })
  const script = document.createElement('script')
  Object.assign(script, { src: 'http://127.0.0.1:9/earshot.js' }).dataset['key'] = 'pk_polluted'
  Object.defineProperty(document, 'currentScript', { configurable: true, value: script })
  await import('./main.ts')
  expect(host.earshot && Object.hasOwn(host.earshot, 'destroy')).toBe(true)
})
