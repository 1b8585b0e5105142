import { expect, it } from 'vitest'
import { readCountry } from '../core/country.ts'
import { answer, envelope, start, uuid, type Running } from '../fixtures.ts'

const header = 'CF-IPCountry'
const send = async (
  running: Running,
  number: number,
  country: string,
  fields: object = {},
): Promise<void> => {
  const body = JSON.stringify(envelope(running.key, [answer(number, 9, fields)]))
  expect((await running.post(body, { [header]: country })).status).toBe(200)
}
interface Shown {
  events: { event: { context: object }; country: string | null }[]
}
const shown = async (running: Running, number: number): Promise<Shown['events'][number] | undefined> =>
  ((await running.read(`/v1/responses/${uuid('response', number)}`)) as Shown).events[0]

it('is what a trusted proxy says in the header that the operator named, and nothing else', async () => {
  const running = await start({ countryHeader: header, trustProxy: ['loopback'] })
  await send(running, 1, 'de')
  await send(running, 2, 'XX')
  // A page that says it itself.
  await send(running, 3, '', { context: { channel: 'web', country: 'FR' } })
  expect(await shown(running, 1)).toMatchObject({ country: 'DE', event: { context: { channel: 'web' } } })
  for (const number of [2, 3]) expect((await shown(running, number))?.country).toBeNull()
  expect((await shown(running, 3))?.event.context).toEqual({ channel: 'web' })
  const person = await (await running.admin('/v1/people/visitor-1/export')).text()
  expect(person).toContain('"country":"DE"')
  expect((await running.admin('/v1/people/visitor-1', { method: 'DELETE' })).status).toBe(200)

  // Mounted in another server, which says who asks.
  const from = async (address: string, number: number): Promise<string | null | undefined> => {
    const body = JSON.stringify(envelope(running.key, [answer(number)]))
    const request = new Request('http://x/v1/feedback', {
      method: 'POST',
      body,
      headers: { 'content-type': 'text/plain', [header]: 'AT' },
    })
    expect((await running.collector.fetch(request, { address })).status).toBe(200)
    return (await shown(running, number))?.country
  }
  expect([await from('198.51.100.7', 4), await from('127.0.0.1', 5)]).toEqual([null, 'AT'])
})

it('is not looked at by itself, nor without a proxy that is trusted', async () => {
  const running = await start({ trustProxy: ['loopback'] })
  await send(running, 1, 'DE')
  expect((await shown(running, 1))?.country).toBeNull()
  await expect(start({ countryHeader: header })).rejects.toThrow(/trust/)
  await expect(start({ countryHeader: 'no header', trustProxy: ['loopback'] })).rejects.toThrow(
    /cf-ipcountry/,
  )
})

it('is one of the list', () => {
  const found = ['DE', ' at ', 'gb', 'XX', 'T1', 'EU', 'UK', '', 'D', 'DEU', undefined].map(readCountry)
  expect(found).toEqual(['DE', 'AT', 'GB', null, null, null, null, null, null, null, null])
  const letters = Array.from({ length: 26 }, (_, index) => String.fromCharCode(65 + index))
  const all = letters.flatMap((first) => letters.map((second) => readCountry(first + second)))
  expect(all.filter((each) => each !== null)).toHaveLength(249)
})
