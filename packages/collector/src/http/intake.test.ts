import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { answer, envelope, keys, moment, npsSurvey, start, uuid } from '../fixtures.ts'

/** What may be wrong, or unusual, with one event. */
const fields = fc.constantFrom<object>(
  {},
  {},
  {},
  { id: uuid('event', 3).toUpperCase() },
  { id: 'no id' },
  { visitor: 'v\u0000isitor' },
  { visitor: 'half \ud800' },
  { visitor: 'x'.repeat(65) },
  { visitor: 'Zoë 😀 "quoted" \\ and / more\n' },
  { person: 'p', variant: 'a' },
  { more: { unknown: true } },
  { type: 'track', data: { name: 'bought', props: { total: 12.5, ['__proto__x']: 'a' } } },
  { type: 'never' },
  { survey: 'nobody-knows' },
  { response: uuid('response', 9).toUpperCase() },
  { data: { question: 'score', value: 11, revision: 0 } },
  { data: { question: 'why', value: 'because \t of\r\nthis', revision: 0 } },
  { data: { question: 'why', value: 'x'.repeat(30), revision: Infinity } },
  { context: { channel: 'web', url: 'https://shop.example/a?b', locale: 'de' } },
  { at: moment(-86_400), seq: 4 },
)
const event = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.tuple(fc.nat(9), fields).map(([number, other]) => answer(number, number, other)),
  },
  { weight: 1, arbitrary: fc.constantFrom(null, 5, [], [answer(1)], {}) },
)

/** What may happen to the text of a body. */
const twists: Readonly<Record<string, (text: string) => string>> = {
  none: (text) => text,
  spaced: (text) => JSON.stringify(JSON.parse(text), null, 1),
  'a key twice': (text) => text.replace('"visitor":', '"visitor":"another","visitor":'),
  'a list of events twice': (text) => text.replace('"events":', '"events":[],"events":'),
  'escaped letters': (text) => text.replace('"visitor":"visitor', '"visitor":"\\u0076isitor'),
  'an escaped key': (text) => text.replace('"visitor":', '"\\u0076isitor":'),
  'numbers in other words': (text) => text.replaceAll('"revision":0', '"revision":0.0e0'),
  'cut off': (text) => text.slice(0, -3),
  'a mark before': (text) => `\ufeff${text}`,
  'another key': (text) => text.replace(keys.writeKey, 'pk_other'),
  'more in the envelope': (text) => text.replace('"sdk":', '"more":{"events":[{"a":1}]},"sdk":'),
}
const headers = fc.constantFrom<Record<string, string>>(
  { 'content-type': 'application/json' },
  { 'content-type': 'text/plain;charset=UTF-8', origin: 'https://shop.example' },
  { 'content-type': 'text/plain', origin: 'https://evil.example' },
  { 'content-type': 'Text/Plain' },
  { 'content-type': 'text/html' },
)

it('the short way says and stores what the handler for other servers does, whatever is sent', async () => {
  const options = { origins: ['https://shop.example'] }
  const [short, long] = await Promise.all([start(options), start(options, 'fetch')])
  const both = [short, long] as const
  for (const each of both) await each.put(npsSurvey)
  await fc.assert(
    fc.asyncProperty(
      fc.array(event, { minLength: 1, maxLength: 4 }),
      fc.constantFrom(...Object.keys(twists)),
      headers,
      fc.boolean(),
      fc.boolean(),
      async (events, twist, given, isGzip, isInline) => {
        const text = twists[twist]!(
          JSON.stringify(envelope(keys.writeKey, events, isInline ? {} : { surveys: undefined })),
        )
        const body = isGzip ? gzipSync(text) : text
        const all = isGzip ? { ...given, 'content-encoding': 'gzip' } : given
        const [a, b] = await Promise.all(both.map((each) => each.post(body, all)))
        expect(a!.status).toBe(b!.status)
        expect(await a!.text()).toBe(await b!.text())
        const named = (response: Response): [string, string][] =>
          [...response.headers].filter(
            ([name]) =>
              !['date', 'connection', 'keep-alive', 'content-length', 'transfer-encoding'].includes(name),
          )
        expect(named(a!)).toEqual(named(b!))
      },
    ),
    { numRuns: Number(process.env.EARSHOT_RUNS ?? 400) },
  )
  const [kept, wanted] = await Promise.all(both.map((each) => each.read('/v1/responses?limit=200')))
  expect(kept).toEqual(wanted)
  expect(kept.responses.length).toBeGreaterThan(5)
  for (const { id } of kept.responses) {
    const [events, others] = await Promise.all(both.map((each) => each.read(`/v1/responses/${id}`)))
    expect(events).toEqual(others)
  }
  expect(await short.read('/v1/stats')).toEqual(await long.read('/v1/stats'))
}, 60_000)
