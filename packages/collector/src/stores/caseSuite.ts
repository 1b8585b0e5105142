/** What every store must do with cases; part of `storeSuite`. */
import assert from 'node:assert/strict'
import { decideCase, openCase, type CaseCommand, type CaseFilter, type CaseRoute } from '../core/cases.ts'
import type { Settled } from '../core/jobs.ts'
import type { EventStore } from '../ports/eventStore.ts'
import { now, openSite, send, type StoreCase } from './storeSuite.fixtures.ts'

const hour = 3_600_000
const staff = { id: 'tok_1', role: 'admin' } as const
const idOf = (number: number): string => `case-${number}`

interface Opened extends Omit<CaseRoute, 'person'> {
  visitor?: string
  person?: string | null
  survey?: string
  at?: number
}

/** Opens a case as a job does, and says what became of the job. */
async function open(store: EventStore, site: number, number: number, fields: Opened = {}): Promise<Settled> {
  const { visitor = 'ann', person = null, survey = 'nps', at = now, ...route } = fields
  const job = { kind: 'followup', lane: null, target: null, visitor, due: now, body: null } as const
  await store.addJobs(site, [{ ...job, id: `${number}-${at}` }], now)
  const [taken] = await store.claimJobs('a', { now, until: now + 1000 }, [], 1)
  const names = { rule: 'call', cause: idOf(number), survey, response: `response-${number}` }
  const opening = { id: idOf(number), ...names, visitor, person }
  const step = openCase(opening, { role: 'agent', ...route }, at)
  const add = [{ ...job, kind: 'delivery' as const, id: `said-${number}`, due: now + hour }]
  const settlement = { state: 'done', tries: 0, reason: null, open: step, add } as const
  return store.settleJob(taken?.row ?? 0, 'a', settlement, now)
}

const change = (store: EventStore, site: number, number: number, command: CaseCommand, at = now + hour) =>
  store.changeCase(site, idOf(number), (stored) => decideCase(stored, staff, command, at), at)

/** The cases. */
export const caseCases: readonly StoreCase[] = [
  {
    name: 'opens one case for one cause, with its history, together with what becomes of the job',
    async run(store) {
      const { id } = await openSite(store)
      assert.equal(await open(store, id, 1, { title: 'Call \0 back', dueHours: 2 }), 'settled')
      // The same cause again, later and otherwise: what is there stays.
      assert.equal(await open(store, id, 1, { title: 'other', at: now + 1 }), 'settled')
      const [only, ...none] = await store.cases(id, {}, { limit: 9 })
      assert.deepEqual(none, [])
      assert.ok(only)
      const { row, ...stored } = only
      assert.ok(row > 0)
      assert.deepEqual(await store.case(id, idOf(1)), stored)
      assert.deepEqual(
        [only.title, only.state, only.role, only.dueAt],
        ['Call \0 back', 'new', 'agent', now + 2 * hour],
      )
      assert.deepEqual(
        (await store.caseEntries(id, idOf(1))).map((each) => [each.number, each.what, each.to]),
        [[1, 'open', 'new']],
      )
      // A job that somebody else has opens nothing.
      const body = openCase({ ...stored, id: 'case-9' }, {}, now)
      const lost = { state: 'done', tries: 0, reason: null, open: body } as const
      assert.equal(await store.settleJob(99_999, 'a', lost, now), 'lost')
      assert.deepEqual([await store.case(id, 'case-9'), await store.caseEntries(id, 'case-9')], [null, []])
      // Nor does another site see it.
      assert.deepEqual(
        [await store.case(id + 1, idOf(1)), await store.cases(id + 1, {}, { limit: 9 })],
        [null, []],
      )
    },
  },
  {
    name: 'changes a case with a line of its history and the work that follows, or not at all',
    async run(store) {
      const { id } = await openSite(store)
      await open(store, id, 1)
      const job = {
        kind: 'tell',
        id: 'told',
        lane: null,
        target: null,
        visitor: 'ann',
        due: now + hour,
        body: { case: idOf(1) },
      } as const
      const closed = await store.changeCase(
        id,
        idOf(1),
        (stored) => ({
          ...decideCase(stored, staff, { do: 'close', reason: 'solved', message: 'done' }, now + hour),
          jobs: [job],
        }),
        now + hour,
      )
      assert.equal(closed?.ok, true)
      const refused = await change(store, id, 1, { do: 'acknowledge' })
      assert.deepEqual(refused, { ok: false, refused: 'wrong-state' })
      assert.equal(await change(store, id, 7, { do: 'acknowledge' }), null)
      const stored = await store.case(id, idOf(1))
      assert.deepEqual([stored?.state, stored?.version, stored?.closedAt], ['closed', 2, now + hour])
      assert.deepEqual(
        (await store.caseEntries(id, idOf(1))).map((each) => [each.number, each.what, each.message]),
        [
          [1, 'open', null],
          [2, 'close', 'done'],
        ],
      )
      const jobs = await store.jobs(id, 'waiting', { limit: 9 })
      assert.deepEqual(
        jobs.filter((each) => each.kind === 'tell').map((each) => each.id),
        ['told'],
      )
    },
  },
  {
    name: 'lets no change of a case get lost when many come at once',
    async run(store) {
      const { id } = await openSite(store)
      await open(store, id, 1)
      const notes = Array.from({ length: 12 }, (_, index) => `note ${index}`)
      await Promise.all(notes.map((note) => change(store, id, 1, { do: 'note', note })))
      const seen = await Promise.all(notes.map(() => change(store, id, 1, { do: 'acknowledge' })))
      assert.equal(seen.filter((each) => each?.ok).length, 1)
      const history = await store.caseEntries(id, idOf(1))
      assert.deepEqual(
        history.map((each) => each.number),
        Array.from({ length: 14 }, (_, index) => index + 1),
      )
      assert.deepEqual(history.flatMap((each) => each.note ?? []).toSorted(), notes.toSorted())
      assert.equal((await store.case(id, idOf(1)))?.version, 14)
    },
  },
  {
    name: 'finds cases by each filter and by several, the newest first, page by page',
    async run(store) {
      const { id } = await openSite(store)
      await open(store, id, 1, { visitor: 'phone', person: 'ann', dueHours: 1 })
      await open(store, id, 2, { role: 'analyst', survey: 'csat' })
      await open(store, id, 3, { role: 'admin', person: 'bob', visitor: 'bob-1' })
      await open(store, id, 4, { role: 'admin', at: now - 10 * hour })
      await change(store, id, 2, { do: 'assign', owner: 'tok_7' })
      await change(store, id, 4, { do: 'close', reason: 'solved' }, now - 8 * hour)
      const found = async (filter: CaseFilter, before?: number, limit = 9): Promise<string[]> =>
        (await store.cases(id, filter, { before, limit })).map((each) => each.id.slice(5))
      assert.deepEqual(await found({}), ['4', '3', '2', '1'])
      assert.deepEqual(await found({ state: 'open' }), ['3', '2', '1'])
      assert.deepEqual(await found({ state: 'closed' }), ['4'])
      assert.deepEqual(await found({ role: 'analyst' }), ['2'])
      assert.deepEqual(await found({ owner: 'tok_7' }), ['2'])
      assert.deepEqual(await found({ owner: null }), ['3', '1'])
      assert.deepEqual(await found({ survey: 'csat' }), ['2'])
      assert.deepEqual(await found({ response: 'response-3' }), ['3'])
      assert.deepEqual(await found({ who: 'ann' }), ['4', '2', '1'])
      assert.deepEqual(await found({ who: 'phone' }), ['1'])
      assert.deepEqual(await found({ dueBefore: now + 2 * hour }), ['1'])
      assert.deepEqual(await found({ dueBefore: now + hour }), [])
      assert.deepEqual(await found({ since: now - 9 * hour }), ['4', '3', '2', '1'])
      assert.deepEqual(await found({ since: now - hour }), ['3', '2', '1'])
      assert.deepEqual(await found({ sight: { role: 'agent', owner: 'tok_7' } }), ['2', '1'])
      assert.deepEqual(await found({ sight: { role: 'agent', owner: 'tok_8' }, state: 'open' }), ['1'])
      const [, second] = await store.cases(id, {}, { limit: 2 })
      assert.deepEqual(await found({}, second?.row, 1), ['2'])
    },
  },
  {
    name: 'erases the cases of a visitor, and those of which nothing was heard for so long',
    async run(store) {
      const { id } = await openSite(store)
      await send(store, id, [{ number: 1, visitor: 'ann' }])
      await open(store, id, 1)
      await open(store, id, 2, { visitor: 'bob', at: now - 5 * hour })
      await open(store, id, 3, { visitor: 'cem', at: now - 5 * hour })
      await change(store, id, 1, { do: 'note', note: 'lives in Bonn' })
      await change(store, id, 3, { do: 'note', note: 'heard of' }, now)
      await store.erase(id, 'ann', now)
      assert.deepEqual([await store.case(id, idOf(1)), await store.caseEntries(id, idOf(1))], [null, []])
      await store.retain(id, now - hour, { after: null, limit: 10 }, now)
      assert.deepEqual(
        (await store.cases(id, {}, { limit: 9 })).map((each) => each.id),
        [idOf(3)],
      )
      assert.deepEqual(
        [(await store.caseEntries(id, idOf(2))).length, (await store.caseEntries(id, idOf(3))).length],
        [0, 2],
      )
    },
  },
]
