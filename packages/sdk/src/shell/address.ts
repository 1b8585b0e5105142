/** The address of the page, as far as the site lets it leave the browser. */
import type { Privacy } from '@earshot/contract'

/** As many characters of an address as the wire takes. */
const longest = 2000

/**
 * Without query and fragment, but for the parameters that the site names, in the order of the address.
 *
 * @example
 * // on https://example.com/a?token=1&utm_source=mail#top
 * address({ query: ['utm_source'] }) // https://example.com/a?utm_source=mail
 */
export function address({ query = [], fragment }: Privacy): string {
  const { href, search, hash } = location
  // Cut from the whole, for a page without an origin has none to begin with.
  const kept = [...new URLSearchParams(search)].filter(([name]) => query.includes(name))
  const parameters = kept.length ? `?${new URLSearchParams(kept).toString()}` : ''
  return `${href.replace(/[?#].*/s, '')}${parameters}${fragment ? hash : ''}`.slice(0, longest)
}
