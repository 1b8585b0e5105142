import { expect, it } from 'vitest'
import { readWatched } from '../core/asUsual.ts'
import { answer, envelope, moment, now, npsSurvey, start, uuid } from '../fixtures.ts'
import { answering } from './answering.ts'

const bodyOf = (events: unknown[], fields: object = { surveys: [] }): string =>
  JSON.stringify(envelope('pk_1', events, fields))
const look = (text: string): string | null | undefined => answering(Buffer.from(text))
const display = (visitor: string): object =>
  answer(9, 0, { type: 'display', data: { trigger: 'show' }, visitor })

it.each<[string, string, string | null | undefined]>([
  ['one answer', bodyOf([answer(1, 9, { visitor: 'größer 😀' })]), 'größer 😀'],
  ['an answer with its showing', bodyOf([display('one'), answer(1, 9, { visitor: 'one' })]), 'one'],
  ['no answer', bodyOf([display('one'), display('two')]), null],
  ['two visitors', bodyOf([display('one'), answer(1, 9, { visitor: 'two' })]), undefined],
  ['one that is escaped', bodyOf([answer(1, 9, { visitor: 'a"b' })]), undefined],
  ['a name in a text', bodyOf([answer(1, '"visitor":"two"', { visitor: 'one' })]), 'one'],
  ['one that breaks off', '"type":"answer","visitor":"one', undefined],
  ['none', '"type":"answer"', undefined],
])('finds who answers: %s', (_, text, visitor) => {
  expect(look(text)).toBe(visitor)
})

it('is not believed where the batch says another thing', () => {
  const batchOf = (text: string) =>
    readWatched(text, 'pk_1', now, { visitor: look(text) ?? null, isBurst: true })
  expect(batchOf(bodyOf([answer(1, 9, { visitor: 'one' })]))?.bursts).toEqual(new Set(['one']))
  expect(batchOf(bodyOf([display('one')]))?.bursts).toBeUndefined()
  const spaced = bodyOf([answer(1, 9, { visitor: 'one' })]).replace('"visitor":', '"visitor" : ')
  expect(look(spaced)).toBeUndefined()
  expect(batchOf(spaced)).toBeNull()
  const hidden = bodyOf([answer(1)]).replace('"type":"answer"', '"type": "answer"')
  expect(look(hidden)).toBeNull()
  expect(batchOf(hidden)).toBeNull()
  // Nobody looked at anybody, so nothing can be wrong about it; what was lost is counted elsewhere all the same.
  expect(readWatched(spaced, 'pk_1', now, null)?.candidates).toHaveLength(1)
  const { survey: _, surveyVersion: __, response: ___, ...base } = answer(2)
  const data = { reason: 'age', events: { answer: 2 }, surveys: {}, from: moment(-9), to: moment(-8) }
  expect(readWatched(bodyOf([{ ...base, type: 'loss', data }]), 'pk_1', now, null)).toBeNull()
})

it('a program that writes its bodies in another way is kept apart all the same', async () => {
  const running = await start({ trustProxy: ['loopback'], burst: 3 })
  await running.put(npsSurvey)
  const ways: ((text: string) => string)[] = [
    (text) => text,
    (text) => text.replaceAll('"visitor":', '"visitor" :'),
    (text) => text.replaceAll('"type":"answer"', '"type" :"answer"'),
    (text) => text.replace('"data":{', '"data":{"visitor":"visitor-1",'),
    // A text that holds none of it, and one that holds the name of somebody who is known.
    (text) => text.replace('"visitor":"', '"visit\\u006fr":"'),
  ]
  for (const [index, way] of [ways[0]!, ways[0]!, ways[0]!, ...ways].entries()) {
    const number = index + 1
    const event = answer(number, 9, { visitor: `visitor-${number}` })
    const text = way(JSON.stringify(envelope(running.key, [event], { surveys: [] })))
    const response = await running.post(text, { 'x-forwarded-for': '198.51.100.7' })
    expect(response.status).toBe(200)
  }
  const { suspects } = (await running.read('/v1/suspects')) as {
    suspects: { response: string; reasons: string[] }[]
  }
  const { responses } = (await running.read('/v1/responses')) as { responses: { id: string }[] }
  const known = [1, 2, 3].map((number) => uuid('response', number))
  const others = responses.map(({ id }) => id).filter((id) => !known.includes(id))
  expect(others.length).toBeGreaterThan(3)
  expect(suspects.map(({ response, reasons }) => `${response} ${reasons.join()}`).toSorted()).toEqual(
    others.map((id) => `${id} burst`).toSorted(),
  )
})
