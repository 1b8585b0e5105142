import { describe, expect, it } from 'vitest'
import { answer, start, uuid, type Running } from '../fixtures.ts'

async function erase({ call }: Running, visitor: string, fields: object = {}): Promise<unknown> {
  const response = await call('/v1/erase', { visitor, ...fields })
  return [response.status, await response.json()]
}

describe('POST /v1/erase', () => {
  it('deletes all of a visitor and nothing else, once and for all', async () => {
    const running = await start()
    const { send, read, admin } = running
    await send([
      answer(1, 9, { person: 'ann' }),
      answer(2, 0, {
        visitor: 'visitor-1',
        type: 'identify',
        person: 'ann',
        data: { traits: { plan: 'pro' } },
      }),
      answer(3, 4, { person: 'ann' }),
    ])
    expect(await erase(running, 'visitor-1')).toEqual([200, { erased: 2 }])
    expect(await erase(running, 'visitor-1')).toEqual([200, { erased: 0 }])
    expect((await admin(`/v1/responses/${uuid('response', 1)}`)).status).toBe(404)
    expect((await read('/v1/responses')).responses).toMatchObject([{ visitor: 'visitor-3', person: 'ann' }])
    const report = await read('/v1/reports/nps?survey=nps-q4')
    expect([report.responses, report.estimate.value]).toEqual([1, -100])
    // How many there ever were says nothing of anybody.
    expect(await read('/v1/stats')).toMatchObject({ accepted: 3, events: 1, responses: 1 })
    expect(await (await admin('/v1/export?format=ndjson')).text()).not.toContain('visitor-1')
  })

  it('takes what comes late off the queue of the client, and stores none of it', async () => {
    const running = await start()
    await running.send([answer(1)])
    await erase(running, 'visitor-1')
    const late = [answer(1), answer(4, 2, { visitor: 'visitor-1', response: uuid('response', 1) }), answer(5)]
    const receipt = await running.send(late)
    expect(receipt.accepted.toSorted()).toEqual([1, 4, 5].map((each) => uuid('event', each)))
    expect([receipt.duplicates, receipt.rejected]).toEqual([[], []])
    expect(await running.read('/v1/stats')).toMatchObject({ events: 1, responses: 1 })
  })

  it('needs the key, and leaves other visitors alone whatever is sent', async () => {
    const running = await start()
    await running.send([answer(1)])
    expect(await erase(running, 'visitor-1', { key: 'pk_other' })).toMatchObject([
      401,
      { code: 'unknown_key' },
    ])
    expect(await erase(running, '')).toMatchObject([400, { code: 'invalid_envelope' }])
    for (const visitor of ['%', "' OR 1=1 --", 'VISITOR-1', 'visitor-1 '])
      expect(await erase(running, visitor)).toEqual([200, { erased: 0 }])
    expect(await running.read('/v1/stats')).toMatchObject({ events: 1 })
  })
})
