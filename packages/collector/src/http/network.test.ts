import { BlockList } from 'node:net'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { assertProxies, createFindNetwork, createIsProxy, truncate } from './network.ts'

it.each<[trusted: string[], peer: string | undefined, forwarded: string | undefined, network: string | null]>(
  [
    // Nobody is trusted: the header is what a client says.
    [[], '203.0.113.9', undefined, '203.0.113.0/24'],
    [[], '203.0.113.9', '198.51.100.7', '203.0.113.0/24'],
    [[], '::ffff:203.0.113.9', '198.51.100.7', '203.0.113.0/24'],
    [[], '2001:db8:1:2::7', undefined, '2001:db8:1::/48'],
    // From a private address everybody may come.
    [[], '127.0.0.1', '198.51.100.7', null],
    [[], '172.17.0.1', '198.51.100.7', null],
    [[], '::1', undefined, null],
    [[], undefined, '198.51.100.7', null],
    // A proxy that is trusted.
    [['loopback'], '127.0.0.1', '198.51.100.7', '198.51.100.0/24'],
    [['loopback'], '::ffff:127.0.0.1', '198.51.100.7', '198.51.100.0/24'],
    [['loopback'], '::1', '2001:db8::1', '2001:db8:0::/48'],
    [['loopback'], '127.0.0.1', '6.6.6.6, 198.51.100.7', '198.51.100.0/24'],
    [['loopback'], '127.0.0.1', '6.6.6.6, 10.1.2.3', '10.1.2.0/24'],
    [['loopback'], '127.0.0.1', '198.51.100.7:4711', '198.51.100.0/24'],
    [['loopback'], '127.0.0.1', '[2001:db8::1]:4711', '2001:db8:0::/48'],
    [['loopback'], '127.0.0.1', 'unknown', null],
    [['loopback'], '127.0.0.1', '', null],
    [['loopback'], '127.0.0.1', undefined, null],
    [['loopback'], '127.0.0.1', '198.51.100.7, <script>', null],
    [['loopback'], '203.0.113.9', '198.51.100.7', '203.0.113.0/24'],
    // Several of them: from the right, the first that is none.
    [['loopback', '10.0.0.0/8'], '127.0.0.1', '6.6.6.6, 198.51.100.7, 10.0.0.2', '198.51.100.0/24'],
    [['192.0.2.1'], '192.0.2.1', '198.51.100.7', '198.51.100.0/24'],
    [['192.0.2.1'], '192.0.2.2', '198.51.100.7', '192.0.2.0/24'],
    [['private'], '172.17.0.1', '127.0.0.1, 10.0.0.2', null],
  ],
)('trusting %j, %j with %j is %j', (trusted, peer, forwarded, network) => {
  expect(createFindNetwork(trusted)(peer, forwarded)).toBe(network)
})

it('writes an address in one way, however it is written', () => {
  for (const each of ['2001:db8:1:2:3:4:5:6', '2001:0DB8:0001::', '2001:db8:1::5:6'])
    expect(truncate(each)).toBe('2001:db8:1::/48')
  expect(truncate('::1')).toBe('0:0:0::/48')
})

it('takes what is a proxy, and says what is none', () => {
  assertProxies(['loopback', 'private', '10.0.0.0/8', '2001:db8::/32', '192.0.2.1'])
  for (const wrong of ['everybody', '10.0.0.0/33', '10.0.0.0/8/8', '10.0.0', '10.0.0.0/x', ''])
    expect(() => assertProxies([wrong])).toThrow(/is no address of a proxy/)
})

it('knows an address of IPv4 in a network as the list of Node does', () => {
  // Few numbers, so that the address is often in the network.
  const part = fc.constantFrom(0, 1, 10, 127, 128, 254, 255)
  const address = fc.tuple(part, part, part, part).map((parts) => parts.join('.'))
  fc.assert(
    fc.property(address, fc.nat(32), address, (net, bits, peer) => {
      const list = new BlockList()
      list.addSubnet(net, bits, 'ipv4')
      expect(createIsProxy([`${net}/${bits}`])(peer)).toBe(list.check(peer))
      expect(createIsProxy([net])(peer)).toBe(net === peer)
    }),
  )
  for (const none of [
    '1.2.3',
    '1.2.3.4.5',
    '01.2.3.4',
    '1.2.3.256',
    '1.2.3.',
    '.1.2.3',
    '1..2.3',
    '1.2.3.4 ',
    '-1.2.3.4',
  ])
    expect(createIsProxy(['0.0.0.0/0'])(none), none).toBe(false)
  // A network of IPv6 that holds addresses of IPv4, as Node sees it.
  expect(createIsProxy(['::ffff:10.0.0.0/104', '10.1.0.0/16'])('10.1.2.3')).toBe(true)
})
