/** Which addresses of the network a webhook may have: those of the public internet, and no others. */
import { BlockList, isIP, isIPv6 } from 'node:net'

/** What is special in IPv4 (https://www.iana.org/assignments/iana-ipv4-special-registry). */
const special = new BlockList()
for (const each of [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  // Public by its number, and answers machines of one cloud from the inside.
  '168.63.129.16/32',
]) {
  const [network = '', bits] = each.split('/')
  special.addSubnet(network, Number(bits))
}

/** IPv6 is public here and nowhere else, so mapped, translated, local and multicast addresses are all outside of it. */
const unicast = new BlockList()
unicast.addSubnet('2000::', 3, 'ipv6')
/** What is special within (https://www.iana.org/assignments/iana-ipv6-special-registry), with the tunnels that hold IPv4. */
const specialWithin = new BlockList()
for (const [network, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  specialWithin.addSubnet(network, bits, 'ipv6')

/**
 * Whether an address is one of the public internet.
 *
 * @example
 * isPublic('169.254.169.254') // false
 */
export function isPublic(address: string): boolean {
  if (isIPv6(address)) return unicast.check(address, 'ipv6') && !specialWithin.check(address, 'ipv6')
  return isIP(address) === 4 && !special.check(address)
}

/** The address that a host name already is; null for one that is to be looked up. */
export function addressIn(host: string): string | null {
  const bare = host.startsWith('[') ? host.slice(1, -1) : host
  return isIP(bare) === 0 ? null : bare
}

/**
 * What is wrong with the address of a webhook, as far as that can be told without looking it up; null for nothing.
 *
 * @param allowPrivate whether it may be in the own network, without encryption and on any port
 * @example
 * urlFlaw('http://10.0.0.1/', false) // 'it must begin with https://'
 */
export function urlFlaw(text: string, allowPrivate: boolean): string | null {
  if (!URL.canParse(text)) return 'it is no address; write it like https://hooks.example.com/path'
  const { protocol, hostname, port, username, password } = new URL(text)
  if (username !== '' || password !== '') return 'it must hold no user and no password'
  if (allowPrivate) return /^https?:$/.test(protocol) ? null : 'it must begin with https:// or http://'
  if (protocol !== 'https:') return 'it must begin with https://'
  if (port !== '') return 'it must have no port, which is 443'
  const address = addressIn(hostname)
  if (address !== null && !isPublic(address))
    return `${address} is not an address of the public internet (a collector with --allow-private-webhooks takes it)`
  if (address === null && !hostname.includes('.')) return 'its host must be a name of the public internet'
  return null
}
