/** The host page: read and listened to, never changed. */
import type { Page } from '../ports/world.ts'
import { hear } from './hear.ts'

/** As much of `NavigationCurrentEntryChangeEvent` as is looked at. */
type NavigationEvent = Event & { navigationType?: string | null }

export function createPage(): Page {
  const url = (): string => location.origin + location.pathname
  return {
    url,
    locale: () => document.documentElement.lang || navigator.language,
    online: () => navigator.onLine,
    privacyControl: () => (navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl === true,
    entered: async () =>
      (document as { prerendering?: boolean }).prerendering &&
      new Promise((go) => document.addEventListener('prerenderingchange', go, { once: true })),
    onNavigate(callback) {
      // Behind `#/` and `#!` an app keeps its pages; any other fragment is a place on the same page.
      const view = (): string => {
        const { hash } = location
        return url() + ('/!'.includes(hash[1] as string) ? hash : '')
      }
      let last = view()
      let query = location.search
      const check = (event: Event): void => {
        const next = view()
        const { search } = location
        // A query that is gone to is another page; one that is replaced is a filter, or the letters of a search.
        const isSame =
          next === last && (search === query || (event as NavigationEvent).navigationType === 'replace')
        last = next
        query = search
        if (!isSame) callback()
      }
      // The Navigation API sees pushState without a patched history; without it, popstate sees back and forward.
      const { navigation } = window as { navigation?: EventTarget }
      return hear(navigation ?? window, navigation ? 'currententrychange' : 'popstate', check)
    },
    onVisit(leave, back) {
      const turn = (): void => (document.visibilityState === 'hidden' ? leave : back)()
      const stops = [
        hear(window, 'pagehide', leave),
        hear(window, 'online', back),
        hear(window, 'pageshow', back),
        hear(document, 'visibilitychange', turn),
      ]
      return () => stops.forEach((stop) => stop())
    },
    announce: (name, detail) => {
      window.dispatchEvent(new CustomEvent('earshot:' + name, { detail }))
    },
  }
}
