/** Where the app is: reads the address, changes it by pushState, and tells the app. */
import { useEffect, useState } from 'preact/hooks'

export type Route =
  | { page: 'tools' }
  | { page: 'product'; id: string }
  | { page: 'basket' }
  | { page: 'order' }
  | { page: 'account' }

const base = '/spa'

/** The address of a route. */
export function hrefOf(route: Route): string {
  if (route.page === 'tools') return base
  return route.page === 'product' ? `${base}/product/${route.id}` : `${base}/${route.page}`
}

/** The route of an address; an unknown one leads to the tools. */
export function routeOf(path: string): Route {
  const [page = '', id = ''] = path.slice(base.length + 1).split('/')
  if (page === 'product' && id) return { page, id: decodeURIComponent(id) }
  return page === 'basket' || page === 'order' || page === 'account' ? { page } : { page: 'tools' }
}

/** Goes to another page of the app. */
export function go(route: Route): void {
  history.pushState(null, '', hrefOf(route))
  dispatchEvent(new PopStateEvent('popstate'))
}

/** The present route; draws again when it changes. */
export function useRoute(): Route {
  const [route, setRoute] = useState(() => routeOf(location.pathname))
  useEffect(() => {
    const read = (): void => setRoute(routeOf(location.pathname))
    addEventListener('popstate', read)
    return () => removeEventListener('popstate', read)
  }, [])
  return route
}
