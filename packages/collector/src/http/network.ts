/** From which network a request comes: the address of the client, cut off where it begins to tell households apart. */
import { BlockList, isIP } from 'node:net'

/**
 * Finds the network of a request; null when it cannot be told. Nothing but this is made of an address, and it is held in
 * memory alone.
 *
 * @param peer the address at the other end of the connection
 * @param forwarded the header `x-forwarded-for`
 */
export type FindNetwork = (peer: string | undefined, forwarded: string | undefined) => string | null

const privates: readonly string[] = [
  '127.0.0.0/8',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '169.254.0.0/16',
  '100.64.0.0/10',
  '::1/128',
  'fc00::/7',
  'fe80::/10',
]
const named: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  private: privates,
}

/** Whether an address that `isIP` knows is in a list. */
type IsIn = (address: string) => boolean

/** A list of addresses, networks like `10.0.0.0/8`, and the names `loopback` and `private`. */
function listOf(entries: readonly string[]): IsIn {
  const list = new BlockList()
  const nets: { first: number; size: number }[] = []
  // Networks of IPv6 may hold addresses of IPv4 in ways that only the list knows; those with a name hold none.
  let isPlain = true
  for (const name of entries)
    for (const entry of networksOf(name)) {
      const [address = '', bits] = entry.split('/')
      const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
      list.addSubnet(address, bits === undefined ? (family === 'ipv6' ? 128 : 32) : Number(bits), family)
      if (family === 'ipv6') isPlain &&= entry !== name
      else {
        const size = 2 ** (32 - Number(bits ?? 32))
        nets.push({ first: Math.floor(numberOf(address) / size), size })
      }
    }
  // The list makes an object outside of JavaScript for each look, and there is one for each request.
  return (address) => {
    const number = isPlain ? numberOf(address) : -1
    if (number >= 0) return nets.some(({ first, size }) => Math.floor(number / size) === first)
    return list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
  }
}

function networksOf(entry: string): readonly string[] {
  return Object.hasOwn(named, entry) ? (named[entry] ?? []) : [entry]
}

/** An address of IPv4 as a number, as it is nearly always written; -1 for any other text. */
function numberOf(text: string): number {
  let number = 0
  let part = -1
  let dots = 0
  for (let index = 0; index <= text.length; index++) {
    const code = index < text.length ? text.charCodeAt(index) : dot
    if (code === dot) {
      if (part < 0 || part > 255) return -1
      number = number * 256 + part
      part = -1
      dots++
    } else if (code >= 0x30 && code <= 0x39) {
      // No leading zero, which some read as octal.
      if (part === 0) return -1
      part = (part < 0 ? 0 : part * 10) + code - 0x30
    } else return -1
  }
  return dots === 4 ? number : -1
}

const dot = 0x2e

/** Throws when an entry of the list of proxies is neither an address, nor a network, nor a name. */
export function assertProxies(entries: readonly string[]): void {
  for (const entry of entries) {
    if (Object.hasOwn(named, entry)) continue
    const [address = '', bits, ...rest] = entry.split('/')
    const most = isIP(address) === 6 ? 128 : 32
    const isNumber = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most)
    if (isIP(address) !== 0 && isNumber && rest.length === 0) continue
    throw new Error(
      `"${entry}" is no address of a proxy; write "loopback", "private", an address, or a network like "10.0.0.0/8".`,
    )
  }
}

/**
 * Makes the way to find networks.
 *
 * `x-forwarded-for` is what a client says, unless a proxy that is trusted has said it: so from the right, entries count as long
 * as trusted proxies wrote them, and the first address that is none of them is the client. A connection from a private
 * address that is not trusted is most likely a proxy all the same, behind which everybody would look alike; then nothing is
 * known.
 *
 * @param proxies that are trusted
 * @example
 * createFindNetwork(['loopback'])('127.0.0.1', '198.51.100.7') // '198.51.100.0/24'
 */
export function createFindNetwork(proxies: readonly string[]): FindNetwork {
  const trusted = listOf(proxies)
  const near = listOf(['private'])
  return (peer, forwarded) => {
    const own = plainAddress(peer ?? '')
    if (own === null) return null
    if (!trusted(own)) return near(own) ? null : truncate(own)
    const said = (forwarded ?? '').slice(-2000).split(',')
    for (const entry of said.toReversed()) {
      const address = plainAddress(entry.trim())
      if (address === null) return null
      if (!trusted(address)) return truncate(address)
    }
    return null
  }
}

/**
 * Makes the way to tell whether a connection comes from a proxy that is trusted.
 *
 * @example
 * createIsProxy(['loopback'])('127.0.0.1') // true
 */
export function createIsProxy(proxies: readonly string[]): (peer: string | undefined) => boolean {
  const trusted = listOf(proxies)
  return (peer) => {
    const own = plainAddress(peer ?? '')
    return own !== null && trusted(own)
  }
}

/** An address without port, brackets, zone, and the prefix of those that are IPv4 in IPv6. */
function plainAddress(text: string): string | null {
  if (numberOf(text) >= 0) return text
  const bare = /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text
  const address = bare.replace(/%.*$/s, '').replace(/^::ffff:(?=[\d.]+$)/i, '')
  return isIP(address) === 0 ? null : address
}

/**
 * An address without what tells customers of a provider apart: 24 bits of IPv4, 48 of IPv6.
 *
 * @example
 * truncate('2001:db8:1:2::7') // '2001:db8:1::/48'
 */
export function truncate(address: string): string {
  if (isIP(address) === 4) return `${address.slice(0, address.lastIndexOf('.'))}.0/24`
  // The parser of URLs knows all ways to write one, and writes it in one way.
  const [head = '', tail] = new URL(`http://[${address}]/`).hostname.slice(1, -1).split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const groups = [...left, ...Array.from({ length: 8 - left.length - right.length }, () => '0'), ...right]
  return `${groups.slice(0, 3).join(':')}::/48`
}
