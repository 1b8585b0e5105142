/** What must hold of a PostgreSQL database at any moment, for any test runner: throws when it does not. */
import assert from 'node:assert/strict'
import { withClient, type Ask } from '../../../../scripts/postgresDatabase.ts'
import { project, type StoredEvent } from '../core/project.ts'
import type { SurveyEvent } from '@earshot/contract'
import { recounts } from './postgresDays.ts'

interface EventRow {
  id: string
  response: string
  at: string
  received_at: string
  occurred_at: string
  body: string
}

/**
 * Folds all events of a database anew, and compares with the responses, answers, counters and counts by day that are stored.
 *
 * @returns ids of all stored events
 */
export function assertFolded(url: string): Promise<Set<string>> {
  return withClient(url, async (ask) => {
    // Others may be writing: all of it is to be of one moment.
    await ask('BEGIN ISOLATION LEVEL REPEATABLE READ')
    return assertSnapshot(ask)
  })
}

async function assertSnapshot(ask: Ask): Promise<Set<string>> {
  const events = await ask<EventRow>(
    'SELECT id, response, at, received_at, occurred_at, body FROM earshot.events ORDER BY earshot.events.row',
  )
  const byResponse = new Map<string, StoredEvent<SurveyEvent>[]>()
  for (const row of events) {
    if (row.response === null) continue
    const stored = {
      event: JSON.parse(row.body) as SurveyEvent,
      at: Number(row.at),
      receivedAt: Number(row.received_at),
      occurredAt: Number(row.occurred_at),
    }
    byResponse.set(row.response, [...(byResponse.get(row.response) ?? []), stored])
  }
  const heads = await ask<{ id: string; events: number; body: string | null; row: string | null }>(
    'SELECT id, events, body, row FROM earshot.responses',
  )
  assert.deepEqual(heads.map((each) => each.id).toSorted(), [...byResponse.keys()].toSorted())
  for (const { id, events: count, body, row } of heads) {
    const own = byResponse.get(id) ?? []
    assert.equal(count, own.length)
    assert.deepEqual(body === null ? null : (JSON.parse(body) as unknown), project(own))
    assert.equal(row === null, body === null)
  }
  assert.equal(new Set(events.map((each) => each.id)).size, events.length)
  const [sums] = await ask<Record<string, string>>(
    `SELECT (SELECT coalesce(sum(value), 0) FROM earshot.counters WHERE name = 'events') AS events,
       (SELECT coalesce(sum(value), 0) FROM earshot.counters WHERE name = 'responses') AS responses,
       (SELECT coalesce(sum(count), 0) FROM earshot.completed) AS completed,
       (SELECT count(*) FROM earshot.responses WHERE status = 'completed' AND NOT over_quota) AS really_completed,
       (SELECT count(*) FROM earshot.answers) AS answers,
       (SELECT coalesce(sum(answers), 0) FROM earshot.responses WHERE NOT over_quota) AS really_answers`,
  )
  assert.equal(Number(sums?.events), events.length)
  assert.equal(Number(sums?.responses), heads.filter((each) => each.row !== null).length)
  assert.equal(sums?.completed, sums?.really_completed)
  assert.equal(sums?.answers, sums?.really_answers)
  for (const [kept, recount] of recounts) assert.deepEqual(await ask(kept), await ask(recount))
  return new Set(events.map((each) => each.id))
}
