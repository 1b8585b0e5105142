import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, inject, it, onTestFinished, vi } from 'vitest'
import { envelopeSchema } from '@earshot/contract/schema'
import { collectorCommand } from '../../../../scripts/collectorCommand.ts'
import { type Finished, run as start } from '../cli/fixtures.ts'
import { answer, bareEnvironment, envelope, keys, temporaryDatabase, temporaryLog } from '../fixtures.ts'
import { readBatch } from '../core/ingest.ts'
import { createCollector } from '../index.ts'
import { readLogAddress } from './natsAddress.ts'
import { askServers, openLine } from './natsConnection.ts'
import { packMessage, packPiece } from './natsMessage.ts'

const hasServer = inject('nats') !== ''
const quiet = { info: () => undefined, error: () => undefined }

const run = (args: string[]): Promise<Finished> => start(args).finished

describe('the command line with --log', () => {
  it('says what is missing or wrong, and never a password', async () => {
    const postgres = 'postgres://me:geheim@127.0.0.1:1/feedback'
    const cases: [string[], number, RegExp][] = [
      [['serve', '--log', 'nats://me:geheim@one'], 1, /stands in front of a database.*--store/],
      [['serve', '--log', 'http://me:geheim@one', '--store', postgres], 1, /write it like "nats:/],
      [['serve', '--log', 'nats://one', '--store', postgres, '--worker', 'maybe'], 2, /on or off/],
      [['worker', '--store', postgres], 2, /needs --log/],
      [['worker', '--log', 'nats://me:geheim@one'], 2, /needs --store/],
      [
        ['dead-letters', '--log', 'nats://me:geheim@127.0.0.1:1'],
        1,
        /Cannot reach the log at nats:\/\/127\.0\.0\.1:1/,
      ],
    ]
    const results = await Promise.all(cases.map(([args]) => run(args)))
    for (const [index, [, code, says]] of cases.entries()) {
      expect([results[index]?.code, results[index]?.err]).toEqual([code, expect.stringMatching(says)])
      expect(`${results[index]?.out}${results[index]?.err}`).not.toContain('geheim')
    }
  })
})

describe.skipIf(!hasServer)('a collector and a worker', () => {
  it('in processes of their own bring an answer into the database; both end in order', async () => {
    const store = await temporaryDatabase()
    const eventLog = temporaryLog('partitions=2&lease=1000')
    const begin = async (args: string[], sign: string) => {
      const child = spawn(process.execPath, [...collectorCommand, ...args], {
        env: {
          ...bareEnvironment,
          EARSHOT_STORE: store,
          EARSHOT_LOG: eventLog,
          EARSHOT_WRITE_KEY: keys.writeKey,
          EARSHOT_ADMIN_TOKEN: keys.adminToken,
        },
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      onTestFinished(() => void child.kill('SIGKILL'))
      let said = ''
      for await (const chunk of child.stdout) {
        said += String(chunk)
        if (said.includes(sign)) break
      }
      return { child, said }
    }
    const serving = await begin(['serve', '--port', '0', '--worker', 'off'], '</script>')
    const url = /http:\S+:\d+/.exec(serving.said)?.[0]
    const worker = await begin(['worker'], 'nats://')
    const response = await fetch(`${url}/v1/feedback`, {
      method: 'POST',
      body: JSON.stringify(envelope(keys.writeKey, [answer(1)])),
    })
    expect(response.status).toBe(200)
    const ask = (path: string): Promise<Response> =>
      fetch(url + path, { headers: { authorization: `Bearer ${keys.adminToken}` } })
    await vi.waitFor(
      async () => expect(await (await ask('/v1/stats')).json()).toMatchObject({ accepted: 1, events: 1 }),
      20_000,
    )
    const metrics = await (await ask('/metrics')).text()
    for (const line of [
      'earshot_log_reachable 1',
      'earshot_log_messages{partition="0"} 0',
      'earshot_log_messages{partition="1"} 0',
      'earshot_log_partitions_held 0',
      'earshot_log_dead_letters 0',
    ])
      expect(metrics).toContain(line)
    for (const { child } of [serving, worker]) {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      expect(await ended).toEqual([0, null])
    }
  })

  it('show the dead letters, and put back those that can be read', async () => {
    const store = await temporaryDatabase()
    const eventLog = temporaryLog('partitions=1&lease=1000')
    const collector = await createCollector({ store, eventLog, ...keys, log: quiet })
    onTestFinished(() => collector.close())
    const line = await openLine(readLogAddress(eventLog), quiet)
    onTestFinished(() => line.connection.close())
    await line.client.publish(line.names.subject(0), 'no message of ours')
    await vi.waitFor(async () =>
      expect((await line.manager.streams.info(line.names.dead)).state.messages).toBe(1),
    )
    const shown = await run(['dead-letters', '--log', eventLog])
    expect(JSON.parse(shown.out)).toMatchObject({ number: 1, bytes: 18, events: [] })
    expect((await run(['dead-letters', '--log', eventLog, '--retry'])).out).toMatch(/^0 put/)
  })
})

it.skipIf(!hasServer)(
  'erases what the log has put aside too, and says so when it is not told of the log',
  async () => {
    const store = await temporaryDatabase()
    const eventLog = temporaryLog('partitions=1&lease=1000')
    const collector = await createCollector({ store, eventLog, ...keys, log: quiet })
    await collector.close()
    const line = await openLine(readLogAddress(eventLog), quiet)
    onTestFinished(() => line.connection.close())
    const batch = readBatch(
      envelopeSchema.parse(envelope(keys.writeKey, [answer(1, 9, { visitor: 'ann' })])),
      0,
    )
    const piece = { batch, policy: { inline: 'accept', most: 9 }, receivedAt: 0, repeated: 0 } as const
    const put = (): Promise<unknown> =>
      line.client.publish(line.names.deadSubject(0), packMessage(1, [packPiece(piece)]))
    const left = async (): Promise<number> =>
      (await line.manager.streams.info(line.names.dead)).state.messages
    await put()
    const without = await run(['erase', 'ann', '--store', store])
    expect([without.code, without.err, await left()]).toEqual([
      0,
      expect.stringContaining('--log nats://'),
      1,
    ])
    const all = await run(['erase', 'ann', '--store', store, '--log', eventLog])
    expect([all.code, all.err, await left()]).toEqual([0, expect.not.stringContaining('Warning'), 0])
    await put()
    expect((await run(['retain', '--days', '1', '--store', store, '--log', eventLog])).code).toBe(0)
    expect(await left()).toBe(0)
    const alone = await run(['erase', 'ann', '--data', '.', '--log', eventLog])
    expect([alone.code, alone.err]).toEqual([2, expect.stringContaining('--store')])
  },
  60_000,
)

describe.skipIf(!hasServer)('a server', () => {
  it('tells by its monitoring how it is set, and nothing where that is closed', async () => {
    const { monitors } = readLogAddress(inject('nats'))
    const [told, silent] = await askServers([monitors[0] ?? '', '127.0.0.1:1'])
    expect(told?.version).toMatch(/^2\.\d+/)
    // The servers of the tests sync, as far as they can.
    expect(told?.isSynced).toBe(!told?.version?.startsWith('2.9.'))
    expect(silent).toMatchObject({ version: null, isSynced: null })
  })
})
