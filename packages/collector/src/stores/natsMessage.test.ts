import fc from 'fast-check'
import { envelopeSchema } from '@earshot/contract/schema'
import { describe, expect, it } from 'vitest'
import { batchOf, judge, readBatch, type Batch } from '../core/ingest.ts'
import { surveyKey } from '../core/surveys.ts'
import { answer, envelope, now, npsSurvey, uuid } from '../fixtures.ts'
import {
  cutBatch,
  messageId,
  packMessage,
  packPiece,
  partitionOf,
  sealBatch,
  unpackMessage,
} from './natsMessage.ts'

const policy = { inline: 'accept', most: 9 } as const
const read = (events: unknown[], at = now): Batch =>
  readBatch(envelopeSchema.parse(envelope('pk_1', events)), at)
const pieceOf = (batch: Batch, receivedAt = now) => ({ batch, policy, receivedAt, repeated: 0 })
const plain = ({ candidates, declared }: Batch): unknown => ({
  candidates: candidates.map(({ sentId, id, result }) => ({
    sentId,
    id,
    ...('flaw' in result ? { flaw: result.flaw } : { stored: result.stored }),
  })),
  declared: [...declared],
})

const events = fc.array(
  fc.record({
    number: fc.integer({ min: 1, max: 30 }),
    response: fc.integer({ min: 1, max: 6 }),
    value: fc.oneof(fc.integer({ min: 0, max: 12 }), fc.string()),
    upper: fc.boolean(),
  }),
  { minLength: 1, maxLength: 20 },
)
interface Sent {
  number: number
  response: number
  value: unknown
  upper: boolean
}
const sent = (given: readonly Sent[]): unknown[] =>
  given.map((each) => {
    const made = answer(each.number, each.value, { response: uuid('response', each.response) })
    return each.upper ? { ...made, id: String(made.id).toUpperCase() } : made
  })

describe('a message of the log', () => {
  it('gives back what was put into it, whatever it is', () => {
    fc.assert(
      fc.property(events, (given) => {
        const batch = read(sent(given))
        const { site, pieces } = unpackMessage(Buffer.from(packMessage(7, [packPiece(pieceOf(batch))])))
        expect(site).toBe(7)
        expect(pieces.map((each) => plain(each.batch))).toEqual([plain(batch)])
        expect(pieces[0]).toMatchObject({ policy, receivedAt: now, repeated: 0 })
      }),
    )
  })

  it('is refused when it is of a newer version or none of ours', () => {
    for (const text of ['', '[]', 'null', '{"version":2,"site":1,"pieces":[]}', '{"version":1,"pieces":[]}'])
      expect(() => unpackMessage(Buffer.from(text))).toThrow()
  })

  it('has the same id whenever the same is sent again, and another for anything else', () => {
    const id = (batch: Batch, site = 1): string => messageId(site, [pieceOf(batch)])
    const one = read([answer(1)])
    expect(id(read([answer(1)], now + 5000))).toBe(id(one))
    for (const other of [read([answer(1, 8)]), read([answer(2)]), read([answer(1), answer(2)])])
      expect(id(other)).not.toBe(id(one))
    expect(id(one, 2)).not.toBe(id(one))
  })
})

describe('a request that is cut', () => {
  it('has each event once, all of a response together and in order, and what cannot be read with one of them', () => {
    fc.assert(
      fc.property(events, fc.integer({ min: 1, max: 8 }), (given, count) => {
        const batch = read([...sent(given), { id: 'no uuid' }])
        const parts = [...cutBatch(batch, count)]
        expect(parts.flatMap(([, each]) => each.candidates)).toHaveLength(batch.candidates.length)
        for (const [partition, { candidates }] of parts) {
          expect(candidates).toEqual(
            batch.candidates.filter((each) => candidates.includes(each)).toSorted(byKind),
          )
          for (const { result } of candidates)
            if ('stored' in result) expect(partitionOf(result.stored.event, count)).toBe(partition)
        }
      }),
    )
    function byKind(a: Batch['candidates'][number], b: Batch['candidates'][number]): number {
      return Number('flaw' in a.result) - Number('flaw' in b.result)
    }
  })

  it('takes to each part the definitions that it names', () => {
    const surveys = [npsSurvey, { ...npsSurvey, id: 'other' }, { ...npsSurvey, id: 'third' }]
    const sentEvents = Array.from({ length: 9 }, (_, index) =>
      answer(index + 1, 9, { survey: index % 2 ? 'other' : npsSurvey.id }),
    )
    const batch = readBatch(envelopeSchema.parse(envelope('pk_1', sentEvents, { surveys })), now)
    const parts = [...cutBatch(batch, 3).values()]
    expect(parts.length).toBeGreaterThan(1)
    for (const { declared, surveys: named } of parts)
      expect([...declared.keys()].toSorted()).toEqual(
        named.map((each) => surveyKey(each.id, each.version)).toSorted(),
      )
  })
})

describe('what the collector refused', () => {
  it('stays refused, whatever is known when it is written', () => {
    const nothing = {
      ids: new Set<string>(),
      counts: new Map(),
      erased: new Set<string>(),
      surveys: new Map(),
      names: [],
    }
    const batch = read([answer(1), answer(2, 9, { survey: 'later' }), answer(3)])
    const sealed = sealBatch(batch, judge(batch, nothing, policy))
    const later = { ...npsSurvey, id: 'later' }
    const known = {
      ...nothing,
      surveys: new Map([[surveyKey('later', 1), { survey: later, source: 'served' as const }]]),
    }
    const again = judge(
      unpackMessage(Buffer.from(packMessage(1, [packPiece(pieceOf(sealed))]))).pieces[0]?.batch ??
        batchOf([], new Map()),
      known,
      policy,
    )
    expect(again.accepted.map((each) => each.sentId)).toEqual([uuid('event', 1), uuid('event', 3)])
    expect(again.rejected.map(({ id, code }) => [id, code])).toEqual([[uuid('event', 2), 'unknown_survey']])
  })
})

describe('what the site takes out of texts', () => {
  const wrote = (number: number, value: string): unknown =>
    answer(number, 0, { data: { question: 'why', value, revision: 0 } })
  const known = {
    ids: new Set<string>(),
    counts: new Map(),
    erased: new Set<string>(),
    surveys: new Map([[surveyKey(npsSurvey.id, 1), { survey: npsSurvey, source: 'served' as const }]]),
    names: [],
  }

  it('is not in the log either, and who came in a burst is known behind it', () => {
    const batch = read([wrote(1, 'a@example.com'), wrote(2, 'no address'), wrote(1, 'b@example.com')])
    batch.bursts = new Set(['visitor-1'])
    batch.isPast = true
    const redact = { scrub: ['email' as const], patterns: [] }
    const sealed = sealBatch(batch, judge(batch, known, { ...policy, redact }))
    const message = packMessage(1, [packPiece(pieceOf(sealed))])
    expect(message).not.toContain('@example.com')
    const [piece] = unpackMessage(Buffer.from(message)).pieces
    expect([piece?.batch.bursts, piece?.batch.isPast]).toEqual([batch.bursts, true])
    const again = judge(piece?.batch ?? batchOf([], new Map()), known, policy)
    expect(again.accepted.map(({ stored: { event } }) => 'value' in event.data && event.data.value)).toEqual([
      '[email]',
      'no address',
    ])
    expect(again.duplicates).toEqual([uuid('event', 1)])
    for (const part of cutBatch(batch, 2).values())
      expect([part.bursts, part.isPast]).toEqual([batch.bursts, true])
  })
})
