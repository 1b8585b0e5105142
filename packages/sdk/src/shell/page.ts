/** The host page: read and listened to, never changed. */
import type { Page } from '../ports.ts'

export function createPage(): Page {
  const listen = (target: EventTarget, types: string[], callback: () => void): (() => void) => {
    for (const type of types) target.addEventListener(type, callback)
    return () => {
      for (const type of types) target.removeEventListener(type, callback)
    }
  }
  const url = (): string => location.origin + location.pathname
  return {
    url,
    locale: () => document.documentElement.lang || navigator.language,
    online: () => navigator.onLine,
    privacyControl: () => (navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl === true,
    onNavigate(callback) {
      // Behind `#/` and `#!` an app keeps its pages; any other fragment is a place on the same page.
      const view = (): string => url() + location.hash.replace(/^#(?![/!]).*/, '')
      let last = view()
      const check = (): void => {
        const next = view()
        if (next === last) return
        last = next
        callback()
      }
      // The Navigation API sees pushState without a patched history; without it, popstate sees back and forward.
      const { navigation } = window as { navigation?: EventTarget }
      return listen(navigation ?? window, [navigation ? 'currententrychange' : 'popstate'], check)
    },
    onVisit(leave, back) {
      const turn = (): void => (document.visibilityState === 'hidden' ? leave : back)()
      const stops = [
        listen(window, ['pagehide'], leave),
        listen(window, ['online', 'pageshow'], back),
        listen(document, ['visibilitychange'], turn),
      ]
      return () => stops.forEach((stop) => stop())
    },
    announce: (name, detail) => {
      window.dispatchEvent(new CustomEvent(`earshot:${name}`, { detail }))
    },
  }
}
