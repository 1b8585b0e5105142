/** Where somebody is in the app: the address, how it changes, and who is told. */
import { useLayoutEffect, useState } from 'preact/hooks'

const root = '/dashboard'

/** An address of the app. */
export interface Place {
  /** Name of the page; empty for the overview. */
  page: string
  /** What the page is about, where it is about one thing. */
  id: string | null
  query: URLSearchParams
}

/** Parts of a query that hold for all pages. */
const lasting = ['period', 'tz', 'site'] as const

/**
 * Reads an address.
 *
 * @example
 * placeOf(new URL('https://x/dashboard/surveys/nps?period=7d')) // { page: 'surveys', id: 'nps', query: … }
 */
export function placeOf({ pathname, searchParams }: Pick<URL, 'pathname' | 'searchParams'>): Place {
  const [page = '', id = null] = pathname.slice(root.length).split('/').filter(Boolean).map(decode)
  return { page, id, query: new URLSearchParams(searchParams) }
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

/** What of a place changes; a part that is null is left out of the query. */
export interface Target {
  page: string
  id?: string | null
  query?: Readonly<Record<string, string | null | readonly string[]>>
}

/**
 * The address of a page, with the period, the time zone and the site of where one is.
 *
 * @example
 * hrefOf({ page: 'surveys', id: 'nps' }, new URLSearchParams('period=7d&text=x')) // '/dashboard/surveys/nps?period=7d'
 */
export function hrefOf({ page, id = null, query = {} }: Target, from: URLSearchParams): string {
  const next = new URLSearchParams()
  for (const name of lasting) {
    const value = from.get(name)
    if (value !== null) next.set(name, value)
  }
  for (const [name, value] of Object.entries(query))
    if (value === null || typeof value === 'string') {
      if (value === null || value === '') next.delete(name)
      else next.set(name, value)
    } else for (const each of value) next.append(name, each)
  const path = [root, page, ...(id === null ? [] : [encodeURIComponent(id)])].filter(Boolean).join('/')
  const text = next.toString()
  return text === '' ? path : `${path}?${text}`
}

const listeners = new Set<() => void>()
const tell = (): void => {
  for (const each of listeners) each()
}

let latest: { href: string; place: Place } | null = null
/** The place of now; the same one for as long as the address is the same. */
function here(): Place {
  const { href } = location
  if (latest?.href !== href) latest = { href, place: placeOf(new URL(href)) }
  return latest.place
}

/** Goes to an address. */
export function go(href: string, how: 'push' | 'replace' = 'push'): void {
  if (how === 'push') history.pushState(null, '', href)
  else history.replaceState(null, '', href)
  if (how === 'push') scrollTo(0, 0)
  tell()
}

/** Changes the query of the page that is open; it stays where it is. */
export function setQuery(query: Readonly<Record<string, string | null | readonly string[]>>): void {
  const url = new URL(location.href)
  for (const [name, value] of Object.entries(query)) {
    url.searchParams.delete(name)
    for (const each of typeof value === 'string' ? [value] : (value ?? []))
      if (each !== '') url.searchParams.append(name, each)
  }
  if (url.href === location.href) return
  history.pushState(null, '', url)
  tell()
}

/** Goes on with the place whenever it changes. */
export function usePlace(): Place {
  const [place, setPlace] = useState(here)
  // Before it can be seen: an effect comes after that, and what somebody chose in between would be lost.
  useLayoutEffect(() => {
    const listener = (): void => setPlace(here())
    listeners.add(listener)
    listener()
    return () => void listeners.delete(listener)
  }, [])
  return place
}

/** Takes over links of the app, and the buttons of the browser. */
export function startNavigation(): void {
  addEventListener('popstate', tell)
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey) return
    if (event.shiftKey || event.altKey || !(event.target instanceof Element)) return
    const link = event.target.closest('a[href]')
    if (!(link instanceof HTMLAnchorElement) || link.target || link.hasAttribute('download')) return
    const isOurs = link.pathname === root || link.pathname.startsWith(`${root}/`)
    // A link to a place on the page is the browser's.
    const isHere = link.hash !== '' && link.pathname === location.pathname && link.search === location.search
    if (link.origin !== location.origin || !isOurs || isHere) return
    event.preventDefault()
    if (link.href !== location.href) go(link.href)
  })
}
