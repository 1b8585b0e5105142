import { describe, expect, it } from 'vitest'
import { readLogAddress, serversOf } from './natsAddress.ts'
import { warningsOf } from './natsConnection.ts'

describe('the address of a log', () => {
  it('names several servers, with a login for all of them', () => {
    expect(
      readLogAddress('nats://me:ge%40heim@one,two:4223,[::1]/?partitions=4&replicas=1&name=site-a'),
    ).toMatchObject({
      servers: ['one:4222', 'two:4223', '[::1]:4222'],
      user: 'me',
      pass: 'ge@heim',
      tls: false,
      partitions: 4,
      replicas: 1,
      name: 'site-a',
      monitors: ['one:8222', 'two:8222', '[::1]:8222'],
    })
    expect(readLogAddress('tls://s3cret@one?monitor=one:9,two:9')).toMatchObject({
      token: 's3cret',
      tls: true,
      partitions: 8,
      replicas: 3,
      confirm: 0,
      monitors: ['one:9', 'two:9'],
    })
  })

  it.each([
    'http://me:geheim@one',
    'nats://',
    'nats://me:geheim@one two',
    'nats://me:geheim@one?partitions=0',
    'nats://me:geheim@one?partitions=x',
    'nats://me:geheim@one?parts=3',
    'nats://me:geheim@one?name=a.b',
  ])('is refused without its password: %s', (address) => {
    let message = ''
    try {
      readLogAddress(address)
    } catch (error) {
      message = String(error)
    }
    expect(message).toMatch(/log/)
    expect(message).not.toContain('geheim')
  })

  it('is shown without its password', () => {
    expect(serversOf('nats://me:geheim@one,two?name=x')).toBe('nats://one:4222,two:4222')
  })
})

describe('what an operator is told of the servers', () => {
  const synced = { monitor: 'one:8222', version: '2.10.27', isSynced: true }
  it('is nothing when all is well', () => {
    expect(warningsOf('2.10.27', [synced], 3)).toEqual([])
  })
  it('is what speaks against them, and what cannot be known', () => {
    expect(warningsOf('2.10.27', [synced, { ...synced, isSynced: false }], 3)).toEqual([
      expect.stringMatching(/before its disk has the message: set sync_interval: always/),
    ])
    expect(warningsOf('2.11.0', [{ ...synced, isSynced: null }], 3)).toEqual([
      expect.stringMatching(/not known/),
    ])
    expect(warningsOf('2.9.10', [{ ...synced, isSynced: false }], 3)).toEqual([
      expect.stringMatching(/2\.9\.10 cannot sync/),
    ])
    expect(warningsOf('2.15.1', [synced], 1)).toEqual([expect.stringMatching(/kept once/)])
  })
})
