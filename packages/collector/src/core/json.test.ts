import { expect, it } from 'vitest'
import { answer, envelope, now } from '../fixtures.ts'
import { readBatch } from './ingest.ts'
import { eventTexts } from './json.ts'

/** The text that is stored of the only event of a body; undefined when it is written anew. */
function kept(body: string): string | undefined {
  const [candidate] = readBatch(JSON.parse(body), now, eventTexts(body)).candidates
  return candidate && 'stored' in candidate.result ? candidate.result.text : undefined
}

const event = JSON.stringify(answer(1))
const body = JSON.stringify(envelope('pk_1', [answer(1)]))

it('an event is stored as it came', () => {
  expect(kept(body)).toBe(event)
})

it.each([
  ['a key is there twice', body.replace('"visitor":', '"visitor":"another","visitor":')],
  ['a letter is escaped', body.replace('"visitor":"visitor', '"visitor":"\\u0076isitor')],
  ['there is white space', body.replace('"visitor":', '"visitor": ')],
  ['its id is in capitals', body.replace('018f0000-0000-7000-8000-e', '018F0000-0000-7000-8000-E')],
  ['there are two lists of events', body.replace('"events":', '"events":[{"a":1}],"events":')],
])('but not where %s', (_, changed) => {
  expect(changed).not.toBe(body)
  expect(kept(changed)).toBeUndefined()
})

it('no event gets the text of another', () => {
  const mixed = `{"key":"k","sentAt":"2026-11-21T12:00:00Z","sdk":"s","events":[${event},5,${event.replace('visitor-1', 'visitor-2')}]}`
  const texts = readBatch(JSON.parse(mixed), now, eventTexts(mixed)).candidates.map((each) =>
    'stored' in each.result ? each.result.text : null,
  )
  expect(texts).toEqual([undefined, null, undefined])
})
