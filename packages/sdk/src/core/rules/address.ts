/** Which addresses a trigger means, and what stands in an address. Parsed by hand: the core has no `URL`. */
import { type AddressMatch, findsPattern } from '@earshot/contract'

interface Address {
  /** `https://shop.example`, without the path. */
  origin: string
  path: string
  /** With its `?`, or empty. */
  query: string
  /** With its `#`, or empty. */
  fragment: string
}

/** Takes an address apart. Every text is one: what has no origin is a path. */
export function parseAddress(url: string): Address {
  const [, origin = '', path = '', query = '', fragment = ''] =
    /^([a-z][a-z\d+.-]*:\/\/[^/?#]*)?([^?#]*)(\?[^#]*)?(#[^]*)?$/i.exec(url) ?? []
  return { origin, path, query, fragment }
}

/** Value of a parameter; undefined when it is missing or empty. */
export function parameterOf(query: string, name: string): string | undefined {
  for (const pair of query.slice(1).split('&')) {
    const [key, ...value] = pair.split('=')
    if (key === name) return decoded(value.join('=')) || undefined
  }
  return undefined
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

/** Whether an address is one of these. None named: any is. */
export function matchesAddress(url: string, matches: readonly AddressMatch[] | undefined): boolean {
  return !matches?.length || matches.some((each) => matchesOne(url, each))
}

function matchesOne(url: string, { match, value }: AddressMatch): boolean {
  const { origin, path, query, fragment } = parseAddress(url)
  // In a pattern a bare question mark stands for something else.
  const [mark, hash] = match === 'pattern' ? ['\\?', '\\#'] : ['?', '#']
  const seen =
    (value.includes('://') ? origin : '') +
    path +
    (value.includes(mark) ? query : '') +
    (value.includes(hash) || (match === 'pattern' && value.includes('#')) ? fragment : '')
  if (match === 'exact') return seen === value
  if (match === 'prefix') return seen.startsWith(value)
  return findsPattern(match === 'glob' ? { glob: value } : { pattern: value }, seen)
}
