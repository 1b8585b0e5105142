/** What every store must do, as cases for any test runner: each gets a fresh store and throws when it is let down. */
import assert from 'node:assert/strict'
import type {
  AnswerValue,
  DisplayEvent,
  FeedbackEvent,
  Place,
  Receipt,
  ScaleQuestion,
  Survey,
} from '@earshot/contract'
import { strangerSpan } from '../core/erased.ts'
import { judge, maxInlineSurveys, readBatch, receiptFor } from '../core/ingest.ts'
import { decidePlace, placeHold, placeSpan, type Heard, type PlaceAsk } from '../core/places.ts'
import { decidePut } from '../core/surveys.ts'
import type { EventStore, StartSite } from '../ports.ts'
import { accessCases } from './accessSuite.ts'

/** One case. */
export interface StoreCase {
  name: string
  /** Rejects when the store breaks a promise. The caller closes the store. */
  run(store: EventStore): Promise<void>
}

const now = Date.UTC(2026, 10, 21, 12)
const iso = (moment: number): string => new Date(moment).toISOString()
const uuid = (kind: 'e' | 'f', number: number): string =>
  `018f0000-0000-7000-8000-${kind}${number.toString(16).padStart(11, '0')}`

const score: ScaleQuestion = {
  kind: 'scale',
  id: 'score',
  metric: 'nps',
  min: 0,
  max: 10,
  positive: [9, 10],
  negative: [0, 1, 2, 3, 4, 5, 6],
  title: 'How likely are you to recommend us?',
  low: 'Not at all',
  high: 'Very',
}
const survey: Survey = {
  id: 'nps',
  version: 1,
  locale: 'en',
  questions: [score],
  thanks: { title: 'Thank you' },
  triggers: [],
  recontact: { answered: 90, dismissed: 30, shown: 7 },
}

interface Sent {
  number: number
  type?: 'display' | 'answer' | 'complete' | 'dismiss' | 'snooze' | 'optout' | 'answered' | 'cancelled'
  response?: number
  question?: string
  value?: AnswerValue
  revision?: number
  at?: number
  visitor?: string
  person?: string
  survey?: string
  variant?: string
  followUp?: string
  display?: Partial<DisplayEvent['data']>
}

function event(sent: Sent): FeedbackEvent {
  const { number, type = 'answer', at = now - 60_000, visitor = 'visitor', person = null } = sent
  const base = {
    id: uuid('e', number),
    at: iso(at),
    visitor,
    person,
    session: 'session',
    seq: number,
    context: { channel: 'web' },
  }
  if (type === 'optout') return { ...base, type, data: {} }
  const { followUp = 'nps/why/1', variant } = sent
  const about = {
    survey: sent.survey ?? 'nps',
    surveyVersion: 1,
    response: uuid('f', sent.response ?? 1),
    ...(variant !== undefined && { variant }),
  }
  if (type === 'answered' || type === 'cancelled')
    return { ...base, ...about, type: 'followup', data: { followUp, state: type } }
  if (type === 'answer')
    return {
      ...base,
      ...about,
      type,
      data: { question: sent.question ?? 'score', value: sent.value ?? 9, revision: sent.revision ?? 0 },
    }
  if (type === 'display') return { ...base, ...about, type, data: { trigger: 'show', ...sent.display } }
  if (type === 'snooze') return { ...base, ...about, type, data: { until: iso(now) } }
  return type === 'dismiss'
    ? { ...base, ...about, type, data: { reason: 'close' } }
    : { ...base, ...about, type, data: {} }
}

const openSite = (store: EventStore): Promise<StartSite> =>
  store.saveSite(() => ({ writeKey: 'pk_suite', tokenHash: new Uint8Array(32).fill(7) }), now)

async function send(
  store: EventStore,
  site: number,
  sent: Sent[],
  surveys: Survey[] = [survey],
  at = now,
): Promise<Receipt> {
  const batch = readBatch(
    { key: 'pk_suite', sentAt: iso(at), sdk: 'suite', surveys, events: sent.map(event) },
    at,
  )
  const policy = { inline: 'accept', most: maxInlineSurveys } as const
  if (store.ingest) return store.ingest(site, batch, policy, at)
  const { verdict, inserted } = await store.append(site, batch, (known) => judge(batch, known, policy), at)
  return receiptFor(verdict, inserted)
}

/** Asks for a place as the route does: by a quota, at a moment. */
async function take(
  store: EventStore,
  site: number,
  quota: number | null,
  asked: { response: number; visitor?: string; person?: string | null; followUp?: string; at?: number },
): Promise<Place> {
  const { response, visitor = `visitor-${response}`, person = null, followUp, at = now } = asked
  const ask: PlaceAsk = { survey: 'nps', response: uuid('f', response), visitor, person, followUp }
  return store.place
    ? store.place(site, ask, quota, at)
    : store.takePlace(site, ask, (facts) => decidePlace(ask, facts, quota, at), at)
}

/** Puts the survey with a quota, in the next version. */
async function limit(store: EventStore, site: number, quota: number, version = 1): Promise<void> {
  const limited = { ...survey, version, quota }
  const { kind } = await store.putSurvey(site, limited, (stored) => decidePut(limited, stored), now)
  assert.equal(kind, 'created')
}

/**
 * The suite.
 *
 * @example
 * it.each(storeSuite)('$name', async ({ run }) => run(createSqliteStore(':memory:')))
 */
export const storeSuite: readonly StoreCase[] = [
  ...accessCases,
  {
    name: 'keeps apart what is doubted, counts without it unless it is asked for, and forgets it with the response',
    async run(store) {
      const { id } = await openSite(store)
      const pair = (response: number, late: number): Sent[] => [
        { number: 10 * response, type: 'display', response, visitor: `v${response}` },
        { number: 10 * response + 1, response, visitor: `v${response}`, at: now - 60_000 + late },
      ]
      await send(store, id, [...pair(1, 1500), ...pair(2, 0), ...pair(3, 1500)])
      const query = { survey: 'nps', versions: [1], question: 'score' }
      const countsOf = async (suspects: 'include' | 'exclude'): Promise<unknown> => [
        await store.scores(id, { ...query, basis: 'all', suspects }),
        await store.scores(id, { ...query, basis: 'latest', suspects }),
        (await store.responseCounts(id, { survey: 'nps', suspects })).answered,
      ]
      const scores = (count: number): object[] => [{ score: 9, count }]
      assert.deepEqual(await countsOf('exclude'), [scores(2), scores(2), 2])
      assert.deepEqual(await countsOf('include'), [scores(3), scores(3), 3])
      assert.equal(await store.suspects(id, { survey: 'nps' }), 1)
      assert.equal(await store.suspects(id, { survey: 'nps', from: now }), 0)
      const [found, ...more] = await store.listSuspects(id, {}, 10)
      assert.deepEqual(
        [found?.response, found?.reasons, found?.isCleared, more.length],
        [uuid('f', 2), ['too-fast'], false, 0],
      )
      assert.equal(await store.clearSuspect(id, uuid('f', 2)), true)
      assert.equal(await store.clearSuspect(id, uuid('f', 1)), false)
      assert.deepEqual(await countsOf('exclude'), [scores(3), scores(3), 3])
      await store.erase(id, 'v2', now)
      assert.deepEqual(await store.listSuspects(id, {}, 10), [])
    },
  },
  {
    name: 'has no site before the first start, then keeps it, and changes keys in place',
    async run(store) {
      assert.equal(await store.site(), null)
      const site = await openSite(store)
      assert.deepEqual(new Uint8Array((await store.site())?.tokenHash ?? []), site.tokenHash)
      const changed = await store.saveSite((stored) => {
        assert.equal(stored?.writeKey, 'pk_suite')
        return { writeKey: 'pk_other', tokenHash: site.tokenHash }
      }, now)
      assert.equal(changed.id, site.id)
      assert.equal((await store.site())?.writeKey, 'pk_other')
    },
  },
  {
    name: 'stores an event once, however often it is sent',
    async run(store) {
      const { id } = await openSite(store)
      const first = await send(store, id, [{ number: 1, value: 9 }])
      const second = await send(store, id, [{ number: 1, value: 3 }])
      assert.deepEqual(first.accepted, [uuid('e', 1)])
      assert.deepEqual([second.accepted, second.duplicates], [[], [uuid('e', 1)]])
      const response = await store.response(id, uuid('f', 1))
      assert.equal(response?.answers.score?.value, 9)
      const { accepted, duplicates, rejected, events, responses } = await store.stats(id)
      assert.deepEqual([accepted, duplicates, rejected, events, responses], [1, 1, 0, 1, 1])
    },
  },
  {
    name: 'calls what is stored a duplicate whatever it says now, beside what is new and what is wrong',
    async run(store) {
      const { id } = await openSite(store)
      await send(store, id, [{ number: 1 }])
      const sent = [{ number: 1, value: 99 }, { number: 2, value: 99 }, { number: 3 }, { number: 1 }]
      const { accepted, duplicates, rejected } = await send(store, id, sent, [])
      assert.deepEqual([accepted, duplicates], [[uuid('e', 3)], [uuid('e', 1), uuid('e', 1)]])
      assert.deepEqual(
        rejected.map((each) => [each.id, each.code]),
        [[uuid('e', 2), 'score_out_of_range']],
      )
      const stats = await store.stats(id)
      assert.deepEqual([stats.accepted, stats.duplicates, stats.rejected, stats.events], [2, 2, 1, 2])
    },
  },
  {
    name: 'counts what devices gave up once, by survey only where it knows the survey',
    async run(store) {
      const { id } = await openSite(store)
      await send(store, id, [{ number: 1 }])
      const data = {
        reason: 'age',
        events: { answer: 3, display: 1 },
        surveys: { nps: 4, other: 1 },
        from: iso(now),
        to: iso(now),
      }
      const { id: eventId, visitor, person, session, context } = event({ number: 2 })
      const loss = {
        id: eventId,
        at: iso(now),
        visitor,
        person,
        session,
        context,
        seq: 2,
        type: 'loss',
        data,
      }
      const batch = readBatch({ key: 'pk_suite', sentAt: iso(now), sdk: 'suite', events: [loss] }, now)
      for (let times = 0; times < 2; times++)
        await store.append(id, batch, (known) => judge(batch, known, { inline: 'accept', most: 1 }), now)
      assert.equal((await store.stats(id)).lost, 4)
      assert.deepEqual([await store.lost(id, 'nps'), await store.lost(id, 'other')], [4, 0])
    },
  },
  {
    name: 'stores 50 equal batches that arrive at once only once',
    async run(store) {
      const { id } = await openSite(store)
      const batch = [1, 2, 3].map((number) => ({ number, response: number }))
      const receipts = await Promise.all(Array.from({ length: 50 }, () => send(store, id, batch)))
      assert.equal(receipts.filter((each) => each.accepted.length === 3).length, 1)
      assert.equal(receipts.filter((each) => each.duplicates.length === 3).length, 49)
      assert.deepEqual((await store.scores(id, everything))[0], { score: 9, count: 3 })
    },
  },
  {
    name: 'looks up only what a batch needs, and says which ids are stored',
    async run(store) {
      const { id } = await openSite(store)
      await send(store, id, [{ number: 1 }])
      const batch = readBatch(
        {
          key: 'pk_suite',
          sentAt: iso(now),
          sdk: 'suite',
          events: [event({ number: 1 }), event({ number: 2 })],
        },
        now,
      )
      await store.append(
        id,
        batch,
        (known) => {
          assert.deepEqual([...known.ids], [uuid('e', 1)])
          assert.deepEqual([...known.surveys.keys()], ['nps@1'])
          assert.deepEqual([...known.counts], [[uuid('f', 1), 1]])
          assert.deepEqual([...known.erased], [])
          return { accepted: [], dropped: [], duplicates: [], rejected: [], surveys: [] }
        },
        now,
      )
    },
  },
  {
    name: 'stores nothing of a batch whose judgement throws, and all of its neighbours',
    async run(store) {
      const { id } = await openSite(store)
      const batch = readBatch(
        {
          key: 'pk_suite',
          sentAt: iso(now),
          sdk: 'suite',
          surveys: [survey],
          events: [event({ number: 9 })],
        },
        now,
      )
      const broken = store.append(
        id,
        batch,
        () => {
          throw new Error('broken on purpose')
        },
        now,
      )
      const [, neighbour] = await Promise.all([
        assert.rejects(broken, /broken on purpose/),
        send(store, id, [{ number: 1 }]),
      ])
      assert.deepEqual(neighbour.accepted, [uuid('e', 1)])
      assert.equal((await store.stats(id)).events, 1)
    },
  },
  {
    name: 'folds a response from events of several batches in any order',
    async run(store) {
      const { id } = await openSite(store)
      await send(store, id, [{ number: 4, type: 'complete', at: now - 10_000 }])
      await send(store, id, [{ number: 3, value: 4, revision: 1, at: now - 20_000 }])
      await send(store, id, [{ number: 2, value: 8, at: now - 30_000 }])
      await send(store, id, [{ number: 1, type: 'display', at: now - 40_000 }])
      const response = await store.response(id, uuid('f', 1))
      assert.equal(response?.status, 'completed')
      assert.deepEqual(response?.answers, { score: { value: 4, revision: 1, at: iso(now - 20_000) } })
      assert.equal(response?.firstAt, iso(now - 40_000))
      assert.deepEqual(await store.scores(id, everything), [{ score: 4, count: 1 }])
      const events = await store.events(id, uuid('f', 1))
      assert.deepEqual(
        events.map((each) => each.event.seq),
        [4, 3, 2, 1],
      )
      assert.equal(events[0]?.receivedAt, now)
    },
  },
  {
    name: 'keeps events that belong to no response',
    async run(store) {
      const { id } = await openSite(store)
      const receipt = await send(store, id, [{ number: 1, type: 'optout' }])
      assert.equal(receipt.accepted.length, 1)
      const { events, responses } = await store.stats(id)
      assert.deepEqual([events, responses], [1, 0])
    },
  },
  {
    name: 'counts all scores, or the latest of each person, in the period',
    async run(store) {
      const { id } = await openSite(store)
      const day = 86_400_000
      await send(store, id, [
        { number: 1, response: 1, value: 2, person: 'ann', visitor: 'a1', at: now - 3 * day },
        { number: 2, response: 2, value: 9, person: 'ann', visitor: 'a2', at: now - 2 * day },
        { number: 3, response: 3, value: 7, visitor: 'ann', at: now - 2 * day },
        { number: 4, response: 4, value: 10, visitor: 'bob', at: now - day },
      ])
      const rows = (counts: Record<number, number>): object[] =>
        Object.entries(counts).map(([each, count]) => ({ score: Number(each), count }))
      assert.deepEqual(await store.scores(id, everything), rows({ 2: 1, 7: 1, 9: 1, 10: 1 }))
      const latest = { ...everything, basis: 'latest' } as const
      assert.deepEqual(await store.scores(id, latest), rows({ 7: 1, 9: 1, 10: 1 }))
      assert.deepEqual(await store.scores(id, { ...latest, to: now - 2 * day }), rows({ 2: 1 }))
      assert.deepEqual(await store.scores(id, { ...everything, from: now - day }), rows({ 10: 1 }))
      assert.deepEqual(await store.scores(id, { ...everything, versions: [2] }), [])
    },
  },
  {
    name: 'counts how far responses came',
    async run(store) {
      const { id } = await openSite(store)
      await send(store, id, [
        { number: 1, response: 1, type: 'display' },
        { number: 2, response: 2, type: 'dismiss' },
        { number: 3, response: 3 },
        { number: 4, response: 3, type: 'dismiss' },
        { number: 5, response: 4 },
        { number: 6, response: 4, type: 'complete' },
        // The end without an answer: the answer is still on its way, so it is no completion yet.
        { number: 7, response: 5, type: 'complete' },
      ])
      const counts = { shown: 5, answered: 2, completed: 1, dismissed: 2 }
      assert.deepEqual(await store.responseCounts(id, { survey: 'nps' }), counts)
      const none = { shown: 0, answered: 0, completed: 0, dismissed: 0 }
      assert.deepEqual(await store.responseCounts(id, { survey: 'nps', from: now }), none)
      assert.deepEqual(await store.responseCounts(id, { survey: 'other' }), none)
    },
  },
  {
    name: 'pages through responses both ways without a gap or a repetition',
    async run(store) {
      const { id } = await openSite(store)
      const numbers = [1, 2, 3, 4, 5]
      for (const number of numbers) await send(store, id, [{ number, response: number }])
      const down: number[] = []
      for (let before: number | undefined; ;) {
        const page = await store.newest(id, { survey: 'nps' }, { before, limit: 2 })
        if (page.length === 0) break
        down.push(...page.map((each) => parseInt(each.response.id.slice(25), 16)))
        before = page.at(-1)?.row
      }
      assert.deepEqual(down, numbers.toReversed())
      const [first] = await store.oldest(id, {}, { after: 0, limit: 1 })
      const rest = await store.oldest(id, {}, { after: first?.row ?? 0, limit: 10 })
      assert.deepEqual(
        [first, ...rest].map((each) => each?.response.id),
        numbers.map((each) => uuid('f', each)),
      )
    },
  },
  {
    name: 'filters responses by survey, status and time',
    async run(store) {
      const { id } = await openSite(store)
      const other = { ...survey, id: 'other' }
      await send(
        store,
        id,
        [
          { number: 1, response: 1, at: now - 5000 },
          { number: 2, response: 2, type: 'display', at: now - 4000 },
          { number: 3, response: 3, survey: 'other', at: now - 3000 },
        ],
        [survey, other],
      )
      const found = async (filter: Parameters<EventStore['newest']>[1]): Promise<number[]> => {
        const rows = await store.newest(id, filter, { limit: 10 })
        assert.deepEqual(rows.toReversed(), await store.oldest(id, filter, { after: 0, limit: 10 }))
        return rows.map((each) => parseInt(each.response.id.slice(25), 16)).toSorted((a, b) => a - b)
      }
      assert.deepEqual(await found({}), [1, 2, 3])
      assert.deepEqual(await found({ survey: 'nps' }), [1, 2])
      assert.deepEqual(await found({ status: 'partial' }), [1, 3])
      assert.deepEqual(await found({ survey: 'nps', status: 'shown' }), [2])
      assert.deepEqual(await found({ from: now - 4000 }), [2, 3])
      assert.deepEqual(await found({ to: now - 4000 }), [1])
    },
  },
  {
    name: 'keeps definitions by version, and puts them by decision',
    async run(store) {
      const { id } = await openSite(store)
      const put = (each: Survey) => store.putSurvey(id, each, (stored) => decidePut(each, stored), now)
      assert.equal((await put(survey)).kind, 'created')
      assert.equal((await put(survey)).kind, 'unchanged')
      assert.equal((await put({ ...survey, version: 3 })).kind, 'refused')
      assert.equal((await put({ ...survey, version: 2 })).kind, 'created')
      await send(store, id, [{ number: 1, survey: 'inline' }], [{ ...survey, id: 'inline' }])
      const keys = (await store.surveys(id)).map((each) => [each.survey.id, each.survey.version, each.source])
      assert.deepEqual(keys, [
        ['inline', 1, 'inline'],
        ['nps', 1, 'served'],
        ['nps', 2, 'served'],
      ])
      assert.equal((await store.surveys(id, 'nps')).length, 2)
      assert.deepEqual(await store.surveys(id, 'missing'), [])
      assert.deepEqual(
        (await store.surveyNames(id)).map((each) => [each.id, each.version, each.source]),
        keys,
      )
      assert.deepEqual(await store.servedSurveys(id), [{ ...survey, version: 2 }])
    },
  },
  {
    name: 'removes an inline definition that no response uses, and nothing else',
    async run(store) {
      const { id } = await openSite(store)
      const inline = { ...survey, id: 'inline' }
      await store.putSurvey(id, survey, (stored) => decidePut(survey, stored), now)
      await send(store, id, [{ number: 1, survey: 'inline' }], [inline])
      assert.equal(await store.dropSurvey(id, 'inline', 1), 'used')
      assert.equal(await store.dropSurvey(id, 'inline', 2), 'unknown')
      assert.equal(await store.dropSurvey(id, 'nps', 1), 'served')
      // An event of another survey under the same response id is stored, and its survey stays without a response.
      const later = { ...survey, id: 'later' }
      await send(store, id, [{ number: 2, survey: 'later', at: now }], [later])
      assert.equal(await store.dropSurvey(id, 'later', 1), 'dropped')
      assert.deepEqual(await store.surveys(id, 'later'), [])
      assert.equal((await store.surveys(id)).length, 2)
    },
  },
  {
    name: 'counts the events that a response leaves out',
    async run(store) {
      const { id } = await openSite(store)
      await send(store, id, [
        { number: 1, at: now - 3000 },
        { number: 2, visitor: 'another', at: now - 2000 },
        { number: 3, visitor: 'third', at: now - 1000 },
      ])
      assert.equal(await store.ignored(id, { survey: 'nps' }), 2)
      assert.equal(await store.ignored(id, { survey: 'nps', from: now }), 0)
      assert.equal(await store.ignored(id, { survey: 'other' }), 0)
    },
  },
  {
    name: 'gives text back as it was, and treats hostile text as text',
    async run(store) {
      const { id } = await openSite(store)
      const visitor = `'); DROP TABLE events; -- 😀 "é`
      await send(store, id, [{ number: 1, visitor }])
      assert.equal((await store.response(id, uuid('f', 1)))?.visitor, visitor)
      assert.equal(await store.response(id, "' OR 1=1 --"), null)
      assert.deepEqual(await store.events(id, "' OR 1=1 --"), [])
      assert.deepEqual(await store.newest(id, { survey: "nps' OR '1'='1" }, { limit: 10 }), [])
      assert.equal((await store.stats(id)).events, 1)
    },
  },
  {
    name: 'keeps answers of every kind, and counts as scores only whole numbers',
    async run(store) {
      const { id } = await openSite(store)
      const rich: Survey = {
        ...survey,
        questions: [
          score,
          { kind: 'text', id: 'amount', title: '?', maxLength: 20, input: 'number' },
          { kind: 'yesno', id: 'solved', title: '?', yes: 'Yes', no: 'No' },
          { kind: 'choice', id: 'who', title: '?', options: [{ id: 'a', label: 'A' }] },
        ],
      }
      const display = { followUp: 'nps/why/1', hidden: { order: 7 }, layout: 'top-end', wording: 'de@1' }
      const receipt = await send(
        store,
        id,
        [
          { number: 1, type: 'display', variant: 'b', display },
          { number: 2, question: 'amount', value: 2.5 },
          { number: 3, question: 'solved', value: false },
          { number: 4, question: 'who', value: ['a'] },
          { number: 5, question: 'amount', value: 1e300, revision: 1 },
        ],
        [rich],
      )
      assert.deepEqual(receipt.rejected, [])
      const response = await store.response(id, uuid('f', 1))
      const { variant, trigger, followUp, hidden, layout, wording, answers } = response ?? {}
      assert.deepEqual({ followUp, hidden, layout, wording }, display)
      assert.deepEqual([variant, trigger], ['b', 'show'])
      assert.deepEqual(
        Object.entries(answers ?? {}).map(([question, { value }]) => [question, value]),
        [
          ['amount', 1e300],
          ['solved', false],
          ['who', ['a']],
        ],
      )
      assert.deepEqual(await store.scores(id, { ...everything, question: 'amount' }), [])
    },
  },
  {
    name: 'filters responses, scores and counts by variant',
    async run(store) {
      const { id } = await openSite(store)
      await send(store, id, [
        { number: 1, response: 1, value: 3, variant: 'a' },
        { number: 2, response: 2, value: 9, variant: 'b' },
        { number: 3, response: 3, value: 10 },
      ])
      for (const basis of ['all', 'latest'] as const) {
        const query = { ...everything, basis, variant: 'b' }
        assert.deepEqual(await store.scores(id, query), [{ score: 9, count: 1 }])
      }
      assert.equal((await store.responseCounts(id, { survey: 'nps', variant: 'a' })).answered, 1)
      assert.equal((await store.responseCounts(id, { survey: 'nps', variant: 'c' })).shown, 0)
      for (const filter of [{ variant: 'b' }, { survey: 'nps', variant: 'b' }]) {
        const rows = await store.newest(id, filter, { limit: 10 })
        assert.deepEqual(
          rows.map((each) => each.response.id),
          [uuid('f', 2)],
        )
        assert.deepEqual(rows, await store.oldest(id, filter, { after: 0, limit: 10 }))
      }
    },
  },
  {
    name: 'keeps the settings of the site',
    async run(store) {
      const { id } = await openSite(store)
      assert.equal(await store.settings(id), null)
      await store.putSettings(id, { limits: { quiet: 7 } }, now)
      const settings = { limits: { perDay: 1 }, privacy: { query: ['utm'] } }
      await store.putSettings(id, settings, now)
      assert.deepEqual(await store.settings(id), settings)
    },
  },
  {
    name: 'grants no more places than the quota, however many ask at once',
    async run(store) {
      const { id } = await openSite(store)
      await send(store, id, [{ number: 1, response: 99, type: 'complete' }])
      const numbers = Array.from({ length: 40 }, (_, index) => index + 1)
      const places = await Promise.all(numbers.map((response) => take(store, id, 5, { response })))
      assert.equal(places.filter((each) => each.granted).length, 4)
      assert.equal(places.filter((each) => each.reason === 'quota-full').length, 36)
    },
  },
  {
    name: 'gives a response the same place again, and renews it after its time',
    async run(store) {
      const { id } = await openSite(store)
      const granted = { granted: true, until: iso(now + placeSpan) }
      assert.deepEqual(await take(store, id, 1, { response: 1 }), granted)
      assert.deepEqual(await take(store, id, 1, { response: 1, at: now + 5000 }), granted)
      assert.equal((await take(store, id, 1, { response: 2 })).reason, 'quota-full')
      const renewed = { granted: true, until: iso(now + 2 * placeSpan) }
      assert.deepEqual(await take(store, id, 1, { response: 1, at: now + placeSpan }), renewed)
      assert.equal((await take(store, id, 1, { response: 2, at: now + placeSpan })).granted, false)
    },
  },
  {
    name: 'frees a place when the card is closed, and keeps it for good when the response is completed',
    async run(store) {
      const { id } = await openSite(store)
      const visitor = 'visitor-1'
      await take(store, id, 1, { response: 1 })
      await send(store, id, [{ number: 1, type: 'display', visitor }])
      await send(store, id, [{ number: 2, visitor }])
      assert.equal((await take(store, id, 1, { response: 2 })).granted, false)
      await send(store, id, [{ number: 3, type: 'dismiss', visitor }])
      assert.equal((await take(store, id, 1, { response: 2 })).granted, true)
      await send(store, id, [{ number: 4, response: 2, type: 'complete', visitor: 'visitor-2' }])
      // The completed one holds no place besides, so that of two places one is left.
      assert.equal((await take(store, id, 2, { response: 5 })).granted, true)
      assert.equal((await take(store, id, 2, { response: 6 })).granted, false)
      const late = { at: now + placeSpan + 2 * placeHold.answer }
      assert.equal((await take(store, id, 1, { response: 3, ...late })).reason, 'quota-full')
      assert.deepEqual(await take(store, id, 2, { response: 2, ...late }), { granted: true })
      assert.equal((await take(store, id, 2, { response: 3, ...late })).granted, true)
      assert.equal((await take(store, id, 2, { response: 4, ...late })).granted, false)
    },
  },
  ...(['nothing', 'display', 'answer'] as const).map((heard: Heard): StoreCase => ({
    name: `keeps a place of which was heard "${heard}" for its span, and frees it then`,
    async run(store) {
      const { id } = await openSite(store)
      const visitor = 'visitor-1'
      await take(store, id, 1, { response: 1 })
      const sent: Sent[] = [
        { number: 1, type: 'display', visitor },
        { number: 2, type: 'answer', visitor },
      ]
      // Each by itself: what came first must not have the last word.
      for (const each of heard === 'nothing' ? [] : heard === 'display' ? sent.slice(0, 1) : sent)
        await send(store, id, [each])
      const end = now + placeSpan + placeHold[heard]
      assert.equal((await take(store, id, 1, { response: 2, at: end - 1 })).reason, 'quota-full')
      assert.equal((await take(store, id, 1, { response: 2, at: end })).granted, true)
    },
  })),
  {
    name: 'keeps a place that was renewed by what was heard before',
    async run(store) {
      const { id } = await openSite(store)
      await take(store, id, 1, { response: 1 })
      await send(store, id, [{ number: 1, visitor: 'visitor-1' }])
      await take(store, id, 1, { response: 1, at: now + placeSpan })
      const end = now + 2 * placeSpan + placeHold.answer
      assert.equal((await take(store, id, 1, { response: 2, at: end - 1 })).granted, false)
      assert.equal((await take(store, id, 1, { response: 2, at: end })).granted, true)
    },
  },
  {
    name: 'frees a place when the survey is put off, until its response is shown again',
    async run(store) {
      const { id } = await openSite(store)
      const visitor = 'visitor-1'
      await take(store, id, 1, { response: 1 })
      await send(store, id, [{ number: 2, type: 'snooze', visitor }])
      // The display, which came before, arrives after it.
      await send(store, id, [{ number: 1, type: 'display', visitor }])
      const later = { at: now + placeSpan }
      assert.equal((await take(store, id, 1, { response: 2 })).granted, true)
      await send(store, id, [{ number: 3, response: 2, type: 'dismiss', visitor: 'visitor-2' }])
      assert.equal((await take(store, id, 1, { response: 1, ...later })).granted, true)
      await send(store, id, [{ number: 4, type: 'display', visitor }])
      assert.equal((await take(store, id, 1, { response: 3, ...later })).granted, false)
    },
  },
  {
    name: 'counts no completed response beyond the quota: one whose place was given on is kept and marked',
    async run(store) {
      const { id } = await openSite(store)
      await limit(store, id, 1)
      await take(store, id, 1, { response: 1 })
      const freed = now + placeSpan + placeHold.nothing
      assert.equal((await take(store, id, 1, { response: 2, at: freed })).granted, true)
      const late = (number: number, response: number, type: Sent['type']): Sent => ({
        number,
        response,
        type,
        visitor: `visitor-${response}`,
      })
      // The complete event overtakes the answer.
      await send(store, id, [late(2, 1, 'complete')], [], freed)
      const receipt = await send(store, id, [late(1, 1, 'answer')], [], freed)
      assert.equal(receipt.accepted.length, 1)
      const [first] = await store.newest(id, {}, { limit: 1 })
      assert.deepEqual([first?.response.overQuota, first?.response.status], [true, 'completed'])
      assert.equal(first?.response.answers.score?.value, 9)
      assert.deepEqual(await store.scores(id, everything), [])
      assert.equal((await store.responseCounts(id, { survey: 'nps' })).shown, 0)
      // The other one has its place, and counts.
      await send(store, id, [late(3, 2, 'answer'), late(4, 2, 'complete')], [], freed)
      assert.equal((await store.response(id, uuid('f', 2)))?.overQuota, false)
      assert.deepEqual(await store.scores(id, everything), [{ score: 9, count: 1 }])
      assert.equal((await store.responseCounts(id, { survey: 'nps' })).completed, 1)
      assert.equal(await store.overQuota(id, { survey: 'nps' }), 1)
      assert.equal(await store.overQuota(id, { survey: 'nps', variant: 'b' }), 0)
      assert.equal(await store.overQuota(id, { survey: 'nps', from: now }), 0)
      assert.equal(await store.overQuota(id, { survey: 'other' }), 0)
    },
  },
  {
    name: 'lets a completed response that comes late take a place that is still free',
    async run(store) {
      const { id } = await openSite(store)
      await limit(store, id, 2)
      await take(store, id, 2, { response: 1 })
      const freed = now + placeSpan + placeHold.nothing
      await take(store, id, 2, { response: 2, at: freed })
      await send(store, id, [{ number: 1, visitor: 'visitor-1' }], [], freed)
      await send(store, id, [{ number: 2, visitor: 'visitor-1', type: 'complete' }], [], freed)
      assert.equal((await store.response(id, uuid('f', 1)))?.overQuota, false)
      assert.equal((await take(store, id, 2, { response: 3, at: freed })).reason, 'quota-full')
    },
  },
  {
    name: 'frees the places that are past their span before it says that one is too many',
    async run(store) {
      const { id } = await openSite(store)
      await limit(store, id, 1)
      await take(store, id, 1, { response: 1 })
      const freed = now + placeSpan + placeHold.nothing
      // Nobody has asked for a place since.
      const done = { response: 2, visitor: 'visitor-2', type: 'complete' } as const
      await send(store, id, [{ number: 1, ...done }], [], freed)
      assert.equal((await store.response(id, uuid('f', 2)))?.overQuota, false)
      await send(store, id, [{ number: 2, visitor: 'visitor-1', type: 'complete' }], [], freed)
      assert.equal((await store.response(id, uuid('f', 1)))?.overQuota, true)
    },
  },
  {
    name: 'says once whether a completed response counts, whatever is sent, put or deleted after',
    async run(store) {
      const { id } = await openSite(store)
      await limit(store, id, 1)
      const finish = (number: number, response: number, visitor = `visitor-${response}`): Sent[] => [
        { number, response, visitor },
        { number: number + 1, response, visitor, type: 'complete' },
      ]
      await send(store, id, [...finish(1, 1), ...finish(3, 2)], [])
      const marks = async (): Promise<unknown[]> =>
        (await store.oldest(id, {}, { after: 0, limit: 9 })).map(({ response }) => response.overQuota)
      assert.deepEqual(await marks(), [false, true])
      await limit(store, id, 9, 2)
      await send(store, id, [{ number: 5, response: 2, visitor: 'visitor-2', revision: 1, value: 3 }], [])
      assert.deepEqual(await marks(), [false, true])
      assert.deepEqual(await store.scores(id, everything), [{ score: 9, count: 1 }])
      await limit(store, id, 1, 3)
      await send(store, id, [{ number: 6, response: 1, visitor: 'visitor-1', revision: 1, value: 4 }], [])
      assert.deepEqual(await marks(), [false, true])
      await store.erase(id, 'visitor-1', now)
      await send(store, id, [...finish(7, 3), ...finish(9, 4)], [])
      assert.deepEqual(await marks(), [true, false, true])
    },
  },
  {
    name: 'counts completed responses of surveys that are not served, and of those without a quota, without a bound',
    async run(store) {
      const { id } = await openSite(store)
      const done: Sent[] = [1, 2, 3].map((number) => ({
        number,
        response: number,
        visitor: `visitor-${number}`,
        type: 'complete',
      }))
      // What came inline came from anybody, and so did its quota.
      await send(store, id, done, [{ ...survey, quota: 1 }])
      assert.equal(await store.overQuota(id, { survey: 'nps' }), 0)
    },
  },
  {
    name: 'gives a visitor one place of a survey at a time, and the next one instead of it',
    async run(store) {
      const { id } = await openSite(store)
      const visitor = 'ann'
      assert.equal((await take(store, id, 2, { response: 1, visitor })).granted, true)
      assert.equal((await take(store, id, 2, { response: 2, visitor })).reason, 'answered-elsewhere')
      const at = now + placeSpan
      assert.equal((await take(store, id, 1, { response: 2, visitor, at })).granted, true)
      // The first place was given up: of two, one is left for somebody else.
      assert.equal((await take(store, id, 2, { response: 3, at })).granted, true)
      assert.equal((await take(store, id, 2, { response: 4, at })).reason, 'quota-full')
    },
  },
  {
    name: 'knows whether a follow-up was answered elsewhere, by the same person or visitor',
    async run(store) {
      const { id } = await openSite(store)
      const followUp = 'nps/why/1'
      const display = { followUp }
      const granted = async (asked: Partial<Parameters<typeof take>[3]>): Promise<boolean> => {
        const place = await take(store, id, null, { response: 9, followUp, ...asked })
        assert.equal(place.reason, place.granted ? undefined : 'answered-elsewhere')
        return place.granted
      }
      await send(store, id, [
        { number: 1, type: 'display', visitor: 'phone', person: 'ann', display },
        { number: 2, type: 'display', response: 2, visitor: 'phone', person: 'bob', display },
        { number: 3, response: 2, visitor: 'phone', person: 'bob', type: 'dismiss' },
      ])
      assert.equal(await granted({ visitor: 'desk', person: 'ann' }), true)
      await send(store, id, [{ number: 4, visitor: 'phone', person: 'ann' }])
      assert.equal(await granted({ visitor: 'desk', person: 'ann' }), false)
      assert.equal(await granted({ visitor: 'phone' }), false)
      assert.equal(await granted({ visitor: 'desk', person: 'bob' }), true)
      assert.equal(await granted({ visitor: 'desk', person: null }), true)
      assert.equal(await granted({ visitor: 'phone', followUp: 'nps/why/2' }), true)
      // What the very response that asks has answered does not speak against it.
      assert.equal(await granted({ visitor: 'phone', person: 'ann', response: 1 }), true)
    },
  },
  {
    name: 'knows whether a follow-up was called off or answered, for whom the event concerns and nobody else',
    async run(store) {
      const { id } = await openSite(store)
      const reason = async (asked: Parameters<typeof take>[3]): Promise<string | undefined> =>
        (await take(store, id, null, asked)).reason
      const phone = { visitor: 'phone', person: 'ann' }
      await send(store, id, [
        { number: 1, type: 'cancelled', followUp: 'nps/a/T-1', ...phone },
        { number: 2, type: 'answered', response: 2, followUp: 'nps/a/T-2', ...phone },
        { number: 3, type: 'cancelled', followUp: 'nps/a/T-3', visitor: 'kiosk' },
      ])
      for (const followUp of ['nps/a/T-1', 'nps/a/T-2']) {
        for (const who of [{ visitor: 'phone' }, { visitor: 'desk', person: 'ann' }, phone])
          assert.equal(await reason({ response: 9, followUp, ...who }), 'answered-elsewhere')
        // The case concerns others too, and whoever makes such an event up silences nobody.
        for (const who of [{ visitor: 'desk' }, { visitor: 'desk', person: 'bob' }, { visitor: 'ann' }])
          assert.equal(await reason({ response: 9, followUp, ...who }), undefined)
      }
      // A person of whom nothing is known is nobody: two of them are not the same.
      assert.equal(await reason({ response: 9, followUp: 'nps/a/T-3', visitor: 'desk' }), undefined)
      assert.equal(await reason({ response: 2, followUp: 'nps/a/T-2', ...phone }), undefined)
      assert.equal(await reason({ response: 9, followUp: 'nps/a/T-4', ...phone }), undefined)
    },
  },
  {
    name: 'knows who has opted out, by visitor and by person',
    async run(store) {
      const { id } = await openSite(store)
      await send(store, id, [{ number: 1, type: 'optout', visitor: 'phone', person: 'ann' }])
      const reason = async (asked: object): Promise<string | undefined> =>
        (await take(store, id, null, { response: 1, followUp: 'f', ...asked })).reason
      assert.equal(await reason({ visitor: 'phone' }), 'opted-out')
      assert.equal(await reason({ visitor: 'desk', person: 'ann' }), 'opted-out')
      assert.equal(await reason({ visitor: 'desk', person: 'phone' }), undefined)
    },
  },
  {
    name: 'erases a visitor and nobody else, and takes nothing that comes late',
    async run(store) {
      const { id } = await openSite(store)
      await send(store, id, [
        { number: 1, visitor: 'ann', person: 'p' },
        { number: 2, visitor: 'ann', type: 'optout' },
        { number: 3, response: 2, value: 4, visitor: 'bob', person: 'p' },
        // Of another visitor under the same response id: it stays, and is a response of its own.
        { number: 4, value: 5, visitor: 'mallory', at: now - 1000 },
      ])
      await take(store, id, 1, { response: 3, visitor: 'ann' })
      assert.equal(await store.erase(id, 'ann', now), 2)
      assert.equal(await store.erase(id, 'ann', now), 0)
      const rows = await store.oldest(id, {}, { after: 0, limit: 10 })
      assert.deepEqual(rows.map((each) => each.response.visitor).toSorted(), ['bob', 'mallory'])
      assert.deepEqual(await store.scores(id, everything), [
        { score: 4, count: 1 },
        { score: 5, count: 1 },
      ])
      assert.equal(await store.ignored(id, { survey: 'nps' }), 0)
      assert.equal((await take(store, id, 1, { response: 4 })).granted, true)
      assert.equal((await take(store, id, 9, { response: 5, visitor: 'ann' })).reason, 'opted-out')

      const late = await send(store, id, [
        { number: 1, visitor: 'ann' },
        { number: 5, visitor: 'ann', response: 6 },
        { number: 6, visitor: 'bob', response: 7 },
      ])
      assert.deepEqual(
        late.accepted.toSorted(),
        [1, 5, 6].map((each) => uuid('e', each)),
      )
      assert.deepEqual([late.duplicates, late.rejected], [[], []])
      const { events, responses } = await store.stats(id)
      assert.deepEqual([events, responses], [3, 3])
      assert.equal(await store.response(id, uuid('f', 6)), null)
    },
  },
  {
    name: 'remembers for a time the erased of whom it never heard, and all others for good',
    async run(store) {
      const { id } = await openSite(store)
      await send(store, id, [{ number: 1, visitor: 'known' }])
      await store.erase(id, 'known', now)
      // Asking again, when there are no events any more, makes nobody a stranger.
      await store.erase(id, 'known', now)
      await store.erase(id, 'stranger', now)
      const comes = async (number: number, visitor: string): Promise<boolean> => {
        const { events } = await store.stats(id)
        await send(store, id, [{ number, response: number, visitor }])
        return (await store.stats(id)).events > events
      }
      await store.erase(id, 'another', now + strangerSpan - 1)
      assert.deepEqual([await comes(2, 'stranger'), await comes(3, 'known')], [false, false])
      await store.erase(id, 'third', now + strangerSpan)
      assert.deepEqual([await comes(4, 'stranger'), await comes(5, 'known')], [true, false])
      assert.deepEqual([await comes(6, 'another'), await comes(7, 'third')], [false, false])
    },
  },
  {
    name: 'remembers also the erased of whom it never heard before',
    async run(store) {
      const { id } = await openSite(store)
      assert.equal(await store.erase(id, 'ann', now), 0)
      const receipt = await send(store, id, [{ number: 1, visitor: 'ann' }])
      assert.deepEqual(receipt.accepted, [uuid('e', 1)])
      assert.equal((await store.stats(id)).events, 0)
    },
  },
]

const everything = { survey: 'nps', versions: [1], question: 'score', basis: 'all' } as const
